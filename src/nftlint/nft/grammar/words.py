"""The keywords of the nft language."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of ``text``."""
    return frozenset(text.split())


# Keywords in every place: none of them can be a name or, but for the next list, a value.
RESERVED = words(
    """
    accept add ah all and arp auto-merge bridge cgroup chain comment comp constant continue
    counter cpu create ct day dccp define delete describe destroy device devices dnat drop dst
    dup dynamic ecn element elements eq esp ether exists expires export exthdr fib flags flow
    flowtable flush frag fwd gc-interval ge geneve get goto gre gretap gt handle hbh hook hour
    ibriport ibrname icmp icmpv6 igmp iif iifgroup iifname iiftype import include index inet
    insert interval ip ip6 ipsec jhash jump last le limit list log lshift lt map mark masquerade
    meta meter mh missing monitor ne netdev nftrace not notrack numgen obriport obrname offload
    oif oifgroup oifname oiftype or osf pkttype policy position priority queue quota random
    redefine redirect reject rename replace reset return rshift rt rt0 rt2 rtclassid rule
    ruleset sctp secmark set size skgid skuid snat socket srh symhash synproxy table tcp th time
    timeout tproxy tunnel type typeof udp udplite undefine update vlan vmap vni vxlan xor xt
    """
)

# Keywords that are also constants: ``ip protocol tcp``, ``ct status dnat``.
VALUE_KEYWORDS = words(
    """
    ether ip ip6 vlan arp dnat snat ecn reset destroy original reply label last tcp udp udplite
    esp ah icmp igmp icmpv6 gre comp dccp sctp redirect exists missing
    """
)

# Headers whose name can be written somewhere: ``ether type set vlan``.
DATA_KEYWORDS = words("ether vlan arp ip ip6 gre")

NO_VALUES = RESERVED - VALUE_KEYWORDS
