"""Many pairs by bytecode at once: loading one by one is what takes the time.

Only pairs whose rules can be told apart afterwards by their places go together: one ``add rule``
or ``insert rule`` against commands that each make one rule, at the end or the beginning of its
chain. What does not come out equal here is not judged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from nftlint.patterns import compiled
from nftlint.prove.compare import place_of, rules_by_logic
from nftlint.prove.load import (
    OBSERVER,
    PROGRAMS,
    Place,
    base_text,
    named_devices,
    rule_places,
    user_chains,
)
from nftlint.prove.model import Argv, Pair
from nftlint.prove.normal import normal
from nftlint.prove.ruleset import Rule, Ruleset, dump
from nftlint.prove.world import World, together

SIZE, WORTHWHILE = 128, 8
_RULE = compiled(r"(add|insert)\s+rule\s[^\n;]*")
_COUNTED = compiled(r"rule\s.*\b(?:index|position|handle)\b")
APPEND, INSERT = "-A", "-I"
Ordered = dict[Place, list[int]]
"""The numbers of the pairs whose rules stand in a chain, in order."""


def compared(worlds: tuple[World, World], pairs: Sequence[Pair]) -> dict[int, frozenset[bytes]]:
    """Return what the bytecode says of those pairs that come out equal, by place in ``pairs``.

    It is the x_tables matches on whose meaning that depends; where it depends on none, the pair is
    proved.
    """
    simple = [at for at, pair in enumerate(pairs) if _simple(pair)]
    found: dict[int, frozenset[bytes]] = {}
    chunks = [simple[start : start + SIZE] for start in range(0, len(simple), SIZE)]
    while chunks:
        chunk = chunks.pop()
        same = _equal(worlds, [pairs[at] for at in chunk])
        alike = zip(chunk, same, strict=False)
        found |= {at: believed for at, believed in alike if believed is not None}
        if not same and len(chunk) > WORTHWHILE:
            chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
    return found


def _simple(pair: Pair) -> bool:
    places = rule_places(pair)
    return (
        _RULE.fullmatch(pair.nft.strip()) is not None
        and not _COUNTED.match(pair.nft)
        and len(places) == 1
        and places[0].known
        and not (pair.setup_nft or pair.setup_iptables)
        and all(_makes_one(argv) and _written(argv) == places[0] for argv in pair.iptables)
    )


def _makes_one(argv: Argv) -> bool:
    """Tell whether a command makes one rule: a list of addresses makes it several."""
    plain = [word for at, word in enumerate(argv) if argv[at - 1] not in {"-s", "-d"}]
    listed = [word for word in argv if "," in word and word not in plain]
    long = any(word.startswith(("--sou", "--src", "--des", "--dst")) for word in argv)
    placed = [at for at, word in enumerate(argv[:-2]) if word in {APPEND, INSERT}]
    counted = any(argv[at] == INSERT and argv[at + 2].isdigit() for at in placed)
    odd = any("\n" in word or '"' in word or "\\" in word for word in argv)
    known = bool(argv) and argv[0] in PROGRAMS and len(placed) == 1
    return known and not listed and not long and not counted and not odd


def _equal(worlds: tuple[World, World], pairs: list[Pair]) -> list[frozenset[bytes] | None]:
    """Return of each pair on which matches it depends that it is equal; none if loading failed."""
    left, right = worlds
    together(worlds, "reset", keep=OBSERVER)
    for name in dict.fromkeys(name for pair in pairs for name in named_devices(pair)):
        for world in worlds:
            world.device(name)
    bases = dict.fromkeys(line for pair in pairs for line in base_text(pair).splitlines())
    chains = tuple(dict.fromkeys(place for pair in pairs for place in user_chains(pair)))
    made = [f"add chain {p.family} {p.table} {p.chain}" for p in chains]
    text = "\n".join((*bases, *made, *(pair.nft for pair in pairs), ""))
    left.ask("run", argv=["nft", "-f", "-"], stdin=text)
    refused = [_restore(right, family, chains, pairs) for family in PROGRAMS.values()]
    if left.answer()[0] or any(refused):
        return []
    expected = (
        _order((at, rule_places(pair)[0], _verb(pair.nft)) for at, pair in enumerate(pairs)),
        _order(
            (at, _written(argv), APPEND if APPEND in argv else INSERT)
            for at, pair in enumerate(pairs)
            for argv in pair.iptables
        ),
    )
    rulesets = [dump(world.lister, ("ip", "ip6"), OBSERVER) for world in worlds]
    shared = [_shared(*both) for both in zip(rulesets, expected, strict=True)]
    if not all(shared):
        return []
    return [
        _same(pair, [(side[at], ruleset) for side, ruleset in zip(shared, rulesets, strict=True)])
        for at, pair in enumerate(pairs)
    ]


def _verb(nft: str) -> str:
    return APPEND if nft.split(maxsplit=1)[0] == "add" else INSERT


def _restore(world: World, family: str, chains: Iterable[Place], pairs: Sequence[Pair]) -> bool:
    """Load all commands of a family by one ``iptables-restore``; tell whether it refused."""
    program = next(name for name, known in PROGRAMS.items() if known == family)
    tables: dict[str, list[str]] = defaultdict(list)
    for place in chains:
        if place.family == family:
            tables[place.table].append(f":{place.chain} - [0:0]")
    for argv in (argv for pair in pairs for argv in pair.iptables):
        if argv[0] == program:
            tables[_written(argv).table].append(_line(argv))
    text = "".join(
        f"*{table}\n" + "".join(f"{line}\n" for line in lines) + "COMMIT\n"
        for table, lines in tables.items()
    )
    done = world.call("run", argv=[f"{program}-restore", "--noflush"], stdin=text) if text else [0]
    return bool(done[0])


def _line(argv: Argv) -> str:
    """Return a command as a line of iptables-restore, without program and table."""
    words = [word for at, word in enumerate(argv) if at and word != "-t" and argv[at - 1] != "-t"]
    return " ".join(f'"{word}"' if not word or " " in word else word for word in words)


def _order(written: Iterable[tuple[int, Place, str]]) -> Ordered:
    """Return which pair's rule stands where after each command has added or inserted one."""
    found: Ordered = defaultdict(list)
    for at, place, verb in written:
        found[place].insert(len(found[place]) if verb == APPEND else 0, at)
    return found


def _shared(ruleset: Ruleset, expected: Ordered) -> dict[int, list[Rule]]:
    """Return the rules of each pair; nothing if there are more or fewer than were written."""
    by_place: dict[Place, list[Rule]] = defaultdict(list)
    for rule in ruleset.rules:
        by_place[place_of(rule)].append(rule)
    if {place: len(rules) for place, rules in by_place.items()} != {
        place: len(pairs) for place, pairs in expected.items()
    }:
        return {}
    found: dict[int, list[Rule]] = defaultdict(list)
    for place, rules in by_place.items():
        for at, rule in zip(expected[place], rules, strict=True):
            found[at].append(rule)
    return found


def _same(pair: Pair, sides: list[tuple[list[Rule], Ruleset]]) -> frozenset[bytes] | None:
    """Compare the rules of a pair, by their normal forms or as what they decide."""
    forms = [[normal(rule, ruleset.sets) for rule in rules] for rules, ruleset in sides]
    if forms[0] == forms[1]:
        return frozenset()
    known = [(rules, ruleset.sets) for rules, ruleset in sides]
    return rules_by_logic(rule_places(pair)[0].family, known)


def _written(argv: Argv) -> Place:
    table = argv[argv.index("-t") + 1] if "-t" in argv[:-1] else "filter"
    verb = APPEND if APPEND in argv else INSERT
    return Place(PROGRAMS[argv[0]], table, argv[argv.index(verb) + 1])
