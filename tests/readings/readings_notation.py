"""Short forms for tests of readings."""

from __future__ import annotations

import csv
from pathlib import Path

from nftlint.nft.model import Command
from nftlint.nft.parser import parse

HERE = Path(__file__).parent


def command(text: str) -> Command:
    """Return the command of ``ip filter INPUT tcp dport 22``."""
    script = parse(f"add rule {text}")
    assert not script.errors, script.errors
    return script.commands[0]


def measured() -> list[dict[str, str]]:
    """Return the measured rows."""
    with (HERE / "measured.tsv").open(encoding="utf-8", newline="") as stream:
        lines = [line for line in stream if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
