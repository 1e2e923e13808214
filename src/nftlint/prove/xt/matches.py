"""x_tables matches that have no memory, as the conditions that they ask."""

from __future__ import annotations

from nftlint.prove.conditions import Condition
from nftlint.prove.netlink import attrs, number, text
from nftlint.prove.xt import Decoder, kernel, network, transport

# The layouts that are known are those of these revisions; what is not here has had only one.
REVISIONS = {
    "addrtype": 1,
    "connmark": 1,
    "conntrack": 3,
    "iprange": 1,
    "mark": 1,
    "multiport": 1,
    "owner": 1,
    "tos": 1,
}
DECODERS: dict[str, Decoder] = network.DECODERS | transport.DECODERS | kernel.DECODERS


def match_name(data: bytes) -> str:
    """Return the name of a match, of which ``data`` are the attributes."""
    return text(attrs(data)[1])


def match_info(data: bytes) -> bytes | None:
    """Return the bytes that a match is kept as; None where their layout is not known."""
    found = attrs(data)
    name, revision = text(found[1]), number(found[2])
    known = name in DECODERS and revision == REVISIONS.get(name, revision)
    return found[3] if known else None


def decoded(family: str, data: bytes) -> list[Condition]:
    """Return what a match asks; raises NotImplementedError, with what of it is not known."""
    name, info = match_name(data), match_info(data)
    if info is None:
        raise NotImplementedError(f"match {name}")
    return list(DECODERS[name](family, info))
