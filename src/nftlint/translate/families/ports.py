"""Ports: ``--sport``, ``--dport``, and multiport for several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Match
from nftlint.record import replace
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, Interval, Intervals, intervals
from nftlint.translate.named_sets import named_set
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import PORT_PROTOCOLS, Atom, Case, Test, negation, one_of, protocol
from nftlint.translate.services import services, shared_services
from nftlint.translate.values import fillings, settle_as

_LAST = 65535
_SLOTS = 15
"""What one multiport holds; a range takes two."""
_MULTIPORT = ("tcp", "udp", "udplite", "dccp", "sctp")


def ports(match: Match, ctx: Context) -> Test:
    """Translate ``tcp dport`` and the like, and ``th dport``."""
    name, side = key_of(match.left)
    selector(match)
    by_name = named_set(match, side, name, ctx) if name != "th" else None
    if by_name is not None:
        return by_name
    before = () if name == "th" else (protocol(name, match.span),)
    return _test(match, before, services(name), ctx)


def ports_of_some(match: Match, ctx: Context) -> Test:
    """Translate ``$proto dport``: ``-p`` takes each protocol that has ports in iptables."""
    name, _ = key_of(match.left)
    selector(match)
    doubts = settle_as(
        Literal(name, quoted=False, span=match.left.span),
        ctx,
        valid=PORT_PROTOCOLS.__contains__,
        wrong="for which iptables has no ports",
        doubt=f"may be none of {', '.join(PORT_PROTOCOLS)}, and iptables fails then",
    )
    known = fillings(name, ctx) or ()
    before = protocol(name, match.span, known or PORT_PROTOCOLS)
    test = _test(match, (before,), shared_services(known), ctx)
    return replace(test, doubts=(*doubts, *test.doubts))


def _test(match: Match, before: Case, words: Mapping[str, int], ctx: Context) -> Test:
    name, side = key_of(match.left)
    wanted = intervals(match, Field("a port", _LAST, words, unknown=True, listed=True), ctx)
    cases = _cases(match, wanted, f"--{side}", name)
    return Test(
        cases=tuple((*before, *case) for case in cases),
        span=match.span,
        overlap=wanted.overlap and len(cases) > 1,
        doubts=wanted.doubts,
    )


def _cases(match: Match, wanted: Intervals, option: str, name: str) -> tuple[Case, ...]:
    if any((item.first, item.final) == (0, _LAST) for item in wanted.items) and name != "th":
        if wanted.negated:
            cannot(match, "this is never true")
        return ((),)
    if len(wanted.items) == 1 and wanted.items[0].many == 1 and name != "udplite":
        return ((_one(match, wanted.items[0], option, negated=wanted.negated),),)
    chunks = [
        Atom("", _multiport(chunk, option, negated=wanted.negated), match.span, (), _MULTIPORT)
        for chunk in _chunks(wanted.items)
    ]
    return one_of(chunks, negated=wanted.negated)


def _one(match: Match, item: Interval, option: str, *, negated: bool) -> Atom:
    return Atom(
        slot=option,
        words=(*negation(negated), option, item.text()),
        span=match.span,
        again=_multiport([item], option, negated=negated),
        protocols=PORT_PROTOCOLS,
    )


def _multiport(chunk: list[Interval], option: str, *, negated: bool) -> tuple[str, ...]:
    texts = ",".join(item.text() for item in chunk)
    return ("-m", "multiport", *negation(negated), f"{option}s", texts)


def _chunks(items: tuple[Interval, ...]) -> Iterator[list[Interval]]:
    """Yield as many of the items at a time as one multiport holds."""
    chunk: list[Interval] = []
    for item in items:
        if item.many > _SLOTS:
            cannot(item, f"it can hold {item.many} ports, and iptables' multiport takes {_SLOTS}")
        if sum(_width(other) for other in (*chunk, item)) > _SLOTS:
            yield chunk
            chunk = []
        chunk.append(item)
    yield chunk


def _width(item: Interval) -> int:
    return item.many if item.one else 2


TESTS = {
    (name, side): ports
    for name in ("tcp", "udp", "udplite", "sctp", "dccp", "th")
    for side in ("sport", "dport")
} | {("", side): ports_of_some for side in ("sport", "dport")}
