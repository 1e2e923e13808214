"""SCTP chunks, DCCP types and IPComp indexes: ``-m sctp``, ``-m dccp``, ``-m ipcomp``."""

from __future__ import annotations

from nftlint.nft.statement import Match
from nftlint.translate.asking import exists, number_of
from nftlint.translate.context import Context, cannot
from nftlint.translate.intervals import Field, intervals
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Test, negation, protocol, single

_CHUNKS = {
    "data": "DATA",
    "init": "INIT",
    "init-ack": "INIT_ACK",
    "sack": "SACK",
    "heartbeat": "HEARTBEAT",
    "heartbeat-ack": "HEARTBEAT_ACK",
    "abort": "ABORT",
    "shutdown": "SHUTDOWN",
    "shutdown-ack": "SHUTDOWN_ACK",
    "error": "ERROR",
    "cookie-echo": "COOKIE_ECHO",
    "cookie-ack": "COOKIE_ACK",
    "ecne": "ECN_ECNE",
    "cwr": "ECN_CWR",
    "shutdown-complete": "SHUTDOWN_COMPLETE",
    "asconf": "ASCONF",
    "asconf-ack": "ASCONF_ACK",
    "forward-tsn": "FORWARD_TSN",
}
_TYPES = (
    *("REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK"),
    *("CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK"),
)
"""By their numbers; what iptables calls INVALID is several."""
_COMPRESSION = "108"


def chunk(match: Match, ctx: Context) -> Test:
    """Translate ``sctp chunk data exists``; ``missing`` is true of other protocols too in nft."""
    del ctx
    there = exists(match)
    option = ("--chunk-types", "any", _CHUNKS[key_of(match.left)[2]])
    words = ("-m", "sctp", *negation(not there), *option)
    if not there:
        return single(Atom("", words, match.span, (), ("sctp",)))
    return single(protocol("sctp", match.span), Atom("", words, match.span))


def packet_type(match: Match, ctx: Context) -> Test:
    """Translate ``dccp type``: one option holds all that are wanted."""
    selector(match)
    words = {name.lower(): number for number, name in enumerate(_TYPES)}
    wanted = intervals(match, Field("a DCCP type", 15, words), ctx)
    numbers: set[int] = set()
    for item in wanted.items:
        if item.first is None or item.final is None or item.final >= len(_TYPES):
            return cannot(item, f"iptables names the types {', '.join(words)}")
        numbers.update(range(item.first, item.final + 1))
    names = ",".join(_TYPES[number] for number in sorted(numbers))
    option = ("-m", "dccp", *negation(wanted.negated), "--dccp-types", names)
    return single(protocol("dccp", match.span), Atom("", option, match.span))


def compression(match: Match, ctx: Context) -> Test:
    """Translate ``comp cpi``."""
    before = protocol(_COMPRESSION, match.span)
    words = ("-m", "ipcomp", "--ipcompspi")
    return number_of(match, Field("an index", 65535, {}), words, ctx, before)


TESTS = {("sctp", "chunk", name): chunk for name in _CHUNKS} | {
    ("dccp", "type"): packet_type,
    ("comp", "cpi"): compression,
}
