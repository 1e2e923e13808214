"""Random rules of nft: the constructs that are rarer, or that no iptables-nft takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rule_maker import RuleMaker

DSCP = ("cs0", "cs1", "cs6", "af11", "af41", "ef", "0x12", "lephb")
ECN = ("not-ect", "ect0", "ect1", "ce")
STATES = ("new", "established", "related", "invalid", "untracked")


def tracked(maker: RuleMaker) -> str:
    """Match something of conntrack."""
    some = maker.random.sample(STATES, maker.random.choice((1, 2, 3)))
    address = maker.address()
    return maker.one(
        f"ct state {','.join(some)}",
        f"ct state {{ {', '.join(some)} }}",
        f"ct state != {some[0]}",
        f"ct state & ({'|'.join(some)}) == {some[0]}",
        f"ct status {maker.one('dnat', 'snat', 'assured', 'seen-reply', 'dnat,snat')}",
        f"ct status != {maker.one('dnat', 'confirmed')}",
        f"ct mark {maker.op()}{maker.one('1', '0xff', '0x10')}",
        "ct mark and 0xff == 0x1",
        "ct mark & 0xff != 0x1",
        "ct mark { 1, 2 }",
        f"ct direction {maker.one('original', 'reply')}",
        f"ct expiration {maker.one('> 30s', '1m', '1h-2h')}",
        'ct helper "ftp"',
        f"ct original {maker.family} saddr {address}",
        f"ct reply {maker.family} daddr != {address}",
        "ct original protocol tcp ct original proto-dst 22",
        f"ct {maker.one('bytes', 'packets', 'avgpkt')} {maker.one('> 1000', '5-10', '7')}",
        "ct zone 1",
        "ct original zone 1",
        "ct l3proto ipv4",
        "ct protocol tcp",
        f"ct count {maker.one('', 'over ')}{maker.random.randint(1, 9)}",
        "ct state . ct direction { new . original }",
    )


def transport(maker: RuleMaker) -> str:
    """Match a port whatever the protocol, or several protocols."""
    return maker.one(
        "meta l4proto { tcp, udp } th dport 53",
        "meta l4proto { tcp, udp } th dport { 53, 123 }",
        "meta l4proto tcp th dport 53",
        "meta l4proto udp th sport 1000-2000",
        "meta l4proto { tcp, udp }",
        "meta l4proto != { tcp, udp }",
        "meta l4proto { tcp, udp, icmp, ipv6-icmp }",
        "th dport 53 meta l4proto tcp",
        "meta l4proto 6-17 th dport 53",
        f"meta l4proto icmp {maker.family} saddr {maker.address()}",
    )


def several(maker: RuleMaker) -> str:
    """Match a set, anonymous or named, or a concatenation."""
    one, two, net = maker.address(), maker.address(), maker.network()
    family = maker.family
    return maker.one(
        f"{family} saddr {{ {one}, {two} }}",
        f"{family} saddr != {{ {one}, {two} }}",
        f"{family} daddr {{ {net} }}",
        f"{family} daddr {{ {one} }}",
        f"{family} saddr != @blk",
        "tcp dport != @ports",
        "tcp dport { 22 }",
        "tcp dport { 22-25, 80 }",
        "udp dport != { 53, 123 }",
        'iifname { "eth0", "lo" }',
        'iifname { "eth*", "lo" }',
        'oifname != { "eth0", "wg0" }',
        "iif { lo }",
        "meta mark { 0x1, 0x2 }",
        "meta skuid { 0, 1000 }",
        "meta pkttype { broadcast, multicast }",
        f"{family} saddr . {family} daddr {{ {one} . {two} }}",
        f"{family} saddr . tcp dport != {{ {one} . 22 }}",
        'iifname . tcp dport { "eth0" . 22, "lo" . 80 }',
        f"meta mark . {family} saddr {{ 1 . {one} }}",
        f"{family} saddr . meta l4proto . th dport {{ {one} . tcp . 22 }}",
        f"{family} saddr {{ {one} }} {family} daddr {{ {two} }} tcp dport {{ 22, 80 }}",
        f"{family} saddr {one} {family} daddr {{ {two}, {one} }}",
        "tcp sport { 22, 80 } tcp dport 1024-65535",
    )


def named_field(maker: RuleMaker) -> str:
    """Match a field by the names of its values, or a field that few people know."""
    common, four, six = _of_both(maker), _of_ip(maker), _of_ip6(maker)
    rest = four if maker.family == "ip" else six
    return maker.one(*common, *rest, *rest)


def _of_both(maker: RuleMaker) -> tuple[str, ...]:
    """Return matches that both families have."""
    family = maker.family
    return (
        f"{family} dscp {maker.op()}{maker.one(*DSCP)}",
        f"{family} dscp {{ {maker.one(*DSCP)}, cs3 }}",
        f"{family} ecn {maker.op()}{maker.one(*ECN)}",
        "igmp type membership-query",
        "igmp group 224.0.0.1",
        f"igmp {maker.one('mrt', 'checksum')} 5",
        "igmp type != leave-group",
        f"sctp chunk {maker.one('data exists', 'init missing', 'data flags 2')}",
        "dccp type request",
        "comp nexthdr tcp",
        "ah nexthdr tcp",
        "esp sequence 5",
        "ah hdrlength 4",
        "udplite checksum 3",
        "th sport 1000",
        "tcp flags fin,syn,rst,ack syn",
        "tcp flags & (fin|syn|rst|ack) == syn",
        "tcp flags syn / fin,syn,rst,ack",
        "tcp flags & syn != 0",
        "tcp flags & (syn|ack) != 0",
        "tcp flags != syn,ack",
    )


def _of_ip(maker: RuleMaker) -> tuple[str, ...]:
    """Return matches of IPv4 and ICMP."""
    return (
        f"icmp type {{ {maker.one('echo-request', '3', 'redirect')}, echo-reply }}",
        f"icmp type != {{ {maker.one('echo-request', '3')}, 5 }}",
        f"icmp code {maker.one('net-unreachable', 'frag-needed', '!= 3', '1-3', '{ 1, 3 }')}",
        "icmp type destination-unreachable icmp code { 1, 3 }",
        f"icmp type {maker.one('router-advertisement', 'timestamp-request', 'info-reply')}",
        "icmp gateway 10.0.0.1",
        "ip hdrlength 5",
        "ip version 4",
        "ip checksum 5",
        f"ip frag-off & 0x1fff {maker.one('!=', '==', '>')} 0",
        f"ip frag-off & {maker.one('0x2000', '0x4000', '0x3fff')} != 0",
        "ip length 100-200",
        "ip ttl < 5",
        "ip ttl { 1, 64 }",
        "ip option lsrr exists",
        "ip option rr type 1",
        "ip option ssrr missing",
        "ip option ra value 1",
        "ip saddr 0.0.0.0/0",
        "ip saddr != 10.0.0.0/8",
        "ip daddr 224.0.0.0/4",
        "ip saddr & 255.255.255.0 == 10.0.0.0",
        "ip saddr and 0.0.0.255 == 0.0.0.1",
    )


def _of_ip6(maker: RuleMaker) -> tuple[str, ...]:
    """Return matches of IPv6, its extension headers and ICMPv6."""
    return (
        f"icmpv6 type {{ {maker.one('nd-redirect', '1', 'mld-listener-query')}, echo-reply }}",
        "icmpv6 type != { 1, 5 }",
        f"icmpv6 code {maker.one('no-route', 'policy-fail', '!= 3', '1-3')}",
        "icmpv6 type destination-unreachable icmpv6 code no-route",
        "icmpv6 parameter-problem 5",
        "icmpv6 max-delay 10",
        "ip6 version 6",
        "ip6 flowlabel 5",
        "ip6 hoplimit { 1, 64 }",
        "ip6 hoplimit != 255",
        "ip6 saddr ::/0",
        "ip6 daddr fe80::/10",
        "ip6 saddr != 2001:db8::/32",
        "ip6 saddr & ffff:: == 2001::",
        "exthdr frag exists",
        "exthdr hbh missing",
        "frag more-fragments 1",
        "frag frag-off 5",
        "frag id 7",
        "hbh nexthdr tcp",
        "rt type 0",
        "rt seg-left 1",
        "rt0 addr[1] fe80::1",
        "dst nexthdr udp",
        "mh type 1",
        "srh flags 1",
    )


def rare_meta(maker: RuleMaker) -> str:
    """Match a meta value that few rules ask for."""
    return maker.one(
        'meta time "2030-01-01 00:00"-"2031-01-01 00:00"',
        'meta time > "2030-01-01 00:00"',
        f"meta day {maker.one('{ Monday, Tuesday }', '!= Sunday', '6')}",
        'meta hour >= "08:00"',
        f"meta skuid {maker.one('root', '> 100', '100-200', '!= 0')}",
        f"meta skgid {maker.one('root', '!= 0')}",
        f"meta {maker.one('iif', 'oif')}group {maker.one('1', 'default', '!= 1', '{ 1, 2 }')}",
        f"meta {maker.one('iif', 'oif')}type {maker.one('ether', 'loopback')}",
        'meta oifkind "veth"',
        "meta mark & 0x1 == 0x1",
        "meta mark and 0xf0 != 0x10",
        "meta mark & 0xff == 0x10",
        "meta mark | 0xff == 0xff",
        "meta mark << 8 == 0x100",
        "meta mark >> 8 == 0x1",
        "meta priority none",
        "meta priority != 1:2",
        "meta cpu { 0, 1 }",
        "meta cgroup != 5",
        "meta ipsec missing",
        'meta ibrname "br0"',
        'meta sdifname "vrf1"',
        "meta broute 1",
        "meta nfproto ipv6",
        "meta nfproto { ipv4, ipv6 }",
        "meta protocol != ip",
        "meta protocol { ip, ip6 }",
        'iifname "veth1234567890*"',
        'iifname != "eth*"',
        f"{maker.one('iif', 'oif')} {maker.op()}1",
        "iif != { lo }",
        "iif 1-5",
        'oifname "eth0.100"',
        'iifname "a-b_c.d"',
    )


def looked_up(maker: RuleMaker) -> str:
    """Match what is asked of routes, sockets, keys, numbers."""
    return maker.one(
        "fib daddr type local",
        "fib daddr type != local",
        "fib daddr type { local, broadcast }",
        "fib saddr . iif oif missing",
        "fib saddr . iif oif exists",
        "fib daddr . iif type local",
        "fib saddr . mark oif 0",
        'fib daddr oifname "lo"',
        "socket mark 1",
        "socket wildcard 0",
        "socket transparent 0",
        f"rt nexthop {maker.address()}" if maker.family == "ip" else "rt ip6 nexthop fe80::1",
        "rt mtu 1400",
        "rt ipsec exists",
        "numgen inc mod 10 < 5",
        "numgen random mod 4 1",
        "numgen inc mod 2 vmap { 0 : accept, 1 : drop }",
        f"jhash {maker.family} saddr mod 2 0",
        f"jhash {maker.family} saddr . tcp dport mod 4 seed 0xbeef 1",
        "symhash mod 2 0",
        'osf name "Linux"',
        'osf ttl loose name "Linux"',
        "ipsec in reqid 1",
        "ipsec out spi 5",
        f"ipsec in {maker.family} saddr {maker.address()}",
        "tcp option maxseg size 1-500",
        "tcp option maxseg size > 500",
        "tcp option sack-permitted exists",
        "tcp option sack0 left 1",
        "tcp option timestamp missing",
        "tcp option window count 7",
        "tcp option 255 exists",
        "@ih,0,8 5",
    )


def translated(maker: RuleMaker) -> str:
    """End with a translation of addresses or ports."""
    one, two = maker.address(), maker.address()
    six = maker.family == "ip6"
    target = f"[{one}]:80" if six else f"{one}:80"
    return maker.one(
        f"dnat to {one}",
        f"tcp dport 80 dnat to {target}",
        f"dnat to {one}-{two}" if one < two and not six else f"dnat to {one} persistent",
        f"meta l4proto tcp dnat to :{maker.one('8080', '80-90')}",
        f"snat to {one}",
        f"snat to {one} random",
        f"snat to {one} fully-random,persistent",
        f"tcp dport 25 snat to {target}",
        f"snat to {maker.family} saddr map {{ {one} : {two} }}",
        f"dnat to tcp dport map {{ 80 : {one}, 443 : {two} }}",
        "masquerade",
        "masquerade random",
        "masquerade fully-random,persistent",
        "meta l4proto tcp masquerade to :1024-2048",
        "redirect",
        "tcp dport 80 redirect to :8080",
        "udp dport 53 redirect to :5353 random",
        "tcp dport 80 redirect to :8080-8090",
        f"meta l4proto tcp tproxy to {target}",
        "meta l4proto udp tproxy to :5000",
        f"dup to {one}",
        f'dup to {one} device "lo"',
        "tcp flags syn synproxy mss 1460 wscale 7 timestamp sack-perm",
        "notrack",
    )


def rejected(maker: RuleMaker) -> str:
    """End with a reject."""
    six = maker.family == "ip6"
    head = "icmpv6" if six else "icmp"
    kinds = ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable")
    if not six:
        kinds = ("net-unreachable", "host-unreachable", "admin-prohibited", "port-unreachable")
    return maker.one(
        "reject",
        f"reject with {head} type {maker.one(*kinds)}",
        f"reject with icmpx type {maker.one('admin-prohibited', 'no-route')}",
        "meta l4proto tcp reject with tcp reset",
        "tcp dport 22 reject with tcp reset",
    )


def rare_setting(maker: RuleMaker) -> str:
    """End with a statement that writes something down."""
    family = maker.family
    return maker.one(
        f"ct mark set {maker.one('1', '0xff', 'mark', 'ct mark | 0x1', 'mark & 0xff')}",
        "meta mark set ct mark & 0xff",
        "ct zone set 1",
        "ct event set new,destroy",
        "meta mark set 0x1 counter",
        "meta mark set 0x1 return",
        "counter meta mark set 0x1",
        "meta mark set jhash ip saddr mod 2"
        if family == "ip"
        else "meta mark set numgen inc mod 2",
        "meta mark set meta mark ^ 0x1",
        "meta mark set mark or 0x10",
        "meta mark set mark and 0xfffffffe",
        f"meta mark set {family} saddr map {{ {maker.address()} : 5 }}",
        "meta priority set 0",
        "meta priority set none",
        "meta nftrace set 1 drop",
        "tcp option maxseg size set 1400",
        "tcp option maxseg size set rt mtu",
        "tcp flags syn tcp option maxseg size set 1200",
        "tcp dport 80 tcp dport set 8080",
        "tcp sport set 1024",
        "tcp flags & (fin|syn) == syn tcp option maxseg size set rt mtu",
        "udp checksum set 0",
        f"{family} dscp set {maker.one('cs1', 'ef', '0')}",
        f"{family} ecn set ect0",
        f"add @dyn {{ {family} saddr }}",
        f"add @dyn {{ {family} saddr limit rate 5/minute }} accept",
        f"update @dyn {{ {family} saddr limit rate over 5/minute burst 3 packets }} drop",
        f"delete @dyn {{ {family} saddr }}",
        f"meter m1 {{ {family} saddr limit rate 1/second }} accept",
        f"meter m2 {{ {family} saddr ct count over 3 }} drop",
    )


def rare_verdict(maker: RuleMaker) -> str:
    """End with a map of verdicts, a queue, a counter of one's own, a log."""
    family = maker.family
    one, two = ("::2", "::3") if family == "ip6" else ("10.0.0.2", "10.0.0.3")
    return maker.one(
        "ct state vmap { established : accept, invalid : drop }",
        f"{family} saddr vmap {{ {one} : drop, {two} : jump MYCHAIN }}",
        "meta mark vmap { 1 : accept, 2 : drop }",
        'iifname vmap { "lo" : accept, "eth0" : jump MYCHAIN }',
        f"{family} saddr . tcp dport vmap {{ {maker.address()} . 22 : accept }}",
        "meta l4proto vmap { tcp : drop }",
        f"queue {maker.one('num 0', 'num 1-3', 'num 2 bypass', 'flags bypass to 4')}",
        'log prefix "a: " accept',
        "log flags all",
        "log level warn drop",
        "log level audit",
        'log group 1 prefix "dropped" drop',
        "log group 3 accept",
        "counter log group 2",
        'counter log prefix "x " drop',
        'counter name "cnt" accept',
        'quota name "q1" drop',
        f"quota {maker.one('', 'over ', 'until ')}25 mbytes drop",
        "limit rate over 10/second drop",
        "limit rate over 1 mbytes/second drop",
        "limit rate 1 mbytes/second burst 500 kbytes accept",
        'limit name "lim" accept',
        "limit rate 10/second burst 20 packets counter accept",
        "counter limit rate 3/minute log group 0",
        'counter packets 10 bytes 1000 drop comment "c"',
        "counter accept comment \"it's 'quoted'\"",
        "accept",
        "counter jump MYCHAIN",
        "counter goto MYCHAIN",
        "ct count 5 accept",
        "flow add @ft",
    )


Maker = Callable[["RuleMaker"], str]
RARE_MATCHES: dict[Maker, int] = {
    tracked: 4, transport: 3, several: 8, named_field: 8, rare_meta: 6, looked_up: 4,
}  # fmt: skip
RARE_ENDS: dict[Maker, int] = {translated: 4, rejected: 2, rare_setting: 5, rare_verdict: 6}
