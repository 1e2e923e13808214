r"""By what a finding is known again in the next run.

GitHub's ``primaryLocationLineHash`` is the line and what follows it, blind to blanks: each line
is known by a polynomial over the hundred UTF-16 code units from its start on, with blanks and
tabs left out and every line end as ``\n``; equal lines are numbered. The result is that of
github/codeql-action (``src/fingerprints.ts``), so that an alert keeps its identity whether the
tool or the upload step computes it.
"""

from __future__ import annotations

import re
import struct

from nftlint.identity import Identities
from nftlint.output.regions import Places
from nftlint.record import dataclass, field
from nftlint.results import Location, Result

_WINDOW = 100
_BASE = 37
_WORD = (1 << 64) - 1
_END_OF_FILE = 0xFFFF
SIZE_LIMIT = 4_000_000
"""Texts longer than this, in code points, get no fingerprints: the upload step can compute them."""


def line_hashes(text: str) -> list[str]:
    """Return the fingerprint of each line of ``text``, the first line first."""
    units = _units(text)
    starts = [0, *(at + 1 for at, unit in enumerate(units) if unit == 0x0A)]
    units += [_END_OF_FILE] + [0] * _WINDOW
    counts: dict[int, int] = {}
    hashes = []
    for start in starts:
        value = _polynomial(units[start : start + _WINDOW])
        counts[value] = counts.get(value, 0) + 1
        hashes.append(f"{value:x}:{counts[value]}")
    return hashes


def _units(text: str) -> list[int]:
    text = re.sub(r"\r\n?", "\n", text).replace(" ", "").replace("\t", "")
    data = text.encode("utf-16-le", "surrogatepass")
    return list(struct.unpack(f"<{len(data) // 2}H", data))


def _polynomial(units: list[int]) -> int:
    value = 0
    for unit in units:
        value = (value * _BASE + unit) & _WORD
    return value


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Finds the fingerprints of results; each artifact is hashed once."""

    places: Places
    _hashes: dict[str, list[str]] = field(default_factory=dict)
    _identities: Identities = field(default_factory=Identities)

    def line(self, location: Location) -> str | None:
        """Return GitHub's hash of a location's first line, ``None`` if there is no text of it."""
        uri = location.uri
        if uri not in self._hashes:
            lines = self.places.lines(uri)
            text = "" if lines is None else lines.text
            self._hashes[uri] = line_hashes(text) if 0 < len(text) <= SIZE_LIMIT else []
        line = self.places.region(location).start_line
        return self._hashes[uri][line - 1] if self._hashes[uri] else None

    def statement(self, result: Result) -> str:
        """Return a hash of the rule and the words it found, the same wherever they stand.

        Of equal ones in a file, each further one has a hash of its own; so this must be asked
        once for each result, in their order.
        """
        lines = self.places.lines(result.location.uri)
        source = "" if lines is None else result.location.span.of(lines.text)
        return self._identities(result.location.uri, result.rule, source)
