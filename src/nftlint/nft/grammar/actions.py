"""Statements that do something: log, reject, queue, copies, writes to sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.holes import has_holes
from nftlint.nft.expression import (
    Element,
    Expression,
    Hash,
    Literal,
    MapLookup,
    NumGen,
    Range,
    Selector,
    Variable,
)
from nftlint.nft.grammar.elements import element_of, set_reference
from nftlint.nft.grammar.expressions import data
from nftlint.nft.grammar.headers import tcp_option
from nftlint.nft.grammar.operands import key
from nftlint.nft.grammar.stateful import STATEFUL
from nftlint.nft.statement import (
    Dup,
    DynSet,
    FlowAdd,
    Fwd,
    Log,
    ObjectRef,
    Queue,
    Reject,
    ResetOption,
    Statement,
    Synproxy,
    Xt,
)

if TYPE_CHECKING:
    from nftlint.nft.grammar.cursor import Cursor

_LEVELS = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug", "audit")


def log(cursor: Cursor) -> Log:
    """``log prefix "x" level warn flags tcp sequence,options``."""
    start = cursor.index
    cursor.take("log")
    level, flags = None, []
    found: dict[str, Expression] = {}
    while True:
        word = cursor.word
        if word in {"group", "snaplen", "queue-threshold", "prefix", "level", "flags"}:
            cursor.advance()
        if word in {"group", "snaplen", "queue-threshold"}:
            found[word] = cursor.number()
        elif word == "prefix":
            found[word] = cursor.variable() if cursor.word == "$" else cursor.string()
        elif word == "level":
            level = cursor.choice(*_LEVELS)
        elif word == "flags":
            flags += _log_flags(cursor)
        else:
            break
    group, snaplen, threshold = map(found.get, ("group", "snaplen", "queue-threshold"))
    prefix = found.get("prefix")
    return Log(prefix, level, tuple(flags), group, snaplen, threshold, cursor.since(start))


def _log_flags(cursor: Cursor) -> list[str]:
    """``tcp sequence,options``, ``ip options``, ``skuid``, ``ether``, ``all``."""
    group = cursor.take("tcp", "ip", "skuid", "ether", "all")
    if group == "ip":
        return ["ip " + cursor.take("options")]
    if group != "tcp":
        return [group]
    flags = ["tcp " + cursor.take("sequence", "options")]
    while cursor.accept(","):
        flags.append("tcp " + cursor.take("sequence", "options"))
    return flags


def reject(cursor: Cursor) -> Reject:
    """``reject with icmp port-unreachable``; the word ``type`` may stand before the code."""
    start = cursor.index
    cursor.take("reject")
    if not cursor.accept("with"):
        return Reject(None, None, cursor.since(start))
    kind = cursor.take("icmp", "icmpv6", "icmpx", "tcp")
    if kind == "tcp":
        cursor.take("reset")
        return Reject("tcp reset", None, cursor.since(start))
    cursor.accept("type")
    code = cursor.number() if cursor.kind == "number" else cursor.string()
    return Reject(kind, code, cursor.since(start))


def queue(cursor: Cursor) -> Queue:
    """``queue num 1-3 bypass``, ``queue flags bypass to symhash mod 2``."""
    start = cursor.index
    cursor.take("queue")
    numbers: Expression | None = None
    flags: list[str] = []
    while True:
        if cursor.word in {"num", "to"}:
            numbers = _queue_numbers(cursor)
        elif cursor.accept("flags") or cursor.word in {"bypass", "fanout"}:
            flags += comma_words(cursor, "bypass", "fanout")
        else:
            return Queue(numbers, tuple(flags), cursor.since(start))


def _queue_numbers(cursor: Cursor) -> Expression:
    """``num 1-3``, ``to symhash mod 4``: no selector by itself can be the number of a queue."""
    computed = (NumGen, Hash, MapLookup) if cursor.take("num", "to") == "to" else ()
    start = cursor.index
    numbers = data(cursor)
    ends = (numbers.low, numbers.high) if isinstance(numbers, Range) else (numbers,)
    if not isinstance(numbers, computed) and not all(map(_is_number, ends)):
        cursor.seek(start)
        cursor.fail("a number of a queue")
    return numbers


def _is_number(value: Expression) -> bool:
    """Tell whether ``value`` is a number, or a variable or hole for one."""
    if isinstance(value, Literal):
        return value.text.isdecimal() or value.text[:2] == "0x" or has_holes(value.text)
    return isinstance(value, Variable)


def comma_words(cursor: Cursor, *among: str) -> list[str]:
    """Take a comma list of words."""
    taken = [cursor.take(*among)]
    while cursor.accept(","):
        taken.append(cursor.take(*among))
    return taken


def dup(cursor: Cursor) -> Dup:
    """``dup to ADDRESS device DEVICE``."""
    start = cursor.index
    cursor.take("dup")
    cursor.take("to")
    address = data(cursor)
    device = data(cursor) if cursor.accept("device") else None
    return Dup(address, device, cursor.since(start))


def fwd(cursor: Cursor) -> Fwd:
    """``fwd to DEVICE``, ``fwd ip to ADDRESS device DEVICE``."""
    start = cursor.index
    cursor.take("fwd")
    family = cursor.take("ip", "ip6") if cursor.word != "to" else None
    cursor.take("to")
    target = data(cursor)
    if family is None:
        return Fwd(None, None, target, cursor.since(start))
    cursor.take("device")
    return Fwd(family, target, data(cursor), cursor.since(start))


def synproxy(cursor: Cursor) -> Synproxy | ObjectRef:
    """``synproxy mss 1460 wscale 7 timestamp sack-perm``."""
    start = cursor.index
    cursor.take("synproxy")
    if cursor.accept("name"):
        return ObjectRef("synproxy", data(cursor), cursor.since(start))
    return synproxy_options(cursor, start)


def synproxy_options(cursor: Cursor, start: int) -> Synproxy:
    """Parse the options in any order; in a block separators stand between them."""
    mss = wscale = None
    timestamp = sack_perm = False
    while True:
        if cursor.word in {"mss", "maxseg"}:
            cursor.advance()
            mss = cursor.number()
        elif cursor.accept("wscale"):
            wscale = cursor.number()
        elif cursor.accept("timestamp"):
            timestamp = True
        elif cursor.word in {"sack-perm", "sack-permitted"}:
            cursor.advance()
            sack_perm = True
        else:
            return Synproxy(mss, wscale, timestamp, sack_perm, cursor.since(start))


def reset(cursor: Cursor) -> ResetOption:
    """``reset tcp option sack-perm``."""
    start = cursor.index
    cursor.take("reset")
    inner = cursor.index
    cursor.take("tcp")
    cursor.take("option")
    keys = ("tcp", "option", tcp_option(cursor))
    option = Selector(keys, (), cursor.since(inner))
    return ResetOption(option, cursor.since(start))


def xt(cursor: Cursor) -> Xt:
    """``xt match "comment"``."""
    start = cursor.index
    cursor.take("xt")
    kind = cursor.take("match", "target", "watcher")
    return Xt(kind, cursor.string().text, cursor.since(start))


def flow(cursor: Cursor) -> FlowAdd:
    """``flow add @f``; ``offload`` is the older word for ``add``."""
    start = cursor.index
    cursor.take("flow")
    cursor.take("add", "offload")
    cursor.take("@")
    return FlowAdd(cursor.name("a flowtable").text, cursor.since(start))


def dynamic(cursor: Cursor) -> DynSet:
    """``add @set { ip saddr timeout 1m : tcp dport }``."""
    start = cursor.index
    operation = cursor.take("add", "update", "delete")
    name = _set_name(cursor)
    cursor.open("{")
    element = _element(cursor)
    cursor.close("}")
    return DynSet(operation, name, element, cursor.since(start))


def old_dynamic(cursor: Cursor) -> DynSet:
    """``set add ip saddr @set``: the older form."""
    start = cursor.index
    cursor.take("set")
    operation = cursor.take("add", "update", "delete")
    element = _element(cursor)
    return DynSet(operation, _set_name(cursor), element, cursor.since(start))


def _set_name(cursor: Cursor) -> str:
    """``@name``, or ``$name``, which keeps its sign."""
    if cursor.word == "$":
        return "$" + cursor.variable().name
    return set_reference(cursor).name


def _element(cursor: Cursor) -> Element:
    """Parse a key of selectors with its options, and what it maps to."""
    return element_of(cursor, key(cursor), data)


def object_ref(cursor: Cursor, kind: str, words: int) -> ObjectRef:
    """Take ``words`` words, then the name of an object, or a map that gives one."""
    start = cursor.index
    for _ in range(words):
        cursor.advance()
    return ObjectRef(kind, data(cursor), cursor.since(start))


def stateful_or_named(cursor: Cursor) -> Statement:
    """``counter``, or ``counter name "c"``; likewise limit and quota."""
    if cursor.peek() == "name":
        return object_ref(cursor, cursor.word, 2)
    return STATEFUL[cursor.word](cursor)


def comment(cursor: Cursor) -> Literal:
    """``comment "x"``."""
    cursor.take("comment")
    return cursor.string()
