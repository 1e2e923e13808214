"""Marks of packets and connections: ``-m mark``, ``-m connmark``, MARK, CONNMARK."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.holes import has_holes
from nftlint.nft.expression import BinaryOp, Expression, Literal, Range, Selector, SetLiteral
from nftlint.nft.statement import Assign, Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, intervals, outside
from nftlint.translate.operands import Key, key_of, operand
from nftlint.translate.parts import Atom, Case, Part, Target, Test, negation
from nftlint.translate.values import at_most, constant, number, settle

_PACKET: Key = ("meta", "mark")
_CONNECTION: Key = ("ct", "mark")
_READS = {_PACKET: "mark", _CONNECTION: "ct mark"}
_MODULE = {_PACKET: "mark", _CONNECTION: "connmark"}
_TARGET = {_PACKET: "MARK", _CONNECTION: "CONNMARK"}
_WHAT = "a mark"
_ALL = 0xFFFFFFFF
_FIELD = Field(_WHAT, _ALL, {})
_MOST_BLOCKS = 16
"""How many masks a range may take."""


def marks(match: Match, ctx: Context) -> Test:
    """Translate ``meta mark`` and ``ct mark``, plain or with one mask."""
    key = key_of(match.left)
    mask = _mask(match, ctx)
    if _ranged(match):
        if mask is not None:
            cannot(match, "iptables compares a masked mark with single values, not with a range")
        return _blocks(match, key, ctx)
    wanted = operand(match, _WHAT)
    values = [constant(item, match.right, _WHAT) for item in wanted.items]
    if wanted.negated and len(values) > 1:
        cannot(match, "iptables asks for one negated mark in a rule")
    doubts = tuple(doubt for value in values for doubt in _doubts(value, ctx))
    for value in values:
        _fits(match, value, mask)
    suffix = f"/{mask.text}" if mask is not None else ""
    texts = dict.fromkeys(value.text + suffix for value in values)
    return Test(
        tuple((_atom(match, key, text, negated=wanted.negated),) for text in texts),
        match.span,
        reads=frozenset({_READS[key]}),
        overlap=len(texts) > 1 and any(has_holes(text) for text in texts),
        doubts=doubts,
    )


def _ranged(match: Match) -> bool:
    """Tell whether marks are compared by their order, which iptables' masks can say in parts."""
    right = match.right
    keys = [each.key for each in right.elements] if isinstance(right, SetLiteral) else [right]
    return match.op in {"<", ">", "<=", ">="} or any(isinstance(key, Range) for key in keys)


def _blocks(match: Match, key: Key, ctx: Context) -> Test:
    """Translate ranges of marks: a rule for each block of marks that a mask can say."""
    wanted = intervals(match, _FIELD, ctx)
    items = outside(wanted, _ALL) if wanted.negated else wanted.items
    cases: list[Case] = []
    for item in items:
        if item.first is None or item.final is None:
            return cannot(item, "iptables takes a range by masks, for which it has to be known")
        for low, mask in _masks(item.first, item.final):
            cases.append((_atom(match, key, f"{low:#x}/{mask:#x}", negated=False),))
    if len(cases) > _MOST_BLOCKS:
        cannot(match, f"iptables takes a range by masks, and this one takes {len(cases)} of them")
    return Test(tuple(cases), match.span, reads=frozenset({_READS[key]}))


def _masks(first: int, final: int) -> Iterator[tuple[int, int]]:
    """Yield the largest blocks, each a value under a mask, that a range falls into."""
    while first <= final:
        size = (first & -first) or _ALL + 1
        while first + size - 1 > final:
            size //= 2
        yield first, ~(size - 1) & _ALL
        first += size


def _atom(match: Match, key: Key, text: str, *, negated: bool) -> Atom:
    """Return the match; only one in a rule, as iptables reads two of them back as one."""
    module = _MODULE[key]
    return Atom(module, ("-m", module, *negation(negated), "--mark", text), match.span)


def _doubts(value: Literal, ctx: Context) -> tuple[str, ...]:
    return settle(value, _WHAT, ctx, valid=lambda text: at_most(text, _ALL))


def _mask(match: Match, ctx: Context) -> Literal | None:
    left = match.left
    if isinstance(left, Selector):
        return None
    if isinstance(left, BinaryOp) and left.op == "&" and isinstance(left.left, Selector):
        mask = constant(left.right, left, "a mask")
        if _doubts(mask, ctx):
            cannot(mask, "the mask is not known here")
        return mask
    return cannot(left, "iptables masks a mark once, and does nothing else with it")


def _fits(match: Match, value: Literal, mask: Literal | None) -> None:
    if mask is None or has_holes(value.text):
        return
    if (number(value.text) or 0) & ~(number(mask.text) or 0):
        cannot(match, "the value has bits that the mask has not, so this is decided beforehand")


def assign(statement: Assign, ctx: Context) -> tuple[Part, ...]:
    """Translate ``meta mark set`` and ``ct mark set``."""
    key = key_of(statement.target)
    words, doubts = _setting(statement, key, ctx)
    return (
        Target(
            words=("-j", *words),
            span=statement.span,
            last=False,
            returns=True,
            writes=frozenset({_READS[key]}),
            may_leave=_CONNECTION in _selectors(statement.value),
            doubts=doubts,
        ),
    )


def _setting(statement: Assign, key: Key, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    value, target = statement.value, _TARGET[key]
    if isinstance(value, Literal):
        return (target, "--set-mark", value.text), _doubts(value, ctx)
    sources = _selectors(value)
    other = _CONNECTION if key == _PACKET else _PACKET
    if sources == {other}:
        return ("CONNMARK", *_copied(value, other)), ()
    if sources != {key}:
        cannot(value, "iptables sets a mark from itself, from the other mark, or to a constant")
    return (target, *_computed(value, key)), ()


def _selectors(value: Expression) -> set[Key]:
    if isinstance(value, BinaryOp):
        return _selectors(value.left) | _selectors(value.right)
    return {key_of(value)} if not isinstance(value, Literal) else set()


def _copied(value: Expression, source: Key) -> tuple[str, ...]:
    """Write the other mark, or some bits of it; the rest becomes 0."""
    kept, flipped = _affine(value, source)
    if flipped:
        cannot(value, "iptables takes bits over from the other mark, and sets none besides")
    option = "--restore-mark" if source == _CONNECTION else "--save-mark"
    if kept == _ALL:
        return (option,)
    masks = {_PACKET: "--nfmask", _CONNECTION: "--ctmask"}
    target = masks[_PACKET if source == _CONNECTION else _CONNECTION]
    return (option, masks[source], hex(kept), target, hex(_ALL))


def _computed(value: Expression, key: Key) -> tuple[str, ...]:
    """Write ``mark & A ^ B`` by the shortest option."""
    kept, flipped = _affine(value, key)
    if kept == _ALL:
        return ("--xor-mark", hex(flipped))
    if flipped == 0:
        return ("--and-mark", hex(kept))
    if kept == ~flipped & _ALL:
        return ("--or-mark", hex(flipped))
    return ("--set-xmark", f"{hex(flipped)}/{hex(~kept & _ALL)}")


def _affine(value: Expression, key: Key) -> tuple[int, int]:
    """Return the two numbers A and B with which an expression is ``mark & A ^ B``."""
    if isinstance(value, Selector):
        return _ALL, 0
    if not isinstance(value, BinaryOp):
        return cannot(value, "iptables computes marks by `&`, `|` and `^` with constants")
    kept, flipped = _affine(value.left, key)
    operand_value = _folded(value.right)
    match value.op:
        case "&":
            return kept & operand_value, flipped & operand_value
        case "|":
            return kept & ~operand_value, flipped | operand_value
        case "^":
            return kept, flipped ^ operand_value
        case _:
            return cannot(value, f"iptables cannot compute `{value.op}`")


def _folded(value: Expression) -> int:
    """Return the number of an expression of constants."""
    match value:
        case BinaryOp(op="&"):
            return _folded(value.left) & _folded(value.right)
        case BinaryOp(op="|"):
            return _folded(value.left) | _folded(value.right)
        case BinaryOp(op="^"):
            return _folded(value.left) ^ _folded(value.right)
        case Literal():
            known = number(value.text)
            if known is not None and known <= _ALL:
                return known
            return cannot(value, "this number is not known here")
        case _:
            return cannot(value, "iptables computes marks by `&`, `|` and `^` with constants")


TESTS = {_PACKET: marks, _CONNECTION: marks}
ASSIGNS = {_PACKET: assign, _CONNECTION: assign}
