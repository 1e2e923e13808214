"""What a rule does, sorted by how it can be seen.

A packet shows verdicts, rewriting, marks and answers. It does not show what goes to the system's
log, nor what a limit remembers. Those steps are *hidden*: they must be the same in normal form, in
the same order, for every packet.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from nftlint.prove.conditions import Conditions
from nftlint.prove.netlink import attrs, text
from nftlint.prove.normal import Step
from nftlint.prove.translation import TARGETS, by_chance, translation

MARK_KEYS = {"meta set": 3, "ct set": ("ct", "3", "")}
SHOWN = frozenset(
    {"verdict", "vmap", "reject", "notrack", "nat", "masq", "redir"}
    | {"payload set", "exthdr set", "exthdr reset"}
)
SHOWN_TARGETS = frozenset(
    {"REJECT", "MARK", "CONNMARK", "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP"}
    | {"TCPMSS", "TCPOPTSTRIP", "DSCP", "TOS", "TTL", "HL", "ECN", "NOTRACK"}
)
REMEMBERING = frozenset({"limit"})
LOGS = frozenset({"log", "nflog"})
PLAIN = frozenset({"verdict", "vmap"})
MARKED = "*"


def shown(step: Step) -> bool:
    """Tell whether the effect of a step is seen on the packet itself."""
    name = step[0]
    if name == "target":
        return _target_shown(attrs(step[1]))
    if name in MARK_KEYS:
        return bool(step[1] == MARK_KEYS[name])
    return name in SHOWN


def _target_shown(found: dict[int, bytes]) -> bool:
    name = text(found[1])
    if name == "CT":
        flags, zone = struct.unpack_from("=HH", found[3])
        return flags == 1 and zone == 0 and not found[3][12:28].strip(b"\0")
    return name in SHOWN_TARGETS


def target_name(step: Step) -> str:
    """Return the name of the x_tables target in a step, or of the step itself."""
    return text(attrs(step[1])[1]) if step[0] == "target" else str(step[0])


def unseeable(rule: Conditions) -> str:
    """Name what of a rule can neither be seen nor be compared; empty where nothing is."""
    for step in rule.actions:
        if translates(step) and translation(rule.family, step) is None:
            return f"the whole of {target_name(step)}"
        if not shown(step) and step[0] in {"target", "match", "raw", "quota", "connlimit"}:
            return target_name(step)
    if halting(rule) and (remembers(rule) or any(map(translates, rule.actions))):
        return "a condition after a limit or a translation"
    return ""


def translates(step: Step) -> bool:
    """Tell whether a step translates addresses."""
    return target_name(step) in TARGETS | {"nat", "masq", "redir"}


def random(rule: Conditions) -> bool:
    """Tell whether the rule translates to a port drawn by chance."""
    return any(translates(s) and by_chance(translation(rule.family, s)) for s in rule.actions)


def remembers(rule: Conditions) -> bool:
    """Tell whether what the rule does with a packet depends on those before it."""
    return any(step[0] in REMEMBERING for step in rule.actions)


def halting(rule: Conditions) -> bool:
    """Tell whether the rule may end after it has done something: the kernel reports it as missed.

    A condition may stand after an action; and a verdict map is one for what it has no verdict for.
    """
    return rule.late or any(step[0] == "vmap" for step in rule.actions[1:])


def logs(rules: Iterable[Conditions]) -> set[Step]:
    """Return every way in which these rules log."""
    return {step for rule in rules for step in rule.actions if step[0] in LOGS}


def reads_flow(rule: Conditions) -> bool:
    """Tell whether what the rule does depends on conntrack."""
    asked = any(condition.field[0] == "ct" for condition in rule.conditions)
    return asked or any(copies_flow(step) for step in rule.actions)


def copies_flow(step: Step) -> bool:
    """Tell whether a step takes a value from conntrack to the packet."""
    if target_name(step) == "CONNMARK":
        return True
    return step[0] == "meta set" and any(byte.source[0] == "ct" for byte in step[2])


def same_but(unlike: frozenset[str], one: Conditions, two: Conditions) -> bool:
    """Tell whether two rules are the same but for steps of these kinds."""
    kept = [tuple(s for s in rule.actions if s[0] not in unlike) for rule in (one, two)]
    return one.conditions == two.conditions and kept[0] == kept[1]


def changes(rule: Conditions) -> bool:
    """Tell whether the rule does something to a packet besides giving a verdict."""
    return any(map(changing, rule.actions))


def changing(step: Step) -> bool:
    """Tell whether a step does something to a packet, which can be seen, besides a verdict."""
    return shown(step) and step[0] not in PLAIN


def steps(rules: Iterable[Conditions]) -> list[Step]:
    """Return everything that these rules do, in order, in normal form."""
    return [step for rule in rules for step in rule.actions]


def hidden(rules: Iterable[Conditions], *, by_rule: bool) -> tuple[object, ...]:
    """Return what is done unseen by these rules, in order, with marks where something is seen.

    ``by_rule`` keeps the bounds between rules: a limit rules only what stands in its own rule.
    """
    sequences = [[_mark(rule, step) for step in rule.actions] for rule in rules]
    if by_rule:
        return tuple(_collapsed(sequence) for sequence in sequences)
    return _collapsed([step for sequence in sequences for step in sequence])


def _mark(rule: Conditions, step: Step) -> object:
    """Return what to compare of a step: a translation in its own notation, as it may be random."""
    if translates(step):
        return translation(rule.family, step)
    return MARKED if shown(step) else step


def _collapsed(steps: Sequence[object]) -> tuple[object, ...]:
    return tuple(
        step for at, step in enumerate(steps) if step != MARKED or at == 0 or steps[at - 1] != step
    )
