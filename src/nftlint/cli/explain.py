"""``nftlint explain``: a rule's page, or what becomes of one nft command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby

from nftlint.cli import CLEAN, complain
from nftlint.config import suggest


def run(options: argparse.Namespace) -> int:
    """Print the page of a rule, named by its code or its name in any case, or explain a command."""
    if " " in options.topic.strip():
        from nftlint.cli.translate import say

        say(_command(options.topic, options.nft_version))
        return CLEAN
    from nftlint.pages import load_pages

    pages = load_pages()
    wanted = options.topic.lower()
    for page in pages.values():
        if wanted in (page.id.lower(), page.name):
            print(page.help.rstrip())
            return CLEAN
    known = (*pages, *(page.name for page in pages.values()))
    return complain(f"no rule '{options.topic}'{suggest(options.topic, known)}")


def _command(text: str, nft_version: str) -> Iterator[str]:
    """Yield what each iptables version makes of a rule, what follows, and how to say it better."""
    from nftlint.translating import translate_line

    line = translate_line(text, nft_version)
    yield text
    if line.readings:
        yield ""
        yield f"added with nft {nft_version}, iptables -S shows:"
        rows = [
            (version, reading.outcome, reading.misread_as, reading.printed)
            for version, reading in line.readings.items()
        ]
        for (outcome, misread_as, printed), group in groupby(rows, key=lambda row: row[1:]):
            versions = [row[0] for row in group]
            span = versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"
            what = f"{outcome} ({misread_as})" if misread_as else outcome
            yield f"  {span:16}  {what:17}  {printed}"
        yield ""
        refused = all(row[1] == "nft-refused" for row in rows)
        doubt = ", where the kernel does take it" if refused and line.failure_mode != "none" else ""
        yield f"for kube-router: {line.failure_mode}{doubt}"
    yield ""
    if line.applicability == "none":
        yield f"no iptables command means the same: {line.reason}"
        return
    yield f"in iptables ({line.applicability}{': ' + line.reason if line.reason else ''}):"
    yield from (f"  {command}" for command in line.iptables)
