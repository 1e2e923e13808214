"""systemd units: ``ExecStart=`` and its like run commands, without a shell (systemd.service(5))."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from nftlint.argv import Arg
from nftlint.commands.read import read_command
from nftlint.commands.words import CommandLine, Word
from nftlint.edits import Edit
from nftlint.found import Directive, Found, Kept, Part
from nftlint.fragment import Builder, Fragment, Refusal, Style
from nftlint.holes import is_hole
from nftlint.patterns import compiled
from nftlint.span import Span

_SUFFIXES = frozenset({".service", ".socket", ".mount", ".swap"})
_EXEC = compiled(r"^[ \t]*Exec\w+=[ \t]*[-@:+!|]*", re.MULTILINE)
_DIRECTIVE = compiled(r"^[ \t]*[#;]+\s*nftlint:\s*(.*)$", re.MULTILINE)
_BLANK = compiled(r"(?:[ \t]|\\\n)+")
_WORD = compiled(r"(?:[^\s\\\"']|\\(?!\n)(?s:.)|\"(?:[^\"\\]|\\(?s:.))*\"|'(?:[^'\\]|\\(?s:.))*')+")
_PIECE = compiled(
    r"(?P<escape>\\(?s:.))|(?P<mark>[\"'])|(?P<variable>\$\{\w+\}|\$\w+)|(?P<percent>%[A-Za-z])"
    r"|(?P<twice>%%|\$\$)|(?P<plain>[^\\\"'$%]+|.)"
)
_SAFE = compiled(r"[A-Za-z0-9_@+=:,./!*-]+\Z")
_LETTERS = {"n": "\n", "t": "\t", "s": " ", "a": "\a", "r": "\r"}


def matches(path: PurePosixPath, head: str) -> str | None:
    """Return ``systemd-unit`` for a unit that may run commands, or a drop-in of one."""
    del head
    drop_in = path.suffix == ".conf" and path.parent.name.endswith(
        tuple(f"{s}.d" for s in _SUFFIXES)
    )
    return "systemd-unit" if path.suffix in _SUFFIXES or drop_in else None


def _encode(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")


_STYLE = Style("unit", _encode, keeps_words=True)


def _read(fragment: Fragment) -> Iterator[Found]:
    """Yield what the commands of a unit do."""
    for match in _DIRECTIVE.finditer(fragment.text):
        yield Directive(fragment, Span(*match.span()), match[1].strip())
    for match in _EXEC.finditer(fragment.text):
        for words in _commands(fragment, match.end()):
            yield from read_command(_line(fragment, words))


def _commands(fragment: Fragment, start: int) -> Iterator[tuple[Word, ...]]:
    """Yield the commands of one line: a lone ``;`` stands between two."""
    words: list[Word] = []
    at = start
    while match := _WORD.match(fragment.text, at):
        if match[0] == ";":
            yield tuple(words)
            words = []
        else:
            words.append(_word(fragment, Span(*match.span())))
        blank = _BLANK.match(fragment.text, match.end())
        if not blank:
            break
        at = blank.end()
    yield tuple(words)


def _word(fragment: Fragment, span: Span) -> Word:
    builder = Builder(fragment.text, fragment, _STYLE)
    quote = ""
    for match in _PIECE.finditer(fragment.text, span.start, span.end):
        place = Span(*match.span())
        if match["escape"]:
            letter = match["escape"][1]
            builder.put(_LETTERS.get(letter, letter), place)
        elif match["mark"] and quote in ("", match["mark"]):
            quote = "" if quote else match["mark"]
        elif match["variable"] or match["percent"]:
            builder.hole(place, match[0].strip("${}"))
        elif match["twice"]:
            builder.put(match["twice"][0], place)
        else:
            builder.copy(place)
    return Word(builder.build("word"), span)


def _line(fragment: Fragment, words: tuple[Word, ...]) -> CommandLine:
    def write(
        first: int, last: int, script: Fragment, parts: Sequence[Part]
    ) -> tuple[Edit, ...] | Refusal:
        if len(parts) != 1 or isinstance(parts[0], Kept):
            return Refusal("a unit runs one command on each line")
        region = words[first].span.cover(words[last].span)
        directory = words[first].text.rpartition("/")[0]
        program = Arg(f"{directory}/{parts[0][0].text}" if directory else parts[0][0].text)
        texts = [_quote(arg.text, script) for arg in (program, *parts[0][1:])]
        return (Edit(fragment, region, " ".join(texts)),)

    return CommandLine(fragment, words, write)


def _quote(text: str, script: Fragment) -> str:
    raw = "".join(
        script.holes[char].raw if is_hole(char) and char in script.holes else _encode(char)
        for char in text
    )
    plain = "".join(char for char in text if not is_hole(char))
    return raw if not plain or _SAFE.match(plain) else f'"{raw}"'


LANGUAGES = {"systemd-unit": _read}
