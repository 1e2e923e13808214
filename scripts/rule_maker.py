"""Make random rules of nft, of the kinds that people write and some that they do not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rule_rare import RARE_ENDS, RARE_MATCHES

PORTS = ("22", "80", "443", "53", "0", "65535", "1024", "ssh", "https", "8080")
PROTOCOLS = ("tcp", "udp", "icmp", "esp", "ah", "gre", "sctp", "igmp", "47", "ipv6-icmp", "dccp")
MARKS = ("1", "0x1", "0xff", "0x10000", "0", "0xffffffff", "255")
NAMES = ('"eth0"', '"lo"', '"eth*"', '"wg0"', '"cali*"', "lo", '"br-1234567890ab"')
FLAGS = ("syn", "ack", "fin", "rst", "psh", "urg", "ecn", "cwr")
PKT_TYPES = ("unicast", "broadcast", "multicast", "host", "other")
VERDICTS = (
    *("accept", "drop", "accept", "drop", "return", "continue", "jump MYCHAIN", "goto MYCHAIN"),
)
CHAINS = (
    ("filter", "INPUT"),
    ("filter", "INPUT"),
    ("filter", "FORWARD"),
    ("filter", "OUTPUT"),
    ("filter", "MYCHAIN"),
    ("nat", "PREROUTING"),
    ("nat", "POSTROUTING"),
    ("mangle", "PREROUTING"),
    ("mangle", "FORWARD"),
    ("raw", "PREROUTING"),
)


class RuleMaker:
    """Makes rules, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.family = "ip"

    def rule(self) -> tuple[str, str, str, str]:
        """Return family, table, chain and rule."""
        self.family = self.random.choice(("ip", "ip", "ip", "ip6"))
        table, chain = self.random.choice(CHAINS)
        matches = [self.pick(MATCHES) for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))]
        extras = [self.pick(EXTRAS)] if self.random.random() < 0.35 else []
        if self.random.random() < 0.2:
            matches = [*extras, *matches]
            extras = []
        return self.family, table, chain, " ".join([*matches, *extras, self.pick(ENDS)]).strip()

    def pick(self, makers: dict[Callable[[RuleMaker], str], int]) -> str:
        """Return what one of the makers makes, by their weights."""
        return self.random.choices(list(makers), list(makers.values()))[0](self)

    def one(self, *words: str) -> str:
        """Return one of the words."""
        return self.random.choice(words)

    def op(self) -> str:
        """Return an operator for equality, with a blank after it."""
        return self.one("", "", "", "== ", "!= ")

    def order(self) -> str:
        """Return an operator for order."""
        return self.one("<", ">", "<=", ">=")

    def address(self) -> str:
        """Return a host address of the family."""
        if self.family == "ip6":
            return self.one("2001:db8::1", "fe80::1", "::1", "2001:db8:1:2::ff", "ff02::1")
        return self.one("10.0.0.1", "192.168.1.7", "172.16.5.9", "255.255.255.255", "0.0.0.0")

    def network(self) -> str:
        """Return an address, a prefix or a range of the family."""
        size = 128 if self.family == "ip6" else 32
        usual = (8, 16, 24, 32, 9, 12, 20, 0, 31, 64 % (size + 1), size)
        kind = self.random.random()
        if kind < 0.4:
            return self.address()
        if kind < 0.85:
            return f"{self.address()}/{self.random.choice(usual)}"
        if self.family == "ip6":
            return "2001:db8::1-2001:db8::ff"
        return self.one("10.0.0.1-10.0.0.9", "192.168.0.0-192.168.5.255")

    def port(self) -> str:
        """Return a port or a range of ports."""
        return self.one(*PORTS, "1000-2000", "1-1023", "60000-65535", "0-65535")

    def many(self, make: Callable[[], str]) -> str:
        """Return an anonymous set of one to three elements."""
        items = {make() for _ in range(self.random.choice((1, 2, 3)))}
        return "{ " + ", ".join(sorted(items)) + " }"

    def value(self, make: Callable[[], str]) -> str:
        """Return a value with an operator, or a set of values."""
        if self.random.random() < 0.2:
            return self.one("", "!= ") + self.many(make)
        return self.op() + make()

    def number(self, top: int) -> str:
        """Return a number up to ``top``, or a range of two."""
        low, high = sorted(self.random.sample(range(top + 1), 2))
        return f"{low}-{high}" if self.random.random() < 0.15 else str(low)


def address(maker: RuleMaker) -> str:
    """Match an address."""
    side = maker.one("saddr", "daddr")
    roll = maker.random.random()
    if roll < 0.08:
        return f"{maker.family} {side} @blk"
    if roll < 0.14:
        return f"{maker.family} {side} {maker.order()} {maker.address()}"
    if roll < 0.2 and maker.family == "ip":
        mask = maker.one("255.255.0.0", "0.0.0.255", "255.0.255.0")
        return f"ip {side} & {mask} {maker.one('==', '!=')} {maker.address()}"
    return f"{maker.family} {side} {maker.value(maker.network)}"


def port(maker: RuleMaker) -> str:
    """Match a port."""
    head = f"{maker.one('tcp', 'tcp', 'udp', 'sctp', 'dccp', 'th', 'udplite')} "
    head += maker.one("sport", "dport", "dport")
    roll = maker.random.random()
    if roll < 0.1:
        return f"{head} {maker.order()} {maker.one(*PORTS)}"
    if roll < 0.15:
        return f"{head} @ports"
    return f"{head} {maker.value(maker.port)}"


def flags(maker: RuleMaker) -> str:
    """Match flags of tcp."""
    some = maker.random.sample(FLAGS, maker.random.choice((1, 2, 3)))
    one = maker.one(*some)
    return maker.one(
        f"tcp flags {one}",
        f"tcp flags {','.join(some)}",
        f"tcp flags {maker.one('==', '!=')} {one}",
        f"tcp flags & ({'|'.join(some)}) {maker.one('==', '!=')} {one}",
        f"tcp flags & ({'|'.join(some)}) == {maker.one('0', '0x2')}",
        f"tcp flags {one} / {','.join(some)}",
        f"tcp flags != {one} / {','.join(some)}",
        f"tcp flags {{ {', '.join(some)} }}",
        f"tcp flags ! {one}",
    )


def tcp_field(maker: RuleMaker) -> str:
    """Match another field of tcp or udp."""
    name, top = maker.random.choice(
        (
            ("tcp sequence", 9999), ("tcp ackseq", 9999), ("tcp doff", 15), ("tcp window", 65535),
            ("tcp checksum", 65535), ("tcp urgptr", 65535), ("udp length", 65535),
            ("udp checksum", 65535), ("udplite csumcov", 65535), ("sctp vtag", 9999),
            ("esp spi", 9999), ("ah spi", 9999), ("comp cpi", 9999), ("tcp reserved", 15),
        )
    )  # fmt: skip
    return f"{name} {maker.value(lambda: maker.number(top))}"


def icmp(maker: RuleMaker) -> str:
    """Match the header of icmp."""
    six = maker.family == "ip6"
    types = (
        "echo-request",
        "echo-reply",
        "destination-unreachable",
        "time-exceeded",
        "3",
        "8",
        "0",
    )
    if six:
        types = ("echo-request", "nd-neighbor-solicit", "packet-too-big", "134", "1")
    head = "icmpv6" if six else "icmp"
    kind = maker.one(*types)
    return maker.one(
        f"{head} type {maker.value(lambda: maker.one(*types))}",
        f"{head} type {kind} {head} code {maker.one('0', '1', '4')}",
        f"{head} code {maker.op()}{maker.one('0', '3', '4')}",
        f"{head} id {maker.number(60000)}",
        f"{head} sequence {maker.number(60000)}",
        f"{head} type {maker.order()} 5",
        f"{head} type 3-5",
        f"{head} checksum 5",
        f"{head} mtu 1400",
    )


def network_field(maker: RuleMaker) -> str:
    """Match a field of the network header."""
    four = (
        ("ttl", 255), ("length", 65535), ("id", 65535), ("checksum", 65535), ("hdrlength", 15),
        ("version", 15), ("dscp", 63), ("ecn", 3), ("frag-off", 65535),
    )  # fmt: skip
    six = (
        ("hoplimit", 255), ("length", 65535), ("flowlabel", 9999), ("dscp", 63), ("ecn", 3),
        ("version", 15),
    )  # fmt: skip
    name, top = maker.random.choice(four if maker.family == "ip" else six)
    roll = maker.random.random()
    if roll < 0.2:
        return f"{maker.family} {name} {maker.order()} {maker.random.randint(0, top)}"
    if name == "frag-off" or roll < 0.25:
        mask = maker.one("0x1fff", "0x2000", "0x3fff", "0x3")
        return f"{maker.family} {name} & {mask} {maker.one('==', '!=')} 0"
    return f"{maker.family} {name} {maker.value(lambda: maker.number(top))}"


def protocol(maker: RuleMaker) -> str:
    """Match the protocol."""
    head = "ip protocol" if maker.family == "ip" else "ip6 nexthdr"
    head = maker.one(head, "meta l4proto")
    if maker.random.random() < 0.1:
        return f"{head} {maker.one('6-17', '> 50', '< 7')}"
    return f"{head} {maker.value(lambda: maker.one(*PROTOCOLS))}"


def interface(maker: RuleMaker) -> str:
    """Match an interface by name or index."""
    if maker.random.random() < 0.1:
        return maker.one("iif lo", "oif lo", "iif != lo", 'iif "lo"')
    return f"{maker.one('iifname', 'oifname')} {maker.value(lambda: maker.one(*NAMES))}"


def mark(maker: RuleMaker) -> str:
    """Match the mark."""
    value, mask = maker.one(*MARKS), maker.one("0xff", "0xff00", "0x1", "0xffff0000")
    return maker.one(
        f"meta mark {maker.op()}{value}",
        f"mark {value}",
        f"meta mark {maker.one('and', '&')} {mask} {maker.one('==', '!=')} {value}",
        f"meta mark & {mask} ^ 0x1 == {value}",
        f"meta mark ^ 0x3 == {value}",
        f"meta mark | 0x1 == {value}",
        f"meta mark {{ {value}, 77 }}",
        f"meta mark {maker.order()} {value}",
        "meta mark 1-5",
    )


def meta(maker: RuleMaker) -> str:
    """Match another meta value."""
    return maker.one(
        f"meta pkttype {maker.value(lambda: maker.one(*PKT_TYPES))}",
        f"meta skuid {maker.op()}0",
        f"meta skgid {maker.value(lambda: maker.number(2000))}",
        f"meta length {maker.value(lambda: maker.number(1500))}",
        "meta length > 100",
        "meta protocol ip",
        "meta protocol ip6",
        "meta nfproto ipv4",
        "meta iiftype loopback",
        "meta iifgroup 1",
        "meta priority 1:2",
        "meta cpu 1",
        "meta cgroup 5",
        "meta rtclassid 5",
        'meta day "Monday"',
        'meta hour "08:00"-"17:00"',
        "meta random < 100",
        'meta iifkind "veth"',
        "meta ipsec exists",
        "meta sdif 1",
    )


def link(maker: RuleMaker) -> str:
    """Match the link layer, or raw bits."""
    return maker.one(
        "ether saddr 00:11:22:33:44:55",
        "ether type ip",
        "vlan id 5",
        "@nh,72,8 6",
        "@nh,96,32 0x0a000001",
        "@nh,64,8 64",
        "@th,16,16 22",
        "@th,0,32 0x00160050",
        "@ll,0,48 0x001122334455",
        "@ll,96,16 0x0800",
        "@nh,9,7 5",
        "@th,104,8 2",
    )


def concatenation(maker: RuleMaker) -> str:
    """Match a concatenation."""
    host = maker.address()
    return maker.one(
        f"{maker.family} saddr . tcp dport {{ {host} . 22 }}",
        f"{maker.family} saddr . tcp dport @conc",
        f'iifname . {maker.family} daddr {{ "lo" . {host} }}',
        "tcp sport . tcp dport { 1 . 2, 3 . 4 }",
        f"meta l4proto . th dport {{ tcp . 22, udp . 53 }} {maker.family} saddr {host}",
    )


def foreign(maker: RuleMaker) -> str:
    """Match what no iptables-nft takes."""
    return maker.one(
        "ct state established,related",
        "ct state { new, established }",
        "ct mark 1",
        "fib saddr oif missing",
        "rt classid 1",
        "socket transparent 1",
        "tcp option maxseg exists",
        "numgen random mod 2 0",
        "ct direction original",
    )


def verdict(maker: RuleMaker) -> str:
    """End with a verdict."""
    return maker.one(*VERDICTS)


def mapped(maker: RuleMaker) -> str:
    """End with a verdict map."""
    return maker.one(
        "tcp dport vmap { 22 : accept, 80 : drop }",
        f"{maker.family} saddr vmap {{ {maker.address()} : accept }}",
        'iifname vmap { "lo" : accept }',
        "tcp dport vmap @vm",
        "meta l4proto vmap { tcp : jump MYCHAIN, udp : accept }",
    )


def setting(maker: RuleMaker) -> str:
    """End with a statement that sets something."""
    four = ("ip ttl set 64", "ip dscp set cs1", "ip saddr set 10.0.0.1", "ip ecn set ce")
    six = ("ip6 hoplimit set 64", "ip6 dscp set cs1", "ip6 saddr set 2001:db8::1")
    return maker.one(
        f"meta mark set {maker.one(*MARKS)}",
        f"meta mark set {maker.one(*MARKS)} accept",
        "meta mark set meta mark & 0xff",
        "meta mark set meta mark | 0x1",
        "meta mark set meta mark & 0xffff0000 | 0x12",
        "meta mark set ct mark",
        "meta mark set tcp dport map { 22 : 1, 80 : 2 }",
        "meta mark set meta cpu",
        "meta nftrace set 1",
        "meta nftrace set 0",
        "meta nftrace set 1 accept",
        "meta priority set 1:2",
        "meta pkttype set host",
        "tcp dport set 22",
        "udp sport set 1000",
        "ct mark set meta mark",
        maker.one(*(four if maker.family == "ip" else six)),
    )


def log(maker: RuleMaker) -> str:
    """Log."""
    return maker.one(
        'log prefix "x: "',
        "log",
        "log level debug",
        f"log group {maker.one('0', '1', '2')}",
        'log group 2 prefix "ab c"',
        'log prefix "ab\'c" group 3 snaplen 64',
        "log group 5 queue-threshold 7",
    )


def foreign_end(maker: RuleMaker) -> str:
    """End with a statement that no iptables-nft takes."""
    return maker.one(
        "reject", "reject with tcp reset", "masquerade", "notrack", "queue num 1",
        f"dnat to {maker.address()}", f"snat to {maker.address()}",
        f"update @dyn {{ {maker.family} saddr timeout 1m }}",
        'counter name "cnt"', 'quota name "q1"', "ct count over 3 drop", "quota over 1 mbytes",
    )  # fmt: skip


def counter(maker: RuleMaker) -> str:
    """Count."""
    return maker.one("counter", "counter packets 5 bytes 60")


def limit(maker: RuleMaker) -> str:
    """Limit."""
    rate = maker.one("1", "3", "5", "7", "10", "11", "60", "300", "400", "1000", "9999", "20000")
    unit = maker.one("second", "minute", "hour", "day", "week")
    tail = maker.one("", "", " burst 5 packets", " burst 10 packets", " burst 100 packets")
    if maker.random.random() < 0.15:
        return maker.one(
            "limit rate over 5/second", "limit rate 10 kbytes/second", 'limit name "lim"'
        )
    return f"limit rate {rate}/{unit}{tail}"


def comment(maker: RuleMaker) -> str:
    """End with a verdict and a comment."""
    text = maker.one("x", "ssh in", "it's", "a-b_c", "100%", "ü", "a,b")
    return f'accept comment "{text}"'


Maker = Callable[[RuleMaker], str]
MATCHES: dict[Maker, int] = {
    address: 12, port: 12, flags: 5, tcp_field: 4, icmp: 5, network_field: 6, protocol: 5,
    interface: 7, mark: 5, meta: 4, link: 3, concatenation: 2, foreign: 1, **RARE_MATCHES,
}  # fmt: skip
EXTRAS: dict[Maker, int] = {counter: 5, limit: 4, log: 2}
ENDS: dict[Maker, int] = {
    verdict: 30, mapped: 2, setting: 5, log: 2, foreign_end: 1, comment: 2, counter: 1, limit: 1,
    **RARE_ENDS,
}  # fmt: skip
