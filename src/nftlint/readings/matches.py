"""Matches: what a rule asks, as relations or as expressions that iptables only knows by name."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.nft.model import Concat, Expression, Match, Selector, SetLiteral, SetRef
from nftlint.readings.constants import RefusedError
from nftlint.readings.emit import load
from nftlint.readings.facts import meta_field
from nftlint.readings.keys import Foreign, Key, left_side
from nftlint.readings.netlink import Expr, Lookup, Other
from nftlint.readings.operands import ANONYMOUS, Between, Operand, Point, operand
from nftlint.readings.relation import Plain, Relation
from nftlint.readings.state import Lowering

FLAG_TYPES = frozenset({"tcp_flag"})
REDUNDANT = {"ip": 0x0800, "ip6": 0x86DD}


def add_match(state: Lowering, match: Match) -> None:
    """Add what nft makes of a match; raises ``RefusedError``."""
    if isinstance(match.left, Concat):
        exprs = tuple(load_key(state, match.left))
        state.parts.append(Plain((*exprs, Lookup(_set_name(match.right), match.op == "!="))))
        return
    left = left_side(match.left, state.context, state.standins)
    if isinstance(left, Foreign):
        protocol = meta_field("l4proto")
        if _is_ct_protocol(match.left) and protocol is not None:
            right = operand(match.right, protocol, state.standins)
            state.context.learn(Relation(protocol, match.op, right))
        state.parts.append(Plain((Other(left.name, left.detail),)))
        return
    state.test(left.before)
    right = operand(match.right, left.field, state.standins)
    relation = _relation(left, right, match)
    state.context.learn(relation)
    if not _redundant(relation, state.context.family):
        state.parts.append(relation)


def _is_ct_protocol(expr: Expression) -> bool:
    keys = expr.keys if isinstance(expr, Selector) else ()
    return keys[:1] == ("ct",) and keys[-1:] == ("protocol",)


def _set_name(expr: Expression) -> str:
    match expr:
        case SetRef(name):
            return name
        case SetLiteral():
            return ANONYMOUS
        case _:
            raise RefusedError("Use concatenations with sets and maps, not singleton values")


def _relation(left: Key, right: Operand, match: Match) -> Relation:
    """Return the relation, with an outermost ``^`` moved to the constant as nft does."""
    op = match.op
    if left.field.type in FLAG_TYPES and isinstance(right, Point):
        op = {"!": "none"}.get(op, op if match.explicit else "any")
    mask, xor = left.mask, left.xor
    if left.outer_xor is not None and isinstance(right, Point | Between):
        right = _flipped(right, left.outer_xor)
        mask, xor = left.inner
    return Relation(left.field, op, right, mask, xor, left.shifted)


def _flipped(right: Point | Between, xor: int) -> Operand:
    if isinstance(right, Point):
        return Point(right.value ^ xor)
    return Between(right.low ^ xor, right.high ^ xor)


def _redundant(relation: Relation, family: str) -> bool:
    """Tell whether nft drops the test: ``meta protocol ip`` in a table of the family ip."""
    field = (relation.field.base, relation.field.name)
    return (
        field == ("meta", "protocol")
        and relation.op == "=="
        and relation.operand == Point(REDUNDANT[family])
    )


def map_name(data: Expression) -> str:
    """Return the name of the map that a lookup refers to."""
    return data.name if isinstance(data, SetRef) else ANONYMOUS


def load_key(state: Lowering, expr: Expression, register: int = 0) -> Iterator[Expr]:
    """Yield the expressions that load a key, a concatenation register by register.

    ``register`` counts words of 32 bits. Tests that must go before are added to the state.
    """
    parts = expr.parts if isinstance(expr, Concat) else (expr,)
    for part in parts:
        left = left_side(part, state.context, state.standins)
        if isinstance(left, Foreign):
            yield Other(left.name, left.detail)
            register += 1
            continue
        state.test(left.before)
        yield from load(left.field, register_number(register))
        register += -(-left.field.bits // 32)


def register_number(word: int) -> int:
    """Return the number of the register that begins at that word."""
    return 1 + word // 4 if word % 4 == 0 else 8 + word
