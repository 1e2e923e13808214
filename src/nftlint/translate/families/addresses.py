"""Source and destination addresses: ``-s``, ``-d``, iprange."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from nftlint.holes import has_holes
from nftlint.nft.expression import BinaryOp, Expression, Literal, Prefix, Range
from nftlint.nft.statement import Match
from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.translate.context import At, Context, cannot
from nftlint.translate.ip import BITS, is_address, is_network
from nftlint.translate.named_sets import named_set
from nftlint.translate.operands import key_of, operand, selector
from nftlint.translate.parts import Atom, Test, negation, single
from nftlint.translate.values import constant, settle

_WHAT = "an address"
_MOST_NEGATED = 10
_OPTIONS = {"saddr": ("-s", "--src-range"), "daddr": ("-d", "--dst-range")}


@dataclass(frozen=True, slots=True)
class _Block:
    """Addresses: ``text`` for ``-s`` where it is one or a prefix; the bounds where known."""

    text: str | None
    low: str
    high: str
    bounds: tuple[int, int] | None
    span: Span
    doubts: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        return f"{self.low}-{self.high}"


def addresses(match: Match, ctx: Context) -> Test:
    """Translate ``ip saddr``, ``ip daddr``, ``ip6 saddr``, ``ip6 daddr``."""
    family, side = key_of(match.left)
    if family != ctx.family:
        cannot(match.left, f"a rule of family {ctx.family} has no {family} addresses")
    if isinstance(match.left, BinaryOp):
        return _masked(match, match.left, side, ctx)
    selector(match)
    by_name = named_set(match, side, "", ctx)
    if by_name is not None:
        return by_name
    if match.op in {"<", ">", "<=", ">="}:
        return _positive((_compared(match, ctx),), side, match.span)
    wanted = operand(match, _WHAT)
    blocks = tuple(_block(item, ctx) for item in wanted.items)
    build = _negative if wanted.negated else _positive
    return build(_disjoint(blocks), side, match.span)


def _positive(blocks: tuple[_Block, ...], side: str, span: Span) -> Test:
    return Test(
        cases=tuple((_atom(block, side),) for block in blocks),
        span=span,
        overlap=len(blocks) > 1 and any(block.bounds is None for block in blocks),
        doubts=_doubts(blocks),
    )


def _negative(blocks: tuple[_Block, ...], side: str, span: Span) -> Test:
    """Ask that the address is in none: the first by ``-s``, which stands once, then ranges."""
    if len(blocks) > _MOST_NEGATED:
        cannot(At(span, span), f"more than {_MOST_NEGATED} negated addresses: use an ipset")
    if any(block.bounds == (0, 2 ** _bits(block) - 1) for block in blocks):
        cannot(At(span, span), "this is never true")
    first, *others = (_atom(block, side, negated=True) for block in blocks)
    more = (_apart(atom) for atom in others)
    return single(first, *more, doubts=_doubts(blocks))


def _apart(atom: Atom) -> Atom:
    if not atom.slot:
        return atom
    if not atom.again:
        cannot(atom, "iptables takes one negated address, and this one is not known here")
    return Atom("", atom.again, atom.span)


def _bits(block: _Block) -> int:
    return BITS["ip6" if ":" in block.low else "ip"]


def _doubts(blocks: tuple[_Block, ...]) -> tuple[str, ...]:
    return tuple(doubt for block in blocks for doubt in block.doubts)


def _atom(block: _Block, side: str, *, negated: bool = False) -> Atom:
    option, range_option = _OPTIONS[side]
    ranged = ("-m", "iprange", *negation(negated), range_option, block.range)
    if block.text is None:
        return Atom("", ranged, block.span)
    again = ranged if block.bounds is not None else ()
    return Atom(option, (*negation(negated), option, block.text), block.span, again)


def _block(item: Expression, ctx: Context) -> _Block:
    match item:
        case Range():
            return _range(item, ctx)
        case Prefix():
            address = constant(item.address, item, _WHAT)
            length = constant(item.length, item, "a prefix length")
            return _network(Literal(f"{address.text}/{length.text}", False, item.span), ctx)
        case _:
            return _network(constant(item, item, _WHAT), ctx)


def _network(literal: Literal, ctx: Context) -> _Block:
    doubts = settle(literal, _WHAT, ctx, valid=lambda text: is_network(text, ctx.family))
    text = literal.text
    if has_holes(text):
        return _Block(text, text, text, None, literal.span, doubts)
    network = ip_network(text, strict=False)
    low, high = network.network_address, network.broadcast_address
    return _Block(text, str(low), str(high), (int(low), int(high)), literal.span)


def _range(item: Range, ctx: Context) -> _Block:
    low = constant(item.low, item, _WHAT)
    high = constant(item.high, item, _WHAT)
    doubts = tuple(
        doubt
        for end in (low, high)
        for doubt in settle(end, _WHAT, ctx, valid=lambda text: is_address(text, ctx.family))
    )
    if has_holes(low.text + high.text):
        return _Block(None, low.text, high.text, None, item.span, doubts)
    bounds = (int(ip_address(low.text)), int(ip_address(high.text)))
    if bounds[0] > bounds[1]:
        cannot(item, "this range is empty")
    return _Block(None, low.text, high.text, bounds, item.span)


def _address(value: int, family: str) -> str:
    return str(IPv4Address(value) if family == "ip" else IPv6Address(value))


def _compared(match: Match, ctx: Context) -> _Block:
    """Say ``saddr > 10.0.0.1`` as a range up to the last address."""
    bound = _block(constant(match.right, match.right, _WHAT), ctx)
    last = 2 ** BITS[ctx.family] - 1
    if bound.bounds is None or bound.bounds[0] != bound.bounds[1]:
        cannot(match.right, "iptables has only ranges of addresses, and needs their ends")
    value = bound.bounds[0]
    low = {">": value + 1, ">=": value}.get(match.op, 0)
    high = {"<": value - 1, "<=": value}.get(match.op, last)
    if low > high:
        cannot(match, "this is never true")
    return _spanning(low, high, match.span, ctx.family)


def _spanning(low: int, high: int, span: Span, family: str) -> _Block:
    return _Block(None, _address(low, family), _address(high, family), (low, high), span)


def _disjoint(blocks: tuple[_Block, ...]) -> tuple[_Block, ...]:
    """Leave out what another block covers; join blocks that overlap without covering."""
    if any(block.bounds is None for block in blocks):
        return tuple(dict.fromkeys(blocks))
    kept: list[_Block] = []
    for block in sorted(blocks, key=_order):
        if kept and _end(block) <= _end(kept[-1]):
            continue
        if kept and _order(block)[0] <= _end(kept[-1]):
            low = _order(kept[-1])[0]
            family = "ip6" if ":" in block.low else "ip"
            kept[-1] = _spanning(low, _end(block), block.span, family)
        else:
            kept.append(block)
    return tuple(sorted(kept, key=lambda block: block.span))


def _order(block: _Block) -> tuple[int, int]:
    low, high = block.bounds or (0, 0)
    return (low, -high)


def _end(block: _Block) -> int:
    return block.bounds[1] if block.bounds else 0


def _masked(match: Match, left: BinaryOp, side: str, ctx: Context) -> Test:
    """Say ``ip saddr & MASK == VALUE`` as ``-s VALUE/MASK``."""
    wanted = operand(match, _WHAT)
    mask = constant(left.right, left, "a mask")
    if left.op != "&" or isinstance(left.left, BinaryOp) or len(wanted.items) != 1:
        cannot(match, "iptables masks an address once, and compares it with one value")
    value = constant(wanted.items[0], match.right, _WHAT)
    for part in (mask, value):
        if not is_address(part.text, ctx.family):
            cannot(part, f"`{part.text}` is not an address")
    if int(ip_address(value.text)) & ~int(ip_address(mask.text)):
        cannot(match, "the value has bits that the mask has not, so this is decided beforehand")
    option = _OPTIONS[side][0]
    text = f"{value.text}/{mask.text}"
    return single(Atom(option, (*negation(wanted.negated), option, text), match.span))


TESTS = {(family, side): addresses for family in ("ip", "ip6") for side in ("saddr", "daddr")}
