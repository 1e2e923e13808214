"""What nft knows of the protocols while it works through a rule, and what it adds for them."""

from __future__ import annotations

from nftlint.readings.constants import RefusedError
from nftlint.readings.facts import (
    Field,
    icmp_types_of,
    meta_field,
    payload_field,
    transport_name,
    transport_number,
)
from nftlint.readings.operands import ANONYMOUS, Members, Operand, Point
from nftlint.readings.relation import Relation
from nftlint.record import dataclass, field

ETHER, VLAN_TYPE = 1, 0x8100
NETWORKS = {0x0800: "ip", 0x86DD: "ip6", 0x0806: "arp"}
UNKNOWN = "unknown"
CARRIED = frozenset({"tcp", "udp", "udplite", "esp", "ah", "comp", "dccp", "sctp"})
"""What nft knows to stand behind a header of AH or IPComp."""


@dataclass(slots=True)
class Context:
    """The state of one rule of the family ``ip`` or ``ip6``.

    ``transports`` are all protocols over IP that the rule has named; the last one counts.
    """

    family: str
    network: str = ""
    link: str | None = None
    transports: list[str] = field(default_factory=list)
    icmp_type: int | None = None

    def require(self, protocol: str, name: str) -> list[Relation]:
        """Return what nft tests before it looks at a header's field.

        Raises ``RefusedError`` where the rule is about another protocol.
        """
        if protocol in {"ether", "vlan"}:
            return self._require_link(protocol)
        if protocol in {"ip", "ip6", "arp"}:
            self._conflict(self.network or self.family, protocol)
            return []
        if protocol == "th":
            return []
        return [*self._require_transport(protocol), *self._require_icmp(protocol, name)]

    def _conflict(self, have: str, want: str) -> None:
        if have != want:
            raise RefusedError(f"conflicting protocols specified: {have} vs. {want}")

    def _require_link(self, protocol: str) -> list[Relation]:
        added: list[Relation] = []
        if self.link is None:
            added.append(_equals(_known(meta_field("iiftype")), ETHER))
            self.link = "ether"
        if protocol == "vlan" and self.network:
            raise RefusedError("conflicting protocols specified: ether vs. vlan")
        if protocol == "vlan" and self.link == "ether":
            added.append(_equals(_known(payload_field("ether", "type")), VLAN_TYPE))
            self.link = "vlan"
        return added

    def _require_transport(self, protocol: str) -> list[Relation]:
        number = transport_number(protocol)
        if number is None:  # ARP and the like
            raise RefusedError(f"conflicting protocols specified: {self.family} vs. {protocol}")
        for known in self.transports:
            self._conflict(known, protocol)
        if self.transports:
            return []
        self.transports.append(protocol)
        return [_equals(_known(meta_field("l4proto")), number)]

    def _require_icmp(self, protocol: str, name: str) -> list[Relation]:
        types = icmp_types_of(protocol, name)
        if not types or self.icmp_type in types:
            return []
        if self.icmp_type is not None:
            raise RefusedError(
                f"incompatible icmp match: rule has {self.icmp_type}, need {types[0]}"
            )
        self.icmp_type = types[0]
        kind = _known(payload_field(protocol, "type"))
        if len(types) == 1:
            return [_equals(kind, types[0])]
        return [Relation(kind, "==", Members(ANONYMOUS, points=types))]

    def learn(self, relation: Relation) -> None:
        """Take note of a test for equality that names a protocol."""
        if relation.op != "==" or relation.mask is not None:
            return
        for value in _points(relation.operand):
            self._learn(relation.field, value)

    def _learn(self, tested: Field, value: int) -> None:
        match (tested.base, tested.name):
            case ("meta", "l4proto"):
                self._note(transport_name(value) or UNKNOWN)
            case ("nh", "protocol" | "nexthdr"):
                name = transport_name(value)
                if name:
                    self._note(name)
            case ("meta", "iiftype"):
                self.link = "ether" if value == ETHER else UNKNOWN
            case ("ll", "type") if value == VLAN_TYPE:
                self.link = "vlan"
            case ("ll", "type") if value in NETWORKS:
                self.network = NETWORKS[value]
            case ("th", "nexthdr") if transport_name(value) in CARRIED:
                # nft stumbles over headers whose length it does not know
                raise RefusedError("nft: Assertion `base->length > 0' failed.")
            case ("th", "type") if tested.type in {"icmp_type", "icmpv6_type"}:
                self.icmp_type = _same_echo(tested.type, value)

    def _note(self, protocol: str) -> None:
        if protocol in self.transports:
            self.transports.remove(protocol)
        self.transports.append(protocol)


def _same_echo(kind: str, value: int) -> int:
    """Return the request for a reply: nft treats them alike."""
    return {("icmp_type", 0): 8, ("icmpv6_type", 129): 128}.get((kind, value), value)


def _points(operand: Operand) -> tuple[int, ...]:
    match operand:
        case Point(value):
            return (value,)
        case Members(points=points):
            return points
        case _:
            return ()


def _known(found: Field | None) -> Field:
    if found is None:
        raise LookupError("a field that nft's own dependencies need is missing in the data")
    return found


def _equals(tested: Field, value: int) -> Relation:
    return Relation(tested, "==", Point(value))
