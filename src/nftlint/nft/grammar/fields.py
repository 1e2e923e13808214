"""What can be selected: headers with their fields, and what the kernel knows of a packet."""

from __future__ import annotations

from nftlint.nft.grammar.words import words


def _table(text: str) -> dict[str, frozenset[str]]:
    """Read lines of ``header: field field …``."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {head.strip(): frozenset(fields.split()) for head, fields in rows}


HEADERS = _table(
    """
    ether: saddr daddr type
    vlan: id cfi dei pcp type
    arp: htype ptype hlen plen operation
    ip: version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr
    ip6: version dscp ecn flowlabel length nexthdr hoplimit saddr daddr
    icmp: type code checksum id sequence gateway mtu
    icmpv6: type code checksum param-problem mtu id sequence max-delay taddr daddr
    igmp: type checksum mrt group
    ah: nexthdr hdrlength reserved spi sequence
    esp: spi sequence
    comp: nexthdr flags cpi
    udp: sport dport length checksum
    udplite: sport dport csumcov checksum
    tcp: sport dport sequence ackseq doff reserved flags window checksum urgptr
    dccp: sport dport type
    sctp: sport dport vtag checksum
    th: sport dport
    vxlan: vni flags
    geneve: vni type
    gre: version flags protocol
    gretap:
    rt: nexthdr hdrlength type seg-left classid nexthop mtu ipsec
    rt2: addr
    srh: last-entry flags tag
    hbh: nexthdr hdrlength
    dst: nexthdr hdrlength
    frag: nexthdr reserved frag-off reserved2 more-fragments id
    mh: nexthdr hdrlength type reserved checksum
    socket: transparent mark wildcard
    tunnel: path id
    exthdr: hbh rt frag dst mh
    """
)

_INET = words("ip icmp igmp ip6 icmpv6 ah esp comp udp udplite tcp dccp sctp th")
_LINK = _INET | {"ether", "vlan", "arp"}

# The headers that a tunnel's header may be followed by, to look inside.
INNER = {"vxlan": _LINK, "geneve": _LINK, "gre": _INET, "gretap": _LINK}

META_UNQUALIFIED = words(
    """
    mark iif iifname iiftype oif oifname oiftype skuid skgid nftrace rtclassid ibriport ibrname
    obriport obrname pkttype cpu iifgroup oifgroup cgroup ipsec time day hour
    """
)
META = META_UNQUALIFIED | words(
    """
    length protocol priority random secmark nfproto l4proto iifkind oifkind ibrpvid ibrvproto
    sdif sdifname broute ibrhwaddr secpath
    """
)
META_SYNONYMS = {"ibriport": "ibrname", "obriport": "obrname", "secpath": "ipsec"}

_CT_COUNTS = words("bytes packets avgpkt zone")
CT_DIRECTED = _CT_COUNTS | words("saddr daddr l3proto protocol proto-src proto-dst")
CT = CT_DIRECTED | words(
    "mark state direction status expiration helper label event secmark id count"
)

TCP_OPTIONS = _table(
    """
    echo: length
    eol: length
    fastopen: length
    md5sig: length
    mptcp: length subtype
    maxseg: length size
    nop: length
    sack-perm: length
    timestamp: length tsval tsecr
    window: length count
    sack: length left right
    sack0: length left right
    sack1: length left right
    sack2: length left right
    sack3: length left right
    """
)
TCP_OPTION_FIELDS = frozenset().union(*TCP_OPTIONS.values()) | {"window"}
TCP_OPTION_SYNONYMS = {"mss": "maxseg", "noop": "nop", "sack-permitted": "sack-perm"}

IP_OPTIONS = words("lsrr rr ssrr ra")
IP_OPTION_FIELDS = words("type length value ptr addr")

_CHUNK = words("type flags length")
_CHUNK_INIT = words("init-tag a-rwnd num-outbound-streams num-inbound-streams initial-tsn")
SCTP_CHUNKS = {
    **dict.fromkeys(
        words(
            "heartbeat heartbeat-ack abort shutdown-ack error"
            " cookie-echo cookie-ack shutdown-complete"
        ),
        _CHUNK,
    ),
    "data": _CHUNK | words("tsn stream ssn ppid"),
    "init": _CHUNK | _CHUNK_INIT,
    "init-ack": _CHUNK | _CHUNK_INIT,
    "sack": _CHUNK | words("cum-tsn-ack a-rwnd num-gap-ack-blocks num-dup-tsns"),
    "shutdown": _CHUNK | {"cum-tsn-ack"},
    "ecne": _CHUNK | {"lowest-tsn"},
    "cwr": _CHUNK | {"lowest-tsn"},
    "asconf-ack": _CHUNK | {"seqno"},
    "forward-tsn": _CHUNK | {"new-cum-tsn"},
    "asconf": _CHUNK | {"seqno"},
}

# Words that are only ever a field: after a hole they say that the hole is a header.
_FIELDS = frozenset().union(*HEADERS.values(), CT)
FIELDS_ONLY = _FIELDS - META_UNQUALIFIED - HEADERS.keys() - {"flags", "type", "reserved", "count"}

# Fields whose values are names: there ``□-x`` is one name, not a range.
NAMED = words("iif oif iifname oifname ibrname obrname sdifname iifkind oifkind helper name")
