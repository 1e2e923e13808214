"""The model against what nft 1.0.6 sent and iptables 1.8.9 printed for some 550 rules."""

from __future__ import annotations

import pytest
from netlink_text import model_lines
from readings_live import KNOWN
from readings_notation import command, measured

from nftlint.nft.parser import parse
from nftlint.readings import Kernel, Lowered, Reading, lower, read

LISTED = {"right": "listed", "misread": "listed"}


def _command(row: dict[str, str]) -> str:
    return " ".join(row[part] for part in ("family", "table", "chain", "rule"))


def _reading(row: dict[str, str]) -> Reading | None:
    script = parse(f"add rule {_command(row)}")
    if script.errors:
        return None
    return read(script.commands[0], "1.8.9", "1.0.6", kernel=Kernel.MEASURED)


@pytest.mark.parametrize("outcome", ["listed", "incompatible", "parse-error", "crash"])
def test_readings_are_those_of_iptables(outcome: str) -> None:
    rows = [row for row in measured() if row["outcome"] == outcome]
    assert rows
    differing = []
    for row in rows:
        found = _reading(row)
        printed = row["printed"] if outcome != "crash" else found and found.printed
        if not found or (LISTED.get(found.outcome, found.outcome), found.printed) != (
            outcome,
            printed,
        ):
            differing.append((_command(row), row["printed"], found))
    assert differing == []


def test_what_nft_refuses_is_refused() -> None:
    rows = [row for row in measured() if row["outcome"] == "nft-refused"]
    accepted = [
        (_command(row), row["printed"])
        for row in rows
        if (found := _reading(row)) and found.outcome != "nft-refused"
    ]
    assert len(rows) > 50
    assert accepted == []


def test_expressions_are_those_that_nft_sends() -> None:
    differing, compared = [], 0
    for row in measured():
        expected = row["expressions"].split(" ; ")
        if not row["expressions"] or any(line.split()[0] not in KNOWN for line in expected):
            continue
        rule = command(_command(row)).rule
        assert rule is not None
        lowered = lower(rule, row["family"], "1.0.6")
        found = model_lines(lowered) if isinstance(lowered, Lowered) else [lowered.message]
        compared += 1
        if found != expected:
            differing.append((_command(row), expected, found))
    assert differing == []
    assert compared > 300
