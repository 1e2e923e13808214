"""Run within a private network namespace: do an nft rule and an iptables rule count alike?

Reads pairs as JSON from standard input, each an nft rule and the words of an iptables rule, both
without a verdict, so that every packet comes to both. Sends packets of different lengths to the
loopback address, and writes for each pair the two counts after each packet.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

LENGTHS = (1, 40, 13, 200, 72, 5, 60, 100, 1, 1, 33, 400, 2, 8, 90, 71, 1, 3, 250, 10)


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def counts() -> list[int]:
    """Return how many packets each rule of the chain has counted."""
    listing = run("nft", "list", "chain", "ip", "filter", "OUTPUT")
    return [int(number) for number in re.findall(r"counter packets (\d+)", listing)]


def try_pair(nft: str, iptables: list[str]) -> list[list[int]]:
    run("iptables", "-F", "OUTPUT")
    run("iptables", "-A", "OUTPUT", *iptables)
    run("nft", "add", "rule", "ip", "filter", "OUTPUT", f"{nft} counter")
    seen = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for length in LENGTHS:
            sender.sendto(b"x" * length, ("127.0.0.1", 9))
            seen.append(counts())
    return seen


def main() -> None:
    run("ip", "link", "set", "lo", "up")
    json.dump([try_pair(*pair) for pair in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
