"""What the kernel reported of one packet: the rules it met, where it came out, and how."""

from __future__ import annotations

import struct

from nftlint.prove.fields import CT_DIRECTION, CT_MARK, CT_STATE, CT_STATUS, Field
from nftlint.prove.load import OBSERVER, Place
from nftlint.prove.netlink import FAMILY_NUMBERS, TRACE, ULOG, Attrs, attrs, number, text
from nftlint.prove.normal import CONTINUE, JUMP
from nftlint.prove.packet import addresses
from nftlint.record import dataclass, replace

PACKET_LOG, REFUSED = ULOG | 0, 0
RULE, POLICY = 3, 1
HOOKS = ("prerouting", "input", "forward", "output", "postrouting")
OWN_GROUP, FLOW_GROUP = 7077, 7078
END_MARK = "mark at the end"
LOGGED = "log"
SEVERAL = "the packet and its answers"
_VERDICTS = {
    0: "drop",
    1: "accept",
    2: "stolen",
    3: "queue",
    CONTINUE: "continue",
    JUMP: "jump",
    0xFFFFFFFC: "goto",
    0xFFFFFFFB: "return",
}
_FAMILIES = {number: name for name, number in FAMILY_NUMBERS.items()}
Chain = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that the packet matched, and the verdict it gave.

    ``packet`` tells the packet from its answers, which may meet rules of their own.
    """

    chain: Chain
    handle: int
    verdict: str
    packet: bytes = b""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything observed of one packet.

    ``fate`` are the verdicts in order, without those that let the packet go on, and what became
    of it at the end of each hook: marks, interfaces, bytes. ``flow`` is what conntrack said of it
    when it arrived, by the fields rules ask for.
    """

    met: tuple[Met, ...]
    fate: tuple[tuple[object, ...], ...]
    flow: dict[Field, int]

    @property
    def blurred(self) -> tuple[tuple[object, ...], ...]:
        """The fate without the packets' bytes: what is left to compare where they are random."""
        seen_whole = (one for one in self.fate if one[0] != SEVERAL)
        return tuple(one[:2] if one[0] in HOOKS else one for one in seen_whole)

    def at(self, place: Place) -> Seen:
        """Return this with only the rules of one chain among those met."""
        chain = (place.family, place.table, place.chain)
        return replace(self, met=tuple(met for met in self.met if met.chain == chain))

    @property
    def summary(self) -> str:
        """The verdicts in words."""
        given = [f"{met.chain[2]}: {met.verdict}" for met in self.met]
        return "; ".join(given) or "no rule matched"


def seen(reports: list[list[object]], sent: bytes = b"") -> Seen:
    """Return what the reports say of a packet that was ``sent``, from its network header on.

    What happens after a packet has come in to this host is the host's answer, not its fate. But
    an answer that goes out and in by ``lo`` is there before the rule that gave it is reported.
    """
    met: list[Met] = []
    fate: list[tuple[object, ...]] = []
    flow: dict[Field, int] = {}
    heads: dict[bytes, tuple[bytes, bytes]] = {}
    own: set[bytes] = set()
    arrived = False
    for kind, payload in reports:
        data = bytes.fromhex(str(payload))
        if kind == TRACE:
            found = attrs(data[4:])
            _recognise(found, sent, own)
            if arrived and found.get(6) not in own:
                continue
            _trace(found, _FAMILIES.get(data[0], "?"), met, fate)
            _head(found, heads)
        elif kind == PACKET_LOG and not arrived:
            logged = _logged(data)
            if logged[0] == FLOW_GROUP:
                _flow(str(logged[1]), flow, known=any(one[0] in HOOKS for one in fate))
                continue
            fate.append(logged)
            arrived = logged[0] == "input"
        elif kind == REFUSED:
            fate.append(("not sent", data.decode()))
    different = sorted(set(heads.values()))
    if len(different) > 1:
        fate.append((SEVERAL, *different))
    return Seen(tuple(met), tuple(fate), flow)


def _recognise(found: Attrs, sent: bytes, own: set[bytes]) -> None:
    """Keep the numbers that traces give to the packet that was sent.

    A trace that shows a header says by its addresses whose number it is from here on: another
    packet may be given one that was used before.
    """
    if 8 not in found:
        return
    one, two = _ends(found[8]), _ends(sent)
    if one == two and one[0] != one[1]:
        own.add(found[6])
    else:
        own.discard(found[6])


def _ends(packet: bytes) -> tuple[bytes, bytes]:
    return addresses("ip" if _is_ipv4(packet) else "ip6", packet)


def _is_ipv4(packet: bytes) -> bool:
    return bool(packet) and packet[0] >> 4 == 4


def _head(found: Attrs, heads: dict[bytes, tuple[bytes, bytes]]) -> None:
    """Note the headers of each packet that meets a rule: an answer may go no further than that.

    Other traces do not count: a chain without rules may be there on one side alone.
    """
    if 9 in found and 3 in found:
        head = _without_identity(found.get(8, b""))
        heads.setdefault(found[6], (head, found[9]))


def _trace(found: Attrs, family: str, met: list[Met], fate: list[tuple[object, ...]]) -> None:
    table, chain = text(found[1]), text(found[2])
    if table == OBSERVER:
        return
    kind = number(found[4])
    if kind == RULE and 3 in found:
        verdict = _verdict(found[5])
        met.append(Met((family, table, chain), number(found[3]), verdict, found.get(6, b"")))
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
    mark = number(found.get(2, b""))
    if group == OWN_GROUP:
        return (prefix, mark, packet)
    if prefix == END_MARK:
        return (prefix, mark)
    return (group, prefix) if group == FLOW_GROUP else (LOGGED, group, prefix, packet)


def _without_identity(packet: bytes) -> bytes:
    """Return the packet without IPv4's identification and checksum: the kernel may choose them."""
    return packet[:4] + packet[6:10] + packet[12:] if _is_ipv4(packet) else packet


def _flow(said: str, flow: dict[Field, int], *, known: bool) -> None:
    """Add "key value" to what is known of a flow; the bits of a key add up.

    Only what was said before the end of the first hook counts: after that comes the next round
    of a packet that came back in by ``lo``, or an answer.
    """
    if known:
        return
    key, value = map(int, said.split())
    field = FIELDS[key]
    flow[field] = flow.get(field, 0) | value


FIELDS = {field[1]: field for field in (CT_STATE, CT_DIRECTION, CT_STATUS, CT_MARK)}
