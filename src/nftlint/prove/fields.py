"""What packets are told apart by: fields of their headers, and of what the kernel knows of them.

A field is (kind, place, width in bytes). The kind is a header (``ll``, ``nh``, ``th``, with the
offset as the place), an nf_tables expression (``meta``, ``ct``, with its key) or one of our own.
"""

from __future__ import annotations

Field = tuple[str, int, int]

PROTO: Field = ("proto", 0, 0)
IIF: Field = ("iif", 0, 16)
OIF: Field = ("oif", 0, 16)
ADDRESSES: dict[str, tuple[Field, Field]] = {
    "ip": (("nh", 12, 4), ("nh", 16, 4)),
    "ip6": (("nh", 8, 16), ("nh", 24, 16)),
}
"""Of either family: source and destination."""
HOPS: dict[str, Field] = {"ip": ("nh", 8, 1), "ip6": ("nh", 7, 1)}
"""Time to live, and hop limit."""
SPORT: Field = ("th", 0, 2)
DPORT: Field = ("th", 2, 2)
TCP_FLAGS: Field = ("th", 13, 1)
MARK: Field = ("meta", 3, 4)
LENGTH: Field = ("meta", 0, 4)
MSS: Field = ("mss", 0, 2)
SKUID: Field = ("meta", 10, 4)
SKGID: Field = ("meta", 11, 4)
PKTTYPE: Field = ("meta", 19, 1)
IIF_INDEX: Field = ("meta", 4, 4)
OIF_INDEX: Field = ("meta", 5, 4)
CT_STATE: Field = ("ct", 0, 4)
CT_DIRECTION: Field = ("ct", 1, 1)
CT_STATUS: Field = ("ct", 2, 4)
CT_MARK: Field = ("ct", 3, 4)
VIA: Field = ("via", 0, 1)
INWARD, THROUGH, OUTWARD = 0, 1, 2
FRAGMENT: Field = ("fragment", 0, 1)
EXTENSION: Field = ("extension", 0, 1)
MSS_SOURCE = ("exthdr", "1", "2", "0")
"""TCP's option 2 as a register's source: operation 1 is the TCP options, flag 0 reads the value."""
FIB_INTERFACE, FIB_ADDRESS_TYPE = 1, 3


def fib(result: int, flags: int) -> Field:
    """Return the answer of the routing table as a field, by what is asked of it."""
    return ("fib", result << 8 | flags, 4)


def held(what: str) -> Field:
    """Return the field that is 1 for the packets that have such a thing at all."""
    return (f"held {what}", 0, 1)


HELD_FLOW, HELD_SOCKET = held("ct"), held("sk")

# The same thing under another name, for every packet.
_ALWAYS = {
    ("nh", 9, 1, "ip"): PROTO,
    ("meta", 16, 1, "ip6"): PROTO,
    ("meta", 6, 16, "ip"): IIF,
    ("meta", 6, 16, "ip6"): IIF,
    ("meta", 7, 16, "ip"): OIF,
    ("meta", 7, 16, "ip6"): OIF,
}
# For most packets: what follows IPv6's fixed header is the protocol, unless an extension header
# stands between.
_MOSTLY = _ALWAYS | {("nh", 2, 2, "ip"): LENGTH, ("nh", 6, 1, "ip6"): PROTO}


def named(field: Field, family: str) -> Field:
    """Return the field under the one name that packets are built by."""
    return _MOSTLY.get((*field, family), field)


def surely_named(field: Field, family: str) -> Field:
    """Return the field under its one name, where that is the same thing for every packet."""
    return _ALWAYS.get((*field, family), field)


def full(width: int) -> int:
    """Return the mask of a field ``width`` bytes wide."""
    return (1 << 8 * width) - 1


def name_value(name: str) -> int:
    """Return an interface name as the kernel's 16 bytes, as a number."""
    return int.from_bytes(name.encode()[:15].ljust(16, b"\0"), "big")


def value_name(value: int) -> str:
    """Return the interface name that ``name_value`` made a number of."""
    return value.to_bytes(16, "big").rstrip(b"\0").decode(errors="replace")
