"""What variables can hold, as far as a script says it: constants, branches, loops over words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from types import MappingProxyType

from nftlint.commands.words import Word
from nftlint.record import dataclass, field, replace
from nftlint.shell.ansi import decode_ansi
from nftlint.shell.braces import expanded
from nftlint.shell.tree import Body, Function, Heredoc, Piece, Simple
from nftlint.shell.tree import Word as Node
from nftlint.span import Span

_ASKED = re.compile(r"\s*(?:which|command\s+-v|type\s+-[pP])\s+([\w/.-]+)")
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


def is_open(name: str, env: Env) -> bool:
    """Tell whether some text that a variable may hold is not known as a value."""
    return any(not known_word(node, env).values for node in env.texts_of(name))


def known_word(word: Node, env: Env) -> Known:
    """Return the values of a word (a constant, or made of variables with known values)."""
    if not word.pieces:
        return Known((word.span.of(env.text),), exact=True)
    return known_pieces(word.pieces, env)


def known_pieces(pieces: Sequence[Piece], env: Env) -> Known:
    """Return the values that pieces have together."""
    parts = [known_piece(piece, env) for piece in pieces]
    positional = any(part.positional for part in parts)
    if not all(part.values for part in parts):
        return Known(positional=positional)
    if prod(len(part.values) for part in parts) > MAX_VALUES:
        return Known(positional=positional)
    values = ["".join(choice) for choice in product(*(part.values for part in parts))]
    if max(map(len, values)) > LONGEST:
        return Known(positional=positional)
    exact = all(part.exact for part in parts)
    return Known(tuple(dict.fromkeys(values)), exact, positional)


def known_piece(piece: Piece, env: Env) -> Known:
    """Return the values of one piece."""
    inner = piece.inner.of(env.text)
    match piece.kind:
        case "plain" | "single":
            return Known((inner,), exact=True)
        case "escape":
            return Known(("" if inner == "\\\n" else inner[1:],), exact=True)
        case "ansi":
            return Known((decode_ansi(inner),), exact=True)
        case "double":
            if not piece.pieces:
                return Known(("",), exact=True)
            return known_pieces(piece.pieces, env)
        case "parameter":
            return _parameter(piece, env)
        case "command" if piece.body is not None:
            return _path_of(piece.body, env)
        case "backtick":
            match = _ASKED.match(inner)
            return Known((match[1],)) if match else UNKNOWN
        case _:
            return UNKNOWN


def _parameter(piece: Piece, env: Env) -> Known:
    known = env.get(piece.name)
    positional = _positional(piece.name, env)
    if positional is not None:
        known = positional
    if not piece.operator:
        return known or UNKNOWN
    if piece.operator in (":-", "-", ":=", "="):
        default = known_pieces(piece.pieces, env) if piece.pieces else Known(("",))
        if known is None:
            return replace(default, exact=False)
        return known if known.exact and all(known.values) else either(known, default)
    if piece.operator in (":?", "?"):
        return known or UNKNOWN
    if piece.operator in (":+", "+"):
        return replace(either(known_pieces(piece.pieces, env), Known(("",))), exact=False)
    return replace(UNKNOWN, positional=bool(known and known.positional))


def _positional(name: str, env: Env) -> Known | None:
    """Return the value of ``$1`` inside a call; a parameter that was not given is empty."""
    if env.positional is not None and name in ("@", "*"):
        known = not any(word.fragment.holes for word in env.positional)
        texts = (" ".join(word.text for word in env.positional),) if known else ()
        return Known(texts, exact=known, positional=True)
    if env.positional is None or not name.isdigit() or name == "0":
        return None
    index = int(name) - 1
    if index >= len(env.positional):
        return Known(("",), exact=True, positional=True)
    word = env.positional[index]
    if word.fragment.holes:
        return Known(positional=True)
    return Known((word.text,), exact=True, positional=True)


def _path_of(body: Body, env: Env) -> Known:
    """Return the program that ``$(command -v nft)`` or ``$(which nft)`` is the path of."""
    first = body.items[0].pipelines[0].commands[:1] if body.items else ()
    if not first or not isinstance(first[0], Simple):
        return UNKNOWN
    words = [known_word(word, env).values for word in first[0].words]
    texts = [values[0] if len(values) == 1 else "" for values in words]
    if texts[:1] == ["which"] or texts[:2] in (["command", "-v"], ["type", "-p"], ["type", "-P"]):
        return Known((texts[-1],)) if len(texts) > 1 and texts[-1] else UNKNOWN
    return UNKNOWN


def elements(words: Iterable[Node], env: Env) -> tuple[str, ...] | None:
    """Return the elements of an array, where they are constants."""
    found: list[str] = []
    for word in words:
        splat = splat_name(word)
        known = known_word(word, env)
        if env.bash and not word.pieces:
            found += expanded(word.span.of(env.text))
            continue
        if splat and env.arrays.get(splat) is not None:
            found += env.arrays[splat] or ()
        elif len(known.values) == 1:
            quoted = word.pieces and word.pieces[0].kind in ("double", "single", "ansi")
            found += known.values if quoted or not word.pieces else known.values[0].split()
        else:
            return None
    return tuple(found)


def splat_name(word: Node) -> str:
    """Return the array whose elements a word is: ``"${NFT[@]}"``; or ``@``, ``*``; else ``""``."""
    pieces = word.pieces
    if len(pieces) == 1 and pieces[0].kind == "double":
        pieces = pieces[0].pieces
    if len(pieces) != 1 or pieces[0].kind != "parameter" or pieces[0].operator:
        return ""
    name = pieces[0].name
    if name in ("@", "*"):
        return name
    return name[:-3] if name.endswith(("[@]", "[*]")) and name[0] not in "#!" else ""
