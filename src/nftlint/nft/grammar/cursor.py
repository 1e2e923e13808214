"""A place in the tokens, and what all parts of the grammar ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from nftlint.holes import has_holes
from nftlint.nft.expression import Literal, Name, Variable
from nftlint.nft.grammar.words import NO_VALUES, RESERVED
from nftlint.nft.tokens import scan
from nftlint.span import Span

if TYPE_CHECKING:
    from nftlint.nft.command import Define, Include, ParseError

# Deeper nesting than this means nothing to nft, and would exhaust the stack.
MAX_DEPTH = 24
MAX_AHEAD = 3
_HOLDING = frozenset({"hole", "word", "address", "glob"})
_ENCLOSING = frozenset('"[')
_VALUES = {"word", "number", "address", "hole", "glob", "string"}


class SyntaxFault(Exception):  # noqa: N818 - it never leaves the parser, where it becomes a value
    """The text is not nft from token ``index`` on."""

    def __init__(self, index: int, depth: int, expected: tuple[str, ...]) -> None:
        super().__init__()
        self.index = index
        self.depth = depth
        self.expected = expected


class Cursor:
    """A place in the tokens, and what was found on the way.

    ``word`` is the text of the token at ``index``, ``depth`` the number of open brackets. ``glue``
    is set where a value is a name, ``listed`` within the braces of a set.
    """

    __slots__ = (
        "defines",
        "depth",
        "ends",
        "errors",
        "glue",
        "includes",
        "index",
        "kinds",
        "listed",
        "partners",
        "starts",
        "text",
        "texts",
        "word",
    )

    def __init__(self, text: str) -> None:
        tokens = scan(text)
        self.text = text
        # More ends than one, so that looking ahead needs no check.
        self.kinds = tokens.kinds + ["end"] * MAX_AHEAD
        self.texts = tokens.texts + [""] * MAX_AHEAD
        self.starts = tokens.starts + [len(text)] * MAX_AHEAD
        self.ends = tokens.ends + [len(text)] * MAX_AHEAD
        self.index = 0
        self.word = self.texts[0]
        self.depth = 0
        self.glue = False
        self.listed = False
        self.partners: dict[int, int] | None = None
        self.defines: list[Define] = []
        self.includes: list[Include] = []
        self.errors: list[ParseError] = []

    def advance(self) -> None:
        """Go to the next token; not to be called at the end."""
        index = self.index + 1
        self.index = index
        self.word = self.texts[index]

    def seek(self, index: int) -> None:
        """Go to the token at ``index``."""
        self.index = index
        self.word = self.texts[index]

    def peek(self, ahead: int = 1) -> str:
        """Return the text of a token at most ``MAX_AHEAD`` ahead, empty past the end."""
        return self.texts[self.index + ahead]

    @property
    def kind(self) -> str:
        """The kind of the token."""
        return self.kinds[self.index]

    @property
    def on_hole(self) -> bool:
        """Tell whether the token is a word with a hole."""
        return self.is_hole(self.index)

    def is_hole(self, index: int) -> bool:
        """Tell whether the token at ``index`` is a word with a hole."""
        text = self.texts[index]
        return not text.isascii() and self.kinds[index] in _HOLDING and has_holes(text)

    def since(self, index: int) -> Span:
        """Return the span from the token at ``index`` to the one before this."""
        if index == self.index:
            return self.here()
        return Span(self.starts[index], self.ends[self.index - 1])

    def here(self) -> Span:
        """Return an empty span before the token, or at the end of the line behind the last one."""
        index = self.index
        start = self.ends[index - 1] if index and self.at_end() else self.starts[index]
        return Span(start, start)

    def fail(self, *expected: str) -> NoReturn:
        """Give up at this token."""
        raise SyntaxFault(self.index, self.depth, expected)

    def take(self, *words: str) -> str:
        """Take one of ``words``, or fail."""
        word = self.word
        if word not in words:
            self.fail(*words)
        self.advance()
        return word

    def choice(self, *words: str) -> str:
        """Take one of ``words``, or a hole for one."""
        return self.literal().text if self.on_hole else self.take(*words)

    def accept(self, word: str) -> bool:
        """Take ``word`` if it is next."""
        if self.word != word:
            return False
        self.advance()
        return True

    def open(self, bracket: str) -> None:
        """Take an opening bracket, and fail if too many are open."""
        if self.word != bracket:
            self.fail(bracket)
        self.deeper()
        self.advance()

    def deeper(self) -> None:
        """Count one more level of nesting; ``depth`` is taken back by who is done."""
        if self.depth >= MAX_DEPTH:
            self.fail(f"at most {MAX_DEPTH} levels of nesting")
        self.depth += 1

    def close(self, bracket: str) -> None:
        """Take a closing bracket."""
        self.take(bracket)
        self.depth -= 1

    def skip_lines(self) -> None:
        """Pass over line breaks where they mean nothing."""
        while self.word == "\n":
            self.advance()

    def at_end(self) -> bool:
        """Tell whether a statement or line can go no further."""
        return self.word in {"\n", ";", "}", ""}

    def number(self) -> Literal:
        """Take a number, or a hole for one."""
        if self.kind != "number" and not self.on_hole:
            self.fail("a number")
        return self.literal()

    def string(self) -> Literal:
        """Take a word or a quoted string."""
        if self.kind not in {"word", "string", "glob", "hole"} or self.word in RESERVED:
            self.fail("a string")
        return self.glued() if self.kind == "hole" else self.literal()

    def quoted(self) -> Literal:
        """Take a quoted string."""
        if self.kind != "string":
            self.fail("a quoted string")
        return self.literal()

    def time(self) -> Literal:
        """Take a duration: ``1d2h3m4s5ms``."""
        if not (self.kind == "word" and self.word[0].isdigit()) and not self.on_hole:
            self.fail("a time")
        return self.literal()

    def value(self) -> Literal:
        """Take a constant of any kind; a keyword is none, unless nft says so."""
        kind = self.kinds[self.index]
        if kind not in _VALUES or self.word in NO_VALUES:
            self.fail("a value")
        return self.glued() if self.glue and kind == "hole" else self.literal()

    def literal(self) -> Literal:
        """Take the token as it is."""
        index, text = self.index, self.word
        span = Span(self.starts[index], self.ends[index])
        self.index = index + 1
        self.word = self.texts[index + 1]
        if text[0] not in _ENCLOSING:
            return Literal(text, False, span)
        return Literal(text[1:-1], text[0] == '"', span)

    def glued(self) -> Literal:
        """Take a hole with all that touches it, where no range or prefix can be meant."""
        start = self.index
        self.advance()
        while self.starts[self.index] == self.ends[self.index - 1] and (
            self.kind in {"word", "hole", "number", "address", "glob"}
            or self.word in {"-", "/", "."}
        ):
            self.advance()
        span = self.since(start)
        return Literal(span.of(self.text), quoted=False, span=span)

    def is_name(self, index: int) -> bool:
        """Tell whether the token at ``index`` can be the name of a table, chain or object."""
        kind, text = self.kinds[index], self.texts[index]
        if kind == "word":
            return text not in RESERVED or text == "last"
        return (kind == "address" and text[0] != "[") or self.is_hole(index)

    def name(self, what: str) -> Name:
        """Take the name of a table, chain, set or object."""
        if not self.is_name(self.index):
            self.fail(what)
        literal = self.glued() if self.kind == "hole" else self.literal()
        return Name(literal.text, literal.span)

    def keyword(self) -> Name:
        """Take the word as a ``Name``."""
        index, text = self.index, self.word
        self.advance()
        return Name(text, Span(self.starts[index], self.ends[index]))

    def implied(self, text: str) -> Name:
        """Return what was left out at this place."""
        return Name(text, self.here())

    def variable(self) -> Variable:
        """Take ``$name``."""
        start = self.index
        self.take("$")
        name = self.name("the name of a variable").text
        return Variable(name, self.since(start))
