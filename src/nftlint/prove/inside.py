"""What the process inside the namespace can do. Nothing here is called outside of one."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

from nftlint.prove.netlink import (
    CTNETLINK,
    DELROUTE,
    NETFILTER,
    NFTABLES,
    NLM_F_CREATE,
    NLM_F_REPLACE,
    ROUTE,
    TRACE,
    ULOG,
    Channel,
    attr,
    attrs,
    nfgen,
    text,
)

GETTABLE, DELTABLE, CT_DELETE, ULOG_CONFIG = 1, 2, 2, 1
BEGIN, END = 16, 17
NEW_ADDRESS, IFA_F_NODAD = 20, 2
TRACE_GROUP = 9
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFHWADDR = 0x8913, 0x8914, 0x8924
SIOCSIFMTU, LARGEST_MTU = 0x8922, 65521
IFF_UP, IFF_NOARP = 1, 0x80
MAC = bytes.fromhex("020000000001")
TIMEOUT = 20
FAMILIES = (socket.AF_INET, socket.AF_INET6)


class Hands:
    """The open sockets and devices of this namespace."""

    def __init__(self) -> None:
        self.filter = Channel(NETFILTER)
        self.links = Channel(ROUTE)
        self.events = Channel(NETFILTER, receive_buffer=8 << 20)
        self.events.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, struct.pack("=I", TRACE_GROUP))
        self.taps: dict[str, int] = {}
        self.raw: dict[tuple[int, str, int, int], socket.socket] = {}
        _lower_interface("lo", up=True)


def run(_hands: Hands, argv: list[str], stdin: str = "") -> list[object]:
    """Run a program; return its exit code and what it said."""
    try:
        done = subprocess.run(
            argv, input=stdin, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return [124, f"{argv[0]} did not end within {TIMEOUT} s"]
    return [done.returncode, (done.stderr or done.stdout).strip()]


def run_all(hands: Hands, commands: list[list[str]]) -> list[object]:
    """Run programs one after the other, up to the first that fails; return how that went."""
    done: list[object] = [0, ""]
    for argv in commands:
        done = run(hands, argv)
        if done[0]:
            break
    return done


def reset(hands: Hands, keep: str) -> None:
    """Delete every table but those named ``keep``."""
    for family in FAMILIES:
        head = nfgen(family)
        listed = hands.filter.dump(NFTABLES | GETTABLE, head)
        names = {text(attrs(data[4:])[1]) for data in listed} - {keep}
        for name in sorted(names):
            _change(hands, DELTABLE, head + attr(1, name.encode() + b"\0"))


def _change(hands: Hands, kind: int, payload: bytes) -> None:
    """Send one change between the begin and end marks that nf_tables wants."""
    mark = nfgen(0, 10)
    parts = ((BEGIN, mark, 1), (NFTABLES | kind, payload, 5), (END, mark, 1))
    hands.filter.sock.send(
        b"".join(
            struct.pack("=IHHII", 16 + len(body), number, flags, 1, 0) + body
            for number, body, flags in parts
        )
    )
    hands.filter.acknowledged()


def listings(hands: Hands, wanted: list[tuple[int, str]]) -> list[list[str]]:
    """Return the objects the kernel lists for each of some nfnetlink dump requests."""
    return [
        [data.hex() for data in hands.filter.dump(kind, bytes.fromhex(payload))]
        for kind, payload in wanted
    ]


def tap(hands: Hands, name: str) -> int:
    """Make sure that a TAP device of this name is there and up; return its index."""
    if name not in hands.taps and name != "lo":
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        hands.taps[name] = fd
        _lower_interface(name, up=False)
        with socket.socket() as sock:
            hardware = struct.pack("16sH6s16x", name.encode(), 1, MAC)
            fcntl.ioctl(sock, SIOCSIFHWADDR, hardware)
            fcntl.ioctl(sock, SIOCSIFMTU, struct.pack("16si20x", name.encode(), LARGEST_MTU))
        _lower_interface(name, up=True)
        _address(hands, socket.if_nametoindex(name))
    return socket.if_nametoindex(name)


def _address(hands: Hands, index: int) -> None:
    """Give a device addresses of its own, as masquerading, redirecting and answering need them.

    Without the flag an IPv6 address waits for a kernel worker before it is used as a source.
    """
    for family, text_ in ((socket.AF_INET, "10.99.0."), (socket.AF_INET6, "fd00:99::")):
        address = socket.inet_pton(family, f"{text_}{index % 250}")
        body = struct.pack("=4BI", family, 8 * len(address), IFA_F_NODAD, 0, index)
        hands.links.request(NEW_ADDRESS, body + attr(2, address) + attr(1, address), NLM_F_CREATE)


def drop(hands: Hands, name: str) -> None:
    """Remove a TAP device."""
    for key in [key for key in hands.raw if key[1] == name]:
        hands.raw.pop(key).close()
    os.close(hands.taps.pop(name))


def _lower_interface(name: str, *, up: bool) -> None:
    """Set a device up or down, without address resolution."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16sH22x", name.encode(), 0))
        flags = struct.unpack("16sH22x", answer)[1]
        flags = (flags | IFF_UP | IFF_NOARP) if up else ((flags | IFF_NOARP) & ~IFF_UP)
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags))


def _turn(hands: Hands, routes: list[tuple[int, str]]) -> None:
    """Set routes, or remove some that need not be there."""
    for kind, payload in routes:
        absent = contextlib.suppress(OSError) if kind == DELROUTE else contextlib.nullcontext()
        with absent:
            flags = 0 if kind == DELROUTE else NLM_F_CREATE | NLM_F_REPLACE
            hands.links.request(kind, bytes.fromhex(payload), flags)


def sysctl(_hands: Hands, values: dict[str, str]) -> list[str]:
    """Write settings below ``/proc/sys``; return those that are not there."""
    absent = []
    for name, value in values.items():
        try:
            Path("/proc/sys", name).write_text(value)
        except OSError:
            absent.append(name)
    return absent


def listen(hands: Hands, groups: list[int]) -> bool:
    """Ask for the packets of these log groups, whole and at once; tell if flows come along."""
    flows = True
    for group in groups:
        for body in (
            attr(1, b"\x01"),
            attr(2, struct.pack(">IBx", 0xFFFF, 2)),
            attr(5, struct.pack(">I", 1)),
        ):
            hands.events.request(ULOG | ULOG_CONFIG, nfgen(0, group) + body)
        try:
            hands.events.request(
                ULOG | ULOG_CONFIG, nfgen(0, group) + attr(6, struct.pack(">H", 4))
            )
        except OSError:
            flows = False
    return flows


def forget_flows(hands: Hands) -> None:
    """Empty the connection table, and with it what its helpers expect."""
    for family in FAMILIES:
        hands.filter.request(CTNETLINK | CT_DELETE, nfgen(family))


def send(hands: Hands, cases: list[dict[str, Any]]) -> list[list[list[object]]]:
    """Send packets one after the other; return what the kernel reported of each.

    Between them may stand routes, for those that follow. A report is [message type, payload];
    traces of the table named "ignore" are left out. The kernel handles a frame written to a TAP,
    and a datagram given to a raw socket, before the call returns; so what is there then is all
    there is.
    """
    for _ in hands.events.events():
        pass
    return [_send_one(hands, case) for case in cases]


def _send_one(hands: Hands, case: dict[str, Any]) -> list[list[object]]:
    if "routes" in case:
        _turn(hands, case["routes"])
        return []
    data = bytes.fromhex(case["data"])
    if case["fresh"]:
        forget_flows(hands)
    for kind, payload in case["flows"]:
        with contextlib.suppress(OSError):  # the state the packet then has is observed
            hands.filter.request(kind, bytes.fromhex(payload), NLM_F_CREATE)
    try:
        if case["via"] == "tap":
            os.write(hands.taps[case["dev"]], data)
        else:
            _send_raw(hands, case, data)
    except OSError as error:
        refused: list[list[object]] = [[0, (error.strerror or "").encode().hex()]]
    else:
        refused = []
    return refused + [
        [kind, payload.hex()]
        for kind, payload in hands.events.events()
        if kind != TRACE or case["ignore"].encode() not in payload
    ]


def _send_raw(hands: Hands, case: dict[str, Any], data: bytes) -> None:
    family = socket.AF_INET if data[0] >> 4 == 4 else socket.AF_INET6
    sock = _raw_socket(hands, family, case["dev"], case["uid"], case["gid"])
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, struct.pack("=I", case["mark"]))
    at, size = (16, 4) if family == socket.AF_INET else (24, 16)
    sock.sendto(data, (socket.inet_ntop(family, data[at : at + size]), 0))


def _act_as(uid: int, gid: int) -> None:
    """Set the owner that files, and so sockets, are opened as; the capabilities stay."""
    libc = ctypes.CDLL(None)
    libc.setfsgid(gid)
    libc.setfsuid(uid)


def _raw_socket(hands: Hands, family: int, dev: str, uid: int, gid: int) -> socket.socket:
    """Return a raw socket whose owner is ``uid``:``gid``, bound to a device."""
    key = (family, dev, uid, gid)
    if key not in hands.raw:
        _act_as(uid, gid)
        sock = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, 36, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        _act_as(0, 0)
        hands.raw[key] = sock
    return hands.raw[key]
