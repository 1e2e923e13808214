"""From a candidate's bytes to its text and its kind, or to the finding that it cannot be read."""

from __future__ import annotations

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.carriers.registry import HEAD_BYTES, kind_of_file
from nftlint.discover import SIZE_LIMIT, Candidate
from nftlint.filereport import FileReport, not_read
from nftlint.needles import may_matter
from nftlint.packed import MAGIC, beginning, unpack, unpacked_name
from nftlint.results import Location
from nftlint.span import Span


def opened(item: Candidate, told: str, default: str) -> tuple[Artifact, str] | FileReport:
    """Return a file's text and its kind.

    The kind is what is ``told``, else what its name and content say, else a default. It is
    empty where nothing tells it. A file that is no text of a known kind gives an empty report,
    unless the user named it.
    """
    if item.data.startswith(MAGIC):
        return _unpacked(item, told)
    kind = told or kind_of_file(item.path, item.data) or default
    if not item.whole:
        return _too_large(item, item.data) if kind or item.named else FileReport()
    try:
        return Artifact(item.uri, decode(item.data)), kind
    except UnreadableTextError as error:
        return _not_text(item, item.data, error) if kind or item.named else FileReport()


def _unpacked(item: Candidate, told: str) -> tuple[Artifact, str] | FileReport:
    """Open a file that is gzip: its kind is that of what it holds."""
    head = beginning(item.data, HEAD_BYTES)
    kind = told or kind_of_file(unpacked_name(item.path), head)
    if not kind:
        error = UnreadableTextError("gzip of something that nftlint does not read", 0)
        return _not_text(item, b"", error) if item.named else FileReport()
    if not item.whole:
        return _too_large(item, head)
    packed = unpack(item.data)
    if packed.wrong:
        message = f"what is packed here was not read: {packed.wrong}"
        return _report(item, head.decode("utf-8", "replace"), 0, message)
    if not item.named and not may_matter(packed.data):
        return FileReport()
    try:
        return Artifact(item.uri, decode(packed.data), packed.header), kind
    except UnreadableTextError as error:
        return _not_text(item, packed.data, error)


def _too_large(item: Candidate, head: bytes) -> FileReport:
    message = f"larger than {SIZE_LIMIT // 1024 // 1024} MB, and was not read"
    return _report(item, head.decode("utf-8", "replace"), 0, message)


def _not_text(item: Candidate, data: bytes, error: UnreadableTextError) -> FileReport:
    text = data[: error.offset].decode("utf-8", "replace")
    return _report(item, text + "\ufffd", len(text), str(error))


def _report(item: Candidate, text: str, at: int, message: str) -> FileReport:
    """Return the NFT001 result for a file, at a place of what could be read of it."""
    result = not_read(Location(item.uri, Span(at, min(at + 1, len(text)))), message)
    return FileReport((result,), artifacts={item.uri: Artifact(item.uri, text)})
