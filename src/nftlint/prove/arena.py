"""The ground packets run on: devices, routes and observers, alike in both worlds."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

from nftlint.prove import fields as f
from nftlint.prove.fields import value_name
from nftlint.prove.flows import INVALID, STATES, UNTRACKED, requests
from nftlint.prove.load import HEARD_GROUP, OBSERVER
from nftlint.prove.load import HOOKS as TABLES
from nftlint.prove.netlink import DELROUTE, FAMILY_NUMBERS, NEWROUTE, attr
from nftlint.prove.observe import END_MARK, FLOW_GROUP, HOOKS, OWN_GROUP
from nftlint.prove.packet import CHECKSUMS, TCP, build, transport_start
from nftlint.prove.space import Assignment
from nftlint.prove.world import World, together
from nftlint.record import dataclass

Route = tuple[int, str]
SETTINGS = {
    "net/ipv4/ip_forward": "1",
    "net/ipv4/icmp_ratemask": "0",
    "net/ipv4/icmp_ratelimit": "0",
    "net/ipv4/icmp_msgs_per_sec": "1000000",
    "net/ipv4/icmp_msgs_burst": "1000000",
    "net/ipv4/icmp_echo_ignore_all": "1",
    "net/ipv4/ipfrag_time": "3600",
    "net/netfilter/nf_conntrack_checksum": "1",
    "net/netfilter/nf_conntrack_tcp_be_liberal": "1",
    "net/netfilter/nf_conntrack_tcp_loose": "1",
    "net/netfilter/nf_conntrack_frag6_timeout": "3600",
    "net/ipv6/ip6frag_time": "3600",
    "net/ipv6/icmp/ratelimit": "0",
    # The one type that is still held back is reserved: answers wait for the common limit else.
    "net/ipv6/icmp/ratemask": "255",
    "net/ipv6/icmp/echo_ignore_all": "1",
    "net/ipv6/auto_flowlabels": "0",
    "net/ipv6/conf/all/forwarding": "1",
    **{
        f"net/ipv4/conf/{which}/{name}": value
        for which in ("all", "default", "lo")
        for name, value in {
            "rp_filter": "0",
            "accept_local": "1",
            "route_localnet": "1",
            "send_redirects": "0",
        }.items()
    },
    **{
        f"net/ipv6/conf/default/{name}": value
        for name, value in {
            "accept_ra": "0",
            "accept_dad": "0",
            "dad_transmits": "0",
            "router_solicitations": "0",
            "addr_gen_mode": "1",
        }.items()
    },
}
_NOISE = "icmpv6 type { 133, 134, 135, 136, 143 }"
HOST, BROADCAST, MULTICAST = "020000000001", "ffffffffffff", "01005e010203"
_DESTINATIONS = {0: HOST, 1: BROADCAST, 2: MULTICAST}
TRACK, NO_TRACK = 0x02, 0x40
_LOCAL, _MAIN = 255, 254


def observers(family: str) -> str:
    """Return nft input that logs each packet at the end of every hook, and chains to be tuned.

    What the kernel itself sends as an IPv6 neighbour has no user; it would disturb, and goes.
    """
    table = f"{family} {OBSERVER}"
    lines = [f"add table {table}", _chain(table, "arrival", "prerouting", -480)]
    lines += [_chain(table, f"flow_{hook}", hook, -190) for hook in ("prerouting", "output")]
    last = ("input", "postrouting")
    lines += [_chain(table, f"end_flow_{hook}", hook, 2147483646) for hook in last]
    for hook in HOOKS:
        lines.append(_chain(table, f"end_{hook}", hook, 2147483645))
        lines.append(f'add rule {table} end_{hook} log group {OWN_GROUP} prefix "{hook}"')
    for name, hook, priority in (chain for table_ in TABLES for chain in _around(table_)):
        lines.append(_chain(table, name, hook, priority))
    if family == "ip6":
        lines.append(_chain(table, "noise", "output", -500))
        lines.append(f"add rule {table} noise {_NOISE} meta skuid >= 0 accept")
        lines.append(f"add rule {table} noise {_NOISE} drop")
    return "\n".join(lines) + "\n"


def _around(table: str) -> Iterator[tuple[str, str, int]]:
    """Yield the chains just before and just after those of a table: name, hook, priority."""
    for chain, priority in TABLES[table]:
        hook = chain.lower()
        yield f"before_{table}_{hook}", hook, priority - 1
        yield f"after_{table}_{hook}", hook, priority + 1


def _chain(table: str, name: str, hook: str, priority: int) -> str:
    return f"add chain {table} {name} {{ type filter hook {hook} priority {priority}; }}"


@dataclass(frozen=True, slots=True)
class Tuning:
    """What one pair needs of the ground.

    The table whose chains are traced, marks on arrival, flows, a fresh start for each packet, and
    the flow marks to look out for.
    """

    table: str = "filter"
    marks: tuple[int, ...] = (0,)
    flows: bool = False
    fresh: bool = False
    flow_marks: tuple[int, ...] = ()


def tune(worlds: Sequence[World], family: str, tuning: Tuning) -> None:
    """Load what this pair needs into the observer's own chains, if it is not there already."""
    text = _tuning(f"{family} {OBSERVER}", tuning)
    if all(world.tuned.get(family) == text for world in worlds):
        return
    for world in worlds:
        world.tuned[family] = text
    for code, message in together(worlds, "run", argv=["nft", "-f", "-"], stdin=text):
        if code:
            raise OSError(code, f"nft: {message}")


def _tuning(table: str, tuning: Tuning) -> str:
    """Return nft input: marks and tracking by link-layer source, the flow's state in the log."""
    chains = ("arrival", "flow_prerouting", "flow_output", "end_flow_input", "end_flow_postrouting")
    around = [name for known in TABLES for name, _, _ in _around(known)]
    lines = [f"flush chain {table} {chain}" for chain in (*chains, *around)]
    for name, _, _ in _around(tuning.table):
        lines.append(f"add rule {table} {name} meta nftrace set {int(name.startswith('before'))}")
    sources = {
        f"02:00:00:00:{index:02x}:{track:02x}": mark
        for index, mark in enumerate(tuning.marks)
        for track in (TRACK, NO_TRACK)
        if mark
    }
    if sources:
        pairs = ", ".join(f"{source} : {mark:#x}" for source, mark in sources.items())
        lines.append(f"add rule {table} arrival meta mark set ether saddr map {{ {pairs} }}")
    if tuning.flows:
        lines += _flow_rules(table, tuning)
    return "\n".join(lines) + "\n"


def _flow_rules(table: str, tuning: Tuning) -> Iterator[str]:
    untracked = [f"02:00:00:00:{index:02x}:{NO_TRACK:02x}" for index in range(len(tuning.marks))]
    yield f"add rule {table} arrival ether saddr {{ {', '.join(untracked)} }} notrack"
    log = f"log group {FLOW_GROUP} prefix"
    for hook in ("prerouting", "output"):
        rule = f"add rule {table} flow_{hook}"
        for state in STATES:
            yield f'{rule} ct state & {state} == {state} {log} "0 {state}"'
        for status in (1, 2, 4, 8, 16, 32):
            yield f'{rule} ct status & {status} == {status} {log} "2 {status}"'
        yield f'{rule} ct direction reply {log} "1 1"'
        for mark in tuning.flow_marks:
            yield f'{rule} ct mark {mark:#x} {log} "3 {mark}"'
    for hook in ("input", "postrouting"):
        yield f'add rule {table} end_flow_{hook} meta mark set ct mark {log} "{END_MARK}"'


def prepare(world: World) -> None:
    """Set up what stays for the life of a world."""
    world.call("sysctl", values=SETTINGS)
    for family in ("ip", "ip6"):
        code, message = world.call("run", argv=["nft", "-f", "-"], stdin=observers(family))
        if code:
            raise OSError(code, f"nft: {message}")
    world.call("listen", groups=[OWN_GROUP, FLOW_GROUP, HEARD_GROUP])


def devices(assignments: Iterable[Assignment]) -> set[str]:
    """Return the names of the interfaces that these packets use."""
    fields = {f.INWARD: (f.IIF,), f.THROUGH: (f.IIF, f.OIF), f.OUTWARD: (f.OIF,)}
    return {
        value_name(assignment[field])
        for assignment in assignments
        for field in fields[assignment[f.VIA]]
    }


def turn(family: str, via: int, index: int) -> list[Route]:
    """Return what routes packets to this host (inward, or out of ``lo``), or out of a device."""
    if via == f.INWARD or index == 1:
        return [(NEWROUTE, _route(family, _LOCAL, kind=2, scope=254, index=1))]
    return [
        (DELROUTE, _route(family, _LOCAL, kind=2, scope=254, index=1)),
        (NEWROUTE, _route(family, _MAIN, kind=1, scope=253, index=index)),
    ]


def _route(family: str, table: int, *, kind: int, scope: int, index: int) -> str:
    number = FAMILY_NUMBERS[family]
    body = struct.pack("=8BI", number, 0, 0, 0, table, 3, 0 if family == "ip6" else scope, kind, 0)
    return (body + attr(4, struct.pack("=I", index)) + attr(6, struct.pack("=I", 7))).hex()


def case(family: str, assignment: Assignment, tuning: Tuning) -> dict[str, object]:
    """Return a packet as the process in the namespace sends it."""
    data = build(family, assignment)
    flows = requests(family, assignment) if tuning.flows else []
    common = {"fresh": tuning.fresh, "flows": flows, "ignore": OBSERVER}
    mark = assignment.get(f.MARK, 0)
    via = assignment[f.VIA]
    dev = value_name(assignment[f.OIF if via == f.OUTWARD else f.IIF])
    if via == f.OUTWARD or dev == "lo":
        user, group = assignment.get(f.SKUID, 0), assignment.get(f.SKGID, 0)
        raw = {"via": "raw", "dev": dev, "mark": mark, "uid": user, "gid": group}
        return common | raw | {"data": data.hex()}
    kind = "0800" if family == "ip" else "86dd"
    if assignment.get(f.CT_STATE) == INVALID:
        data = _spoiled(family, data, assignment)
    source = assignment.get(("ll", 6, 6), _source(tuning, assignment))
    frame = _DESTINATIONS[assignment.get(f.PKTTYPE, 0)] + f"{source:012x}" + kind + data.hex()
    return common | {"via": "tap", "dev": dev, "data": frame}


def _source(tuning: Tuning, assignment: Assignment) -> int:
    """Return the link layer's source address that says which mark, and whether to track."""
    index = tuning.marks.index(assignment.get(f.MARK, 0))
    untracked = assignment.get(f.CT_STATE) == UNTRACKED
    return 0x020000000000 | index << 8 | (NO_TRACK if untracked else TRACK)


def _spoiled(family: str, data: bytes, assignment: Assignment) -> bytes:
    """Return the packet with a wrong transport checksum, which makes it an invalid one.

    It is behind the extension headers: with another byte there, in the fragment header say, the
    packet would be another one.
    """
    at = transport_start(family, assignment) + CHECKSUMS.get(assignment.get(f.PROTO, TCP), 2)
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
