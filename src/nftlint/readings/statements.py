"""Statements that are no match: what nft makes of each."""

from __future__ import annotations

from nftlint.nft.model import (
    Assign,
    Counter,
    CtCount,
    Dup,
    DynSet,
    FlowAdd,
    Fwd,
    Last,
    Limit,
    Literal,
    Log,
    MapLookup,
    Meter,
    Name,
    Nat,
    Notrack,
    ObjectRef,
    Queue,
    Quota,
    Reject,
    ResetOption,
    Statement,
    Synproxy,
    Tproxy,
    Unknown,
    Variable,
    Verdict,
    Vmap,
    Xt,
)
from nftlint.readings import netlink
from nftlint.readings.assignments import assign
from nftlint.readings.constants import RefusedError
from nftlint.readings.matches import load_key, map_name
from nftlint.readings.numbers import number_of
from nftlint.readings.state import Lowering

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
DEFAULT_BURST = 5

NAMES: dict[type, str] = {
    Reject: "reject",
    Notrack: "notrack",
    Quota: "quota",
    CtCount: "connlimit",
    DynSet: "dynset",
    Meter: "dynset",
    ObjectRef: "objref",
    Queue: "queue",
    Tproxy: "tproxy",
    Synproxy: "synproxy",
    Dup: "dup",
    Fwd: "fwd",
    FlowAdd: "flow_offload",
    Last: "last",
    ResetOption: "exthdr",
}


def is_terminal(statement: Statement) -> bool:
    """Tell whether nft allows nothing after a statement."""
    if isinstance(statement, Verdict):
        return statement.kind != "continue"
    return isinstance(statement, Reject | Nat)


def add_statement(state: Lowering, statement: Statement) -> None:
    """Add what nft makes of a statement other than a match; raises ``RefusedError``."""
    match statement:
        case Verdict(kind, chain):
            state.act(netlink.Verdict(kind, _chain(chain)))
        case Vmap(key, data):
            exprs = tuple(load_key(state, key))
            state.act(*exprs, netlink.Lookup(map_name(data), result=0))
        case Counter():
            state.act(netlink.Counter())
        case Limit():
            state.act(_limit(statement, state))
        case Log():
            state.act(_log(statement, state))
        case Assign(target, value):
            assign(state, target, value)
        case Nat(kind, address=address):
            if isinstance(address, MapLookup):
                tuple(load_key(state, address.key))  # whatever header it looks into is asked for
            name = {"masquerade": "masq", "redirect": "redir"}.get(kind, "nat")
            state.act(netlink.Other(name, kind if name == "nat" else ""))
        case Reject(kind="tcp reset") if state.context.transports[-1:] not in ([], ["tcp"]):
            raise RefusedError("you cannot use tcp reset with this protocol")
        case Reject(kind="icmpx"):
            raise RefusedError("abstracted ICMP unreachable not supported")
        case Unknown(text):
            _unknown(state, text)
        case Xt():
            raise RefusedError(
                "unsupported xtables compat expression, use iptables-nft with this ruleset"
            )
        case _:
            state.act(netlink.Other(NAMES[type(statement)]))


def _chain(chain: object) -> str:
    match chain:
        case Name(text):
            return text
        case Variable(name):
            return f"${name}"
        case _:
            return ""


def _unknown(state: Lowering, text: str) -> None:
    """Take a hole that may be anything for a jump: what stands at the end mostly is a verdict."""
    state.act(netlink.Verdict("jump", text))


def _limit(statement: Limit, state: Lowering) -> netlink.Limit:
    rate = number_of(statement.rate, state)
    if rate == 0:
        raise RefusedError("limit rate must be non-zero")
    burst = number_of(statement.burst, state, DEFAULT_BURST)
    plain = statement.unit == "packets" and not statement.over
    if plain and burst == 0:
        raise RefusedError("packet limit burst must be > 0")
    return netlink.Limit(rate, SECONDS.get(statement.per, 1), burst, plain)


def _log(statement: Log, state: Lowering) -> netlink.Log:
    group = None if statement.group is None else number_of(statement.group, state)
    prefix = statement.prefix.text if isinstance(statement.prefix, Literal) else ""
    return netlink.Log(
        group,
        prefix,
        number_of(statement.snaplen, state),
        number_of(statement.queue_threshold, state),
    )
