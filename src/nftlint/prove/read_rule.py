"""A rule's normal form, taken apart into what it asks and what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nftlint.prove.conditions import Condition, Conditions, equals
from nftlint.prove.fields import IIF, IIF_INDEX, OIF, OIF_INDEX, PROTO, name_value
from nftlint.prove.normal import Step, normal
from nftlint.prove.predicates import Reader
from nftlint.prove.ruleset import Rule, Sets
from nftlint.prove.xt.matches import decoded


def conditions(rule: Rule, sets: Sets, devices: Mapping[str, int]) -> Conditions:
    """Return what ``rule`` asks of a packet, and the steps that are not questions.

    ``devices`` are the interfaces by name, for rules that ask for their index.
    """
    steps = normal(rule, sets)
    reader = Reader(rule.family, protocol_of(rule.family, steps))
    actions: list[Step] = []
    late = False
    for step in steps:
        if _ask(reader, step):
            late = late or bool(actions)
        else:
            actions.append(step)
    found = [by_name(condition, devices) for condition in reader.found]
    unclear = [*reader.unclear, *(str(step[1]) for step in actions if step[0] == "raw")]
    return Conditions(
        rule.family,
        tuple(found),
        tuple(actions),
        tuple(reader.hints),
        tuple(unclear),
        late,
        _header(steps),
    )


def _header(steps: Sequence[Step]) -> bool:
    """Tell whether the transport header is read."""
    return any(pred[:2] == ("need", "th") for step in steps if step[0] == "if" for pred in step[1])


def _ask(reader: Reader, step: Step) -> bool:
    """Read what a step asks; tell whether that is all it does."""
    if step[0] == "if":
        reader.read(step[1])
        return True
    if step[0] == "vmap":
        reader.read_map(step)
    return step[0] == "match" and _decode(reader, step[1])


def by_name(condition: Condition, devices: Mapping[str, int]) -> Condition:
    """Return a condition on an interface's index as one on its name."""
    field = {IIF_INDEX: IIF, OIF_INDEX: OIF}.get(condition.field)
    if field is None:
        return condition
    names = {index: name for name, index in devices.items()}
    values = [name_value(names[low]) for _, low, _ in condition.alts if low in names]
    return equals(field, *values, negated=condition.negated)


def protocol_of(family: str, steps: tuple[Step, ...]) -> int | None:
    """Return the transport protocol the rule is about, which says how its header is cut."""
    finder = Reader(family, None)
    for step in steps:
        if step[0] == "if":
            finder.read(step[1])
    for found in finder.found:
        if found.field == PROTO and not found.negated:
            return found.alts[0][1]
    return None


def _decode(reader: Reader, data: bytes) -> bool:
    """Read an x_tables match; False where it has a memory, or is not known here."""
    try:
        reader.found += decoded(reader.family, data)
    except NotImplementedError as error:
        reader.unclear.append(str(error))
        return False
    return True
