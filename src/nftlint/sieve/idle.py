"""Files that speak of nftables, and yet can hold nothing to judge: ``apt-get install nftables``.

Where every file that passed the prefilter is such a one, none of them has to be read as what it is.
That is only so for all together: a file that runs nothing may still say of another where it runs.
"""

from __future__ import annotations

import re

from nftlint.needles import SETTINGS, matters_beside_nft
from nftlint.sieve.looking import Passed
from nftlint.sieve.walk import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(rb"(?<![\w$({.])nftables(?=[\s\"',;:\])&|\\]|$)")
"""The name as a word that is no variable, function or path, nor a part of one."""

_NFT = re.compile(rb"nft", re.IGNORECASE)
_EXPANSION = re.compile(rb"(?:\{[{%]|<%|\$[({])[^\n]*nftables", re.IGNORECASE)
"""Where it may be a part of what a template or a shell puts in."""

_DONE = re.compile(rb"state[\"']?\s*[:=]\s*[\"']?(?:present|latest|absent|installed)\b")
"""What a task asks of a package, not of a service."""

_SERVICE = (b"service", b"systemctl", b"init.d", b"systemd", b"sysv", b"rc-", b"state", b"openrc")
_ELSE = tuple(name.encode() for name in SETTINGS)


def all_idle(items: Iterable[Passed | Trouble]) -> bool:
    """Tell whether none of the files can have a finding."""
    return all(isinstance(item, Passed) and is_idle(item) for item in items)


def is_idle(item: Passed) -> bool:
    """Tell whether a file has no word that could run nft, or be asked of nft's service."""
    data = item.data
    if not item.whole or "nft" in item.name.rpartition("/")[2] or b"\0" in data:
        return False
    if any(word in data for word in _ELSE) or matters_beside_nft(data, len(data)):
        return False
    names = [match.start() for match in _NAME.finditer(data)]
    if names != [match.start() for match in _NFT.finditer(data)] or _EXPANSION.search(data):
        return False
    rest = _DONE.sub(b"", data)
    return not any(word in rest for word in _SERVICE)
