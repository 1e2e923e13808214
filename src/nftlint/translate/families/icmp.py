"""ICMP types and codes: ``--icmp-type``, ``--icmpv6-type``."""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, Intervals, intervals
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Test, negation, protocol

_MOST = 16
_CODE = "icmp code"
"""A slot of our own, which ``finish`` puts into that of the type."""
_ICMP = {
    "echo-reply": 0,
    "destination-unreachable": 3,
    "source-quench": 4,
    "redirect": 5,
    "echo-request": 8,
    "router-advertisement": 9,
    "router-solicitation": 10,
    "time-exceeded": 11,
    "parameter-problem": 12,
    "timestamp-request": 13,
    "timestamp-reply": 14,
    "address-mask-request": 17,
    "address-mask-reply": 18,
}
_ICMP_NUMBERS = {"info-request": 15, "info-reply": 16}
_ICMPV6 = {
    "destination-unreachable": 1,
    "packet-too-big": 2,
    "time-exceeded": 3,
    "parameter-problem": 4,
    "echo-request": 128,
    "echo-reply": 129,
}
_ICMPV6_NUMBERS = {
    "mld-listener-query": 130,
    "mld-listener-report": 131,
    "mld-listener-done": 132,
    "mld-listener-reduction": 132,
    "nd-router-solicit": 133,
    "nd-router-advert": 134,
    "nd-neighbor-solicit": 135,
    "nd-neighbor-advert": 136,
    "nd-redirect": 137,
    "router-renumbering": 138,
    "ind-neighbor-solicit": 141,
    "ind-neighbor-advert": 142,
    "mld2-listener-report": 143,
}
_CODES = {
    "icmp": {
        "net-unreachable": 0,
        "host-unreachable": 1,
        "prot-unreachable": 2,
        "port-unreachable": 3,
        "frag-needed": 4,
        "net-prohibited": 9,
        "host-prohibited": 10,
        "admin-prohibited": 13,
    },
    "icmpv6": {
        "no-route": 0,
        "admin-prohibited": 1,
        "addr-unreachable": 3,
        "port-unreachable": 4,
        "policy-fail": 5,
        "reject-route": 6,
    },
}
_TYPES = {"icmp": _ICMP | _ICMP_NUMBERS, "icmpv6": _ICMPV6 | _ICMPV6_NUMBERS}
_KEPT = {"icmp": _ICMP, "icmpv6": _ICMPV6}
"""The words that iptables reads alike; the others become numbers."""
_PROTOCOL = {"icmp": "icmp", "icmpv6": "ipv6-icmp"}
_FAMILY = {"icmp": "ip", "icmpv6": "ip6"}


def types(match: Match, ctx: Context) -> Test:
    """Translate ``icmp type`` and ``icmpv6 type``."""
    name, wanted = _read(match, _TYPES, ctx)
    option = f"--{name}-type"
    texts = [text for item in wanted.items for text in _texts(item, name)]
    if wanted.negated:
        first, *others = (_atom(option, text, match, negated=True) for text in texts)
        more = (replace(atom, slot="", words=atom.again) for atom in others)
        cases: tuple[tuple[Atom, ...], ...] = ((first, *more),)
    else:
        cases = tuple((_atom(option, text, match, negated=False),) for text in texts)
    return _test(match, name, cases, wanted)


def _atom(option: str, text: str, match: Match, *, negated: bool) -> Atom:
    words = (*negation(negated), option, text)
    module = "icmp" if option == "--icmp-type" else "icmp6"
    return Atom(option, words, match.span, ("-m", module, *words))


def codes(match: Match, ctx: Context) -> Test:
    """Translate ``icmp code`` beside an ``icmp type``; alone iptables cannot ask for it."""
    name, wanted = _read(match, _CODES, ctx)
    if wanted.negated:
        cannot(match, "iptables cannot negate an icmp code without its type")
    numbers = [number for item in wanted.items for number in _numbers(item)]
    cases = tuple((Atom(_CODE, (str(number),), match.span),) for number in numbers)
    return _test(match, name, cases, wanted)


def _test(match: Match, name: str, cases: tuple[tuple[Atom, ...], ...], wanted: Intervals) -> Test:
    before = protocol(_PROTOCOL[name], match.span)
    return Test(
        cases=tuple((before, *case) for case in cases),
        span=match.span,
        overlap=wanted.overlap,
        doubts=wanted.doubts,
    )


def _read(
    match: Match, words: Mapping[str, Mapping[str, int]], ctx: Context
) -> tuple[str, Intervals]:
    selector(match)
    name = key_of(match.left)[0]
    if _FAMILY[name] != ctx.family:
        cannot(match.left, f"{ctx.program} has no match for {name}")
    field = Field(f"an {name} number", 255, words[name])
    return name, intervals(match, field, ctx)


def _texts(item: Interval, name: str) -> list[str]:
    if item.one and (item.first is None or item.low in _KEPT[name]):
        return [item.low]
    return [str(number) for number in _numbers(item)]


def _numbers(item: Interval) -> range:
    if item.first is None or item.final is None:
        return cannot(item, "what this stands for is not known, and iptables takes one number")
    if item.final - item.first >= _MOST:
        cannot(item, "iptables has no range of icmp numbers")
    if item.final == 255:
        cannot(item, "255 means any type to iptables")
    return range(item.first, item.final + 1)


def finish(slots: dict[str, Atom]) -> dict[str, Atom]:
    """Put the code into the option of the type.

    Raises:
        CannotError: there is no type, or it is negated, or none that is known by number.

    """
    code = slots.get(_CODE)
    if code is None:
        return slots
    rest = {slot: atom for slot, atom in slots.items() if slot != _CODE}
    option = next((slot for slot in ("--icmp-type", "--icmpv6-type") if slot in rest), None)
    if option is None or rest[option].words[0] == "!":
        return cannot(code, "iptables asks for an icmp code only beside one type")
    kept = _KEPT["icmp" if option == "--icmp-type" else "icmpv6"]
    text = rest[option].words[1]
    number = kept.get(text, text)
    rest[option] = replace(rest[option], words=(option, f"{number}/{code.words[0]}"), again=())
    return rest


TESTS = {
    ("icmp", "type"): types,
    ("icmp", "code"): codes,
    ("icmpv6", "type"): types,
    ("icmpv6", "code"): codes,
}
FINISH = finish
