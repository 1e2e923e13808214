"""Many matches of x_tables tried at once: rules without a verdict, one after the other in a chain.

Each packet comes to all of them, and the kernel reports which it met; so packets that are sent for
one match are seen by the others too, and namespaces, chains and routes are made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from nftlint.prove import packets, space
from nftlint.prove.actions import reads_flow
from nftlint.prove.conditions import Conditions
from nftlint.prove.judge import judge, unfit
from nftlint.prove.load import OBSERVER, PROGRAMS, Place, base_text
from nftlint.prove.model import Pair
from nftlint.prove.observe import Seen
from nftlint.prove.packets import Trial
from nftlint.prove.parts import Known, Part, nft_rule
from nftlint.prove.read_rule import conditions
from nftlint.prove.ruleset import Rule, Ruleset, dump
from nftlint.prove.world import World, together
from nftlint.record import dataclass, replace

MOST = 24
Worlds = tuple[World, World]
Read = tuple[int, Conditions]


@dataclass(frozen=True, slots=True)
class _Tried:
    """A match in its rules on either side, by handle, and the bytes it has."""

    part: Part
    matches: frozenset[bytes]
    sides: tuple[Read, Read]

    @property
    def rules(self) -> list[Conditions]:
        return [rule for _, rule in self.sides]


def show(worlds: Worlds, parts: Iterable[Part], known: Known) -> None:
    """Note those matches that do by themselves what they were read to say.

    Of the others nothing is noted: one by one they give a reason.
    """
    by_chain: dict[tuple[str, str], list[Part]] = {}
    for part in dict.fromkeys(parts):
        if part not in known.parts and not any(set(word) & _QUOTED for word in part.match):
            by_chain.setdefault((part.program, part.chain), []).append(part)
    for (program, chain), found in by_chain.items():
        rest = iter(found)
        while some := list(islice(rest, MOST)):
            _show(worlds, Place(PROGRAMS[program], "filter", chain), some, known)


_QUOTED = frozenset(" \"'\\\n")


def _show(worlds: Worlds, place: Place, parts: list[Part], known: Known) -> None:
    together(worlds, "reset", keep=OBSERVER)
    right = _load(worlds[1], place, _iptables(parts))
    if len(right.rules) != len(parts):
        return
    stated: list[tuple[Part, Rule]] = []
    texts: list[str] = []
    for part, rule in zip(parts, right.rules, strict=True):
        text = nft_rule(part, _matches(rule))
        if text and _matches(rule):
            stated.append((part, rule))
            texts.append(text)
    left = _load(worlds[0], place, _nft(texts))
    if not stated or len(left.rules) != len(stated):
        return
    tried = [
        _Tried(
            part, frozenset(_matches(rule)), (_read(worlds, left, one), _read(worlds, right, rule))
        )
        for (part, rule), one in zip(stated, left.rules, strict=True)
    ]
    for flows in (False, True):
        _try(worlds, place, [t for t in tried if any(map(reads_flow, t.rules)) == flows], known)


def _iptables(parts: Sequence[Part]) -> tuple[list[str], str]:
    lines = "".join(f"{' '.join(part.bare[1:])}\n" for part in parts)
    return [f"{parts[0].program}-restore", "--noflush"], f"*filter\n{lines}COMMIT\n"


def _nft(texts: Sequence[str]) -> tuple[list[str], str]:
    return ["nft", "-f", "-"], "\n".join((base_text(Pair("\n".join(texts), ())), *texts, ""))


def _load(world: World, place: Place, command: tuple[list[str], str]) -> Ruleset:
    """Run a command and return the rules of a chain, none if it is refused."""
    argv, text = command
    if world.call("run", argv=argv, stdin=text)[0]:
        return Ruleset()
    found = dump(world.lister, (place.family,), OBSERVER)
    return replace(found, rules=tuple(rule for rule in found.rules if rule.chain == place.chain))


def _matches(rule: Rule) -> list[bytes]:
    return [expr.data for expr in rule.exprs if expr.name == "match"]


def _read(worlds: Worlds, ruleset: Ruleset, rule: Rule) -> Read:
    return rule.handle, conditions(rule, ruleset.sets, worlds[0].devices)


def _try(worlds: Worlds, place: Place, tried: Sequence[_Tried], known: Known) -> None:
    """Send the packets of all these matches, and judge each by what it had to do with."""
    vias = packets.ways((place.chain,))
    fit = [one for one in tried if not unfit([[side] for side in one.sides])]
    spaces = [space.space(one.rules, place.family, vias) for one in fit]
    if not fit:
        return
    sent = space.united(spaces)
    rules = [rule for one in fit for rule in one.rules]
    tuning = packets.tuning(rules, place.table, space.merged(spaces))
    trials = packets.run(worlds, place, sent, tuning)
    for one in fit:
        handles = [handle for handle, _ in one.sides]
        own = [_only(trial, *handles) for trial in trials]
        verdict = judge(place.family, [[side] for side in one.sides], own)
        if verdict.outcome == "equal":
            known.parts[one.part] = one.matches


def _only(trial: Trial, left: int, right: int) -> Trial:
    """Return a trial with no other rules among those met."""
    return replace(trial, left=_met(trial.left, left), right=_met(trial.right, right))


def _met(seen: Seen, handle: int) -> Seen:
    return replace(seen, met=tuple(met for met in seen.met if met.handle == handle))
