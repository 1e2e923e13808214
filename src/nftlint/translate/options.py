"""The options of one iptables rule: each stands once, and goes with the protocol."""

from __future__ import annotations

from nftlint.record import dataclass, replace
from nftlint.translate import registry
from nftlint.translate.context import cannot
from nftlint.translate.parts import Atom, Case, Target

_ORDER = ("-s", "-d", "-i", "-o", "-p", "-f")
"""How people and ``iptables -S`` write them; those of the protocol follow."""


@dataclass(frozen=True, slots=True)
class _Protocols:
    """What ``-p`` may say: one protocol, or not one of them."""

    wanted: Atom | None
    unwanted: tuple[Atom, ...]


def arrange(case: Case, target: Target | None) -> Case:
    """Order the words of a rule.

    Matches of their own (``-m``) keep their order, as the kernel asks them in it.

    Raises:
        CannotError: two of them need the same option, or one needs a protocol, or two protocols
            exclude each other, which nft refuses too.

    """
    protocols = _protocols(case)
    _check_target(target, protocols.wanted)
    slots: dict[str, Atom] = {}
    for atom in (*_asked(protocols), *(atom for atom in case if atom.slot != "-p")):
        _place(_fitting(atom, protocols.wanted), slots)
    if target is not None and target.asks and target.asks not in slots:
        cannot(target, f"iptables does this only beside `{target.asks}`")
    for finish in registry.finishers():
        slots = finish(slots)
    return tuple(sorted(slots.values(), key=_rank))


def _check_target(target: Target | None, wanted: Atom | None) -> None:
    if target is None or not target.protocols:
        return
    if wanted is None or not _is_one_of(wanted, target.protocols):
        cannot(target, f"iptables takes this only beside `-p {'|'.join(target.protocols)}`")


def _protocols(case: Case) -> _Protocols:
    by_words = {atom.words: atom for atom in case if atom.slot == "-p"}
    wanted = [atom for words, atom in by_words.items() if words[0] != "!"]
    unwanted = tuple(atom for words, atom in by_words.items() if words[0] == "!")
    if len(wanted) > 1:
        cannot(wanted[1], "no packet has this protocol and that which is asked for before it")
    if wanted and any(atom.words[2] == wanted[0].words[1] for atom in unwanted):
        cannot(wanted[0], "no packet has this protocol and not this protocol")
    return _Protocols(wanted[0] if wanted else None, () if wanted else unwanted)


def _asked(protocols: _Protocols) -> tuple[Atom, ...]:
    if protocols.wanted is not None:
        return (protocols.wanted,)
    if len(protocols.unwanted) > 1:
        cannot(protocols.unwanted[1], "iptables takes one negated protocol in a rule")
    return protocols.unwanted


def _fitting(atom: Atom, wanted: Atom | None) -> Atom:
    if not atom.protocols:
        return atom
    if wanted is not None and _is_one_of(wanted, atom.protocols):
        return atom
    name = wanted.words[1] if wanted is not None else ""
    if atom.again and name == "udplite":
        return replace(atom, slot="", words=atom.again)
    reason = f"for `{name}` iptables has no ports" if name else "iptables needs the protocol here"
    return cannot(atom, f"{reason}: ask for one of {', '.join(atom.protocols)}")


def _is_one_of(wanted: Atom, protocols: tuple[str, ...]) -> bool:
    return all(name in protocols for name in wanted.known or wanted.words[1:2])


def _place(atom: Atom, slots: dict[str, Atom]) -> None:
    """Put an atom into its slot, or beside it as a match of its own."""
    slot = atom.slot or " ".join(atom.words)
    before = slots.setdefault(slot, atom)
    if before.words == atom.words:
        return
    if not atom.again:
        cannot(atom, f"iptables cannot ask for `{atom.slot}` twice in a rule")
    slots.setdefault(" ".join(atom.again), replace(atom, slot="", words=atom.again))


def _rank(atom: Atom) -> int:
    if atom.slot in _ORDER:
        return _ORDER.index(atom.slot)
    return len(_ORDER) + (atom.words[0] == "-m")
