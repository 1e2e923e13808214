"""The syntax tree of a shell script. Spans are of the script's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nftlint.record import dataclass
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.shell.library import Library


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A stretch of a word that is read in one way.

    ``kind``: ``plain``, ``escape`` (``\x``), ``single``, ``ansi`` (``$'…'``), ``double`` (with
    ``pieces`` inside), ``parameter`` (``name``; ``operator`` and the pieces of its operand),
    ``command`` and ``process`` (``$(…)``, ``<(…)``, with ``body``), ``backtick``, ``arithmetic``,
    ``array`` (``(…)`` after ``name=``, with ``words``).
    ``inner`` is the span without the marks around it.
    """

    kind: str
    span: Span
    inner: Span
    name: str = ""
    operator: str = ""
    pieces: tuple[Piece, ...] = ()
    body: Body | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word; one without ``pieces`` means itself."""

    span: Span
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """``fd`` and ``operator`` as written; ``target`` is the delimiter for a heredoc."""

    span: Span
    fd: str
    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Heredoc:
    """``body``: all its lines with their line ends; ``end``: the line that ends it, likewise.

    ``pieces`` are those of the body where the delimiter is not quoted.
    """

    redirect: Redirect
    quoted: bool
    strip: bool
    body: Span
    end: Span
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, then words; ``words`` holds no assignment, ``assignments`` only such words."""

    span: Span
    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """``{ …; }`` or ``( … )``; ``mark`` is its first character."""

    span: Span
    mark: str
    body: Body
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class If:
    """``branches``: condition and body each; ``last`` is the ``else`` body."""

    span: Span
    branches: tuple[tuple[Body, Body], ...]
    last: Body | None
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """``while`` and ``until``."""

    span: Span
    condition: Body
    body: Body
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class For:
    """``for`` and ``select``; ``words`` is ``None`` for ``"$@"``; an empty name for ``((``."""

    span: Span
    name: str
    words: tuple[Word, ...] | None
    body: Body
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """``case``; the patterns of its arms are not kept apart."""

    span: Span
    word: Word
    arms: tuple[tuple[tuple[Word, ...], Body], ...]
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function's definition."""

    span: Span
    name: str
    body: Command


@dataclass(frozen=True, slots=True)
class Test:
    """``[[ … ]]`` and ``(( … ))``: no commands but those in its words."""

    span: Span
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...] = ()


Command = Simple | Group | If | While | For | Case | Function | Test


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands with ``|`` between them."""

    span: Span
    negated: bool
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class AndOr:
    """Pipelines; ``operators`` stand before each but the first. ``background`` for ``&``."""

    span: Span
    pipelines: tuple[Pipeline, ...]
    operators: tuple[str, ...]
    background: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """Commands one after the other."""

    items: tuple[AndOr, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A stretch that could not be read, and why."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A whole script. ``heredocs`` are found by the start of their redirect.

    Each is equal to itself alone, so that what is found out of one may be kept by it.
    With a ``library``, ``text`` and ``heredocs`` are those of its files as well; the rest is not.
    """

    text: str
    body: Body
    heredocs: Mapping[int, Heredoc]
    comments: tuple[Span, ...]
    mistakes: tuple[Mistake, ...]
    library: Library | None = None

    def bodies(self) -> tuple[Body, ...]:
        """Return what is run: the files that are read in, and the script itself at last."""
        others = self.library.files.values() if self.library is not None else ()
        return (*(file.body for file in others), self.body)
