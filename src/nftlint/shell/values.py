"""What variables can hold, as far as a script says it: constants, branches, loops over words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from nftlint.commands.words import Word
from nftlint.record import dataclass, field, replace
from nftlint.shell.tree import Function, Heredoc
from nftlint.shell.tree import Word as Node
from nftlint.span import Span

MAX_VALUES = 16
MAX_TEXTS = 4
LONGEST = 4096
"""Values longer than this (code points) are taken as unknown."""


@dataclass(frozen=True, slots=True)
class Known:
    """The values that a variable can have; ``exact`` where it can have no other.

    ``positional`` marks what comes from a function's parameters.
    """

    values: tuple[str, ...] = ()
    exact: bool = False
    positional: bool = False

    def likely(self) -> tuple[str, ...]:
        """Return the values without an empty one that only stands until another is known."""
        return tuple(value for value in self.values if value or self.exact)


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Rows:
    """Variables that get their values together: ``rows`` has those of one turn of a loop each."""

    known: Mapping[str, Known] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[Mapping[str, str], ...] = ()


NO_ROWS = Rows()


NOTHING_GIVEN: Mapping[str, frozenset[str]] = MappingProxyType({})


class Noted(dict[str, "Known"]):
    """Variables, of which it is noted what was there before those that are set anew."""

    def __init__(self, known: Mapping[str, Known] = MappingProxyType({})) -> None:
        super().__init__(known)
        self._before: dict[str, Known | None] = {}
        self._set: dict[str, list[Known]] = {}

    def __setitem__(self, name: str, known: Known) -> None:
        """Set a variable, and note what it was."""
        self._before.setdefault(name, self.get(name))
        self._set.setdefault(name, []).append(known)
        super().__setitem__(name, known)

    def constant(self, name: str) -> Known | None:
        """Return the value of a variable that is set once, to a constant."""
        known = self._set.get(name, ())
        return known[0] if len(known) == 1 and known[0].exact else None

    def join(self) -> None:
        """Let what was set anew have its values from before as well."""
        for name, before in self._before.items():
            super().__setitem__(name, either(before, self[name]))
        self._before.clear()


class Gathered(dict[str, tuple[Node, ...]]):
    """Texts of variables, of which none is forgotten when another is assigned."""

    def __setitem__(self, name: str, nodes: tuple[Node, ...]) -> None:
        """Add texts to those that a variable may have."""
        super().__setitem__(name, _different((*self.get(name, ()), *nodes))[-MAX_TEXTS:])


def _different(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return nodes without those that stand at one place and have as many pieces."""
    found = {(node.span, len(node.pieces[0].pieces) if node.pieces else 0): node for node in nodes}
    return tuple(found.values())


@dataclass(slots=True)
class Env:
    """Variables, functions and aliases at one point of a script.

    ``positional`` are the words that a function was called with, ``None`` outside a call.
    ``anywhere`` holds what is assigned to variables in all of the script, ``constants`` what those
    hold that are set once, in any case. ``call`` is where, in
    a call of a function, the function's own text stands: at its name. ``chosen`` are variables
    that are read as one of their values. ``shared`` are those that some function assigns to:
    what they hold depends on what was called before. ``inside`` says that a function is read.
    ``texts`` are the words that were last assigned, for values that are known in part, one for
    each way that leads here; ``texts_anywhere`` all that are assigned in the script. ``heredocs``
    are the script's. ``depth`` counts the texts within texts that are being put together, ``fuel``
    what may still be looked into for them; ``earlier`` says that they were put together before.
    ``bash`` says that the script is one of bash, which takes braces apart. What stands at ``own``
    or later in the text is of another file; ``given`` are variables that others set for that file,
    with the values that it sets itself. ``rows`` are those of the loop that is read.
    """

    text: str
    scalars: dict[str, Known] = field(default_factory=dict)
    arrays: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    positional: tuple[Word, ...] | None = None
    anywhere: Mapping[str, Known] = field(default_factory=dict)
    constants: Mapping[str, Known] = field(default_factory=dict)
    call: Span | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    inside: bool = False
    texts: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    texts_anywhere: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    heredocs: Mapping[int, Heredoc] = field(default_factory=dict)
    depth: int = 0
    fuel: Iterator[int] | None = None
    earlier: bool = False
    bash: bool = False
    own: int = sys.maxsize
    given: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING_GIVEN)
    rows: Rows = NO_ROWS

    def is_given(self, name: str) -> bool:
        """Tell whether a variable may have a value that the file which is read does not give it."""
        if name not in self.given:
            return False
        known = self.get(name)
        return known is not None and not self.given[name].issuperset(known.values)

    def is_own(self, span: Span) -> bool:
        """Tell whether what stands at a span is of the script itself, not of another file."""
        return span.start < self.own

    def copy(self) -> Env:
        """Return an environment that can change on its own."""
        return Env(
            self.text,
            dict(self.scalars),
            dict(self.arrays),
            self.functions,
            self.aliases,
            self.positional,
            self.anywhere,
            self.constants,
            self.call,
            self.chosen,
            self.shared,
            self.inside,
            dict(self.texts),
            self.texts_anywhere,
            self.heredocs,
            self.depth,
            self.fuel,
            self.earlier,
            self.bash,
            self.own,
            self.given,
            self.rows,
        )

    def used_at(self, place: Span, nodes: Sequence[Node]) -> Env:
        """Return an environment to read texts in, of other files at the place of their use."""
        if self.call is not None or all(self.is_own(node.span) for node in nodes):
            return self
        env = self.copy()
        env.call = place
        return env

    def without_scalars(self) -> Env:
        """Return an environment in which no variable but arrays and texts is known."""
        scalars, self.scalars = self.scalars, {}
        try:
            return self.copy()
        finally:
            self.scalars = scalars

    def join(self, *others: Env) -> None:
        """Let every variable have the values that it has at the end of any branch."""
        for other in others:
            for name, known in other.scalars.items():
                before = self.scalars.get(name)
                if before is not known:  # most variables are the same ones on both ways
                    self.scalars[name] = either(before, known)
            for name, elements in other.arrays.items():
                same = self.arrays.get(name, elements) == elements
                self.arrays[name] = elements if same else None
            self._join_texts(other)

    def _join_texts(self, other: Env) -> None:
        for name, nodes in other.texts.items():
            before = self.texts.get(name, ())
            if before is not nodes:
                self.texts[name] = _different((*before, *nodes))[:MAX_TEXTS]

    def texts_of(self, name: str) -> tuple[Node, ...]:
        """Return what was last assigned to a variable, as far as that is in sight."""
        nodes = self.texts.get(name)
        if nodes is None and (self.inside or name not in self.scalars):
            nodes = self.texts_anywhere.get(name)
        return nodes or ()

    def get(self, name: str) -> Known | None:
        """Return what a variable can hold; ``None`` for one that is assigned nowhere."""
        known = self.scalars.get(name)
        if known is not None and (self.inside or name not in self.shared):
            return replace(known, exact=False) if self.earlier and known.exact else known
        if name in self.constants:
            return self.constants[name]
        if name in self.anywhere:
            return replace(self.anywhere[name], exact=False, positional=False)
        if name.isdigit() or name in ("@", "*"):
            return Known(positional=True)
        return None


def either(one: Known | None, other: Known) -> Known:
    """Return the values of both; one that is assigned on one way only is not exact."""
    if one is None:
        return replace(other, exact=False)
    values = tuple(dict.fromkeys((*one.values, *other.values)))
    # a way on which nothing is known leaves the others' values possible, but not the only ones
    exact = one.exact and other.exact and len(values) <= MAX_VALUES
    return Known(values[:MAX_VALUES], exact, one.positional or other.positional)
