"""x_tables matches whose meaning is known exactly from their bytes, as conditions in conjunction.

A match is here only if it reads nothing but the packet and its flow, and if it is also known what
it says of packets that lack the thing it asks for: then it must not match, as a rule of nft does
not. What is said here of a match is believed only after packets have shown it (``parts``).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from nftlint.prove import fields as f
from nftlint.prove.conditions import Condition, equals
from nftlint.prove.flows import INVALID, UNTRACKED
from nftlint.prove.xt.matches import DECODERS, match_info, match_name

# What these say depends on the packet alone, not on the hook or the chain they are called from.
ANYWHERE = frozenset(
    {"addrtype", "connmark", "conntrack", "dccp", "dscp", "ecn", "esp", "hl", "icmp", "icmp6"}
    | {"iprange", "length", "mark", "multiport", "pkttype", "sctp", "tcp", "tos", "ttl", "udp"}
    | {"ah", "tcpmss"}
)
OUTWARDS = frozenset({"owner"})
FROM, TO = 1, 2
STATE = 1


def exact(family: str, data: bytes) -> list[Condition] | None:
    """Return the conditions of a match; None where they are not known exactly."""
    name, info = match_name(data), match_info(data)
    if info is None or name not in ANYWHERE | OUTWARDS:
        return None
    try:
        said = list(_addrtype(info) if name == "addrtype" else DECODERS[name](family, info))
    except NotImplementedError:
        return None
    if any(condition.open for condition in said) or not _says_no_without(name, info, said):
        return None
    return said + list(_holds(name, said))


def _addrtype(info: bytes) -> Iterator[Condition]:
    """Read the types of an address as one of nft's numbers (``RTN_…``), one bit each."""
    source, destination, flags = struct.unpack_from("=HHI", info)
    if flags & ~3:
        raise NotImplementedError
    for types, which, inverted in ((source, FROM, flags & 1), (destination, TO, flags & 2)):
        if types:
            kinds = [kind for kind in range(16) if types >> kind & 1]
            yield equals(f.fib(f.FIB_ADDRESS_TYPE, which), *kinds, negated=bool(inverted))


def _says_no_without(name: str, info: bytes, said: list[Condition]) -> bool:
    """Tell whether a packet without what is asked for is no match, even for a negated question.

    ``xt_owner.c`` says yes to a negated question without a socket, ``xt_tcpmss.c`` without the
    option; ``xt_conntrack.c`` asks nothing but the state of a packet without a flow.
    """
    if name in {"owner", "tcpmss"}:
        return not any(condition.negated for condition in said)
    if name == "conntrack" and len(said) > 1:
        (flags,) = struct.unpack_from("=H", info, 146)
        states = [one for one in said if one.field == f.CT_STATE]
        return bool(flags & STATE) and not any(
            one.holds(state) for one in states for state in (INVALID, UNTRACKED)
        )
    return True


def _holds(name: str, said: list[Condition]) -> Iterator[Condition]:
    """Yield what has to be there for a match to say yes."""
    if name == "connmark" or (
        name == "conntrack" and any(one.field in (f.CT_STATUS, f.CT_DIRECTION) for one in said)
    ):
        yield equals(f.HELD_FLOW, 1)
    if name == "owner":
        yield equals(f.HELD_SOCKET, 1)
    if name == "tcpmss":
        yield equals(f.held(repr(f.MSS_SOURCE)), 1)
