"""Many pairs by bytecode at once: loading one by one is what takes the time.

Only pairs whose rules can be told apart afterwards by their order go together: one ``add rule``
against commands that append one rule each. What does not come out equal here is not judged here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from nftlint.prove.load import (
    OBSERVER,
    PROGRAMS,
    Place,
    base_text,
    chain_argv,
    named_devices,
    rule_places,
    user_chains,
)
from nftlint.prove.model import Argv, Pair
from nftlint.prove.normal import Step, normal
from nftlint.prove.ruleset import Ruleset, dump
from nftlint.prove.world import World, together

SIZE, WORTHWHILE = 64, 8
_ADD = re.compile(r"add\s+rule\s[^\n;]*")
Forms = dict[Place, Iterator[tuple[Step, ...]]]


def equal_by_bytecode(worlds: tuple[World, World], pairs: Sequence[Pair]) -> set[int]:
    """Return the places, in ``pairs``, of those that the bytecode alone proves equal."""
    simple = [at for at, pair in enumerate(pairs) if _simple(pair)]
    found: set[int] = set()
    chunks = [simple[start : start + SIZE] for start in range(0, len(simple), SIZE)]
    while chunks:
        chunk = chunks.pop()
        same = _equal(worlds, [pairs[at] for at in chunk])
        found.update(at for at, alike in zip(chunk, same, strict=False) if alike)
        if not same and len(chunk) > WORTHWHILE:
            chunks += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
    return found


def _simple(pair: Pair) -> bool:
    places = rule_places(pair)
    return (
        _ADD.fullmatch(pair.nft.strip()) is not None
        and len(places) == 1
        and places[0].known
        and not (pair.setup_nft or pair.setup_iptables or named_devices(pair))
        and all(_appends_one(argv) for argv in pair.iptables)
    )


def _appends_one(argv: Argv) -> bool:
    """Tell whether a command appends one rule: a list of addresses makes it several."""
    plain = [word for at, word in enumerate(argv) if argv[at - 1] not in {"-s", "-d"}]
    listed = [word for word in argv if "," in word and word not in plain]
    long = any(word.startswith(("--sou", "--src", "--des", "--dst")) for word in argv)
    known = bool(argv) and argv[0] in PROGRAMS and "-A" in argv[1:-1]
    return known and not listed and not long


def _equal(worlds: tuple[World, World], pairs: list[Pair]) -> list[bool]:
    """Tell of each pair whether its rules are the same; nothing if loading failed."""
    left, right = worlds
    together(worlds, "reset", keep=OBSERVER)
    bases = dict.fromkeys(line for pair in pairs for line in base_text(pair).splitlines())
    chains = dict.fromkeys(place for pair in pairs for place in user_chains(pair))
    made = [f"add chain {p.family} {p.table} {p.chain}" for p in chains]
    text = "\n".join((*bases, *made, *(pair.nft for pair in pairs), ""))
    left.ask("run", argv=["nft", "-f", "-"], stdin=text)
    commands = [*map(chain_argv, chains), *(argv for pair in pairs for argv in pair.iptables)]
    right.ask("run_all", commands=commands)
    codes = [world.answer()[0] for world in worlds]
    if any(codes):
        return []
    rulesets = [dump(world.lister, ("ip", "ip6"), OBSERVER) for world in worlds]
    expected = [
        Counter(rule_places(pair)[0] for pair in pairs),
        Counter(_written(argv) for pair in pairs for argv in pair.iptables),
    ]
    if [_places(ruleset) for ruleset in rulesets] != expected:
        return []
    forms = [_forms(ruleset) for ruleset in rulesets]
    return [_same(pair, *forms) for pair in pairs]


def _places(ruleset: Ruleset) -> Counter[Place]:
    """Count the rules of each chain: one more than was written, and none can be told apart."""
    return Counter(Place(rule.family, rule.table, rule.chain) for rule in ruleset.rules)


def _forms(ruleset: Ruleset) -> Forms:
    found: dict[Place, list[tuple[Step, ...]]] = defaultdict(list)
    for rule in ruleset.rules:
        found[Place(rule.family, rule.table, rule.chain)].append(normal(rule, ruleset.sets))
    return {place: iter(forms) for place, forms in found.items()}


def _same(pair: Pair, left: Forms, right: Forms) -> bool:
    """Compare the next rule of either side; every rule is taken, whether the same or not."""
    wanted = [(rule_places(pair)[0], next(left[rule_places(pair)[0]]))]
    given = [(place, next(right[place])) for place in map(_written, pair.iptables)]
    return wanted == given


def _written(argv: Argv) -> Place:
    table = argv[argv.index("-t") + 1] if "-t" in argv[:-1] else "filter"
    return Place(PROGRAMS[argv[0]], table, argv[argv.index("-A") + 1])
