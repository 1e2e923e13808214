"""Files that passed the prefilter, and yet can hold nothing to judge: ``apt-get install nftables``.

Where all files that passed are such ones, none of them has to be read as what it is. That is only
so for all together: a file that runs nothing may still say of another where it runs.
"""

from __future__ import annotations

import os
import re

from nftlint.needles import GZIP, SETTINGS, asks_service, holds_payload, runs_iptables
from nftlint.patterns import compiled
from nftlint.sieve.looking import Passed, Suspect, opened
from nftlint.sieve.walk import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NFT = re.compile(rb"nft", re.IGNORECASE)
_WITHIN = re.compile(rb"[^\\%&#]{5}[A-Za-z0-9]")
"""What stands before it where it is within a word, and so runs nothing; in ``\\nnft``, ``%20nft``
and ``\\040nft`` it is not."""

_NAME = re.compile(rb"(?<![\w$({.])nftables(?=[\s\"',;:\])&|\\]|$)")
"""The name as a word that is no variable, function or path, nor a part of one."""

_LONGER = re.compile(rb"(?!nftables\b|(?i:nftlint))[Nn][Ff][Tt][A-Za-z]")
_IN_WORD = re.compile(rb"[\s\"'-](?:[A-Za-z]\w*)?\Z")
"""A longer word that is no variable, and what is before it: ``nftablesMode``, ``NFTables``,
``calico_nftable_mode``."""

_EXPANSION = re.compile(rb"(?:\{[{%]|<%|\$[({]|%[({]|`)(?:[^\n]*|[^})]{0,300})nft", re.IGNORECASE)
_VARIABLE = re.compile(rb"\$\w*nft", re.IGNORECASE)
"""Where it may be a part of what a template or a shell puts in: two expressions, each of which can
begin with a few characters alone, and so skips through a text."""

_LONG = 4000  # bytes of a line in which it is not looked for

_COMMENT = re.compile(
    rb"^(?<!\\\n)(?<!\\\r\n)[ \t]*#(?!!|.*(?i:nftlint))[\t -#&-;=-\[\]-_a-z|}~]*\r?$",
    re.MULTILINE,
)
"""A line that is a comment wherever it stands: also in a heredoc, since nothing is put into it. It
goes on with no other line, and has no ``$``, ``%``, ``<``, backquote, backslash or opening brace,
and nothing beyond ASCII."""

_NEXT = rb"(?:[ \t]+|[ \t]*(?<!\\)\\\n[ \t]*)"
_HARMLESS = re.compile(
    rb"[ \t\n|;&(]"
    rb"(?:(?:[gmn]?awk|curl|[ef]?grep|qemu-img)(?=[ ])"
    rb"(?:(?!tables|\{[{%])[^\n;|&`()\\]){0,300}? -[FX]"
    rb"|ln[ ]+-[a-z]+[ ]+[\w./-]+[ ]+[\w./-]+(?!\S)"
    rb"|(?:apk|apt|apt-get|dnf|microdnf|yum|zypper)(?:[ ]+-[\w-]+)*[ ]+(?:add|install)"
    rb"(?:" + _NEXT + rb"-[\w-]+)*(?:" + _NEXT + rb"[a-z0-9][\w.+:=~-]*)+(?!\S))"
)
"""Commands that do nothing to rules, whatever they speak of, and what is before each."""

_LARGE = 64 * 1024  # bytes of a file in which it would take longer than to read it as what it is
_BEFORE = (b"|", b";", b"&", b"(", b"\n")
_BEFORE_WORDS = frozenset(b"RUN ! do elif else if sudo then until while".split())
"""What may stand before a command."""

_DONE = re.compile(rb"state[\"']?\s*[:=]\s*[\"']?(?:present|latest|absent|installed)\b")
"""What a task asks of a package, not of a service."""

_SERVICE = re.compile(
    rb"service(?<!\wservice)(?![\w-])|systemctl|init\.d|invoke-rc|sysv|openrc|rc-"
    rb"|systemd(?:_service)?(?:[\"']?\s*:|\s+[\"']?\w+\s*=)|module[\"']?\s*[:=].*systemd"
    rb"|action[\"']?\s*[:=].*systemd"
)
"""Programs and modules by which a service is asked for something."""

_PROGRAM = compiled(rb"(?:tables|[}\"')%]|[$%]\w+)(?:-nft|-legacy)?-(?:save|restore|legacy)")
_HARM = (
    (b"-F", compiled(rb"-F(?<![\w-]-F)(?!:)")),
    (b"-X", compiled(rb"-X(?<![\w-]-X)(?![ \t]+[\"']?(?:[A-Z]{3,7}[ \t]+[\"']?http|[^\s=]+=))")),
    (b"--flush", compiled(rb"--flush(?<![\w-]--flush)")),
    (b"--delete-chain", compiled(rb"--delete-chain(?<![\w-]--delete-chain)")),
    (b"flush:", compiled(rb"flush:")),
    (b"iptables_state", compiled(rb"iptables_state")),
    (b"tables-", compiled(rb"tables-[^\w\s]")),
    (b"-save", _PROGRAM),
    (b"-restore", _PROGRAM),
    (b"-legacy", _PROGRAM),
    (
        b"save",
        compiled(
            rb"(?:service|init\.d|\.init|tables|-persistent|[$%]\w+|\})"
            rb"\W+(?:[\w.-]+\W+)?save\b"
        ),
    ),
)
"""What is asked of iptables by its options, its names or its service, each with what it holds in
any case. ``-X NAME=VALUE`` is asked of a linker, ``-X POST http…`` of curl, and ``-F:`` of awk."""

_AS_SERVICE = re.compile(
    rb"ip(?<![\w-]ip)(?:6?tables|tables-persistent)(?:\.service)?(?![\w.-]|[ \t]+-)"
)
"""Its name where no options follow: it may be a service's, or that of a list of services."""

_ELSE = (b"netfilter-persistent", *(name.encode() for name in SETTINGS))


def all_idle(items: Iterable[Suspect | Passed | Trouble]) -> bool:
    """Tell whether none of the files can have a finding."""
    return all(map(_idles, items))


def _idles(item: Suspect | Passed | Trouble) -> bool:
    if isinstance(item, Suspect):
        return item.idle
    return isinstance(item, Passed) and is_idle(item.name, item.data)


def nothing_known(items: Sequence[Suspect | Passed | Trouble]) -> bool:
    """Tell whether no file can have a finding: each is idle, or of a kind that nothing tells.

    It holds where no option says of which kind files are.
    """
    idle: list[Suspect | Passed | Trouble] = []
    others: list[Suspect | Passed | Trouble] = []
    for item in items:
        (idle if _idles(item) else others).append(item)
    if not others:
        return True
    from nftlint.sieve.kindless import is_kindless

    without: set[str] = set()
    if not all(isinstance(one, Passed) and is_kindless(one, without) for one in opened(others)):
        return False
    names = {os.fsencode(os.path.basename(item.name)) for item in others}
    return not any(
        isinstance(one, Trouble) or any(name in one.data for name in names) for one in opened(idle)
    )


def is_idle(name: str, data: bytes) -> bool:
    """Tell whether a file has no word that could run nft or iptables, or be asked of a service."""
    if "nft" in name.rpartition("/")[2] or b"\0" in data or data.startswith(GZIP):
        return False
    if any(word in data for word in _ELSE) or holds_payload(data):
        return False
    data = _COMMENT.sub(b"", data)
    if _runs_nothing(data):
        return True
    less = _without_harmless(data) if len(data) < _LARGE else data
    return less != data and _runs_nothing(less)


def _runs_nothing(data: bytes) -> bool:
    named = False
    for match in _NFT.finditer(data):
        at = match.start()
        if not _is_within(data, at):
            named = True
            if not _NAME.match(data, at) and not _is_longer(data, at):
                return False
    if named and _may_come_of_names(data):
        return False
    return not runs_iptables(data) or not (_does_harm(data) or _asks_for_iptables(data))


def _is_within(data: bytes, at: int) -> bool:
    return _WITHIN.match(data, at - 6, at) is not None if at >= 6 else False


def _is_longer(data: bytes, at: int) -> bool:
    return bool(_LONGER.match(data, at) and _IN_WORD.search(data, max(0, at - 80), at))


def _may_come_of_names(data: bytes) -> bool:
    """Tell whether something may be done with what has nft in its name."""
    if max(map(len, data.split(b"\n"))) > _LONG:
        return True
    if _EXPANSION.search(data) or _VARIABLE.search(data):
        return True
    return _SERVICE.search(_DONE.sub(b"", data)) is not None


def _does_harm(data: bytes) -> bool:
    return any(word in data and pattern.search(data) for word, pattern in _HARM)


def _asks_for_iptables(data: bytes) -> bool:
    """Tell whether the service that loads iptables' rules may be asked to do it again."""
    return asks_service(data) and _AS_SERVICE.search(data) is not None


def _without_harmless(data: bytes) -> bytes:
    """Return the text without commands that do no harm."""

    def rest(match: re.Match[bytes]) -> bytes:
        at = match.start() + 1
        before = text[max(0, at - 300) : at].rstrip(b" \t")
        line = before.rpartition(b"\n")[2]
        if b"#" in line or len(line) > 250:
            return match.group()
        while before.endswith(b"\\\n"):
            before = before[:-2].rstrip(b" \t")
        runs = before.endswith(_BEFORE) or (before.split() or [b"then"])[-1] in _BEFORE_WORDS
        return match.group()[:1] if runs else match.group()

    text = b"\n" + data
    return _HARMLESS.sub(rest, text)[1:]
