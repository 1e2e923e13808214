"""The law, checked: after an edit the artifact is read again and must be what was meant.

The edited text reads as edited, at every level it was carried through; every other fragment and
every other value of the file is as before; and exactly the intended calls are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from nftlint.edits import Edit, Replacement, apply, carry
from nftlint.found import NftCall
from nftlint.fragment import Fragment, Refusal
from nftlint.record import dataclass, replace
from nftlint.scan import Scan, outlines, scan


@dataclass(frozen=True, slots=True)
class Change:
    """What one fix does: its edits, the call it rewrites, and whether nft statements stay in it.

    There is no ``call`` where the fix is about no nft command.
    """

    edits: tuple[Edit, ...]
    call: NftCall | None
    keeps_nft: bool = False


def replacements_of(change: Change) -> tuple[Replacement, ...] | Refusal:
    """Return a change's edits in the artifact's own text."""
    carried = carry(change.edits)
    return carried if isinstance(carried, Refusal) else tuple(carried[None])


def verify(before: Scan, changes: Sequence[Change]) -> Refusal | Scan:
    """Make the changes in memory, read the artifact again, and hold it against what was meant.

    Returns the new scan, or the reason why the changes do not hold.
    """
    edits = list(dict.fromkeys(edit for change in changes for edit in change.edits))
    carried = carry(edits)
    if isinstance(carried, Refusal):
        return carried
    try:
        whole = apply(before.artifact.text, carried.pop(None, []))
        texts = {part: apply(part.text, todo) for part, todo in carried.items() if part}
    except ValueError:
        return Refusal("two changes overlap")
    after = scan(replace(before.artifact, text=whole), before.kind)
    return (
        _compare_fragments(before, after, edits, texts)
        or _compare_outlines(before, after, len(edits))
        or _compare_calls(before, after, changes, texts)
        or _compare_problems(before, after)
        or after
    )


def _compare_fragments(
    before: Scan, after: Scan, edits: Sequence[Edit], texts: Mapping[Fragment, str]
) -> Refusal | None:
    roots = {edit.fragment for edit in edits}
    pairs = list(zip(before.addresses, before.fragments, strict=True))
    edited = {address for address, fragment in pairs if fragment in roots}
    new = dict(zip(after.addresses, after.fragments, strict=True))
    compared = 0
    for address, fragment in pairs:
        if _below(address, edited):
            continue
        compared += 1
        other = new.get(address)
        if other is None or other.language != fragment.language:
            return Refusal("the file would be read differently after the change")
        if other.text != texts.get(fragment, fragment.text):
            return Refusal(_unequal(fragment, changed=fragment in texts))
    if compared != sum(not _below(address, edited) for address in after.addresses):
        return Refusal("the file would be read differently after the change")
    return None


def _below(address: tuple[int, ...], edited: set[tuple[int, ...]]) -> bool:
    return any(address[:size] in edited for size in range(1, len(address)))


def _unequal(fragment: Fragment, *, changed: bool) -> str:
    where = f"the {fragment.language} text" + (f" of {fragment.label}" if fragment.label else "")
    if changed:
        return f"{where} cannot hold the new command as it is written there"
    return f"the change would alter {where} as well"


def _compare_outlines(before: Scan, after: Scan, edits: int) -> Refusal | None:
    for (_, old), (_, new) in zip(outlines(before), outlines(after), strict=False):
        gone = len(old) - _in_common(old, new)
        if gone > edits and _stretches(old, new) > edits:
            return Refusal("the change would alter other values of the file")
    return None


def _stretches(old: Sequence[str], new: Sequence[str]) -> int:
    """Return in how many places values differ: an edit may change all of the words of one list."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(tag != "equal" for tag, *_ in blocks)


def _in_common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many values both have in the same order, at most.

    Source: Hyyrö, Bit-parallel LCS-length computation revisited (2004); a bit stands for a value.
    """
    places: dict[str, int] = {}
    for number, value in enumerate(old):
        places[value] = places.get(value, 0) | 1 << number
    row = every = (1 << len(old)) - 1
    for value in new:
        here = row & places.get(value, 0)
        row = (row + here | row - here) & every
    return len(old) - row.bit_count()


def _compare_calls(
    before: Scan, after: Scan, changes: Sequence[Change], texts: Mapping[Fragment, str]
) -> Refusal | None:
    gone = {id(change.call) for change in changes if change.call is not None}
    kept = any(change.keeps_nft for change in changes)
    stay = [call.script for call in before.calls if id(call) not in gone]
    old = Counter(texts.get(script, script.text) for script in stay)
    new = Counter(call.script.text for call in after.calls)
    if old - new or (new - old and not kept):
        return Refusal("the nft calls of the file would not be as expected after the change")
    if any(script in texts and not _say_the_same(script.text, texts[script]) for script in stay):
        return Refusal("the change would alter what the nft script says")
    return None


def _say_the_same(old: str, new: str) -> bool:
    """Tell whether two nft scripts differ in comments and blanks alone."""
    from nftlint.nft.tokens import scan as tokens

    one, other = tokens(old), tokens(new)
    return (one.kinds, one.texts) == (other.kinds, other.texts)


def _compare_problems(before: Scan, after: Scan) -> Refusal | None:
    if len(after.problems) > len(before.problems):
        return Refusal(f"the change would make the file unreadable: {after.problems[-1].message}")
    return None
