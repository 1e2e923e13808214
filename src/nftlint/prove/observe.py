"""What the kernel reported of one packet: the rules it met, where it came out, and how."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from nftlint.prove.load import OBSERVER
from nftlint.prove.netlink import attrs, number, text

TRACE, PACKET_LOG, REFUSED = (10 << 8) | 17, (4 << 8) | 0, 0
RULE, POLICY = 3, 1
OWN_GROUP = 7077
CONTINUE, BREAK = 0xFFFFFFFF, 0xFFFFFFFE
_VERDICTS = {
    0: "drop",
    1: "accept",
    2: "stolen",
    3: "queue",
    0xFFFFFFFF: "continue",
    0xFFFFFFFD: "jump",
    0xFFFFFFFC: "goto",
    0xFFFFFFFB: "return",
}
Chain = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that the packet matched, and the verdict it gave."""

    chain: Chain
    handle: int
    verdict: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything observed of one packet.

    ``fate`` are the verdicts in order, without those that let the packet go on, and what became
    of it at the end of each hook: marks, interfaces, bytes.
    """

    met: tuple[Met, ...]
    fate: tuple[tuple[object, ...], ...]

    @property
    def summary(self) -> str:
        """The verdicts in words."""
        given = [f"{met.chain[2]}: {met.verdict}" for met in self.met]
        return "; ".join(given) or "no rule matched"


def seen(reports: list[list[object]]) -> Seen:
    """Return what a packet's reports say.

    What happens after the packet has come in to this host is the host's answer, not its fate.
    """
    met: list[Met] = []
    fate: list[tuple[object, ...]] = []
    for kind, payload in reports:
        data = bytes.fromhex(str(payload))
        if kind == TRACE:
            _trace(data, met, fate)
        elif kind == PACKET_LOG:
            fate.append(_logged(data))
            if fate[-1][0] == "input":
                break
        elif kind == REFUSED:
            fate.append(("not sent", data.decode()))
    return Seen(tuple(met), tuple(fate))


def _trace(data: bytes, met: list[Met], fate: list[tuple[object, ...]]) -> None:
    found = attrs(data[4:])
    table, chain = text(found[1]), text(found[2])
    if table == OBSERVER:
        return
    family = {2: "ip", 10: "ip6"}.get(data[0], "?")
    kind = number(found[4])
    if kind == RULE and 3 in found:
        verdict = _verdict(found[5])
        met.append(Met((family, table, chain), number(found[3]), verdict))
        if verdict != "continue":
            fate.append((family, table, chain, verdict))
    elif kind == POLICY and number(found[16]) == 0:
        fate.append((family, table, chain, "policy drop"))


def _verdict(data: bytes) -> str:
    found = attrs(data)
    code = number(found[1])
    name = _VERDICTS.get(code & 0xFFFF if not code >> 31 else code, str(code))
    target = text(found[2]) if 2 in found else ""
    extra = f" {code >> 16}" if name == "queue" else ""
    return f"{name} {target}".strip() + extra


def _logged(data: bytes) -> tuple[object, ...]:
    """Return a logged packet; our observer's with all that can change."""
    found = attrs(data[4:])
    prefix = text(found.get(10, b""))
    packet = _without_identity(found.get(9, b""))
    (group,) = struct.unpack_from(">H", data, 2)
    if group != OWN_GROUP:
        return ("log", group, prefix, packet)
    return (prefix, number(found.get(2, b"")), packet, *_flow(found.get(18, b"")))


def _without_identity(packet: bytes) -> bytes:
    """Return the packet without IPv4's identification and checksum: the kernel may choose them."""
    if not packet or packet[0] >> 4 != 4:
        return packet
    return packet[:4] + packet[6:10] + packet[12:]


def _flow(data: bytes) -> tuple[object, ...]:
    """Return a flow's mark, status and both directions, which is where NAT shows."""
    found = attrs(data)
    return (number(found.get(8, b"")), number(found.get(3, b"")), found.get(1), found.get(2))
