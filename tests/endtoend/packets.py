"""Packets for a node: which of them get through the filter table, and with which mark.

Used within a private network namespace only. The packets come in by TAP devices, to the node and
through it to a pod, and leave from the node; each has a number in it that the observers read back.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from nftlint.prove import inside
from nftlint.prove.arena import SETTINGS

Hands = inside.Hands
Run = Callable[..., Any]

DEVICES = ("eth0", "eth1", "cni0")
POD = {"ip": "10.42.0.99", "ip6": "fd42::99"}
SOURCES = {
    "ip": ("10.0.0.1", "10.10.0.9", "10.42.0.7", "192.168.20.5", "203.0.113.7", "6.0.0.5"),
    "ip6": ("fd00::1", "fd42::7", "2001:db8::7"),
}
TCP_PORTS = (22, 80, 179, 443, 2379, 6443, 8080, 9100, 9105, 10250)
UDP_PORTS = (53, 9100)
RESOLVER = 53
OWN_PORT = 5353
SYN, ACK, NULL = 2, 16, 0
HARDWARE = bytes.fromhex("020000000001020000000002")
MOBILE = {"ip": (socket.AF_INET, b"\x08\x00"), "ip6": (socket.AF_INET6, b"\x86\xdd")}
# IPv6 has no identification: there the number is in the length.
KEYS = {"ip": "ip id", "ip6": "ip6 length"}
OBSERVER = """
table {family} observer
delete table {family} observer
table {family} observer {{
  set passed {{ typeof {key} . meta mark; flags dynamic; size 65535; }}
  chain in {{ type filter hook input priority 1000; add @passed {{ {key} . meta mark }}; }}
  chain by {{ type filter hook forward priority 1000; add @passed {{ {key} . meta mark }}; }}
  chain out {{
    type filter hook output priority 1000; udp sport 5353 add @passed {{ {key} . meta mark }};
  }}
}}
"""


class Packet(NamedTuple):
    """One packet: the device that it comes in by (none if the node sends it), and what it is."""

    device: str
    source: str
    target: str
    protocol: int
    sport: int
    dport: int
    flags: int = SYN


def ground(run: Run) -> Hands:
    """Make devices, addresses and routes in this namespace."""
    hands = Hands()
    inside.sysctl(hands, SETTINGS)
    for name in DEVICES:
        inside.tap(hands, name)
    for words in (
        ("route", "add", "default", "dev", "eth0"),
        ("route", "add", "10.42.0.0/24", "dev", "cni0"),
        ("-6", "route", "add", "default", "dev", "eth0"),
        ("-6", "route", "add", "fd42::/64", "dev", "cni0"),
    ):
        run("ip", *words)
    return hands


def own_address(family: str) -> str:
    index = socket.if_nametoindex("eth0") % 250
    return f"10.99.0.{index}" if family == "ip" else f"fd00:99::{index}"


def all_packets(family: str) -> Iterator[Packet]:
    """Yield the packets in the order in which they are sent."""
    own, resolver = own_address(family), SOURCES[family][0]
    yield Packet("", own, resolver, socket.IPPROTO_UDP, OWN_PORT, RESOLVER)
    yield Packet("eth0", resolver, own, socket.IPPROTO_UDP, RESOLVER, OWN_PORT)
    for source in SOURCES[family]:
        yield Packet("", own, source, socket.IPPROTO_UDP, OWN_PORT, 8080)
        for device in DEVICES:
            for target in (own, POD[family]):
                yield from _between(family, device, source, target)


def _between(family: str, device: str, source: str, target: str) -> Iterator[Packet]:
    for port in TCP_PORTS:
        yield Packet(device, source, target, socket.IPPROTO_TCP, 0, port)
    yield Packet(device, source, target, socket.IPPROTO_TCP, 0, 80, ACK)
    yield Packet(device, source, target, socket.IPPROTO_TCP, 0, 80, NULL)
    for port in UDP_PORTS:
        yield Packet(device, source, target, socket.IPPROTO_UDP, 0, port)
    icmp, echo = (1, 8) if family == "ip" else (58, 128)
    yield Packet(device, source, target, icmp, 0, echo)
    yield Packet(device, source, target, icmp, 0, 4 if family == "ip" else 2)


def fates(hands: Hands, family: str, run: Run) -> list[list[Any]]:
    """Send every packet; return for each what it is and its mark, or None if it was dropped."""
    inside.forget_flows(hands)
    run("nft", "-f", "-", text=OBSERVER.format(family=family, key=KEYS[family]))
    for packet, _, data in _built(family):
        with suppress(PermissionError):
            _send(hands, family, packet, data)
    listed = json.loads(run("nft", "-j", "list", "set", family, "observer", "passed").stdout)
    elements = listed["nftables"][1]["set"].get("elem", [])
    passed = {item["concat"][0]: item["concat"][1] for item in elements}
    return [[*packet, passed.get(number)] for packet, number, _ in _built(family)]


@cache
def _built(family: str) -> list[tuple[Packet, int, bytes]]:
    """Return every packet with the number that the observers read in it, and its bytes."""
    found = []
    for number, packet in enumerate(all_packets(family), 100):
        data = build(family, packet, number)
        found.append((packet, number if family == "ip" else len(data) - 40, data))
    return found


def _send(hands: Hands, family: str, packet: Packet, data: bytes) -> None:
    domain, ether = MOBILE[family]
    if packet.device:
        os.write(hands.taps[packet.device], HARDWARE + ether + data)
        return
    with socket.socket(domain, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        sender.sendto(data, (packet.target, 0))


def build(family: str, packet: Packet, number: int) -> bytes:
    """Return the packet's bytes; ``number`` tells it from all others."""
    body = _transport(packet, number, 0 if family == "ip" else number)
    ends = [ipaddress.ip_address(end).packed for end in (packet.source, packet.target)]
    pseudo = b"".join(ends) + struct.pack(">LL", len(body), packet.protocol)
    at = {socket.IPPROTO_TCP: 16, socket.IPPROTO_UDP: 6}.get(packet.protocol, 2)
    over = body if packet.protocol == 1 else pseudo + body
    body = body[:at] + struct.pack(">H", _checksum(over)) + body[at + 2 :]
    if family == "ip6":
        head = struct.pack(">LHBB", 6 << 28, len(body), packet.protocol, 64)
        return head + b"".join(ends) + body
    fields = (0x45, 0, 20 + len(body), number, 0, 64, packet.protocol, 0)
    head = struct.pack(">BBHHHBBH", *fields) + b"".join(ends)
    return head[:10] + struct.pack(">H", _checksum(head)) + head[12:] + body


def _transport(packet: Packet, number: int, padding: int) -> bytes:
    return _transport_header(packet, number, padding) + bytes(padding)


def _transport_header(packet: Packet, number: int, padding: int) -> bytes:
    sport = packet.sport or 20000 + number
    match packet.protocol:
        case socket.IPPROTO_TCP:
            flags = 5 << 12 | packet.flags
            return struct.pack(">HHLLHHHH", sport, packet.dport, 1, 0, flags, 1024, 0, 0)
        case socket.IPPROTO_UDP:
            return struct.pack(">HHHH", sport, packet.dport, 8 + padding, 0)
        case _:
            return struct.pack(">BBHHH", packet.dport, 0, 0, number, 1)


def _checksum(data: bytes) -> int:
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF ^ total
