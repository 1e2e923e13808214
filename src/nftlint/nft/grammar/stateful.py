"""Statements without expressions in them: verdicts, and those that an element may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.expression import Name, Variable
from nftlint.nft.statement import Counter, CtCount, Last, Limit, Quota, Statement, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.grammar.cursor import Cursor

PLAIN_VERDICTS = frozenset({"accept", "drop", "continue", "return"})
JUMPS = frozenset({"jump", "goto"})
_BYTES = frozenset({"bytes", "kbytes", "mbytes"})
_PER = ("second", "minute", "hour", "day", "week")


def verdict(cursor: Cursor) -> Verdict:
    """``accept``, ``jump NAME``."""
    start, kind = cursor.index, cursor.word
    if kind in PLAIN_VERDICTS:
        cursor.advance()
        return Verdict(kind, None, cursor.since(start))
    if kind not in JUMPS:
        cursor.fail("a verdict")
    cursor.advance()
    chain: Name | Variable = cursor.variable() if cursor.word == "$" else cursor.name("a chain")
    return Verdict(kind, chain, cursor.since(start))


def counter(cursor: Cursor) -> Counter:
    """``counter packets 1 bytes 2``, each of which may be left out."""
    start = cursor.index
    cursor.take("counter")
    packets = cursor.number() if cursor.accept("packets") else None
    volume = cursor.number() if cursor.accept("bytes") else None
    if packets is None and cursor.accept("packets"):
        packets = cursor.number()
    return Counter(packets, volume, cursor.since(start))


def _over(cursor: Cursor) -> bool:
    """``over``, ``until`` or neither."""
    if cursor.accept("over"):
        return True
    cursor.accept("until")
    return False


def limit(cursor: Cursor) -> Limit:
    """``limit rate 10/second``."""
    start = cursor.index
    cursor.take("limit")
    return rate(cursor, start)


def rate(cursor: Cursor, start: int) -> Limit:
    """``rate over 10 mbytes/second burst 5 mbytes``."""
    cursor.take("rate")
    over = _over(cursor)
    amount = cursor.number()
    unit, per = _unit_per_time(cursor)
    burst, burst_unit = None, unit
    if cursor.accept("burst"):
        burst = cursor.number()
        burst_unit = cursor.take("packets") if unit == "packets" else cursor.take(*_BYTES)
    return Limit(over, amount, unit, per, burst, burst_unit, cursor.since(start))


def _unit_per_time(cursor: Cursor) -> tuple[str, str]:
    """``/second``, ``mbytes/second`` (one word to the scanner), ``mbytes / second``."""
    unit, slash, per = cursor.word.partition("/")
    if unit in _BYTES:
        cursor.advance()
    else:
        unit = "packets"
    if unit == "packets" or not slash:
        cursor.take("/")
    if unit != "packets" and per in _PER:
        return unit, per
    return unit, cursor.choice(*_PER)


def quota(cursor: Cursor) -> Quota:
    """``quota over 10 mbytes``."""
    start = cursor.index
    cursor.take("quota")
    return amount(cursor, start)


def amount(cursor: Cursor, start: int) -> Quota:
    """``over 10 mbytes used 3 bytes``."""
    over = _over(cursor)
    number = cursor.number()
    unit = cursor.take(*_BYTES)
    used, used_unit = None, "bytes"
    if cursor.accept("used"):
        used = cursor.number()
        used_unit = cursor.take(*_BYTES)
    return Quota(over, number, unit, used, used_unit, cursor.since(start))


def ct_count(cursor: Cursor) -> CtCount:
    """``ct count over 10``."""
    start = cursor.index
    cursor.take("ct")
    cursor.take("count")
    over = cursor.accept("over")
    return CtCount(over, cursor.number(), cursor.since(start))


def last(cursor: Cursor) -> Last:
    """``last used 10s``."""
    start = cursor.index
    cursor.take("last")
    used = None
    if cursor.accept("used") and not cursor.accept("never"):
        used = cursor.time()
    return Last(used, cursor.since(start))


def counts(cursor: Cursor) -> Counter:
    """``packets 1 bytes 2``, as in the block of a counter."""
    start = cursor.index
    cursor.take("packets")
    packets = cursor.number()
    cursor.take("bytes")
    return Counter(packets, cursor.number(), cursor.since(start))


STATEFUL: dict[str, Callable[[Cursor], Statement]] = {
    "counter": counter,
    "limit": limit,
    "quota": quota,
    "ct": ct_count,
    "last": last,
}


def stateful(cursor: Cursor) -> tuple[Statement, ...]:
    """Parse all stateful statements that stand here; there may be none."""
    found: list[Statement] = []
    while (parser := STATEFUL.get(cursor.word)) is not None:
        found.append(parser(cursor))
    return tuple(found)
