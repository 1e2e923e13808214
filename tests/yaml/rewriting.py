"""Scans of YAML texts, and what becomes of their calls when they are written anew by hand."""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.argv import Arg
from nftlint.artifact import Artifact
from nftlint.found import NftCall, Part
from nftlint.fragment import Refusal, to_root
from nftlint.scan import Scan, scan
from nftlint.verify import Change, verify


def scanned(text: str, kind: str) -> Scan:
    return scan(Artifact("file", text), kind)


def said(call: NftCall, text: str) -> str:
    """The file's own text of a call."""
    return to_root(call.host, call.span).of(text)


def scripts(result: Scan) -> list[str]:
    """The calls' scripts, with each hole as it is written."""
    return [written(call.script.text, call) for call in result.calls]


def written(text: str, call: NftCall) -> str:
    holes = call.script.holes
    return "".join("□" if char in holes else char for char in text)


def command(call: NftCall, rule: str) -> Part:
    """Words of a command; `□` in it is the call's own first variable."""
    hole = next(iter(call.script.holes), "□")
    return tuple(Arg(word.replace("_", " ").replace("□", hole)) for word in rule.split())


def rewritten(text: str, kind: str, rules: Sequence[str], number: int = 0) -> str:
    """The text with one call written anew, or `no: REASON`."""
    before = scanned(text, kind)
    call = before.calls[number]
    edits = call.rewrite([command(call, rule) for rule in rules])
    if isinstance(edits, Refusal):
        return f"no: {edits.reason}"
    after = verify(before, [Change(edits, call)])
    return f"no: {after.reason}" if isinstance(after, Refusal) else after.artifact.text
