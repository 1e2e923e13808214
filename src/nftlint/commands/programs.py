"""Programs other than nft that bear on the tables: which they are, and their runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nftlint.commands.leaf import Leaf
from nftlint.commands.words import CommandLine
from nftlint.found import ProgramRun, Rewrite
from nftlint.fragment import Fragment

_ASKED_BY_OPTION = frozenset(
    f"{family}tables{backend}" for family in ("ip", "ip6") for backend in ("", "-nft", "-legacy")
)
_WHOLE_TABLES = {f"{name}-{kind}" for name in _ASKED_BY_OPTION for kind in ("save", "restore")}
PROGRAMS = (
    _ASKED_BY_OPTION
    | _WHOLE_TABLES
    | {
        "alternatives",
        "invoke-rc.d",
        "netfilter-persistent",
        "iptables.init",
        "ip6tables.init",
        "rc-service",
        "service",
        "systemctl",
        "update-alternatives",
    }
)
"""Names without directory; any name counts under ``/etc/init.d``."""

_PERSISTENT = ("netfilter-persistent", "iptables-persistent")


def bears_on_tables(leaf: Leaf) -> bool:
    """Tell whether the command runs one of the programs, in a way that may matter."""
    if leaf.script:
        return False
    if _is_init_script(leaf):
        return True
    arguments = leaf.texts()[leaf.at + 1 : leaf.end]
    if leaf.name == "systemctl":
        return any("tables" in text or text.startswith(_PERSISTENT) for text in arguments)
    if leaf.name in _ASKED_BY_OPTION:
        return any(text.startswith("-") for text in arguments)
    return leaf.name in PROGRAMS


def _is_init_script(leaf: Leaf) -> bool:
    path = leaf.words[leaf.at].text
    return path.startswith("/etc/init.d/") and path.endswith(("tables", "-persistent"))


def run_of(line: CommandLine, leaf: Leaf, script: Fragment, rewrite: Rewrite) -> ProgramRun:
    """Return what is known of the run; ``script`` is its words joined."""
    words = leaf.words[leaf.at : leaf.end]
    span = words[0].span
    for word in words[1:]:
        span = span.cover(word.span)
    context = line.host.context
    return ProgramRun(
        line.host,
        span,
        tuple(_apart(script.text, [len(word.text) for word in words])),
        script,
        line.flow(),
        rewrite,
        (*context.caveats, *line.caveats, *leaf.caveats),
        line.build_time or context.build_time,
        leaf.elsewhere or context.elsewhere,
    )


def _apart(text: str, lengths: Iterable[int]) -> Iterator[str]:
    """Yield the words that were joined with blanks, each hole as in the joined text."""
    at = 0
    for length in lengths:
        yield text[at : at + length]
        at += length + 1
