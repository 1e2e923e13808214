"""Netlink messages and attributes, as far as nftables, nflog, conntrack and rtnetlink need them.

Layouts are those of ``linux/netlink.h`` and ``linux/netfilter/nfnetlink.h``. All bytes are as the
kernel sends them: headers in host order, nf_tables integers in network order.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

ROUTE = 0
NETFILTER = 12
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_CREATE, NLM_F_REPLACE = 0x400, 0x100
# The parts of netfilter, as the upper byte of a message's type.
CTNETLINK, CT_EXPECTATIONS, ULOG, NFTABLES = 1 << 8, 2 << 8, 4 << 8, 10 << 8
TRACE = NFTABLES | 17
NEWROUTE, DELROUTE = 24, 25
FAMILY_NUMBERS = {"ip": 2, "ip6": 10}
"""Families as netfilter and the kernel's routes count them (``AF_INET``, ``AF_INET6``)."""
NLMSG_ERROR, NLMSG_DONE = 2, 3
NESTED = 0x8000
_HEADER = struct.Struct("=IHHII")
_ATTR = struct.Struct("=HH")

Message = tuple[int, bytes]
Attrs = dict[int, bytes]


def attr(kind: int, data: bytes) -> bytes:
    """Return one attribute, padded to four bytes."""
    return _ATTR.pack(len(data) + 4, kind) + data + bytes(-len(data) % 4)


def nest(kind: int, *children: bytes) -> bytes:
    """Return an attribute that holds others."""
    return attr(kind | NESTED, b"".join(children))


def text(value: bytes) -> str:
    """Return a NUL-terminated attribute as text."""
    return value.split(b"\0", 1)[0].decode(errors="replace")


def number(value: bytes) -> int:
    """Return an nf_tables integer of any width."""
    return int.from_bytes(value, "big")


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the attributes in ``data`` in order, without their flag bits."""
    at = 0
    while at + 4 <= len(data):
        length, kind = _ATTR.unpack_from(data, at)
        if length < 4:
            return
        yield kind & 0x3FFF, data[at + 4 : at + length]
        at += (length + 3) & ~3


def attrs(data: bytes) -> Attrs:
    """Return the attributes in ``data`` by kind."""
    found: Attrs = {}
    at, end = 0, len(data) - 4
    while at <= end:  # the work of most of the engine's time, so not by way of ``items``
        length, kind = _ATTR.unpack_from(data, at)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def messages(data: bytes) -> Iterator[Message]:
    """Yield (type, payload) of the netlink messages in one datagram."""
    at = 0
    while at + 16 <= len(data):
        length, kind, _flags, _seq, _pid = _HEADER.unpack_from(data, at)
        yield kind, data[at + 16 : at + length]
        at += (length + 3) & ~3


class Channel:
    """One netlink socket in the network namespace it was opened in.

    Raises OSError, with the kernel's error number, where the kernel refuses a request.
    """

    __slots__ = ("room", "sock")

    def __init__(self, protocol: int, *, receive_buffer: int = 1 << 20) -> None:
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.bind((0, 0))
        self.sock.settimeout(5)
        self.room = bytearray(1 << 17)

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def request(self, kind: int, payload: bytes, flags: int = 0) -> None:
        """Send one request and wait for the kernel's acknowledgement."""
        self._send(kind, payload, NLM_F_REQUEST | NLM_F_ACK | flags)
        self.acknowledged()

    def acknowledged(self) -> None:
        """Wait for the kernel's answer to what was sent."""
        for answer, data in messages(self.sock.recv(1 << 16)):
            if answer == NLMSG_ERROR:
                raise_for(data)

    def dump(self, kind: int, payload: bytes) -> list[bytes]:
        """Return the payloads of all objects the kernel lists."""
        self._send(kind, payload, NLM_F_REQUEST | NLM_F_DUMP)
        found: list[bytes] = []
        while True:
            for answer, data in messages(self.sock.recv(1 << 20)):
                if answer == NLMSG_DONE:
                    return found
                if answer == NLMSG_ERROR:
                    raise_for(data)
                    return found
                found.append(data)

    def events(self) -> Iterator[Message]:
        """Yield what has arrived, without waiting."""
        self.sock.settimeout(0)
        try:
            while True:
                size = self.sock.recv_into(self.room)
                yield from messages(bytes(self.room[:size]))
        except BlockingIOError:
            return
        finally:
            self.sock.settimeout(5)

    def _send(self, kind: int, payload: bytes, flags: int) -> None:
        self.sock.send(_HEADER.pack(16 + len(payload), kind, flags, 1, 0) + payload)


def raise_for(error: bytes) -> None:
    """Raise OSError unless this is the acknowledgement of a success."""
    code = int(struct.unpack_from("=i", error)[0])
    if code:
        raise OSError(-code, os.strerror(-code))


def nfgen(family: int, resource: int = 0) -> bytes:
    """Return the header that every nfnetlink message begins with."""
    return struct.pack("=BB", family, 0) + struct.pack(">H", resource)
