"""Encoded texts: base64 and gzip, undone for reading and done again for writing."""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal, UnwritableError
from nftlint.holes import has_holes
from nftlint.span import Span

BINARY = "binary"
"""The language of a payload that is no text, or is not known: nothing is read in it."""

MAX_UNPACKED = 16 * 1024 * 1024
"""Larger payloads (bytes, unpacked) are not read: a small gzip may hold any amount."""


def decode(raw: Fragment, encodings: Sequence[str]) -> Fragment | Refusal:
    """Return the text that ``raw`` holds, encoded in the given ways, the outermost first.

    An edit of it writes the whole payload anew. ``Refusal`` where it cannot be decoded; a payload
    that is no UTF-8 text has the language ``BINARY``.
    """
    unknown = has_holes(raw.text) or "${" in raw.text  # Terraform fills it in
    if unknown or not raw.text.strip() or "base64" not in encodings:
        return replace(raw, language=BINARY)
    try:
        text = _decoded(raw.text, encodings)
    except (binascii.Error, ValueError, EOFError, OSError, zlib.error) as error:
        if isinstance(error, UnicodeDecodeError):
            return replace(raw, language=BINARY)
        return Refusal(f"the content is not valid {' of '.join(encodings[::-1])}: {error}")
    start = len(raw.text) - len(raw.text.lstrip())
    builder = Builder(raw.text, raw, VERBATIM)
    builder.put(text, Span(start, len(raw.text.rstrip())))
    recode = partial(_encoded, encodings=tuple(encodings), width=_width(raw.text.strip()))
    return replace(builder.build(""), recode=recode)


def _decoded(text: str, encodings: Sequence[str]) -> str:
    data = base64.b64decode(text)  # like cloud-init's, it passes over what is no base64
    for _ in range(sum(encoding == "base64" for encoding in encodings) - 1):
        data = base64.b64decode(data)
    if "gzip" in encodings or data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
    return data.decode()


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(data, MAX_UNPACKED)
    if unpacker.unconsumed_tail:
        raise ValueError(f"it unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB")
    if not unpacker.eof:
        raise EOFError("the gzip data ends too early")
    return unpacked


def _width(text: str) -> int:
    """Return the length of the payload's lines, 0 where it is one line."""
    return text.find("\n") if "\n" in text else 0


def _encoded(text: str, *, encodings: Sequence[str], width: int) -> str:
    if has_holes(text):
        raise UnwritableError("an encoded text cannot hold a variable")
    data = text.encode()
    if "gzip" in encodings:
        data = gzip.compress(data, mtime=0)
    payload = base64.b64encode(data).decode("ascii")
    if not width:
        return payload
    return "\n".join(payload[at : at + width] for at in range(0, len(payload), width))
