"""Comparing by logic, against a plain interpreter that is given packets one after the other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nftlint.prove.boxes import Choice, Literal, Memory
from nftlint.prove.fields import CT_STATE, MARK
from nftlint.prove.logic import same

PORT, TYPE = ("th", 2, 2), ("th", 0, 1)
ACCEPT, DROP, JUMP = ("verdict", 1, ""), ("verdict", 0, ""), ("verdict", 0xFFFFFFFD, "FOO")
LOG, SET = ("log", 4, 0, "x"), ("meta set", 3, ())


def is_(field, low, high=None, mask=None):
    whole = (1 << 8 * field[2]) - 1 if mask is None else mask
    return frozenset({(field, whole, low, low if high is None else high)})


def lit(*boxes, no=False):
    return Literal(frozenset(boxes), no)


def run(rules, packet, used):
    """Return what the rules do with a packet; ``used`` is what each memory has let through."""
    done = []
    for rule in rules:
        for item in rule:
            if isinstance(item, Literal):
                if any(map(packet_in(packet), item.boxes)) == item.negated:
                    break
            elif isinstance(item, Choice):
                step = next((step for box, step in item.ways if packet_in(packet)(box)), None)
                if step is None:
                    break
                done.append(step)
                if step != JUMP:
                    return done
            elif isinstance(item, Memory):
                used[item.at] += 1
                if used[item.at] > item.step[1]:
                    break
            else:
                done.append(item)
                if item in (ACCEPT, DROP):
                    return done
    return done


def packet_in(packet):
    return lambda box: all(low <= packet[field] & mask <= high for field, mask, low, high in box)


small = st.integers(0, 4)
bounds = st.one_of(
    st.tuples(st.just(PORT), small, small).map(lambda x: (x[0], 0xFFFF, min(x[1:]), max(x[1:]))),
    st.tuples(st.just(MARK), st.sampled_from([1, 2, 3]), st.integers(0, 3)).map(
        lambda x: (x[0], x[1], x[2] & x[1], x[2] & x[1])
    ),
    st.sampled_from([1, 2, 4, 8]).map(lambda bit: (CT_STATE, bit, bit, bit)),
    st.integers(0, 3).map(lambda kind: (TYPE, 0xFF, kind, kind)),
)
boxes = st.frozensets(bounds, min_size=1, max_size=2)
literals = st.builds(Literal, st.frozensets(boxes, max_size=2), st.booleans())
ends = st.sampled_from([[ACCEPT], [DROP], [LOG], [LOG, DROP], [JUMP], [SET, ACCEPT], []])
limits = st.sampled_from([[], [], [], [("limit", 1)], [("limit", 2)]])


@st.composite
def a_rule(draw):
    found = [
        *draw(st.lists(literals, max_size=2)),
        *draw(limits),
        *draw(st.lists(literals, max_size=1)),
    ]
    return [*found, *draw(ends)]


def numbered(rules):
    return [
        tuple(
            Memory(item, 10 * at + place)
            if isinstance(item, tuple) and item[0] == "limit"
            else item
            for place, item in enumerate(rule)
        )
        for at, rule in enumerate(rules)
    ]


@st.composite
def two_sides(draw):
    """Draw rules and others that may do the same: the same in turn, split, one changed."""
    left = draw(st.lists(a_rule(), min_size=1, max_size=3))
    right = [list(rule) for rule in left]
    for at, rule in enumerate(right):
        how = draw(st.integers(0, 4))
        if how == 1 and rule and isinstance(rule[0], Literal) and not rule[0].negated:
            parts = [[lit(box), *rule[1:]] for box in sorted(rule[0].boxes, key=repr)]
            right[at : at + 1] = parts or [rule]
            break
        if how == 2:
            right[at] = draw(a_rule())
        if how == 3 and len(rule) > 1 and all(isinstance(item, Literal) for item in rule[:2]):
            rule[0], rule[1] = rule[1], rule[0]
    return numbered(left), numbered(right)


packets = st.fixed_dictionaries(
    {
        PORT: st.integers(0, 6),
        MARK: st.integers(0, 7),
        CT_STATE: st.sampled_from([1, 2, 4, 8, 64]),
        TYPE: st.integers(0, 4),
    }
)


@settings(max_examples=150, deadline=None)
@given(two_sides(), st.lists(packets, min_size=12, max_size=12))
def test_what_is_the_same_by_logic_does_the_same(sides, sent):
    left, right = sides
    if same("ip", left, right):
        used = Counter(), Counter()
        for packet in sent:
            assert run(left, packet, used[0]) == run(right, packet, used[1])


SSH, WEB = is_(PORT, 22), is_(PORT, 80, 90)
NEW = is_(CT_STATE, 8, mask=8)
OLD = is_(CT_STATE, 2, mask=2)
FEW = Memory(("limit", 3), 1)
MANY = Memory(("limit", 3), 2)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([(lit(SSH, WEB), ACCEPT)], [(lit(SSH), ACCEPT), (lit(WEB), ACCEPT)]),
        ([(lit(SSH, WEB), LOG, DROP)], [(lit(SSH, WEB), LOG), (lit(SSH, WEB), DROP)]),
        ([(lit(SSH, no=True), ACCEPT)], [(lit(is_(PORT, 0, 21), is_(PORT, 23, 65535)), ACCEPT)]),
        ([(lit(SSH), lit(NEW, OLD), DROP)], [(lit(NEW, OLD), lit(SSH), DROP)]),
        ([(lit(NEW), lit(OLD), ACCEPT)], [(lit(OLD), lit(NEW), DROP)]),
        ([(Choice(((SSH, ACCEPT), (WEB, DROP))),)], [(lit(SSH), ACCEPT), (lit(WEB), DROP)]),
        ([(lit(SSH), FEW, ACCEPT)], [(lit(SSH), MANY, ACCEPT)]),
        ([(lit(is_(PORT, 0x1600, mask=0xFF00)), DROP)], [(lit(is_(PORT, 0x1600, 0x16FF)), DROP)]),
        ([(DROP,)], [(DROP,), (lit(SSH), ACCEPT)]),
    ],
)
def test_what_is_known_to_be_the_same(left, right):
    assert same("ip", left, right)
    assert same("ip", right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([(lit(SSH, WEB), ACCEPT)], [(lit(SSH), ACCEPT)]),
        ([(lit(SSH), ACCEPT)], [(lit(SSH), DROP)]),
        ([(lit(SSH), LOG, DROP)], [(lit(SSH), DROP), (lit(SSH), LOG)]),
        ([(lit(SSH, is_(PORT, 20, 30)), LOG)], [(lit(SSH), LOG), (lit(is_(PORT, 20, 30)), LOG)]),
        ([(lit(SSH, WEB), FEW, ACCEPT)], [(lit(SSH), FEW, ACCEPT), (lit(WEB), MANY, ACCEPT)]),
        ([(FEW, lit(SSH), ACCEPT)], [(lit(SSH), FEW, ACCEPT)]),
        ([(lit(SSH),)], [(lit(WEB),)]),
        ([(lit(is_(MARK, 4)), SET, DROP)], [(lit(is_(MARK, 4)), SET), (lit(is_(MARK, 4)), DROP)]),
    ],
)
def test_what_is_not_the_same(left, right):
    assert not same("ip", left, right)
