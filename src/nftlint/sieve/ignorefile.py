"""One ignore file of git's: its patterns, the last that matches a path deciding.

Nearly all patterns are a name, an ending or a beginning of one, or a path; those are looked up.
``re``, which costs as much to import as a hundred files to read, is for the rest.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = frozenset("*?[\\")
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "space": "\\s",
    "xdigit": "0-9a-fA-F",
}


class _Pattern:
    """One line. ``kind`` says how ``text`` is held against a path: see ``matches``."""

    __slots__ = ("compiled", "directories", "kind", "negated", "text")

    def __init__(self, line: str) -> None:
        self.negated = line.startswith("!")
        line = line.removeprefix("!")
        self.directories = line.endswith("/")
        line = line.removesuffix("/")
        anchored = "/" in line
        if line.startswith("**/") and "/" not in line[3:]:
            line, anchored = line[3:], False
        self.kind, self.text = _kind(line.removeprefix("/"), anchored=anchored)
        self.compiled: re.Pattern[str] | None = None

    def matches(self, path: str, name: str) -> bool:
        """Tell whether it speaks of a path (relative to its file) with this last part."""
        text = self.text
        if self.kind == "glob":
            self.compiled = self.compiled or _compiled(text)
            return self.compiled.fullmatch(path) is not None
        if self.kind == "suffix":
            return name.endswith(text)
        if self.kind == "prefix":
            return name.startswith(text)
        return text == (path if self.kind == "path" else name)


def _compiled(text: str) -> re.Pattern[str]:
    import re

    try:
        return re.compile(text, re.DOTALL)
    except re.error:  # a range from z to a matches nothing
        return re.compile("(?!)")


def _kind(text: str, *, anchored: bool) -> tuple[str, str]:
    if not _SPECIAL & set(text):
        return ("path" if anchored else "name"), text
    if not anchored and text[:1] == "*" and not _SPECIAL & set(text[1:]):
        return "suffix", text[1:]
    if not anchored and text[-1:] == "*" and not _SPECIAL & set(text[:-1]):
        return "prefix", text[:-1]
    if not anchored:
        return "glob", _expression((), _translated(f"**/{text}"))
    # Git compares what stands before the first special character as it is, and the rest as if it
    # were a glob of its own: so `a**/b` is `a`, then `**/b`, and matches `ab`.
    start = next(at for at, char in enumerate(text) if char in _SPECIAL)
    return "glob", _expression(map(_escaped, text[:start]), _translated(text[start:]))


def _expression(plain: Iterable[str], pieces: Iterable[str]) -> str:
    from nftlint.sieve.stars import joined

    return joined((*plain, *pieces))


class IgnoreFile:
    """The patterns of one file; ``base`` is the directory (absolute) that they speak of."""

    __slots__ = ("_cut", "_globs", "_names", "_paths", "_patterns", "_prefixes", "_suffixes")

    def __init__(self, base: str, data: bytes) -> None:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        self._cut = len(os.fsencode(base.rstrip("/"))) + 1
        self._patterns = [_Pattern(line) for line in _lines(text)]
        kinds: dict[str, list[str]] = {}
        for pattern in self._patterns:
            kinds.setdefault(pattern.kind, []).append(pattern.text)
        self._names = frozenset(kinds.get("name", ()))
        self._paths = frozenset(kinds.get("path", ()))
        self._prefixes = tuple(kinds.get("prefix", ()))
        self._suffixes = tuple(kinds.get("suffix", ()))
        self._globs = [pattern for pattern in self._patterns if pattern.kind == "glob"]

    def verdict(self, path: str, name: str, *, is_directory: bool) -> bool | None:
        """Tell whether a path (absolute) is ignored, is not, or is not spoken of (``None``)."""
        if not path.isascii():  # git compares bytes: `?` is half a letter then
            path, name = (os.fsencode(one).decode("latin-1") for one in (path, name))
        relative = path[self._cut :]
        if not self._may_match(relative, name):
            return None
        for pattern in reversed(self._patterns):
            if (is_directory or not pattern.directories) and pattern.matches(relative, name):
                return not pattern.negated
        return None

    def spoken_of(self, above: str, names: Sequence[str]) -> list[str]:
        """Return the names in a directory (absolute, with a slash) that a pattern may match."""
        if not above.isascii():
            return list(names)
        base = above[self._cut :]
        return [name for name in names if not name.isascii() or self._may_match(base + name, name)]

    def _may_match(self, path: str, name: str) -> bool:
        return (
            name in self._names
            or path in self._paths
            or name.endswith(self._suffixes)
            or name.startswith(self._prefixes)
            or (self._globs != [] and any(glob.matches(path, name) for glob in self._globs))
        )


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        kept = line.rstrip(" ")
        if len(kept) < len(line) and (len(kept) - len(kept.rstrip("\\"))) % 2:
            kept += " "  # a blank behind a backslash stands
        if kept.strip("/!") and not kept.startswith("#"):
            yield kept


def _translated(glob: str) -> Iterator[str]:
    """Yield the pieces of a regular expression that means the same as the glob."""
    from nftlint.sieve.stars import BELOW, STAR

    at = 0
    while at < len(glob):
        char = glob[at]
        starts = at == 0 or glob[at - 1] == "/"
        if starts and glob.startswith("**/", at):
            yield BELOW
            at += 3
        elif starts and glob[at:] == "**":
            yield ".+"
            at += 2
        elif char == "[":
            piece, at = _bracket(glob, at)
            yield piece
        elif char == "\\" and at + 1 < len(glob):
            yield _escaped(glob[at + 1])
            at += 2
        else:
            yield {"*": STAR, "?": "[^/]"}.get(char, _escaped(char))
            at += 1


def _bracket(glob: str, at: int) -> tuple[str, int]:
    """Return the expression for the bracket that opens at ``at``, and where it ends."""
    start = at + 2 if glob[at + 1 : at + 2] in ("!", "^") else at + 1
    body: list[str] = []
    here = start
    while here < len(glob) and (glob[here] != "]" or here == start):
        if glob.startswith("[:", here) and (end := glob.find(":]", here)) > 0:
            body.append(_CLASSES.get(glob[here + 2 : end], ""))
            here = end + 2
            continue
        escaped = glob[here] == "\\"
        here += escaped
        char = glob[here : here + 1]
        is_range = char == "-" and not escaped and here > start and glob[here + 1 : here + 2] != "]"
        body.append("-" if is_range else _escaped(char))
        here += 1
    if here >= len(glob):
        return "(?!)", here  # it is never closed, and matches nothing
    negated = "^" if start == at + 2 else ""
    return f"(?!/)[{negated}{''.join(body)}]", here + 1


def _escaped(char: str) -> str:
    return char if char.isalnum() or char == "_" else f"\\{char}"
