"""The devices and sockets that packets are sent by. Nothing here is called outside a namespace."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct

from nftlint.prove.netlink import NLM_F_CREATE, Channel, attr

NEW_ADDRESS, IFA_F_NODAD = 20, 2
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFHWADDR = 0x8913, 0x8914, 0x8924
SIOCSIFMTU, LARGEST_MTU = 0x8922, 65521
IFF_UP, IFF_NOARP = 1, 0x80
IPV6_HDRINCL = 36
MAC = bytes.fromhex("020000000001")


def open_tap(links: Channel, name: str) -> int:
    """Make a TAP device, which is up and has addresses of its own; return its file descriptor."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        set_interface(name, up=False)
        with socket.socket() as sock:
            hardware = struct.pack("16sH6s16x", name.encode(), 1, MAC)
            fcntl.ioctl(sock, SIOCSIFHWADDR, hardware)
            fcntl.ioctl(sock, SIOCSIFMTU, struct.pack("16si20x", name.encode(), LARGEST_MTU))
        set_interface(name, up=True)
        _address(links, socket.if_nametoindex(name))
    except OSError:
        os.close(fd)
        raise
    return fd


def _address(links: Channel, index: int) -> None:
    """Give a device addresses of its own, as masquerading, redirecting and answering need them.

    Without the flag an IPv6 address waits for a kernel worker before it is used as a source.
    """
    for family, text_ in ((socket.AF_INET, "10.99.0."), (socket.AF_INET6, "fd00:99::")):
        address = socket.inet_pton(family, f"{text_}{index % 250}")
        body = struct.pack("=4BI", family, 8 * len(address), IFA_F_NODAD, 0, index)
        links.request(NEW_ADDRESS, body + attr(2, address) + attr(1, address), NLM_F_CREATE)


def set_interface(name: str, *, up: bool) -> None:
    """Set a device up or down, without address resolution."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answer = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16sH22x", name.encode(), 0))
        flags = struct.unpack("16sH22x", answer)[1]
        flags = (flags | IFF_UP | IFF_NOARP) if up else ((flags | IFF_NOARP) & ~IFF_UP)
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags))


def raw_socket(family: int, dev: str, uid: int, gid: int) -> socket.socket:
    """Return a raw socket whose owner is ``uid``:``gid``, bound to a device."""
    _act_as(uid, gid)
    sock = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, dev.encode())
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    _act_as(0, 0)
    return sock


def _act_as(uid: int, gid: int) -> None:
    """Set the owner that files, and so sockets, are opened as; the capabilities stay."""
    libc = ctypes.CDLL(None)
    libc.setfsgid(gid)
    libc.setfsuid(uid)
