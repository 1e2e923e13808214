"""Comparing what two lists of rules do as functions of what they ask, exactly.

One field after the other is taken, and its values are divided into classes that no question tells
apart; for each class both sides are simplified. What is left at the end are the steps that are
done, which must be the same. Fields are taken as if any value could come with any other, which
asks more than packets could: what is equal here is equal for every packet, not the reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nftlint.prove.boxes import NEVER, REACH, Bound, Box, Choice, Item, Literal, Memory
from nftlint.prove.classes import Key, TooMuch, classes, key_of, plain_box
from nftlint.prove.fields import CT_MARK, MARK, Field
from nftlint.prove.normal import JUMP, Step
from nftlint.prove.translation import translation
from nftlint.record import dataclass, field

Rules = tuple[tuple[Item, ...], ...]
LIMIT = 60_000
WRITES = {("meta set", 3): {MARK}}
HARMLESS = frozenset({"log", "nflog", "verdict", "reject", "counted"})
_ENDS = frozenset({"reject", "translated"})


@dataclass(slots=True)
class _Work:
    """What is known of pairs of rests, which memory stands for which, and how much was done."""

    known: dict[tuple[Rules, Rules], bool] = field(default_factory=dict)
    memories: dict[int, int] = field(default_factory=dict)
    done: int = 0


def same(family: str, left: Sequence[tuple[Item, ...]], right: Sequence[tuple[Item, ...]]) -> bool:
    """Tell whether both lists of rules are shown to do the same with every packet."""
    if any(_asks_what_was_written(side) for side in (left, right)):
        return False
    one, two = _ready(family, left), _ready(family, right)
    if not (any(map(_acts, one)) and any(map(_acts, two))):  # both only count
        one, two = (tuple((*rule, ("counted",)) for rule in side) for side in (one, two))
    try:
        return _compare(_Work(), _restricted(one, {}), _restricted(two, {}))
    except TooMuch:
        return False


def without_reach(rules: Sequence[tuple[Item, ...]]) -> Rules:
    """Return rules that do not ask whether a packet is long enough for its own headers."""
    return tuple(tuple(item for item in rule if not _asks_reach(item)) for rule in rules)


def _asks_reach(item: Item) -> bool:
    return isinstance(item, Literal) and any(b[0][0] == REACH for box in item.boxes for b in box)


def _ready(family: str, rules: Sequence[tuple[Item, ...]]) -> Rules:
    return tuple(tuple(_plain(family, item) for item in rule) for rule in rules)


def _plain(family: str, item: Item) -> Item:
    """Return an item with bounds in one notation, and a translation of addresses likewise."""
    if isinstance(item, Literal):
        return Literal(frozenset(map(plain_box, item.boxes)), item.negated)
    if isinstance(item, Choice):
        return Choice(tuple((plain_box(box), step) for box, step in item.ways))
    if isinstance(item, tuple) and item[0] in {"nat", "masq", "redir", "target"}:
        found = translation(family, item)
        return item if found is None else ("translated", found)
    return item


def _acts(rule: tuple[Item, ...]) -> bool:
    return any(not isinstance(item, Literal) for item in rule)


def _asks_what_was_written(rules: Sequence[tuple[Item, ...]]) -> bool:
    """Tell whether something is asked after a step that may have changed its answer."""
    written: set[Field] = set()
    unknown = False
    for item in (item for rule in rules for item in rule):
        asked = {bound[0] for box in _boxes(item) for bound in box}
        if asked and (unknown or asked & written):
            return True
        if isinstance(item, tuple) and item[0] not in HARMLESS:
            if item[:2] in WRITES:
                written |= WRITES[item[:2]]
            elif item[0] == "ct set" and item[1] == ("ct", "3", ""):
                written.add(CT_MARK)
            else:
                unknown = True
    return False


def _boxes(item: Item) -> Iterable[Box]:
    if isinstance(item, Literal):
        return item.boxes
    return [box for box, _ in item.ways] if isinstance(item, Choice) else ()


def _compare(work: _Work, left: Rules, right: Rules) -> bool:
    known = work.known.get((left, right))
    if known is None:
        known = work.known[left, right] = _decide(work, left, right)
    return known


def _decide(work: _Work, left: Rules, right: Rules) -> bool:
    key = next(_keys((*left, *right)), None)
    if key is None:
        return _same_steps(work, _steps(left), _steps(right))
    bounds = {b for b in _bounds((*left, *right)) if key_of(b) == key}
    for truth in classes(key, bounds):
        work.done += len(left) + len(right)
        if work.done > LIMIT:
            raise TooMuch
        one, two = (_restricted(side, truth) for side in (left, right))
        if not _compare(work, one, two):
            return False
    return True


def _keys(rules: Rules) -> Iterator[Key]:
    return (key_of(bound) for bound in _bounds(rules))


def _bounds(rules: Rules) -> Iterator[Bound]:
    for rule in rules:
        for item in rule:
            for box in _boxes(item):
                yield from sorted(box)


def _restricted(rules: Rules, truth: dict[Bound, bool]) -> Rules:
    """Return the rules where some questions are answered; what cannot be reached is left out."""
    found = []
    for rule in rules:
        kept = _restricted_rule(rule, truth)
        if _acts(kept):
            found.append(kept)
        if _sure_end(kept):
            break
    return tuple(found)


def _restricted_rule(rule: tuple[Item, ...], truth: dict[Bound, bool]) -> tuple[Item, ...]:
    kept: list[Item] = []
    for item in rule:
        simple = _answered(item, truth)
        if simple == NEVER:
            break
        if simple is not None:
            kept.append(simple)
    while kept and isinstance(kept[-1], Literal):
        kept.pop()  # nothing is done after it
    return tuple(kept)


def _answered(item: Item, truth: dict[Bound, bool]) -> Item | None:
    """Return what is left of an item: None where it always holds, NEVER where it does not."""
    if isinstance(item, Literal):
        boxes = frozenset(box for one in item.boxes if (box := _left(one, truth)) is not None)
        sure = frozenset() in boxes
        if item.negated:
            return NEVER if sure else Literal(boxes, negated=True) if boxes else None
        return None if sure else Literal(boxes)
    if isinstance(item, Choice):
        ways = tuple(
            (box, step) for one, step in item.ways if (box := _left(one, truth)) is not None
        )
        taken = next((step for box, step in ways if not box), None)
        return taken or (Choice(ways) if ways else NEVER)
    return item


def _left(box: Box, truth: dict[Bound, bool]) -> Box | None:
    """Return what a box still asks; None where it cannot hold any more."""
    if any(truth.get(bound) is False for bound in box):
        return None
    return frozenset(bound for bound in box if bound not in truth)


def _sure_end(rule: tuple[Item, ...]) -> bool:
    """Tell whether every packet ends here."""
    for item in rule:
        if not isinstance(item, tuple):
            return False
        if _ends(item):
            return True
    return False


def _ends(step: Step) -> bool:
    return step[0] in _ENDS or (step[0] == "verdict" and step[1] != JUMP)


Tree = tuple[object, ...]


def _steps(rules: Rules) -> Tree:
    """Return what is done in order; at a memory it divides."""
    done: list[object] = []
    for at, rule in enumerate(rules):
        for place, item in enumerate(rule):
            if isinstance(item, Memory):
                later = rules[at + 1 :]
                done.append((item, _steps((rule[place + 1 :], *later)), _steps(later)))
                return tuple(done)
            if item == NEVER:
                break
            done.append(item)
            if isinstance(item, tuple) and _ends(item):
                return tuple(done)
    return tuple(done)


def _same_steps(work: _Work, left: Tree, right: Tree) -> bool:
    if len(left) != len(right):
        return False
    for one, two in zip(left, right, strict=True):
        memories = isinstance(one, tuple) and isinstance(one[0], Memory)
        if not memories and one != two:
            return False
        if memories and not _same_memory(work, one, two):
            return False
    return True


def _same_memory(work: _Work, one: object, two: object) -> bool:
    """Compare two divisions: the memories must stand for each other everywhere."""
    match one, two:
        case (Memory() as first, tuple(yes), tuple(no)), (
            Memory() as second,
            tuple(so),
            tuple(nay),
        ):
            paired = work.memories.setdefault(first.at, second.at) == second.at
            alone = list(work.memories.values()).count(second.at) == 1
            alike = first.step == second.step and paired and alone
            return alike and _same_steps(work, yes, so) and _same_steps(work, no, nay)
    return False
