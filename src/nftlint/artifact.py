"""An artifact: one linted file as text, and the root fragment over it."""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.context import Context
from nftlint.fragment import Builder, Fragment, Style
from nftlint.record import dataclass, field
from nftlint.span import Span

BOM = "\ufeff"


@dataclass(frozen=True, slots=True, eq=False)
class Sourced:
    """Files that the shell script ``uri`` reads in with ``.`` or ``source``, and that these do.

    ``names`` gives, for a file's URI and the word that names others there, as written, the URIs of
    those; ``files`` are their texts. ``set_by_users`` are variables that scripts set which read it
    in themselves, ``called_by_users`` the first words of their commands.
    """

    uri: str
    names: Mapping[tuple[str, str], tuple[str, ...]]
    files: Mapping[str, Artifact]
    set_by_users: frozenset[str] = frozenset()
    called_by_users: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file: its relative URI with ``/`` separators, and its text exactly as stored.

    ``text`` keeps the byte order mark and every line ending, so that it encodes to the file's
    bytes again; offsets into it are code points, 0-based. A file that is gzip is its unpacked text,
    and ``header`` is the header that it is packed with. ``sourced`` are other files that it is
    read with, where it is a shell script.
    """

    uri: str
    text: str
    header: bytes = b""
    sourced: Sourced | None = field(default=None, compare=False)

    def encode(self) -> bytes:
        """Return the file's bytes."""
        data = self.text.encode("utf-8")
        if not self.header:
            return data
        from nftlint.packed import pack

        return pack(data, self.header)

    @property
    def newline(self) -> str:
        r"""The line ending that new lines take: ``\r\n`` where most lines end so."""
        crlf = self.text.count("\r\n")
        return "\r\n" if crlf * 2 > self.text.count("\n") else "\n"


class UnreadableTextError(ValueError):
    """Bytes that are no UTF-8 text; ``offset`` is the first bad byte, 0-based."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def decode(data: bytes) -> str:
    """Return the text of ``data``.

    Raises ``UnreadableTextError`` for binary data (a NUL byte) and invalid UTF-8.
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise UnreadableTextError("binary file (it contains a NUL byte)", nul)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableTextError(f"not UTF-8: {error.reason}", error.start) from None


def root(artifact: Artifact, language: str) -> Fragment:
    r"""Return the artifact as a fragment: without byte order mark, every line end ``\n``."""
    newline = artifact.newline
    style = Style("file", lambda text: text.replace("\n", newline))
    text = artifact.text
    builder = Builder(text, None, style)
    at = 1 if text.startswith(BOM) else 0
    while (end := text.find("\r\n", at)) >= 0:
        builder.copy(Span(at, end))
        builder.put("\n", Span(end, end + 2))
        at = end + 2
    builder.copy(Span(at, len(text)))
    context = Context(sourced=artifact.sourced) if artifact.sourced is not None else None
    return builder.build(language, context=context)
