"""What the process inside the namespace can do. Nothing here is called outside of one."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any

from nftlint.prove.devices import open_tap, raw_socket, set_interface
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
TRACE_GROUP = 9
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
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
        set_interface("lo", up=True)


def run(_hands: Hands, argv: list[str], stdin: str = "") -> list[object]:
    """Run a program; return its exit code and what it said."""
    try:
        done = subprocess.run(
            argv, input=stdin, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return [124, f"{argv[0]} did not end within {TIMEOUT} s"]
    return [done.returncode, (done.stderr or done.stdout).strip()]


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
        hands.taps[name] = open_tap(hands.links, name)
    return socket.if_nametoindex(name)


def _turn(hands: Hands, routes: list[tuple[int, str]]) -> None:
    """Set routes, or remove some that need not be there."""
    for kind, payload in routes:
        absent = contextlib.suppress(OSError) if kind == DELROUTE else contextlib.nullcontext()
        with absent:
            flags = 0 if kind == DELROUTE else NLM_F_CREATE | NLM_F_REPLACE
            hands.links.request(kind, bytes.fromhex(payload), flags)


def sysctl(_hands: Hands, values: dict[str, str]) -> None:
    """Write settings below ``/proc/sys``, but for those that this kernel does not have."""
    for name, value in values.items():
        with contextlib.suppress(OSError):
            Path("/proc/sys", name).write_text(value)


def listen(hands: Hands, groups: list[int]) -> None:
    """Ask for the packets of these log groups, whole and at once."""
    for group in groups:
        for body in (
            attr(1, b"\x01"),
            attr(2, struct.pack(">IBx", 0xFFFF, 2)),
            attr(5, struct.pack(">I", 1)),
        ):
            hands.events.request(ULOG | ULOG_CONFIG, nfgen(0, group) + body)


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
    key = (family, case["dev"], case["uid"], case["gid"])
    if key not in hands.raw:
        hands.raw[key] = raw_socket(*key)
    sock = hands.raw[key]
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, struct.pack("=I", case["mark"]))
    at, size = (16, 4) if family == socket.AF_INET else (24, 16)
    sock.sendto(data, (socket.inet_ntop(family, data[at : at + size]), 0))
