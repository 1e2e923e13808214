"""Files that a script reads in with ``.`` or ``source``: their trees, beside the script's own.

All of them share one text, the script's own first, so that a span says by itself which file it is
of. What stands in another file has no place in the script: it stands where it is read in or called.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from nftlint.artifact import Sourced, root
from nftlint.found import Place
from nftlint.fragment import Fragment
from nftlint.record import dataclass, replace
from nftlint.shell.anywhere import assigned_anywhere
from nftlint.shell.effects import SOURCING
from nftlint.shell.nodes import nodes
from nftlint.shell.parse import parse
from nftlint.shell.tree import Body, Function, Heredoc, Script, Simple
from nftlint.shell.values import NOTHING_GIVEN, Known
from nftlint.span import Span

MAX_FILES = 64
"""Of more files that a script reads in, one through another, the rest are taken as unknown."""

MAX_READS = 400
"""So many times files are read in while one script is gone through."""


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """One file: its text as a fragment, and where in the script's text that stands."""

    uri: str
    fragment: Fragment
    span: Span
    body: Body


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """All files; ``own`` is the length of the script's own text, ``alone`` the script without them.

    ``names`` are those of ``Sourced``; ``given`` are, for each file, the variables that get a value
    outside of it and of what it reads in, with the values from there. ``fuel`` is how often a file
    may still be gone through.
    """

    own: int
    alone: Script
    uri: str
    files: Mapping[str, File]
    names: Mapping[tuple[str, str], tuple[str, ...]]
    given: Mapping[str, Mapping[str, frozenset[str]]]
    fuel: Iterator[int]

    def file_at(self, span: Span) -> File | None:
        """Return the file that a span is of; ``None`` for the script itself."""
        if span.start < self.own:
            return None
        return next((file for file in self.files.values() if file.span.contains(span)), None)

    def given_at(self, span: Span) -> Mapping[str, frozenset[str]]:
        """Return the variables that others give a value for the file that a span is of."""
        file = self.file_at(span)
        return self.given[file.uri] if file is not None else NOTHING_GIVEN

    def place(self, span: Span, why: str) -> Place | None:
        """Return a span as a place of the file that it is of; ``None`` for the script itself."""
        file = self.file_at(span)
        if file is None:
            return None
        return Place(file.fragment, span.shift(-file.span.start), why, file.uri)

    def read_by(self, simple: Simple, text: str) -> Sequence[File]:
        """Return the files that a command reads in, as far as they are known."""
        if len(simple.words) < 2 or simple.words[0].span.of(text) not in SOURCING:
            return ()
        here = self.file_at(simple.span)
        name = simple.words[1].span.of(text)
        uris = self.names.get((self.uri if here is None else here.uri, name), ())
        return [self.files[uri] for uri in uris if uri in self.files]


def with_library(script: Script, sourced: Sourced | None) -> Script:
    """Return a script with the files that it reads in; itself where it reads none."""
    if sourced is None or not _reads_any(script, sourced):
        return script
    uris = list(_reached(sourced, sourced.uri))
    text = script.text
    files: dict[str, File] = {}
    heredocs: dict[int, Heredoc] = dict(script.heredocs)
    for uri in uris:
        fragment = root(sourced.files[uri], "shell")
        start = len(text) + 1
        text = f"{text}\n{fragment.text}"
        read = parse(text, start)
        heredocs |= read.heredocs
        files[uri] = File(uri, fragment, Span(start, len(text)), read.body)
    bodies = {"": script.body, **{uri: file.body for uri, file in files.items()}}
    read = replace(script, text=text, heredocs=MappingProxyType(heredocs))
    values = {uri: assigned_anywhere(read, [body]).values for uri, body in bodies.items()}
    values[sourced.uri] = values.pop("")
    given = {uri: dict(_given({uri, *_reached(sourced, uri)}, values)) for uri in files}
    fuel = iter(range(MAX_READS))
    library = Library(len(script.text), script, sourced.uri, files, sourced.names, given, fuel)
    return replace(read, library=library)


def _reads_any(script: Script, sourced: Sourced) -> bool:
    """Tell whether a script reads files in, and not only the one that it is a part of."""
    raw = {
        node.words[1].span.of(script.text)
        for node in nodes(script.body)
        if isinstance(node, Simple)
        and len(node.words) > 1
        and node.words[0].span.of(script.text) in SOURCING
    }
    return any((sourced.uri, name) in sourced.names for name in raw)


def _reached(sourced: Sourced, start: str) -> Iterator[str]:
    """Yield the files that one reads in, one through another, each once and not the script."""
    found = {sourced.uri, start}
    waiting = [start]
    while waiting:
        here = waiting.pop(0)
        for (uri, _), named in sourced.names.items():
            for other in named if uri == here else ():
                if other == sourced.uri and start != sourced.uri:
                    yield other
                if other not in found and other in sourced.files and len(found) <= MAX_FILES:
                    found.add(other)
                    waiting.append(other)
                    yield other


def set_by_functions(script: Script, functions: Iterable[Function]) -> frozenset[str]:
    """Return the variables that files assign to which functions read in."""
    library = script.library
    if library is None:
        return frozenset()
    every = (node for function in functions for node in nodes(function.body))
    read = {
        file.uri: file.body
        for node in every
        if isinstance(node, Simple)
        for file in library.read_by(node, script.text)
    }
    return frozenset(assigned_anywhere(script, list(read.values())).values) if read else frozenset()


def _given(
    within: Collection[str], values: Mapping[str, Mapping[str, Known]]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the variables that get a value outside of some files alone, with those of within."""
    own: dict[str, set[str]] = {}
    for uri in within:
        for name, known in values.get(uri, {}).items():
            own.setdefault(name, set()).update(known.values)
    for other, assigned in values.items():
        for name, known in assigned.items() if other not in within else ():
            set_within = own.get(name, set())
            if not set_within.issuperset(known.values):
                yield name, frozenset(set_within)
