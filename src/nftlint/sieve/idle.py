"""Files that passed the prefilter, and yet can hold nothing to judge: ``apt-get install nftables``.

Where all files that passed are such ones, none of them has to be read as what it is. That is only
so for all together: a file that runs nothing may still say of another where it runs.
"""

from __future__ import annotations

import re

from nftlint.needles import GZIP, SETTINGS, holds_payload, runs_iptables
from nftlint.sieve.looking import Passed
from nftlint.sieve.walk import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NFT = re.compile(rb"nft", re.IGNORECASE)
_WITHIN = re.compile(rb"[^\\%&#]{5}[A-Za-z0-9]")
"""What stands before it where it is within a word, and so runs nothing; in ``\\nnft``, ``%20nft``
and ``\\040nft`` it is not."""

_NAME = re.compile(rb"(?<![\w$({.])nftables(?=[\s\"',;:\])&|\\]|$)")
"""The name as a word that is no variable, function or path, nor a part of one."""

_EXPANSION = re.compile(rb"(?:\{[{%]|<%|\$[({])[^\n]*nft", re.IGNORECASE)
"""Where it may be a part of what a template or a shell puts in."""

_DONE = re.compile(rb"state[\"']?\s*[:=]\s*[\"']?(?:present|latest|absent|installed)\b")
"""What a task asks of a package, not of a service."""

_SERVICE = re.compile(rb"service|systemctl|systemd|init\.d|sysv|openrc|rc-|state")
_HARM = re.compile(
    rb"(?<![\w-])(?:-F(?!:)|-X(?!\s+[\"']?(?:[A-Z]{3,7}\s+[\"']?http|[^\s=]+=))|--flush|--delete-chain)"
    rb"|flush:|iptables_state|tables-[^\w\s]"
    rb"|(?:tables|[}\"')%]|[$%]\w+)(?:-nft|-legacy)?-(?:save|restore|legacy)"
    rb"|(?:service|init\.d|\.init|tables|-persistent|[$%]\w+|\})\W+(?:[\w.-]+\W+)?save\b"
)
"""What is asked of iptables by its options, its names or its service. ``-X NAME=VALUE`` is asked of
a linker, ``-X POST http…`` of curl, and ``-F:`` of awk."""

_ELSE = (b"netfilter-persistent", *(name.encode() for name in SETTINGS))


def all_idle(items: Iterable[Passed | Trouble]) -> bool:
    """Tell whether none of the files can have a finding."""
    return all(isinstance(item, Passed) and is_idle(item.name, item.data) for item in items)


def is_idle(name: str, data: bytes) -> bool:
    """Tell whether a file has no word that could run nft or iptables, or be asked of a service."""
    if "nft" in name.rpartition("/")[2] or b"\0" in data or data.startswith(GZIP):
        return False
    if any(word in data for word in _ELSE) or holds_payload(data):
        return False
    if runs_iptables(data) and _HARM.search(data):
        return False
    names = {match.start() for match in _NAME.finditer(data)}
    for match in _NFT.finditer(data):
        if match.start() not in names and not _is_within(data, match.start()):
            return False
    return not names or not (_EXPANSION.search(data) or _SERVICE.search(_DONE.sub(b"", data)))


def _is_within(data: bytes, at: int) -> bool:
    return _WITHIN.match(data, at - 6, at) is not None if at >= 6 else False
