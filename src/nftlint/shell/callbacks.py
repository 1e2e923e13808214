"""Functions of the script that a library's function calls by their name: OpenWrt's loops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nftlint.commands.words import Word
from nftlint.fragment import VERBATIM, Builder, Fragment

_LOOPS: Mapping[str, tuple[int, int]] = {"config_foreach": (1, 2), "config_list_foreach": (3, 2)}
"""Where the function's name stands, and what its first word comes from.

``config_foreach FUNCTION TYPE WORD…`` calls ``FUNCTION SECTION WORD…`` for each section of the
type; ``config_list_foreach SECTION OPTION FUNCTION WORD…`` calls ``FUNCTION VALUE WORD…`` for each
value of the option (OpenWrt, ``/lib/functions.sh``).
"""


def called_back(host: Fragment, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of the call that such a loop makes; nothing for any other command."""
    at, source = _LOOPS.get(words[0].text, (0, 0))
    if not at or len(words) <= max(at, source):
        return ()
    return (words[at], _unknown(host, words[source]), *words[max(at, source) + 1 :])


def _unknown(host: Fragment, word: Word) -> Word:
    builder = Builder(host.text, host, VERBATIM)
    builder.hole(word.span, word.text)
    return Word(builder.build("word"), word.span)
