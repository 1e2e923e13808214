"""Pairs beyond the reach of the proof engine: both sides must count the same real packets.

Tried here are the pairs of the golden pages whose argument names this file.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from crossing_packets import dccp, extensions, ip4, ipcomp, sctp, tcp
from translation_pages import Golden, goldens

pytestmark = pytest.mark.kernel
HERE = "tests/translate/test_crossing.py"
Step = list[Any]


def _put(*packets: str) -> list[Step]:
    return [["put", packet] for packet in packets]


def _send(sport: int, dport: int, size: int = 10, source: str = "127.0.0.1") -> Step:
    return ["send", source, sport, "127.0.0.1", dport, size]


def _untracked(*steps: Step) -> list[Step]:
    rule = ("iptables", "-t", "raw", "-A", "OUTPUT", "-p", "udp", "-j", "CT", "--notrack")
    return [["run", *rule], *steps, ["run", "iptables", "-t", "raw", "-F"]]


def _lasting(name: str, seconds: int) -> Step:
    return ["set", f"nf_conntrack_udp_timeout{name}", seconds]


def _labelled() -> Step:
    words = ("-p", "udp", "--sport", "700", "-m", "connlabel", "--label", "5", "--set")
    return ["run", "iptables", "-t", "mangle", "-A", "OUTPUT", *words]


FLOWS = [
    *(_send(1024, 22), _send(22, 1024), _send(1024, 22), _send(1024, 22, 500), _send(22, 1024, 80)),
    *(_send(1025, 22), _send(30, 1023), _send(1023, 30), _send(1024, 23, source="127.0.0.9")),
    *_untracked(_send(1024, 22), _send(1025, 22)),
]
TIMES = [
    *(_lasting("", 20), _lasting("_stream", 40), _send(3000, 4000), _send(3000, 4000)),
    *(_send(4000, 3000), _send(3000, 4000), _send(3000, 4000), _lasting("", 2)),
    *(_send(3001, 4000), _send(3001, 4000), *_untracked(_send(3000, 4000)), _lasting("", 30)),
    *(_labelled(), _send(700, 701), _send(701, 700), _send(702, 700)),
    *(_send(700, 701), ["run", "iptables", "-t", "mangle", "-F"]),
]
CHUNKS = [*((kind,) for kind in (*range(15), 0x80, 0xC0, 0xC1)), (3, 0), (0, 0), (10, 0), (9, 6)]
UPPER = [
    *(ip4(33, dccp(kind)) for kind in range(16)),
    *(ip4(108, ipcomp(index)) for index in (0, 5, 6, 100, 255, 256, 1280, 65535)),
    *(ip4(132, sctp(*kinds)) for kinds in CHUNKS),
    ip4(6, tcp()),
]
SOCKETS: list[Step] = [
    *(["listen", "127.0.0.1", 53, True], ["listen", "127.0.0.1", 54, False]),
    *(["listen", "0.0.0.0", 55, True], ["listen", "0.0.0.0", 56, False]),
    *(_send(1, port) for port in (53, 54, 55, 56, 57)),
]
STEPS = {
    "conntrack": FLOWS,
    "accounting": [*FLOWS, *TIMES],
    "transports": _put(*UPPER),
    "extensions": _put(*extensions()),
    "ipsec": _put(*extensions()),
    "protocols": _put(*extensions()),
    "sockets": SOCKETS,
}


def _chosen() -> list[Golden]:
    return [golden for golden in goldens() if HERE in golden.argued]


def _place(golden: Golden) -> tuple[str, str, str]:
    """Return the page of a pair, and its family and chain."""
    words = golden.nft.split()
    return golden.page, words[2], words[4]


def _pair(golden: Golden) -> dict[str, Any]:
    """Return a pair without its verdict."""
    words = [shlex.split(command)[3:-2] for command in golden.commands]
    return {"nft": " ".join(golden.nft.split()[5:-1]), "iptables": words}


@cache
def _counts() -> list[tuple[list[Golden], list[list[list[int]]]]]:
    """Try all pairs, those of one page and chain at once, in one namespace."""
    groups = [list(group) for _, group in groupby(sorted(_chosen(), key=_place), key=_place)]
    cases = []
    for group in groups:
        page, family, chain = _place(group[0])
        pairs = [_pair(golden) for golden in group]
        cases.append({"family": family, "chain": chain, "pairs": pairs, "steps": STEPS[page]})
    done = subprocess.run(
        ["unshare", "-Urn", sys.executable, str(Path(__file__).with_name("crossing.py"))],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(zip(groups, json.loads(done.stdout), strict=True))


def _seen(page: str) -> dict[str, list[list[int]]]:
    """Return for each pair of a page its two counts after each step."""
    found = {}
    for group, steps in _counts():
        for at, golden in enumerate(group):
            if golden.page == page:
                found[golden.nft] = [pairs[at] for pairs in steps]
    return found


@pytest.mark.parametrize("page", sorted(STEPS))
def test_both_sides_count_the_same_packets(page):
    assert _seen(page)
    unlike = _unlike(page)
    if unlike:  # the clock may tick between the two rules that one packet meets: not twice, though
        _counts.cache_clear()
        again = _unlike(page)
        unlike = {nft: each for nft, each in again.items() if nft in unlike}
    assert unlike == {}


def _unlike(page: str) -> dict[str, list[list[int]]]:
    return {nft: each for nft, each in _seen(page).items() if any(a != b for a, b in each)}


@pytest.mark.parametrize("page", sorted(STEPS))
def test_some_packets_meet_each_pair_and_some_do_not(page):
    idle = {}
    for nft, each in _seen(page).items():
        counts = [0, *(own for own, _ in each)]
        met = [after - before for before, after in pairwise(counts)]
        if len(set(met)) == 1:
            idle[nft] = met
    assert idle == {}
