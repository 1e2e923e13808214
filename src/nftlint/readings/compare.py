"""Whether two rules mean the same, or which of them lets more packets through its tests."""

from __future__ import annotations

from nftlint.readings.meaning import Bits, Meaning, Opaque, Place, Test, Values

# No packet has a ttl or hop limit of 0 when a rule looks at it.
LOWEST = {Place("nh", "64", 8): 1, Place("nh", "56", 8): 1}


def difference(asked: Meaning, read: Meaning) -> str:
    """Return how ``read`` differs: ``""``, ``wider``, ``narrower`` or ``other``."""
    weaker, stronger = implies(asked, read), implies(read, asked)
    if weaker and stronger:
        return ""
    if weaker:
        return "wider"
    return "narrower" if stronger else "other"


def implies(given: Meaning, wanted: Meaning) -> bool:
    """Tell whether each packet that fits ``given`` fits ``wanted``, as far as can be told."""
    known: dict[Place, list[Test]] = {}
    for place, test in given:
        known.setdefault(place, []).append(test)
    if not all(_together(tests, place) for place, tests in known.items()):
        return True  # no packet fits
    return all(_follows(known.get(place, []), place, test) for place, test in wanted)


def _follows(known: list[Test], place: Place, wanted: Test) -> bool:
    if wanted in known:
        return True
    spans = _together(known, place)
    match wanted:
        case Values(allowed):
            return all(_within(span, allowed) for span in spans)
        case Bits():
            return any(_same_bits(test, wanted) for test in known) or _points_fit(spans, wanted)
        case Opaque():
            return False


def _together(known: list[Test], place: Place) -> tuple[tuple[int, int], ...]:
    """Return the values that fit all tests of spans."""
    spans: tuple[tuple[int, int], ...] = ((LOWEST.get(place, 0), (1 << place.bits) - 1),)
    for test in known:
        if isinstance(test, Values):
            spans = _both(spans, test.spans)
    return spans


def _both(
    left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]
) -> tuple[tuple[int, int], ...]:
    overlaps = ((max(a, c), min(b, d)) for a, b in left for c, d in right)
    return tuple(span for span in overlaps if span[0] <= span[1])


def _within(span: tuple[int, int], allowed: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= span[0] and span[1] <= high for low, high in allowed)


def _same_bits(test: Test, wanted: Bits) -> bool:
    """Tell whether a test of bits implies another one."""
    if not isinstance(test, Bits):
        return False
    if not test.negated and not wanted.negated:
        covered = wanted.mask & ~test.mask == 0
        return covered and test.value & wanted.mask == wanted.value
    if test.negated and wanted.negated:
        # "some of these bits are set" holds for more bits too
        return test.value == wanted.value == 0 and test.mask & ~wanted.mask == 0
    if wanted.negated:
        shared = test.mask & wanted.mask
        return test.value & shared != wanted.value & shared
    return False


def _points_fit(spans: tuple[tuple[int, int], ...], wanted: Bits) -> bool:
    return all(
        low == high and ((low & wanted.mask == wanted.value) != wanted.negated)
        for low, high in spans
    )
