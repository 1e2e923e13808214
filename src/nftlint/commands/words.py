"""Words of a command line, as the program gets them, each with its lens to the host text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nftlint.context import NOTHING_KNOWN
from nftlint.edits import Edit
from nftlint.found import NO_FLOW, Flow, Part
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal
from nftlint.record import dataclass, replace
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Word:
    """One word: ``fragment`` holds its text with quoting undone (parent: the host).

    ``span`` is where it stands in the host, quotes included. Several words may share one span:
    then one variable expands to all of them.
    """

    fragment: Fragment
    span: Span

    @property
    def text(self) -> str:
        """The word as the program gets it; hole characters stand for what is not known."""
        return self.fragment.text

    def as_language(self, language: str, *, label: str = "", path: str = "") -> Fragment:
        """Return the word's text as a fragment in ``language`` (``sh -c WORD``)."""
        context = NOTHING_KNOWN if path else self.fragment.context
        return replace(self.fragment, language=language, label=label, path=path, context=context)


Write = Callable[[int, int, Fragment, Sequence[Part]], tuple[Edit, ...] | Refusal]
"""``write(first, last, script, parts)``: replace words ``first`` to ``last`` (inclusive).

``script`` is the nft fragment whose hole characters and spans the parts speak of. The words
before ``first`` (``sudo -n``, ``timeout 5``) are the prefix of every new command.
"""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One simple command in ``host``: its words in order, and how to write others there.

    ``caveats`` and ``build_time`` are handed on to the calls found in it. ``flow`` gives what it
    reads and writes beside its words; it is asked only where that matters.
    """

    host: Fragment
    words: tuple[Word, ...]
    write: Write
    caveats: tuple[str, ...] = ()
    build_time: bool = False
    flow: Callable[[], Flow] = lambda: NO_FLOW


def literal(host: Fragment, text: str, span: Span) -> Word:
    """Return a word whose known ``text`` stands for whatever is at ``span`` of the host."""
    builder = Builder(host.text, host, VERBATIM)
    builder.put(text, span)
    return Word(builder.build("word"), span)


def join(host: Fragment, words: Sequence[Word], language: str, *, label: str = "") -> Fragment:
    """Return words joined with single blanks, as nft joins its arguments, as one fragment."""
    builder = Builder(host.text, host, VERBATIM)
    end: int | None = None
    for word in words:
        if end is not None:
            builder.put(" ", Span(end, max(end, word.span.start)))
        builder.take(word.fragment)
        end = word.span.end
    return builder.build(language, label=label)
