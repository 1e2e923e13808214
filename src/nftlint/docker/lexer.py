"""BuildKit's word lexer: quotes, escapes, variables and heredoc operators in an instruction.

It is the lexer of BuildKit's ``frontend/dockerfile/shell``, which resembles a shell's and is
none: the words that it sees decide which heredocs an instruction has.
"""

from __future__ import annotations

from collections.abc import Callable

from nftlint.patterns import compiled
from nftlint.record import dataclass

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
SPACE += "\u200a\u2028\u2029\u202f\u205f\u3000"
"""The characters that Go's ``unicode.IsSpace`` takes for blanks (fewer than ``str.isspace``)."""

_HEREDOC = compiled(r"<<[\t\r ]*")
_SPECIAL = "@*#?-$!0"
_MODIFIERS = "+-?#%"


class LexError(ValueError):
    """A text that BuildKit's lexer refuses; its text is the reason."""


class UnknownVariableError(LexError):
    """A variable whose value is not known for certain."""


Lookup = Callable[[str], str | None]
"""The value of a variable; ``None`` if it is certain to be unset.

It raises ``UnknownVariableError`` where that is not known.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """How to lex. Without ``lookup``, variables stay as they are written."""

    escape: str = "\\"
    keep_quotes: bool = False
    keep_escapes: bool = False
    lookup: Lookup | None = None


RAW = Rules(keep_quotes=True, keep_escapes=True)
PLAIN = Rules()


def words_of(text: str, rules: Rules) -> list[str]:
    """Return the words of ``text``; raises ``LexError``."""
    return Scanner(text, rules).until("", keep_escapes=rules.keep_escapes)[1]


def word_of(text: str, rules: Rules) -> str:
    """Return ``text`` as one word, quotes and variables processed; raises ``LexError``."""
    return Scanner(text, rules).until("", keep_escapes=rules.keep_escapes)[0]


class _Words:
    """Words as they grow: blanks end a word unless they came out of quotes."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._word = ""

    def spread(self, text: str) -> None:
        for char in text:
            if char not in SPACE:
                self._word += char
            elif self._word:
                self.finish()

    def keep(self, text: str) -> None:
        self._word += text

    def finish(self) -> list[str]:
        if self._word:
            self.done.append(self._word)
            self._word = ""
        return self.done


class Scanner:
    """A position in a text, and the readers of what can stand there."""

    def __init__(self, text: str, rules: Rules) -> None:
        self.text = text
        self.rules = rules
        self.at = 0

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        char = self._peek()
        self.at += len(char)
        return char

    def until(self, stop: str, *, keep_escapes: bool) -> tuple[str, list[str]]:
        """Read up to and over ``stop`` (empty: the end); returns the text and its words."""
        parts: list[str] = []
        words = _Words()
        while char := self._peek():
            if char == stop:
                self.at += 1
                return "".join(parts), words.finish()
            if char == "$":
                part = self.dollar()[1]
                words.spread(part)
            elif char in "'\"<" or char == self.rules.escape:
                part = self._special(char, keep_escapes=keep_escapes)
                words.keep(part)
            else:
                part = self._next()
                words.spread(part)
            parts.append(part)
        if stop:
            raise LexError(f"there is no {stop} to end it")
        return "".join(parts), words.finish()

    def _special(self, char: str, *, keep_escapes: bool) -> str:
        if char == "'":
            return self._single()
        if char == '"':
            return self._double(keep_escapes=keep_escapes)
        if char == "<":
            match = _HEREDOC.match(self.text, self.at)
            self.at = match.end() if match else self.at + 1
            return match[0] if match else char
        self.at += 1
        return (char if keep_escapes else "") + self._next()

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise LexError("a single quote is not closed")
        start, self.at = self.at, end + 1
        return self.text[start : end + 1] if self.rules.keep_quotes else self.text[start + 1 : end]

    def _double(self, *, keep_escapes: bool) -> str:
        quote = '"' if self.rules.keep_quotes else ""
        parts = [quote]
        self.at += 1
        while char := self._peek():
            if char == '"':
                self.at += 1
                return "".join(parts) + quote
            if char == "$":
                parts.append(self.dollar()[1])
                continue
            self.at += 1
            if char == self.rules.escape:
                parts.append(char if keep_escapes else "")
                follower = self._peek()
                if not follower:
                    break
                # Before any other character the escape is a character like others.
                char = self._next() if follower in ('"', "$", self.rules.escape) else char
            parts.append(char)
        raise LexError("a double quote is not closed")

    def dollar(self) -> tuple[str, str]:
        """Read what begins with ``$``: the variable's name, and what is put for it."""
        start = self.at
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            return name, self._value(name, start) if name else "$"
        self.at += 1
        if self._peek() in ("", "{", "}", ":"):
            raise LexError("bad substitution")
        name = self._name()
        return name, self._braced(name, start)

    def _name(self) -> str:
        start = self.at
        if self._peek().isdecimal():
            while self._peek().isdecimal():
                self.at += 1
        elif self._peek() and self._peek() in _SPECIAL:
            self.at += 1
        else:
            while (char := self._peek()).isalpha() or char.isdecimal() or char == "_":
                self.at += 1
        return self.text[start : self.at]

    def _value(self, name: str, start: int) -> str:
        if self.rules.lookup is None:
            return self.text[start : self.at]
        return self.rules.lookup(name) or ""

    def _braced(self, name: str, start: int) -> str:
        sign = self._next()
        if sign == "}":
            return self._value(name, start)
        if sign == "/":
            return self._replaced(name)
        colon = sign == ":"
        modifier = self._next() if colon else sign
        if not colon and (not modifier or modifier not in _MODIFIERS):
            raise LexError(f"unsupported modifier ({modifier}) in substitution")
        if colon and modifier and modifier in "#%":
            raise LexError(f"unsupported modifier (:{modifier}) in substitution")
        word, _ = self.until("}", keep_escapes=modifier in ("#", "%"))
        if self.rules.lookup is None:
            return f"${{{name}{':' if colon else ''}{modifier}{word}}}"
        return _modified(self.rules.lookup(name), modifier, word, empty_is_unset=colon)

    def _replaced(self, name: str) -> str:
        everywhere = "/" if self._peek() == "/" else ""
        self.at += len(everywhere)
        pattern, _ = self.until("/", keep_escapes=True)
        replacement, _ = self.until("}", keep_escapes=True)
        if self.rules.lookup is None:
            return f"${{{name}/{everywhere}{pattern}/{replacement}}}"
        raise UnknownVariableError("patterns in substitutions are not worked out")


def _modified(value: str | None, modifier: str, word: str, *, empty_is_unset: bool) -> str:
    is_set = bool(value) if empty_is_unset else value is not None
    if modifier == "-":
        return (value or "") if is_set else word
    if modifier == "+":
        return word if is_set else ""
    if modifier == "?" and is_set:
        return value or ""
    raise UnknownVariableError(f"the modifier {modifier} is not worked out")
