"""How the values of one field fall into classes that no question tells apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from nftlint.prove.boxes import Bound, Box
from nftlint.prove.fields import CT_STATE, SKGID, SKUID, Field, full
from nftlint.prove.flows import STATES

Key = tuple[Field, str]
MANY_BITS, BYTE = 10, 0xFF
NOBODY = {SKUID, SKGID}
"""Their highest number is no user's or group's: it says that there is none (``INVALID_UID``)."""


class TooMuch(Exception):  # noqa: N818 - an outcome of comparing, caught in ``logic``
    """More cases than it is worth to look at."""


def plain_box(box: Box) -> Box:
    """Return a box with each bound in one notation."""
    return frozenset(map(_as_range, box))


def _as_range(bound: Bound) -> Bound:
    """Return a prefix as the range it is."""
    where, mask, low, high = bound
    everything = full(where[2] or 1)
    rest = everything & ~mask
    if rest & (rest + 1) == 0 and not (low | high) & rest:
        return where, everything, low, high | rest
    return bound


def key_of(bound: Bound) -> Key:
    """Return the field, and how it is asked: as a range, by some bits, or by itself.

    Questions of different kinds to one field are taken as if they had nothing to do with another.
    """
    where, mask, low, high = bound
    if where == CT_STATE or full(where[2] or 1) == BYTE:
        return where, "all"
    if mask == full(where[2] or 1):
        return where, "range"
    if mask.bit_count() <= MANY_BITS:
        return where, "bits"
    return where, f"{mask:x} {low:x} {high:x}"


def classes(key: Key, bounds: set[Bound]) -> list[dict[Bound, bool]]:
    """Return each way in which these questions to one field can be answered together."""
    values: Iterable[int]
    if key[1] == "all":
        values = STATES if key[0] == CT_STATE else range(BYTE + 1)
    elif key[1] == "range":
        edges = {0} | {b[2] for b in bounds} | {b[3] + 1 for b in bounds}
        top = full(key[0][2] or 1) - (key[0] in NOBODY)
        values = (edge for edge in edges if 0 <= edge <= top)
    elif key[1] == "bits":
        values = _combinations(bounds)
    else:
        return [dict.fromkeys(bounds, True), dict.fromkeys(bounds, False)]
    found = ({b: b[2] <= value & b[1] <= b[3] for b in bounds} for value in values)
    return list({tuple(sorted(truth.items())): truth for truth in found}.values())


def _combinations(bounds: set[Bound]) -> list[int]:
    """Return every value of the bits that are asked for."""
    mask = 0
    for bound in bounds:
        mask |= bound[1]
    if mask.bit_count() > MANY_BITS + 2:
        raise TooMuch
    values = [0]
    for bit in (1 << n for n in range(mask.bit_length()) if mask >> n & 1):
        values += [value | bit for value in values]
    return values
