"""Putting parts together: which iptables rules, in which order, do what one nft rule does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from nftlint.record import dataclass
from nftlint.translate.context import cannot
from nftlint.translate.join import join
from nftlint.translate.options import arrange
from nftlint.translate.order import check_leaving, check_order, early_first
from nftlint.translate.parts import Branch, Branches, Case, Count, Part, Path, Target, Test

MOST_RULES = 24
"""How many iptables rules one nft rule may become."""


@dataclass(frozen=True, slots=True)
class Line:
    """One iptables rule: what it asks, what it counts from, and what it does."""

    case: Case
    count: Count | None
    target: Target | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A point at which the rule does something, with all that was asked before it."""

    tests: tuple[Test, ...]
    count: Count | None
    target: Target | None


@dataclass(frozen=True, slots=True)
class Emitted:
    """The rules and why they are less than safe."""

    lines: tuple[Line, ...]
    doubts: tuple[str, ...]


def emit(parts: tuple[Part, ...]) -> Emitted:
    """Return the iptables rules for the parts of an nft rule.

    nft goes through a rule from left to right. Where something happens before the end (a log, a
    count before a match) that takes a rule of its own with what was asked so far.

    Raises:
        CannotError: the parts cannot be divided so, or are too many.

    """
    parts = early_first(parts)
    paths = _paths(parts)
    for path in paths:
        check_order(path)
        check_leaving(path)
    steps = _steps(parts)
    _check_repetition(steps)
    _check_writes(steps)
    lines = tuple(line for step in steps for line in _lines(step))
    if len(lines) > MOST_RULES:
        cannot(steps[-1].tests[-1], f"this takes more than {MOST_RULES} rules: use an ipset")
    doubts = (
        *(doubt for path in paths for doubt in _own_doubts(path)),
        *(doubt for step in steps for doubt in _twice(step)),
        *_twice_by_branch(parts),
    )
    return Emitted(lines, tuple(dict.fromkeys(doubts)))


def _paths(parts: tuple[Part, ...]) -> tuple[Path, ...]:
    """Return the parts in a line: for each branch at the end, or once where there is none."""
    last = parts[-1] if parts else None
    before = parts[:-1] if isinstance(last, Branches) else parts
    if any(isinstance(part, Branches) for part in before):
        cannot(parts[-1], "what stands behind a map takes a rule of its own: write it as one")
    line = tuple(part for part in before if not isinstance(part, Branches))
    if not isinstance(last, Branches):
        return (line,)
    return tuple((*line, *_in_line(branch)) for branch in last.branches)


def _in_line(branch: Branch) -> Path:
    return (branch.target,) if branch.test is None else (branch.test, branch.target)


def _steps(parts: tuple[Part, ...]) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    tests: tuple[Test, ...] = ()
    count: Count | None = None
    for part in parts:
        if isinstance(part, Target):
            steps.append(_Step(tests, count, part))
            count = None
        elif isinstance(part, Branches):
            steps += _branch_steps(part, tests, count)
            count = None
        elif isinstance(part, Count):
            count = count if part.packets is None and count is not None else part
        else:
            if count is not None:
                steps.append(_Step(tests, count, None))
                count = None
            tests = (*tests, part)
    divided = bool(parts) and isinstance(parts[-1], Branches)
    if not divided and (not steps or _unseen(steps[-1], tests, count)):
        steps.append(_Step(tests, count, None))
    return tuple(steps)


def _branch_steps(part: Branches, tests: tuple[Test, ...], count: Count | None) -> Iterator[_Step]:
    if count is not None:
        yield _Step(tests, count, None)
    for branch in part.branches:
        more = () if branch.test is None else (branch.test,)
        yield _Step((*tests, *more), None, branch.target)


def _unseen(last: _Step, tests: tuple[Test, ...], count: Count | None) -> bool:
    """Tell whether something after the last step would be lost without a rule."""
    if last.target is not None and last.target.last:
        return False
    return last.tests != tests or (count is not None and count.packets is not None)


def _check_repetition(steps: tuple[_Step, ...]) -> None:
    """Make sure that what changes by asking is asked in one rule only."""
    asking = [step for step in steps if any(test.stateful for test in step.tests)]
    for step in asking:
        stateful = next(test for test in step.tests if test.stateful)
        if len(asking) > 1:
            cannot(
                stateful,
                "this needs two rules, which would each count by themselves: "
                "put them into a chain, and jump to it by a rule that asks this",
            )
        if len(_cases(step)) > 1:
            cannot(stateful, "this takes several rules, which would each count by themselves")


def _check_writes(steps: tuple[_Step, ...]) -> None:
    """Make sure that no rule changes what this one or a later one asks again."""
    for index, step in enumerate(steps):
        written = step.target.writes if step.target is not None else frozenset()
        again = steps[index + 1 :] if len(_cases(step)) == 1 else steps[index:]
        asked = [test for test in step.tests if test.reads & written and again]
        if asked:
            cannot(asked[0], "the rule changes this, and iptables would ask for it again")


def _cases(step: _Step) -> tuple[Case, ...]:
    """Return all ways of passing the tests."""
    found: dict[tuple[tuple[str, ...], ...], Case] = {}
    for cases in product(*(test.cases for test in step.tests)):
        case = arrange(tuple(atom for one in cases for atom in one), step.target)
        found.setdefault(tuple(atom.words for atom in case), case)
        if len(found) > MOST_RULES * 4:
            cannot(step.tests[-1], f"this takes more than {MOST_RULES} rules: use an ipset")
    return tuple(found.values())


def _lines(step: _Step) -> Iterator[Line]:
    cases = _cases(step)
    if step.count is not None and step.count.packets is not None and len(cases) > 1:
        cannot(step.count, "this takes several rules, and the counts belong to all of them")
    for case in join(cases):
        yield Line(case, step.count, step.target)


def _own_doubts(parts: Path) -> tuple[str, ...]:
    return tuple(doubt for part in parts for doubt in part.doubts)


def _twice(step: _Step) -> Iterator[str]:
    """Give the doubts of a packet that takes more than one of the rules."""
    if step.target is not None and not step.target.returns:
        return
    if len(_cases(step)) < 2:
        return
    if any(test.overlap for test in step.tests):
        yield "more than one of the rules may hold for a packet, which nft counts once"
    read = frozenset(field for test in step.tests if len(test.cases) > 1 for field in test.reads)
    if read and step.target is not None and step.target.last:
        chain = step.target.words[-1] if step.target.words else ""
        yield f"the chain `{chain}` may change what the next of the rules asks for"


def _twice_by_branch(parts: tuple[Part, ...]) -> Iterator[str]:
    last = parts[-1] if parts else None
    for branch in last.branches if isinstance(last, Branches) else ():
        if branch.target.returns and branch.test is not None and branch.test.reads:
            yield "what is done for one key may change what the next of the rules asks for"
        if branch.target.returns and branch.test is not None and branch.test.overlap:
            yield "more than one of the rules may hold for a packet, which nft counts once"
