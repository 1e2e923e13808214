"""Run within a private network namespace: do an nft rule and iptables rules count alike?

Reads pairs as JSON from standard input: a family, an nft rule, and the words of an iptables rule,
both without a verdict, so that every packet comes to both. Sends packets of different lengths,
in IPv6 also with extension headers, to the loopback address, and writes for each pair the two
counts after each packet.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

LENGTHS = (1, 40, 13, 200, 72, 5, 60, 100, 1, 1, 33, 400, 2, 8, 90, 71, 1, 3, 250, 10)
PADDING = bytes((0, 0, 1, 4, 0, 0, 0, 0))
"""Options of an extension header that do nothing; its first byte is set by the kernel."""
HEADERS: dict[str, tuple[int, ...]] = {
    "ip": (),
    "ip6": (socket.IPV6_DSTOPTS, socket.IPV6_HOPOPTS),
}
FAMILIES = {
    "ip": ("iptables", socket.AF_INET, "127.0.0.1"),
    "ip6": ("ip6tables", socket.AF_INET6, "::1"),
}


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def counts(family: str) -> list[int]:
    """Return how many packets each rule of the chain has counted."""
    listing = run("nft", "list", "chain", family, "filter", "OUTPUT")
    return [int(number) for number in re.findall(r"counter packets (\d+)", listing)]


def send(family: str, length: int, header: int | None, kind: int) -> None:
    _, domain, address = FAMILIES[family]
    with socket.socket(domain, kind) as sender:
        if header is not None:
            sender.setsockopt(socket.IPPROTO_IPV6, header, PADDING)
        if kind == socket.SOCK_DGRAM:
            sender.sendto(b"x" * length, (address, 9))
        else:
            sender.connect_ex((address, 9))


def try_pair(family: str, nft: str, iptables: list[str]) -> list[list[int]]:
    run(FAMILIES[family][0], "-F", "OUTPUT")
    run(FAMILIES[family][0], "-A", "OUTPUT", *iptables)
    run("nft", "add", "rule", family, "filter", "OUTPUT", f"{nft} counter")
    seen = []
    for length in LENGTHS:
        send(family, length, None, socket.SOCK_DGRAM)
        seen.append(counts(family))
    for header in HEADERS[family]:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            send(family, 8, header, kind)
            seen.append(counts(family))
    return seen


def main() -> None:
    run("ip", "link", "set", "lo", "up")
    json.dump([try_pair(*pair) for pair in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
