"""Building packets from fields: an assignment of values in, bytes out. Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from nftlint.prove.fields import ADDRESSES, EXTENSION, FRAGMENT, LENGTH, MSS, PROTO, Field
from nftlint.record import dataclass

Values = Mapping[Field, int]

WHOLE, FIRST, LATER = 0, 1, 2
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
PORTED = frozenset({TCP, UDP, 33, 132, 136})
"""The protocols whose header begins with two ports: DCCP, SCTP and UDP-Lite too."""
FIXED_HEADER = {"ip": 20, "ip6": 40}
"""Bytes of a network header without options or extension headers."""
SADDR = {"ip": bytes([10, 9, 8, 7]), "ip6": bytes.fromhex("fd000009000000000000000000000007")}
DADDR = {"ip": bytes([10, 1, 2, 3]), "ip6": bytes.fromhex("fd000001000000000000000000000003")}
FLAG_SYN = 2
LARGEST = 65000
FILLING = bytes(range(256)) * 256
BARE = 253
"""A protocol for experiments (RFC 3692): of no header, so that a packet can be as short."""
# Extension headers by a number of our own: (next-header value, bytes after the next-header byte).
EXTENSIONS = {
    1: (0, bytes([0, 1, 4, 0, 0, 0, 0])),
    2: (60, bytes([0, 1, 4, 0, 0, 0, 0])),
    3: (43, bytes([0, 4, 0, 0, 0, 0, 0])),
}
CHECKSUMS = {TCP: 16, UDP: 6, ICMP: 2, ICMP6: 2}


@dataclass(frozen=True, slots=True)
class _Header:
    """Bytes with fields written over them; ``written`` are the offsets that were."""

    data: bytearray
    written: set[int]


def build(family: str, values: Values) -> bytes:
    """Return the packet, from its network header on, that has these values.

    Checksums are right unless they are themselves among the values. Raises ValueError where no
    packet has this length.
    """
    protocol = values.get(PROTO, TCP)
    plain = _upper(family, protocol)
    if protocol == TCP and values.get(MSS):
        plain = plain[:12] + b"\x60" + plain[13:] + struct.pack(">BBH", 2, 4, values[MSS])
    upper = _over(plain, values, "th")
    header = FIXED_HEADER[family]
    chain, kind = _extensions(family, protocol, values)
    minimum = header + len(chain) + len(upper.data)
    length = values.get(LENGTH, minimum)
    if not minimum <= length <= LARGEST:
        raise ValueError(f"no packet of {length} bytes")
    payload = upper.data + FILLING[: length - minimum]
    network = _network(family, kind, len(chain) + len(payload), values)
    _checksum(family, protocol, network, payload, upper.written)
    return bytes(network + chain + payload)


def transport_start(family: str, values: Values) -> int:
    """Return the offset of the transport header, behind any extension headers, in bytes."""
    chain, _ = _extensions(family, values.get(PROTO, TCP), values)
    return FIXED_HEADER[family] + len(chain)


def addresses(family: str, packet: bytes) -> tuple[bytes, bytes]:
    """Return the addresses of a packet, source and destination; of no packet, two empty ones."""
    (_, at, size), _ = ADDRESSES[family]
    return packet[at : at + size], packet[at + size : at + 2 * size]


def _upper(family: str, protocol: int) -> bytes:
    """Return a plain transport header."""
    if protocol == TCP:
        return struct.pack(">HHIIBBHHH", 40000, 9, 1000, 0, 0x50, FLAG_SYN, 4096, 0, 0)
    if protocol in (UDP, 136):
        return struct.pack(">HHHH", 40000, 9, 8, 0)
    if protocol in (ICMP, ICMP6):
        return struct.pack(">BBHHH", 8 if family == "ip" else 128, 0, 0, 77, 1)
    if protocol == 132:
        return struct.pack(">HHIIBBHI", 40000, 9, 5, 0, 1, 0, 20, 1) + bytes(12)
    if protocol == 33:
        return struct.pack(">HHBBHBBHI", 40000, 9, 5, 0, 0, 1, 0, 0, 7) + bytes(4)
    if protocol == BARE:
        return b""
    if protocol == 51:
        return struct.pack(">BBHIII", 59, 4, 0, 500, 1, 0) + bytes(8)
    return struct.pack(">II", 500, 1) + bytes(12)


def _over(data: bytes, values: Values, kind: str) -> _Header:
    """Write the values of one header over its plain form."""
    header = _Header(bytearray(data), set())
    for (where, offset, width), value in values.items():
        if where == kind:
            lacking = offset + width - len(header.data)
            header.data.extend(bytes(max(lacking, 0)))
            header.data[offset : offset + width] = value.to_bytes(width, "big")
            header.written.update(range(offset, offset + width))
    return header


def _extensions(family: str, protocol: int, values: Values) -> tuple[bytes, int]:
    """Return IPv6's extension headers and the number of what follows the fixed header."""
    if family == "ip":
        return b"", protocol
    fragment, extra = values.get(FRAGMENT, WHOLE), values.get(EXTENSION, 0)
    chain, kind = b"", protocol
    if fragment != WHOLE:
        offset = 185 << 3 if fragment == LATER else 1
        chain, kind = struct.pack(">BBHI", kind, 0, offset, 4711) + chain, 44
    if extra in EXTENSIONS:
        number, rest = EXTENSIONS[extra]
        chain, kind = bytes([kind]) + rest + chain, number
    return chain, kind


def _network(family: str, kind: int, length: int, values: Values) -> bytearray:
    if family == "ip":
        fragment = {WHOLE: 0, FIRST: 0x2000, LATER: 185}[values.get(FRAGMENT, WHOLE)]
        plain = struct.pack(">BBHHHBBH", 0x45, 0, 20 + length, 4711, fragment, 64, kind, 0)
    else:
        plain = struct.pack(">IHBB", 6 << 28, length, kind, 64)
    header = _over(plain + SADDR[family] + DADDR[family], values, "nh")
    if family == "ip" and not header.written & {10, 11}:
        header.data[10:12] = ones(bytes(header.data)).to_bytes(2, "big")
    return header.data


def _checksum(
    family: str, protocol: int, network: bytearray, payload: bytearray, written: set[int]
) -> None:
    """Fill in the transport checksum, over the pseudo header where there is one."""
    at = CHECKSUMS.get(protocol)
    if at is None or at in written:
        return
    if protocol == UDP and 4 not in written:
        payload[4:6] = len(payload).to_bytes(2, "big")
    addresses = bytes(network[12:20] if family == "ip" else network[8:40])
    pseudo = b"" if protocol == ICMP else addresses + struct.pack(">II", len(payload), protocol)
    payload[at : at + 2] = ones(pseudo + bytes(payload)).to_bytes(2, "big")


def ones(data: bytes) -> int:
    """Return the Internet checksum of ``data``."""
    padded = data + b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return int(total) ^ 0xFFFF
