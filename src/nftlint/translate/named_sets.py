"""Named sets as ipsets of the same name, where the caller asks for it."""

from __future__ import annotations

from nftlint.nft.expression import SetRef
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Atom, Test, negation, protocol, single

_LONGEST = 31
"""The longest name of an ipset, in bytes."""
_SIDES = {"saddr": "src", "daddr": "dst", "sport": "src", "dport": "dst"}


def named_set(match: Match, field: str, name: str, ctx: Context) -> Test | None:
    """Return the test for ``@name``, ``None`` if this is none or ipsets are not asked for.

    ``name`` is the protocol whose ports are looked up, or ``""`` for addresses.
    """
    right = match.right
    if not isinstance(right, SetRef) or not ctx.options.named_sets:
        return None
    if match.op not in {"==", "!="} or len(right.name.encode()) > _LONGEST:
        cannot(match, "an ipset of this name cannot be asked so")
    negated = negation(match.op == "!=")
    words = ("-m", "set", *negated, "--match-set", right.name, _SIDES[field])
    atoms = [Atom("", words, match.span)]
    if name:
        atoms.insert(0, protocol(name, match.span))
    doubt = f"the ipset `{right.name}` has to be kept with the elements of nft's set"
    return single(*atoms, doubts=(doubt,))
