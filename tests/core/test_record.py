"""``nftlint.record`` against the standard ``dataclasses``, and what is not in those."""

import dataclasses
import pickle
import subprocess
import sys

import pytest

from nftlint import record


def _point(made):
    class Point:
        """A class with everything that is used of such classes here."""

        x: int
        y: int = 2
        seen: list = made.field(default_factory=list)
        note: str = made.field(default="n", compare=False)
        where: str = made.field(default="w", compare=False)

        def norm(self):
            return self.x + self.y

    return Point


CLASSES = {
    "frozen": {"frozen": True, "slots": True},
    "plain": {"slots": True},
    "ordered": {"frozen": True, "slots": True, "order": True},
    "by identity": {"frozen": True, "slots": True, "eq": False},
}


def _both(how):
    return [made.dataclass(**CLASSES[how])(_point(made)) for made in (record, dataclasses)]


def _outcome(step, *values):
    try:
        return step(*values)
    except TypeError as error:
        return str(error).replace("<locals>.", "")


MAKING = [
    ((), {}),
    ((1,), {}),
    ((1, 3), {}),
    ((), {"x": 1, "note": "m"}),
    ((1, 2, [], "", "", 6), {}),
]
MAKING += [((1,), {"x": 1}), ((1,), {"z": 1})]


@pytest.mark.parametrize("how", CLASSES)
@pytest.mark.parametrize(("given", "named"), MAKING)
def test_records_are_made_and_shown_alike(how, given, named):
    mine, theirs = (_outcome(lambda kind: repr(kind(*given, **named)), one) for one in _both(how))
    assert mine == theirs


@pytest.mark.parametrize("how", CLASSES)
def test_records_compare_alike(how):
    said = []
    for kind in _both(how):
        one, same, other = kind(1, seen=()), kind(1, seen=(), note="else"), kind(2, seen=())
        pairs = [(one, one), (one, same), (one, other), (other, one), (one, (1, 2, ()))]
        said.append([_compared(*pair) for pair in pairs])
        said[-1].append(
            how == "by identity" or _outcome(lambda pair: hash(pair[0]) == hash(pair[1]), pairs[1])
        )
    assert said[0] == said[1]


def _compared(a, b):
    return a == b, a != b, *(_outcome(step, a, b) for step in (_less, _less_or_equal))


def _less(a, b):
    return a < b


def _less_or_equal(a, b):
    return a <= b


def test_default_values_are_made_anew_and_may_be_told_apart():
    (mine, _) = _both("frozen")
    assert mine(1).seen is not mine(1).seen
    assert mine(1).seen == []
    assert mine(1, seen=None).seen is None


def test_replace_keeps_the_rest():
    for kind in _both("frozen"):
        made = record.replace(kind(1, 3, note="m"), y=4)
        assert (made.x, made.y, made.note, made.norm()) == (1, 4, "m", 5)
    with pytest.raises(TypeError):
        record.replace(kind(1), z=1)


def test_names_and_values_in_order():
    kind = record.dataclass(frozen=True)(_point(record))
    assert record.names_of(kind) == ("x", "y", "seen", "note", "where")
    assert record.as_mapping(kind(1)) == {"x": 1, "y": 2, "seen": [], "note": "n", "where": "w"}
    assert record.is_record(kind)
    assert not record.is_record(str)
    assert record.names_of(str) == ()


def test_records_match_patterns():
    kind = record.dataclass(frozen=True)(_point(record))
    match kind(5, 6):
        case kind(x, y):
            assert (x, y) == (5, 6)


def test_records_have_slots():
    one = record.dataclass()(_point(record))(1)
    with pytest.raises(AttributeError):
        one.other = 1
    assert not hasattr(one, "__dict__")


@record.dataclass(frozen=True, slots=True)
class Kept:
    name: str
    rest: tuple = ()


def test_records_pass_between_processes():
    kept = Kept("a", (Kept("b"),))
    assert pickle.loads(pickle.dumps(kept)) == kept
    assert hash(pickle.loads(pickle.dumps(kept))) == hash(kept)


def test_a_method_of_the_class_itself_is_kept():
    @record.dataclass(frozen=True, slots=True)
    class Odd:
        x: int

        def __eq__(self, other):
            return isinstance(other, Odd)

        def __hash__(self):
            return 7

        def __repr__(self):
            return "odd"

    assert Odd(1) == Odd(2)
    assert hash(Odd(1)) == 7
    assert repr(Odd(1)) == "odd"


def test_the_standard_module_is_not_loaded():
    code = "import sys, nftlint.record, nftlint.span; sys.exit('dataclasses' in sys.modules)"
    assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0
