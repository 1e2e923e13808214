"""By what a finding is known again in the next run, wherever its line has moved to."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

from nftlint.record import dataclass, field


def digest(text: str) -> str:
    """Return a text's SHA-256, in hexadecimal digits; lone surrogates count as they are."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Identities:
    """Names findings by rule and words; of equal ones in a file each further one has its own name.

    So it must be asked once for each finding, in the order of their places.
    """

    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __call__(self, uri: str, rule: str, source: str) -> str:
        """Return the name of a finding of ``rule`` on the text ``source``, blind to blanks."""
        known = json.dumps([rule, *source.split()])
        self._seen[uri, known] += 1
        return digest(f"{known} {self._seen[uri, known]}")
