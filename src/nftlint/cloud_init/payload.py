"""Encoded texts: base64 and gzip, undone for reading and done again for writing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial

from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal, UnwritableError
from nftlint.holes import has_holes
from nftlint.packed import MAGIC, pack, unpack
from nftlint.record import replace
from nftlint.span import Span

BINARY = "binary"
"""The language of a payload that is no text, or is not known: nothing is read in it."""


def decode(raw: Fragment, encodings: Sequence[str]) -> Fragment | Refusal:
    """Return the text that ``raw`` holds, encoded in the given ways, the outermost first.

    An edit of it writes the whole payload anew. ``Refusal`` where it cannot be decoded; a payload
    that is no UTF-8 text has the language ``BINARY``.
    """
    unknown = has_holes(raw.text) or "${" in raw.text  # Terraform fills it in
    if unknown or not raw.text.strip() or "base64" not in encodings:
        return replace(raw, language=BINARY)
    try:
        data, header = _decoded(raw.text, encodings)
        text = data.decode()
    except UnicodeDecodeError:
        return replace(raw, language=BINARY)
    except ValueError as error:
        return Refusal(f"the content is not valid {' of '.join(encodings[::-1])}: {error}")
    start = len(raw.text) - len(raw.text.lstrip())
    builder = Builder(raw.text, raw, VERBATIM)
    builder.put(text, Span(start, len(raw.text.rstrip())))
    width, times = _width(raw.text.strip()), encodings.count("base64")
    recode = partial(_encoded, header=header, width=width, times=times)
    return replace(builder.build(""), recode=recode)


def _decoded(text: str, encodings: Sequence[str]) -> tuple[bytes, bytes]:
    """Return the bytes, and the gzip header that they had; raises ``ValueError``."""
    data = base64.b64decode(text)  # like cloud-init's, it passes over what is no base64
    for _ in range(sum(encoding == "base64" for encoding in encodings) - 1):
        data = base64.b64decode(data)
    if "gzip" not in encodings and not data.startswith(MAGIC):
        return data, b""
    packed = unpack(data)
    if packed.wrong:
        raise ValueError(packed.wrong)
    return packed.data, packed.header


def _width(text: str) -> int:
    """Return the length of the payload's lines, 0 where it is one line."""
    return text.find("\n") if "\n" in text else 0


def _encoded(text: str, *, header: bytes, width: int, times: int) -> str:
    if has_holes(text):
        raise UnwritableError("an encoded text cannot hold a variable")
    data = pack(text.encode(), header) if header else text.encode()
    for _ in range(times):
        data = base64.b64encode(data)
    payload = data.decode("ascii")
    if not width:
        return payload
    return "\n".join(payload[at : at + width] for at in range(0, len(payload), width))
