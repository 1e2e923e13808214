"""Connection tracking: state, status, direction, addresses and helper by ``-m conntrack``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nftlint.nft.expression import BinaryOp, Expression, Literal, Prefix, SetLiteral
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.flags import bits
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.ip import is_network
from nftlint.translate.operands import Key, items, key_of, operand, selector
from nftlint.translate.parts import Atom, Case, Test, negation, one_of, single
from nftlint.translate.protocols import NUMBERS
from nftlint.translate.values import constant, settle

_STATES = {"invalid": 1, "established": 2, "related": 4, "new": 8, "untracked": 64}
_STATUS = {"expected": 1, "seen-reply": 2, "assured": 4, "confirmed": 8, "snat": 16, "dnat": 32}
_BY_STATUS = 15
"""The bits that iptables asks by ``--ctstatus``; it counts snat and dnat among the states."""
_NATTED = 48
_LONGEST_HELPER = 15
_HELPERS = frozenset(
    {"H.245", "Q.931", "RAS", "amanda", "ftp", "irc", "netbios-ns", "pptp", "sane", "sip", "snmp"}
    | {"tftp"}
)
"""Names of the kernel's own helpers of which none begins with another one's name."""
_SHORTER = "iptables also takes a helper whose name is only the beginning of this one"
Translate = Callable[[Match, Context], Test]
_READS = frozenset({"ct"})


def state(match: Match, ctx: Context) -> Test:
    """Translate ``ct state``."""
    del ctx
    wanted, negated = _any_of(match, _STATES, "a ct state")
    words = _option("--ctstate", wanted, _STATES, negated=negated)
    return Test(((Atom("", words, match.span),),), match.span, reads=_READS)


def _any_of(match: Match, words: Mapping[str, int], what: str) -> tuple[int, bool]:
    """Return the bits of which one has to be set, or none if negated: a state has one bit."""
    if isinstance(match.left, BinaryOp):
        return _masked(match, match.left, words, what)
    if isinstance(match.right, SetLiteral):
        elements = [bits(item, words, what) for item in items(match.right, what)]
        if any(value.bit_count() != 1 for value in elements):
            cannot(match.right, f"each element has to be one of {', '.join(words)}")
        return sum(set(elements)), operand(match, what).negated
    value = bits(match.right, words, what)
    if match.op == "!":
        return value, True
    if match.op not in {"==", "!="}:
        cannot(match, f"iptables has no `{match.op}` for {what}")
    if match.explicit and value.bit_count() != 1:
        hint = f"`{{ {', '.join(_names(value, words))} }}`" if value else "one of them"
        cannot(match, f"`{match.op}` with several compares with all at once: write {hint}")
    return value, match.op == "!="


def _masked(match: Match, left: BinaryOp, words: Mapping[str, int], what: str) -> tuple[int, bool]:
    if left.op != "&" or isinstance(left.left, BinaryOp) or match.op not in {"==", "!="}:
        cannot(match, f"iptables asks whether any of {what} is set, and nothing else")
    mask, value = bits(left.right, words, what), bits(match.right, words, what)
    if value == mask and mask.bit_count() == 1:
        return mask, match.op == "!="
    if value == 0 and mask:
        return mask, match.op == "=="
    return cannot(match, f"iptables asks whether any of {what} is set, and nothing else")


def _names(value: int, words: Mapping[str, int]) -> list[str]:
    return [name for name, bit in words.items() if value & bit]


def _option(
    option: str, wanted: int, words: Mapping[str, int], *, negated: bool
) -> tuple[str, ...]:
    text = ",".join(name.upper().replace("-", "_") for name in _names(wanted, words))
    return ("-m", "conntrack", *negation(negated), option, text)


def status(match: Match, ctx: Context) -> Test:
    """Translate ``ct status``, which is never true of a packet without a connection."""
    del ctx
    if match.explicit and not isinstance(match.left, BinaryOp) and match.op != "!":
        cannot(match, "this compares with all bits of the status: iptables asks for single ones")
    if isinstance(match.right, SetLiteral):
        cannot(match, "this compares with all bits of the status: write a list without braces")
    wanted, negated = _any_of(match, _STATUS, "a ct status")
    if negated:
        return Test((_no_status(match, wanted),), match.span, reads=_READS)
    own, natted = wanted & _BY_STATUS, wanted & _NATTED
    cases: list[Case] = []
    if own:
        cases.append((_status(match, own, negated=False),))
    if natted:
        before = (_status(match, own, negated=True),) if own else ()
        cases.append((*before, _natted(match, natted, negated=False)))
    return Test(tuple(cases), match.span, reads=_READS)


def _no_status(match: Match, wanted: int) -> Case:
    """Ask that no bit is set; by state this would be true without a connection too."""
    own, natted = wanted & _BY_STATUS, wanted & _NATTED
    by_status = (_status(match, own, negated=True),) if own else ()
    if not natted:
        return by_status
    words = ("-m", "conntrack", "!", "--ctstate", "INVALID,UNTRACKED")
    return (*by_status, Atom("", words, match.span), _natted(match, natted, negated=True))


def _status(match: Match, wanted: int, *, negated: bool) -> Atom:
    return Atom("", _option("--ctstatus", wanted, _STATUS, negated=negated), match.span)


def _natted(match: Match, wanted: int, *, negated: bool) -> Atom:
    return Atom("", _option("--ctstate", wanted, _STATUS, negated=negated), match.span)


def direction(match: Match, ctx: Context) -> Test:
    """Translate ``ct direction``."""
    del ctx
    selector(match)
    wanted = operand(match, "a ct direction")
    words = {constant(item, match.right, "a ct direction").text for item in wanted.items}
    if len(words) != 1 or not words <= {"original", "reply", "0", "1"}:
        cannot(match.right, "a ct direction is `original` or `reply`")
    reply = (words <= {"reply", "1"}) != wanted.negated
    text = "REPLY" if reply else "ORIGINAL"
    return single(Atom("", ("-m", "conntrack", "--ctdir", text), match.span))


_SIDES = {
    ("original", "saddr"): "--ctorigsrc",
    ("original", "daddr"): "--ctorigdst",
    ("reply", "saddr"): "--ctreplsrc",
    ("reply", "daddr"): "--ctrepldst",
}
_PORTS = {
    ("original", "proto-src"): "--ctorigsrcport",
    ("original", "proto-dst"): "--ctorigdstport",
    ("reply", "proto-src"): "--ctreplsrcport",
    ("reply", "proto-dst"): "--ctrepldstport",
}


def address(match: Match, ctx: Context) -> Test:
    """Translate ``ct original saddr`` and its like: addresses and prefixes."""
    selector(match)
    key = key_of(match.left)
    if key[2:-1] and key[2] != ctx.family:
        cannot(match.left, f"a rule of family {ctx.family} has no {key[2]} addresses")
    option = _SIDES[key[1], key[-1]]
    wanted = operand(match, "an address")
    texts = tuple(_address(item, ctx) for item in wanted.items)
    return _each(match, option, texts, negated=wanted.negated)


def _address(item: Expression, ctx: Context) -> tuple[str, tuple[str, ...]]:
    if isinstance(item, Prefix):
        length = constant(item.length, item, "a prefix length").text
        text = f"{constant(item.address, item, 'an address').text}/{length}"
        literal = Literal(text, False, item.span)
    else:
        literal = constant(item, item, "an address, or a prefix,")
    valid = settle(literal, "an address", ctx, valid=lambda text: is_network(text, ctx.family))
    return literal.text, valid


def _each(
    match: Match, option: str, texts: tuple[tuple[str, tuple[str, ...]], ...], *, negated: bool
) -> Test:
    atoms = tuple(
        Atom("", ("-m", "conntrack", *negation(negated), option, text), match.span)
        for text in dict.fromkeys(text for text, _ in texts)
    )
    cases = one_of(atoms, negated=negated)
    doubts = tuple(doubt for _, more in texts for doubt in more)
    return Test(cases, match.span, overlap=len(cases) > 1, doubts=doubts)


def port(match: Match, ctx: Context) -> Test:
    """Translate ``ct original proto-src`` and its like."""
    selector(match)
    key = key_of(match.left)
    wanted = intervals(match, Field("a port", 65535, {}), ctx)
    option = _PORTS[key[1], key[-1]]
    texts = tuple((item.text(), item.doubts) for item in wanted.items)
    return _each(match, option, texts, negated=wanted.negated)


def protocol(match: Match, ctx: Context) -> Test:
    """Translate ``ct protocol``."""
    selector(match)
    wanted = intervals(match, Field("a protocol", 255, NUMBERS), ctx)
    for item in wanted.items:
        if not item.one or not item.first:
            cannot(item, "iptables takes one protocol, and not 0")
    texts = tuple((str(item.first), item.doubts) for item in wanted.items)
    return _each(match, "--ctproto", texts, negated=wanted.negated)


def helper(match: Match, ctx: Context) -> Test:
    """Translate ``ct helper "ftp"``: the helper of the connection that expected this one."""
    selector(match)
    wanted = operand(match, "a ct helper")
    if wanted.negated or len(wanted.items) != 1:
        cannot(match, "iptables asks for one helper, and for no packet without one")
    name = constant(wanted.items[0], match.right, "a ct helper")
    doubts = settle(name, "a ct helper", ctx, valid=lambda text: len(text) <= _LONGEST_HELPER)
    doubts += () if name.text in _HELPERS else (_SHORTER,)
    return single(Atom("", ("-m", "helper", "--helper", name.text), match.span), doubts=doubts)


def _addresses() -> dict[Key, Translate]:
    families: tuple[tuple[str, ...], ...] = ((), ("ip",), ("ip6",))
    return {("ct", way, *family, side): address for way, side in _SIDES for family in families}


TESTS = (
    {("ct", way, side): port for way, side in _PORTS}
    | _addresses()
    | {
        ("ct", "state"): state,
        ("ct", "status"): status,
        ("ct", "direction"): direction,
        ("ct", "protocol"): protocol,
        ("ct", "original", "protocol"): protocol,
        ("ct", "helper"): helper,
    }
)
