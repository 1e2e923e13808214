"""``nftlint translate``: nft commands to iptables commands, for people and for programs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from nftlint.cli import CLEAN, FINDINGS
from nftlint.output.escapes import for_terminal
from nftlint.record import as_mapping
from nftlint.translate import Options
from nftlint.translating import Line, translate_line


def run(options: argparse.Namespace) -> int:
    """Translate each command; exit status 1 if one cannot be."""
    status = CLEAN
    for text in options.nft or input_lines():
        line = translate_line(text, options.nft_version, Options(named_sets=options.ipset))
        if line.applicability == "none":
            status = FINDINGS
        lines = _text(line) if options.output_format == "text" else (_json(line),)
        say(lines)
    return status


def say(lines: Iterable[str]) -> None:
    """Print lines: to the byte for programs, harmless for a terminal."""
    sys.stdout.writelines(for_terminal((f"{line}\n" for line in lines), sys.stdout))


def input_lines() -> Iterator[str]:
    """Yield the lines of standard input that are neither empty nor comments."""
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        if text.strip() and not text.lstrip().startswith("#"):
            yield text


def _text(line: Line) -> Iterator[str]:
    if line.applicability == "none":
        yield f"# cannot: {line.reason}"
        return
    if line.reason:
        yield f"# {line.applicability}: {line.reason}"
    yield from line.iptables or ("# nothing to do: iptables does this by itself",)


def _json(line: Line) -> str:
    data = as_mapping(line)
    data["readings"] = {version: as_mapping(one) for version, one in line.readings.items()}
    for reading in data["readings"].values():
        del reading["version"]
    return json.dumps(data, default=as_mapping)
