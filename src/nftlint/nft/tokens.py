"""Text to tokens, by the rules of nft's own scanner.

Words hold ``- / _ .`` and so does nft (``ssh-http``, ``eth0.100``); a comment that has a line for
itself takes the line break with it, so that it may stand within a continued rule or a set.
A hole character is a letter. A word that begins with a hole or a digit ends at ``-`` and ``/``
nonetheless, so that a range or prefix of holes is seen as such; names are glued together again by
the parser, where it wants a name.
"""

from __future__ import annotations

import re

from nftlint.patterns import compiled
from nftlint.record import dataclass

_HOLE = "\U00100000-\U0010fffd"
_HEX = f"[0-9a-fA-F{_HOLE}]{{1,4}}"

# IPv6 by shape, not by count of its groups: a wrong count is for the evaluation, as with a port of
# 70000. Each alternative has a bounded number of groups, so that no text makes it slow.
_IP4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_IP6 = (
    rf"(?:(?:{_HEX}:){{6}}{_IP4}"
    rf"|(?:{_HEX}(?::{_HEX}){{0,6}})?::(?:(?:{_HEX}:){{0,5}}{_IP4}|{_HEX}(?::{_HEX}){{0,6}})?"
    rf"|(?:{_HEX}:){{7}}{_HEX})"
)
_REST = f"[a-zA-Z0-9_.{_HOLE}]"
_WORD = rf"[a-zA-Z_.][a-zA-Z0-9_./{_HOLE}\-]*+"

# The first alternatives are short cuts for what cannot be longer in nft's scanner, which takes the
# longest match; the others stand in the order of length. Quantifiers are possessive or bounded, so
# that the time is linear in the text. The group's name is the token's kind.
_TOKEN = compiled(
    rf"""(?P<skip>^[ \t]*+\#[^\n]*\n)
    |[ \t\r]*+(?:
        (?P<s>[{{}},/@$()]|-|[=!](?!=)|\.(?![a-zA-Z0-9_./{_HOLE}\-]))
        |(?P<w>{_WORD}(?![:*\\]))
        |(?P<n>[0-9]++(?![a-zA-Z0-9_.:{_HOLE}]))
        |(?P<sep>[\n;])
        |(?P<string>"[^"]*")
        |(?P<comment>\#[^\n]*|\\\r?\n)
        |(?P<address>(?:[0-9a-fA-F]{{1,2}}:){{5}}[0-9a-fA-F]{{1,2}}(?![0-9a-fA-F:])
            |{_IP6}|\[{_IP6}\]|{_IP4}(?![0-9{_HOLE}]|\.[{_HOLE}])
            |[0-9a-fA-F]{{1,4}}:[0-9a-fA-F]{{1,4}}(?=[ \t\n:\-}},]|\Z))
        |(?P<hole>(?:[0-9][a-zA-Z0-9_.]{{0,63}}+)?[{_HOLE}]{_REST}*+\*?)
        |(?P<glob>{_WORD}\\?\*|\\\*)
        |(?P<word>8021ad|8021q|{_WORD}
            |(?=[0-9]{{1,20}}[dhms])(?:[0-9]{{1,20}}+d)?(?:[0-9]{{1,20}}+h)?(?:[0-9]{{1,20}}+m(?!s))?
            (?:[0-9]{{1,20}}+s)?(?:[0-9]{{1,20}}+ms)?(?<=[dhms]))
        |(?P<number>0[xX][0-9a-fA-F]+|[0-9]+)
        |(?P<symbol>==|!=|<=|>=|<<|>>|[<>.:\[\]^&|*+])
        |(?P<junk>.)
    )?""",
    re.VERBOSE | re.MULTILINE,
)
_KINDS = {"w": "word", "s": "symbol", "n": "number"}
_SKIPPED = {"skip", "comment"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists, one entry per token; the last is an empty text of kind ``end``.

    ``kinds`` are ``sep string address hole glob word number symbol junk end``; ``texts`` are as
    written, with quotes and brackets; ``starts`` and ``ends`` are offsets.
    """

    kinds: list[str]
    texts: list[str]
    starts: list[int]
    ends: list[int]


def scan(text: str) -> Tokens:
    """Split ``text`` into tokens; takes any text, in linear time."""
    kinds: list[str] = []
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None or kind in _SKIPPED:
            continue
        kinds.append(_KINDS.get(kind, kind))
        texts.append(match[kind])
        starts.append(match.start(kind))
        ends.append(match.end())
    kinds.append("end")
    texts.append("")
    starts.append(len(text))
    ends.append(len(text))
    return Tokens(kinds, texts, starts, ends)
