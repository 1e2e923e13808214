"""Rules out of a grammar: what people write, and what lies beside it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from random import Random


def commands(seed: int) -> Iterator[str]:
    """Yield nft commands without end, the same ones for the same seed."""
    random = Random(seed)
    while True:
        family = random.choices(("ip", "ip6"), (3, 1))[0]
        chain = random.choices(("INPUT", "FORWARD", "OUTPUT", "FOO"), (6, 2, 2, 1))[0]
        verb = random.choices(("add", "insert"), (5, 1))[0]
        yield f"{verb} rule {family} filter {chain} {rule(random, family, chain)}"


def rule(random: Random, family: str, chain: str) -> str:
    """Return matches, what happens on the way, and the end of a rule."""
    many = random.choices((0, 1, 2, 3), (1, 6, 5, 2))[0]
    parts = [_match(random, family, chain) for _ in range(many)]
    for chance, draw in ((0.12, _limit), (0.12, _log), (0.04, _set_mark), (0.3, _counter)):
        if random.random() < chance:
            parts.append(draw(random, family))
    end = _end(random, family)
    if "vmap" in end:
        parts = [part for part in parts if not part.startswith("counter")]
    parts.append(end)
    if random.random() < 0.15:
        parts.append('comment "a comment"')
    return " ".join(part for part in parts if part)


def _match(random: Random, family: str, chain: str) -> str:
    draws = [(_address, 6), (_ports, 8), (_state, 4), (_protocol, 3), (_icmp, 3), (_flags, 4)]
    draws += [(_mark, 2), (_packet, 2), (_status, 1), (_concatenation, 1), (_fib, 1)]
    draws += [(_incoming, 4)] if chain != "OUTPUT" else [(_owner, 3)]
    draws += [(_outgoing, 4)] if chain in {"OUTPUT", "FORWARD"} else []
    chosen = random.choices([draw for draw, _ in draws], [weight for _, weight in draws])[0]
    return chosen(random, family)


def _compared(random: Random, field: str, value: Callable[[], str], *, ranges: str = "") -> str:
    """Return a field with a value, a range, a set, or the negation of one of them."""

    def one() -> str:
        return _range(random, value, ranges) if ranges and random.random() < 0.25 else value()

    negated = random.choices(("", "!= ", "== "), (6, 2, 1))[0]
    if random.random() < 0.4:
        count = random.choices((1, 2, 3, 4, 17), (2, 6, 4, 3, 1))[0]
        return f"{field} {negated}{{ {', '.join(dict.fromkeys(one() for _ in range(count)))} }}"
    return f"{field} {negated}{one()}"


def _range(random: Random, value: Callable[[], str], kind: str) -> str:
    keys: dict[str, Callable[[str], object]] = {"number": int, "address": ipaddress.ip_address}
    ends = sorted({value().split("/")[0] for _ in range(2)}, key=keys[kind])  # type: ignore[arg-type]
    return "-".join(ends)


def _some_address(random: Random, family: str) -> str:
    if family == "ip6":
        address = f"2001:db8::{random.choice(('1', '2', 'a', 'ff', '1:1', '2:0'))}"
        return (
            address if random.random() < 0.6 else f"{address}/{random.choice((64, 112, 120, 125))}"
        )
    address = (
        f"10.{random.choice((0, 1, 9))}.{random.choice((0, 1, 2))}.{random.choice((0, 1, 7, 8))}"
    )
    return (
        address if random.random() < 0.6 else f"{address}/{random.choice((8, 9, 16, 24, 29, 30))}"
    )


def _address(random: Random, family: str) -> str:
    side = random.choice(("saddr", "daddr"))
    if random.random() < 0.05:
        operator = random.choice(("<", ">", "<=", ">="))
        return f"{family} {side} {operator} {_some_address(random, family).split('/')[0]}"
    value = lambda: _some_address(random, family)  # noqa: E731 - a drawer, used once
    return _compared(random, f"{family} {side}", value, ranges="address")


def _some_port(random: Random) -> str:
    return str(
        random.choice((1, 22, 53, 80, 81, 443, 1023, 1024, 8080, 65535, random.randint(1, 65535)))
    )


def _ports(random: Random, family: str) -> str:
    name = random.choices(("tcp", "udp", "th", "sctp", "udplite"), (8, 4, 2, 0.3, 0.3))[0]
    side = random.choices(("dport", "sport"), (4, 1))[0]
    before = "meta l4proto { tcp, udp } " if name == "th" else ""
    if random.random() < 0.1:
        operator = random.choice(("<", ">", "<=", ">="))
        return f"{before}{name} {side} {operator} {_some_port(random)}"
    field = f"{before}{name} {side}"
    return _compared(random, field, lambda: _some_port(random), ranges="number")


def _protocol(random: Random, family: str) -> str:
    if family == "ip6":
        field = random.choices(("meta l4proto", "ip6 nexthdr"), (4, 1))[0]
        return _compared(random, field, lambda: random.choice(("tcp", "udp", "ipv6-icmp")))
    field = random.choice(("meta l4proto", "ip protocol"))
    return _compared(random, field, lambda: random.choice(("tcp", "udp", "icmp", "gre", "esp")))


def _state(random: Random, family: str) -> str:
    words = random.sample(("established", "related", "new", "invalid"), random.choice((1, 2, 2, 3)))
    forms = ("ct state {}", "ct state {{ {} }}", "ct state != {{ {} }}", "ct state ! {}")
    form = random.choices(forms, (6, 2, 1, 1))[0]
    if len(words) == 1:
        form = random.choice((form, "ct state == {}", "ct state != {}"))
    return form.format(", ".join(words) if "{{" in form else ",".join(words))


def _status(random: Random, family: str) -> str:
    words = random.sample(("seen-reply", "assured", "confirmed"), random.choice((1, 2)))
    form = random.choice(("ct status {}", "ct status ! {}"))
    return form.format(",".join(words))


def _icmp(random: Random, family: str) -> str:
    if family == "ip6":
        kinds = (
            "echo-request",
            "echo-reply",
            "nd-neighbor-solicit",
            "packet-too-big",
            "133",
            "200",
        )
        return _compared(random, "icmpv6 type", lambda: random.choice(kinds))
    kinds = ("echo-request", "echo-reply", "destination-unreachable", "time-exceeded", "13", "200")
    text = _compared(random, "icmp type", lambda: random.choice(kinds))
    return f"{text} icmp code {random.randint(0, 4)}" if random.random() < 0.2 else text


def _some_flags(random: Random, many: int) -> list[str]:
    names = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
    return random.sample(names, random.randint(1, many))


def _flags(random: Random, family: str) -> str:
    mask = _some_flags(random, 6)
    value = random.sample(mask, random.randint(1, len(mask)))
    operator = random.choice(("==", "!="))
    forms = {
        f"tcp flags {','.join(value)}": 3,
        f"tcp flags ! {','.join(value)}": 1,
        f"tcp flags {operator} {value[0]}": 2,
        f"tcp flags & ({'|'.join(mask)}) {operator} {'|'.join(value)}": 4,
        f"tcp flags & ({'|'.join(mask)}) {operator} 0x0": 1,
        f"tcp flags {','.join(value)} / {','.join((*mask, mask[0]))}": 3,
        f"tcp flags != {','.join(value)} / {','.join((*mask, mask[0]))}": 1,
        f"tcp flags {{ syn, {'|'.join(value)} }}": 1,
    }
    return random.choices(list(forms), list(forms.values()))[0]


def _mark(random: Random, family: str) -> str:
    name = random.choices(("meta mark", "ct mark"), (3, 1))[0]
    mask = random.choice((0xFF, 0xF0, 0x1))
    if random.random() < 0.4:
        value = random.randint(0, 255) & mask
        return f"{name} & {mask:#x} {random.choice(('==', '!='))} {value:#x}"
    return _compared(random, name, lambda: str(random.randint(0, 9)))


def _packet(random: Random, family: str) -> str:
    hops = ("ip ttl", "ip6 hoplimit")[family == "ip6"]
    number = random.choice((1, 5, 64, 255))
    operator = random.choice(("", "!= ", "< ", "> ", "<= ", ">= "))
    forms = (
        f"{hops} {operator}{number}",
        _compared(random, f"{family} dscp", lambda: random.choice(("cs1", "ef", "af11", "0x3"))),
        _compared(random, f"{family} ecn", lambda: random.choice(("ce", "ect0", "not-ect"))),
        _compared(random, "meta length", lambda: str(random.randint(30, 130)), ranges="number"),
        _compared(
            random, "meta pkttype", lambda: random.choice(("host", "broadcast", "multicast"))
        ),
    )
    return random.choice(forms)


def _incoming(random: Random, family: str) -> str:
    return _interface(random, "iifname")


def _outgoing(random: Random, family: str) -> str:
    return _interface(random, "oifname")


def _interface(random: Random, key: str) -> str:
    names = ('"eth0"', '"eth1"', '"wlan*"', '"lo"', '"br-a"')
    text = _compared(random, key, lambda: random.choice(names))
    return text if random.random() < 0.85 else f"{key[:3]} {random.choice(('', '!= '))}lo"


def _owner(random: Random, family: str) -> str:
    field = random.choice(("meta skuid", "meta skgid"))
    return _compared(random, field, lambda: str(random.choice((0, 1, 33, 1000))), ranges="number")


def _fib(random: Random, family: str) -> str:
    return f"fib daddr type {random.choice(('local', '!= local', '{ broadcast, multicast }'))}"


def _concatenation(random: Random, family: str) -> str:
    count = random.choice((1, 2, 3))
    elements = [
        f"{_some_address(random, family).split('/')[0]} . {_some_port(random)}"
        for _ in range(count)
    ]
    return f"{family} saddr . tcp dport {{ {', '.join(dict.fromkeys(elements))} }}"


def _counter(random: Random, family: str) -> str:
    return random.choice(("counter", "counter", "counter packets 3 bytes 200"))


def _limit(random: Random, family: str) -> str:
    rate = random.choice((1, 3, 5, 7, 10, 100, 110))
    unit = random.choice(("second", "minute", "hour", "day"))
    burst = random.choice(("", "", " burst 5 packets", " burst 20 packets"))
    return f"limit rate {rate}/{unit}{burst}"


def _log(random: Random, family: str) -> str:
    return "log" + random.choice(
        ("", ' prefix "a b: "', ' prefix "x" level info', " flags all", " group 7")
    )


def _set_mark(random: Random, family: str) -> str:
    return "meta mark set " + random.choice(("0x5", "mark or 0x10", "mark and 0xf", "mark xor 0x3"))


def _end(random: Random, family: str) -> str:
    kinds = {"accept": 8, "drop": 5, "return": 1, "jump FOO": 1, "goto BAR": 1, "": 1, "reject": 2}
    kinds["reject with tcp reset"] = 1
    kinds["vmap"] = 1
    kind = random.choices(list(kinds), list(kinds.values()))[0]
    if kind == "reject" and random.random() < 0.5:
        words = {
            "ip": ("host-unreachable", "admin-prohibited", "net-prohibited"),
            "ip6": ("no-route", "admin-prohibited", "addr-unreachable"),
        }
        name = {"ip": "icmp", "ip6": "icmpv6"}[family]
        return f"reject with {name} {random.choice(words[family])}"
    return _verdict_map(random, family) if kind == "vmap" else kind


def _verdict_map(random: Random, family: str) -> str:
    verdicts = ("accept", "drop", "jump BAR", "goto BAR")
    maps = {
        "ct state": ("established", "related", "new", "invalid"),
        "tcp dport": ("22", "80-90", "443", "8000-9000"),
        "meta l4proto": ("tcp", "udp", "47"),
        f"{family} saddr": (("10.0.0.1", "10.1.0.0/16"), ("2001:db8::1", "2001:db8::2"))[
            family == "ip6"
        ],
    }
    key = random.choice(list(maps))
    keys = random.sample(maps[key], random.randint(1, len(maps[key])))
    return f"{key} vmap {{ {', '.join(f'{each} : {random.choice(verdicts)}' for each in keys)} }}"
