"""Run within a private network namespace: do nft's rule and iptables' rules meet the same packets?

Reads cases as JSON from standard input. A case has a ``family``, a ``chain`` of the table filter,
``pairs`` of an ``nft`` rule and the words of each of its ``iptables`` rules, all without a verdict,
so that every packet comes to all of them, and ``steps``, done in turn: ``run`` a program, ``set`` a
number of the kernel's connection tracking, ``put`` a packet on the loopback interface, ``send`` a
datagram, ``listen`` for datagrams. Writes for each case, after each step, for each pair the two
counts: of nft's rule, and of the others together.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import subprocess
import sys
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

PROGRAMS = {"ip": "iptables", "ip6": "ip6tables"}
DOMAINS = {"ip": (socket.AF_INET, "127.0.0.1"), "ip6": (socket.AF_INET6, "::1")}
IPV6_HDRINCL = 36
IP_TRANSPARENT = 19
NETFILTER = 12
DELETE_CONNECTIONS = 1 << 8 | 2


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def counts(family: str, chain: str, sizes: list[int]) -> list[list[int]]:
    """Return for each pair how many packets nft's rule has counted, and how many the others."""
    listing = run("nft", "list", "chain", family, "filter", chain)
    found = list(map(int, re.findall(r"counter packets (\d+)", listing)))
    split = list(accumulate(sizes, initial=0))
    theirs, own = found[: split[-1]], found[split[-1] :]
    sums = [sum(theirs[first:last]) for first, last in pairwise(split)]
    return [list(pair) for pair in zip(own, sums, strict=True)]


def put(family: str, packet: str) -> None:
    """Send a whole packet, given in hexadecimal, with its network header."""
    domain, address = DOMAINS[family]
    with socket.socket(domain, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender:
        if family == "ip6":
            sender.setsockopt(socket.IPPROTO_IPV6, IPV6_HDRINCL, 1)
        with contextlib.suppress(OSError):  # The kernel may answer what its last hook made of it.
            sender.sendto(bytes.fromhex(packet), (address, 0))


def send(  # noqa: PLR0913, PLR0917 - the parts of a datagram
    open_sockets: list[socket.socket],
    source: str,
    sport: int,
    target: str,
    dport: int,
    size: int,
) -> None:
    """Send one datagram from a socket that stays open."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sender.bind((source, sport))
    sender.sendto(b"x" * size, (target, dport))
    open_sockets.append(sender)


def listen(
    open_sockets: list[socket.socket], address: str, port: int, *, transparent: bool
) -> None:
    """Open a socket for datagrams, and let it lie."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if transparent:
        receiver.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
    receiver.bind((address, port))
    open_sockets.append(receiver)


def forget() -> None:
    """Delete all connections, so that a case does not see those of another."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER) as channel:
        channel.send(struct.pack("=IHHIIBBH", 20, DELETE_CONNECTIONS, 5, 1, 0, 0, 0, 0))
        channel.recv(4096)


def step(family: str, done: list[Any], open_sockets: list[socket.socket]) -> None:
    kind, *arguments = done
    match kind:
        case "run":
            run(*arguments)
        case "set":
            Path("/proc/sys/net/netfilter", arguments[0]).write_text(str(arguments[1]))
        case "put":
            put(family, *arguments)
        case "send":
            send(open_sockets, *arguments)
        case "listen":
            listen(open_sockets, *arguments[:2], transparent=arguments[2])


def cross(case: dict[str, Any]) -> list[list[list[int]]]:
    family, chain = case["family"], case["chain"]
    for pair in case["pairs"]:
        for words in pair["iptables"]:
            run(PROGRAMS[family], "-A", chain, *words)
    for pair in case["pairs"]:
        run("nft", "add", "rule", family, "filter", chain, f"{pair['nft']} counter")
    forget()
    open_sockets: list[socket.socket] = []
    sizes = [len(pair["iptables"]) for pair in case["pairs"]]
    seen = []
    for each in case["steps"]:
        step(family, each, open_sockets)
        seen.append(counts(family, chain, sizes))
    for each in open_sockets:
        each.close()
    run(PROGRAMS[family], "-F", chain)
    return seen


def main() -> None:
    run("ip", "link", "set", "lo", "up")
    json.dump([cross(case) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
