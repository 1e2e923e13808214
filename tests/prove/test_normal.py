"""The normal form against a plain interpreter, and each thing it forgets by itself."""

from __future__ import annotations

import machine as m
from hypothesis import given, settings
from hypothesis import strategies as st

from nftlint.prove.normal import normal
from nftlint.prove.ruleset import Expr

NH, TH = 1, 2
few = st.sampled_from([0x00, 0x01, 0x02, 0x03, 0x80, 0xFE, 0xFF])


@st.composite
def question(draw):
    """Draw a load, perhaps a mask, and a comparison, on few bytes so that rules often agree."""
    base, length = draw(st.sampled_from([NH, TH])), draw(st.integers(1, 2))
    offset = draw(st.integers(0, 2))
    register = draw(st.sampled_from([1, 2, 9]))
    exprs = [m.payload(register, base, offset, length)]
    data = st.lists(few, min_size=length, max_size=length).map(bytes)
    if draw(st.booleans()):
        exprs.append(m.bitwise(register, draw(data), draw(data)))
    if draw(st.integers(0, 3)):
        exprs.append(m.compare(register, draw(st.integers(0, 5)), draw(data)))
    else:
        low, high = sorted([draw(data), draw(data)])
        exprs.append(m.between(register, low, high, negated=draw(st.booleans())))
    return exprs


def joined(parts):
    return [expr for part in parts for expr in part]


rules = st.lists(question(), min_size=1, max_size=2).map(joined)
headers = st.binary(min_size=20, max_size=20)
packets = st.fixed_dictionaries({NH: headers, TH: st.binary(max_size=4)})


@st.composite
def rewritten(draw):
    """Draw a rule and another that may say the same: its questions in turn, split, widened."""
    parts = draw(st.lists(question(), min_size=1, max_size=2))
    other = draw(st.permutations(parts))
    if draw(st.booleans()):
        other = [draw(question()), *other[1:]]
    return joined(parts), joined(other)


@settings(max_examples=300, deadline=None)
@given(rewritten(), st.lists(packets, min_size=8, max_size=8))
def test_what_has_one_normal_form_does_the_same(pair, sent):
    one, two = ([*exprs, m.verdict(1)] for exprs in pair)
    if normal(m.rule(*one), {}) == normal(m.rule(*two), {}):
        for packet in sent:
            assert m.run(one, packet) == m.run(two, packet)


def forms(*rules):
    return {normal(m.rule(*exprs), {}) for exprs in rules}


def test_a_prefix_is_a_short_load_or_a_mask():
    short = [m.payload(1, NH, 12, 2), m.compare(1, 0, bytes([10, 1]))]
    mask = bytes([255, 255, 0, 0])
    masked = [
        m.payload(1, NH, 12, 4),
        m.bitwise(1, mask, bytes(4)),
        m.compare(1, 0, bytes([10, 1, 0, 0])),
    ]
    longer = [m.payload(1, NH, 12, 3), m.compare(1, 0, bytes([10, 1, 0]))]
    assert len(forms(short, masked)) == 1
    assert len(forms(short, longer)) == 2


def test_two_bounds_are_an_interval():
    low, high = bytes([0, 22]), bytes([0, 25])
    bounds = [m.payload(1, TH, 2, 2), m.compare(1, 5, low), m.compare(1, 3, high)]
    ranged = [m.payload(9, TH, 2, 2), m.between(9, low, high)]
    strict = [m.payload(1, TH, 2, 2), m.compare(1, 4, low), m.compare(1, 3, high)]
    assert len(forms(bounds, ranged)) == 1
    assert len(forms(bounds, strict)) == 2


def test_the_reach_into_the_transport_header_counts():
    two = [m.payload(1, TH, 0, 2), m.compare(1, 0, bytes([0, 22]))]
    more = [m.payload(1, TH, 0, 4), m.compare(1, 0, bytes([0, 22]))]
    assert len(forms(two, more)) == 2


def test_a_counter_is_forgotten_and_a_limit_is_not():
    asked = [m.payload(1, NH, 9, 1), m.compare(1, 0, bytes([6]))]
    counter, limit = Expr("counter", b""), Expr("limit", m.attr(1, bytes(8)))
    assert len(forms(asked, [counter, *asked])) == 1
    assert len(forms([*asked, limit], [limit, *asked], asked)) == 3


def test_what_is_not_known_is_equal_only_to_itself():
    load = [m.payload(1, NH, 9, 1)]
    unknown = Expr("jhash", b"\0")
    assert len(forms([*load, unknown], [*load, unknown])) == 1
    assert len(forms([*load, unknown], [m.payload(1, NH, 8, 1), unknown])) == 2
    assert len(forms([*load, unknown], [*load, Expr("jhash", b"\1")])) == 2


def test_the_verdict_counts():
    assert len(forms([m.verdict(0)], [m.verdict(1)], [])) == 3
