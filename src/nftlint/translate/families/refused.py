"""What iptables cannot say, with the reason: by statement, or by what is looked at.

``{name}`` in a reason stands for what is looked at, or set.
"""

from __future__ import annotations

_RAW = "`-m u32` and `-m bpf` read raw bits"
_HEADERS = f"iptables has no match for `{{name}}`: {_RAW}"
_TUNNEL = "iptables does not look into tunnels"
_KEPT = "iptables cannot change `{name}`"
_ADDRESS = f"{_KEPT} but by DNAT and SNAT, which track the connection"
_PORT = f"{_KEPT} but by DNAT, SNAT and REDIRECT, which track the connection"
_DEVICE = "iptables asks for an interface by its name or group, not for `{name}`"
_BRIDGE = "iptables asks for the port of a bridge, by `-m physdev`, not for `{name}`"

REASONS: dict[tuple[str, ...], str] = {
    ("raw payload",): "iptables has no raw bits but by `-m u32` and `-m bpf`",
    ("map",): "iptables has no maps: write a rule for each element",
    ("constant",): "this compares two constants",
    ("jhash",): "iptables hashes by HMARK and cluster alone, by another function",
    ("symhash",): "iptables hashes by HMARK and cluster alone, by another function",
    ("th",): "of a transport header iptables asks for ports alone, beside `-p`",
    ("ip",): _HEADERS,
    ("ip6",): _HEADERS,
    ("tcp",): _HEADERS,
    ("udp",): _HEADERS,
    ("udplite",): _HEADERS,
    ("dccp",): _HEADERS,
    ("dccp", "option"): "that `--dccp-option` of iptables reads options as nft does is not proved",
    ("sctp",): _HEADERS,
    ("sctp", "chunk"): "of an SCTP chunk iptables asks for its type, and for flags one by one, by "
    "`--chunk-types`, not for `{name}`",
    ("tcp", "option"): "of a TCP option iptables asks whether it is there (`--tcp-option`), and "
    "for the size of maxseg (`-m tcpmss`), not for `{name}`",
    ("icmp",): "of ICMP iptables asks for type and code alone, not for `{name}`",
    ("icmpv6",): "of ICMPv6 iptables asks for type and code alone, not for `{name}`",
    ("igmp",): _HEADERS,
    ("ah",): _HEADERS,
    ("esp",): _HEADERS,
    ("comp",): _HEADERS,
    ("ether",): "of the link header iptables asks for the source address alone, not for `{name}`",
    ("vlan",): "iptables sees no VLAN header: ask for the interface of the VLAN",
    ("arp",): "iptables sees no ARP packets: arptables does",
    ("vxlan",): _TUNNEL,
    ("gre",): _TUNNEL,
    ("gretap",): _TUNNEL,
    ("geneve",): _TUNNEL,
    ("socket", "mark"): "iptables copies a socket's mark to the packet, by "
    "`-m socket --restore-skmark`, and cannot ask for it",
    ("socket", "wildcard"): "`-m socket` of iptables also holds for sockets that are closing, of "
    "which nft's `socket wildcard` never holds",
    ("socket", "cgroupv2"): "`-m cgroup --path` of iptables asks the socket that a packet has, "
    "where nft looks one up",
    ("osf",): "`-m osf` takes any fingerprint of the system that is asked for, where nft takes "
    "the first of all that fits",
    ("ipsec",): "nft asks for one transformation by its number, `-m policy` for any: where there "
    "is but one, write `-m policy --dir in --pol ipsec` (or `out`), with `--reqid` or `--spi`",
    ("rt",): "iptables asks of a route for its realm, by `-m realm`, not for `{name}`",
    ("rt", "nexthdr"): _HEADERS,
    ("exthdr",): "ip6tables asks for extension headers by modules of their own, not for `{name}`",
    ("hbh",): _HEADERS,
    ("dst",): _HEADERS,
    ("frag",): _HEADERS,
    ("mh",): _HEADERS,
    ("srh",): "`-m srh` of ip6tables also checks the whole header, which nft does not",
    ("ct",): "iptables has no match for `{name}`",
    ("ct", "zone"): "iptables sets the zone of a connection (`CT --zone`), and cannot ask for it",
    ("ct", "l3proto"): "every connection in this table has the family of the rule: write "
    "`ct state != { invalid, untracked }`",
    ("ct", "original", "l3proto"): "every connection in this table has the family of the rule: "
    "write `ct state != { invalid, untracked }`",
    ("ct", "reply", "l3proto"): "every connection in this table has the family of the rule: "
    "write `ct state != { invalid, untracked }`",
    ("meta",): "iptables has no match for `{name}`",
    ("meta", "nfproto"): "nft refuses it here: the family of the rule says it",
    ("meta", "nftrace"): "the kernel lets no rule ask for this, only set it",
    ("meta", "priority"): "iptables sets the priority (CLASSIFY), and cannot ask for it",
    ("meta", "iiftype"): _DEVICE,
    ("meta", "oiftype"): _DEVICE,
    ("meta", "iifkind"): _DEVICE,
    ("meta", "oifkind"): _DEVICE,
    ("meta", "sdif"): _DEVICE,
    ("meta", "sdifname"): _DEVICE,
    ("meta", "ibrname"): _BRIDGE,
    ("meta", "obrname"): _BRIDGE,
    ("meta", "ibrpvid"): _BRIDGE,
    ("meta", "ibrvproto"): _BRIDGE,
    ("meta", "time"): "nft reads the time in the host's zone of now, iptables in UTC: write "
    "`-m time --datestart … --datestop …` in UTC",
    ("set", "meta", "pkttype"): "iptables cannot set the packet type",
    ("set", "ct"): _KEPT,
    ("set", "ct", "event"): "iptables chooses the events before it tracks a packet, by "
    "`-t raw … -j CT --ctevents`, nft afterwards",
    ("set", "ct", "label"): "iptables sets a label by a match, `-m connlabel --label … --set`",
    ("set", "tcp"): _KEPT,
    ("set", "tcp", "dport"): _PORT,
    ("set", "tcp", "sport"): _PORT,
    ("set", "udp"): _KEPT,
    ("set", "udp", "dport"): _PORT,
    ("set", "udp", "sport"): _PORT,
    ("set", "th"): _PORT,
    ("set", "ip"): _KEPT,
    ("set", "ip", "saddr"): _ADDRESS,
    ("set", "ip", "daddr"): _ADDRESS,
    ("set", "ip6"): _KEPT,
    ("set", "ip6", "saddr"): _ADDRESS,
    ("set", "ip6", "daddr"): _ADDRESS,
    ("tproxy",): "TPROXY accepts the packet, or drops it where no socket listens; nft goes on, or "
    "leaves the rule: where the former is meant, write `-j TPROXY --on-port … --tproxy-mark …`",
    ("meter",): "iptables has hashlimit and recent for this, which count otherwise",
    ("dynset",): "iptables adds to an ipset by the target SET, and to no set of nft",
    ("objectref",): "iptables has no objects of a table: write what it holds into the rule",
    ("fwd",): "iptables cannot hand packets to another device",
    ("flowadd",): "iptables has no flowtables",
    ("last",): "iptables does not keep when a rule was last met",
    ("xt",): "this is how nft shows a rule of iptables: write the rule of iptables itself",
}
