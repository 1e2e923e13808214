"""Loading a pair: the nft side into one world, the iptables side into another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.patterns import compiled
from nftlint.prove.model import Argv, Pair
from nftlint.prove.world import World
from nftlint.record import dataclass, replace

OBSERVER = "nftlint_observer"
PROGRAMS = {"iptables": "ip", "ip6tables": "ip6"}
HOOKS = {
    "raw": (("PREROUTING", -300), ("OUTPUT", -300)),
    "mangle": tuple(
        (chain, -150) for chain in ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")
    ),
    "nat": (("PREROUTING", -100), ("INPUT", 100), ("OUTPUT", -100), ("POSTROUTING", 100)),
    "filter": (("INPUT", 0), ("FORWARD", 0), ("OUTPUT", 0)),
    "security": (("INPUT", 50), ("FORWARD", 50), ("OUTPUT", 50)),
}
_RULE = compiled(r"\brule\s+(?:(ip6?|inet|arp|bridge|netdev)\s+)?([\w./-]+)\s+([\w./-]+)")
_INDEX = compiled(r"\b[io]if\s+(?:[!=]=\s*)?(\{[^}]*\}|\S+)")
_LIMIT = compiled(r"\blimit\s+rate\s+\d+/\w+(\s+burst\s+\d+\s+packets)?")
_PREFIX = compiled(r"\s+prefix\s+(?:\"[^\"]*\"|[^\s;]+)")
_LOG = compiled(
    rf"\blog\b(?:{_PREFIX.pattern}|\s+(?:level|group|snaplen|queue-threshold)\s+\w+"
    r"|\s+flags\s+(?:all|(?:tcp|ip|skuid|ether)(?:\s+(?:sequence|options)(?:,\w+)*)?))*"
)
HEARD_GROUP = 7079
_JUMP = compiled(r"\b(?:jump|goto)\s+([\w./-]+)")
_CHAIN = compiled(r"\bchain\s+(?:(ip6?|inet|arp|bridge|netdev)\s+)?([\w./-]+)\s+([\w./-]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A chain, by family and table."""

    family: str
    table: str
    chain: str

    @property
    def builtin(self) -> bool:
        """Whether iptables makes this chain by itself."""
        return self.chain in {name for name, _ in HOOKS.get(self.table, ())}

    @property
    def known(self) -> bool:
        """Whether iptables can reach this table at all."""
        return self.family in PROGRAMS.values() and self.table in HOOKS


@dataclass(frozen=True, slots=True)
class Failure:
    """A program that refused a command, with its own message."""

    message: str


def places(pair: Pair) -> tuple[Place, ...]:
    """Return the chains that the nft side writes to or jumps to, in order."""
    found: dict[Place, None] = {}
    for line in (*pair.setup_nft, *pair.nft.splitlines()):
        for family, table, chain in _RULE.findall(line) + _CHAIN.findall(line):
            found[Place(family or "ip", table, chain)] = None
            for target in _JUMP.findall(line):
                found[Place(family or "ip", table, target)] = None
    return tuple(found)


def rule_places(pair: Pair) -> tuple[Place, ...]:
    """Return the chains that the nft command itself puts rules into."""
    found = _RULE.findall(pair.nft)
    return tuple(Place(family or "ip", table, chain) for family, table, chain in found)


def base_text(pair: Pair) -> str:
    """Return nft input that makes what iptables makes by itself: the tables and their chains."""
    lines = []
    for family, table in sorted({(place.family, place.table) for place in places(pair)}):
        kind = "nat" if table == "nat" else "filter"
        lines.append(f"add table {family} {table}")
        for chain, priority in HOOKS.get(table, ()):
            route = "route" if (table, chain) == ("mangle", "OUTPUT") else kind
            hook = f"type {route} hook {chain.lower()} priority {priority}; policy accept;"
            lines.append(f"add chain {family} {table} {chain} {{ {hook} }}")
    return "\n".join(lines)


def user_chains(pair: Pair) -> tuple[Place, ...]:
    """Return the chains that must be there and that neither side makes itself."""
    made = {
        Place(family or "ip", table, chain)
        for line in (*pair.setup_nft, *pair.nft.splitlines())
        for family, table, chain in _CHAIN.findall(line)
        if line.split()[0] in {"add", "create"}
    }
    return tuple(p for p in places(pair) if not p.builtin and p not in made)


def named_devices(pair: Pair) -> tuple[str, ...]:
    """Return the interfaces that nft wants to exist, because it looks up their index."""
    found = _INDEX.findall(" ".join((*pair.setup_nft, pair.nft)))
    names = re.findall(r"[^\s{},\"]+", " ".join(found))
    return tuple(name for name in dict.fromkeys(names) if len(name) < 16 and "*" not in name)


def forgetful(pair: Pair) -> Pair:
    """Return the pair without its limits."""
    return replace(
        pair,
        nft=_LIMIT.sub("", pair.nft),
        iptables=tuple(_unlimited(argv) for argv in pair.iptables),
    )


def _unlimited(argv: Argv) -> Argv:
    kept: list[str] = []
    words = iter(argv)
    for word in words:
        if word in {"--limit", "--limit-burst"}:
            next(words, None)
        elif word == "limit" and kept[-1:] and kept[-1] in {"-m", "--match"}:
            kept.pop()
        else:
            kept.append(word)
    return tuple(kept)


def audible(pair: Pair) -> Pair:
    """Return the pair with every log going to the group that is listened to, prefixes kept."""
    return replace(
        pair,
        nft=_LOG.sub(lambda log: _heard("".join(_PREFIX.findall(log[0]))), pair.nft),
        iptables=tuple(tuple(_as_nflog(argv)) for argv in pair.iptables),
    )


def _heard(prefix: str) -> str:
    return f"log group {HEARD_GROUP}{prefix}"


def _as_nflog(argv: Argv) -> Iterator[str]:
    words = iter(argv)
    for word in words:
        if word in {"LOG", "NFLOG"}:
            yield from ("NFLOG", "--nflog-group", str(HEARD_GROUP))
        elif word in {"--log-prefix", "--nflog-prefix"}:
            yield from ("--nflog-prefix", next(words))
        elif word in {"--log-level", "--nflog-group", "--nflog-size", "--nflog-threshold"}:
            next(words)
        elif not word.startswith("--log-"):
            yield word


def ask_nft(world: World, pair: Pair) -> None:
    """Begin to load the setup and the command; ``answer_nft`` tells how that went."""
    chains = (f"add chain {p.family} {p.table} {p.chain}" for p in user_chains(pair))
    text = "\n".join((base_text(pair), *chains, *pair.setup_nft, pair.nft, ""))
    world.ask("run", argv=["nft", "-f", "-"], stdin=text)


def answer_nft(world: World) -> Failure | None:
    """Return how loading went that ``ask_nft`` began."""
    code, message = world.answer()
    return None if code == 0 else Failure(f"nft: {message or f'exit code {code}'}")


def load_iptables(world: World, pair: Pair) -> Failure | None:
    """Run the setup and then the commands, one by one, as they stand."""
    made = {argv[argv.index("-N") + 1] for argv in pair.setup_iptables if "-N" in argv[:-1]}
    chains = tuple(chain_argv(p) for p in user_chains(pair) if p.chain not in made)
    for argv in (*chains, *pair.setup_iptables, *pair.iptables):
        failure = _run(world, argv)
        if failure:
            return failure
    return None


def chain_argv(place: Place) -> Argv:
    """Return the command that makes a user chain."""
    return (_program(place.family), "-t", place.table, "-N", place.chain)


def link(left: World, right: World, place: Place) -> tuple[str, ...]:
    """Jump to a user chain from wherever both sides allow it; return the chains that now do.

    The kernel looks at a match's hooks when the jump is added: an owner match is refused from
    INPUT, where nft's own expression would silently not match.
    """
    if place.builtin:
        return (place.chain,)
    return tuple(
        chain
        for chain, _ in HOOKS[place.table]
        if _run(right, _jump_argv(place, "-A", chain)) is None
        and (
            _run(left, ("nft", f"add rule {_of(place, chain)} jump {place.chain}")) is None
            or _run(right, _jump_argv(place, "-D", chain)) is not None
        )
    )


def flush(worlds: tuple[World, World], place: Place) -> None:
    """Empty a chain on both sides."""
    for world in worlds:
        _run(world, ("nft", f"flush chain {_of(place, place.chain)}"))


def _of(place: Place, chain: str) -> str:
    return f"{place.family} {place.table} {chain}"


def _jump_argv(place: Place, verb: str, chain: str) -> Argv:
    return (_program(place.family), "-t", place.table, verb, chain, "-j", place.chain)


def _program(family: str) -> str:
    return {"ip": "iptables", "ip6": "ip6tables"}[family]


def _run(world: World, argv: Argv, stdin: str = "") -> Failure | None:
    if not argv or argv[0] not in {"nft", *PROGRAMS}:
        return Failure(f"{' '.join(argv)!r} is not a command this module runs")
    code, message = world.call("run", argv=list(argv), stdin=stdin)
    return None if code == 0 else Failure(f"{argv[0]}: {message or f'exit code {code}'}")
