"""``write_files``: texts that become files, encoded or not, read as what they become."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from nftlint.cloud_init.payload import BINARY, decode
from nftlint.context import NOTHING_KNOWN
from nftlint.found import Found, Problem
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal
from nftlint.record import replace
from nftlint.span import Span
from nftlint.yaml.nodes import Node, Scalar, Stream, follow, get, is_null, items, text_of
from nftlint.yaml.scalar import read

_ENCODINGS = {
    "gz": ("gzip",),
    "gzip": ("gzip",),
    "gz+base64": ("base64", "gzip"),
    "gzip+base64": ("base64", "gzip"),
    "gz+b64": ("base64", "gzip"),
    "gzip+b64": ("base64", "gzip"),
    "b64": ("base64",),
    "base64": ("base64",),
}
_BINARY = "tag:yaml.org,2002:binary"


def read_files(stream: Stream, value: Node, label: str, seen: set[int]) -> Iterator[Found]:
    """Yield each file's text as a fragment in the language that it is read as on the host."""
    for number, item in enumerate(items(value)):
        content = follow(get(item, "content"))
        if isinstance(content, Scalar) and not is_null(content) and id(content) not in seen:
            seen.add(id(content))
            yield from _file(stream, item, content, f"{label}[{number}].content")


def _file(stream: Stream, item: Node, content: Scalar, label: str) -> Iterator[Found]:
    raw = read(stream, content, "")
    if isinstance(raw, Refusal):
        yield Problem(stream.fragment, content.span, raw.reason)
        return
    path = text_of(get(item, "path"))
    encodings = _encodings(content, text_of(get(item, "encoding")))
    text = decode(raw, encodings) if encodings else raw
    if isinstance(text, Refusal):
        yield Problem(stream.fragment, content.span, f"{label}: {text.reason}")
        return
    if text.language == BINARY:
        return
    runs = executable(text_of(get(item, "permissions")))
    language = language_of(path, text.text, executable=runs)
    yield retold(text, language, label=label, path=path)


def _encodings(content: Scalar, encoding: str) -> tuple[str, ...]:
    known = _ENCODINGS.get(encoding.strip().lower(), ())
    return ("base64", *known) if content.tag == _BINARY else known


def executable(permissions: str) -> bool:
    """Tell whether an octal mode lets anyone run the file."""
    digits = permissions.removeprefix("0o")
    return any(digit in "1357" for digit in digits[-3:])


def language_of(path: str, text: str, *, executable: bool = False) -> str:
    """Return the language of a file that is to be written; empty if it is unknown.

    An executable without a ``#!`` line is run by a shell.
    """
    from nftlint.carriers.registry import HEAD, kind_of

    known = kind_of(PurePosixPath(path or "file"), text[:HEAD])
    return known or ("shell" if executable and not text.startswith("#!") else "")


def retold(fragment: Fragment, language: str, *, label: str, path: str) -> Fragment:
    """Return the fragment with another language, label and path; a file has its own context."""
    return replace(fragment, language=language, label=label, path=path, context=NOTHING_KNOWN)


def part_of(fragment: Fragment, span: Span, language: str, label: str = "") -> Fragment:
    """Return a stretch of a fragment's text, as it is, as a fragment of its own."""
    builder = Builder(fragment.text, fragment, VERBATIM)
    builder.copy(span)
    return builder.build(language, label=label)
