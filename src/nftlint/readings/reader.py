"""One version reads one rule: the compatibility check, then its reader, then its printer."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from nftlint.readings.by_flags import FlagReader
from nftlint.readings.by_registers import RegisterReader
from nftlint.readings.command import FINAL_VERDICTS, Command, Comment, Rate, Target, new_command
from nftlint.readings.facts import Behaviour
from nftlint.readings.netlink import Bitwise, Expr, Limit, Log, Lowered, Shift, Verdict, name_of
from nftlint.readings.printing import SCALE, CrashError, print_rule, quoted
from nftlint.record import dataclass

CRASHED = "Segmentation fault (exit 139)"
PROGRAMS = {"ip": "iptables", "ip6": "ip6tables"}
COMMENT_SIZE = 255


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rule stands."""

    family: str
    table: str
    chain: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the program does: ``outcome`` is listed, incompatible, parse-error or crash."""

    outcome: str
    printed: str
    command: Command | None = None


def is_compatible(expr: Expr, behaviour: Behaviour) -> bool:
    """Tell whether the check by name lets an expression pass."""
    match expr:
        case Limit(plain=plain):
            return plain
        case Log(group=group):
            return group is not None and "log" in behaviour.expressions
        case Shift() if behaviour.boolean_bitwise_only:
            return False
        case _:
            return name_of(expr) in behaviour.expressions


def read_lowered(
    lowered: Lowered, place: Place, behaviour: Behaviour, interfaces: Mapping[int, str]
) -> Result:
    """Return what ``iptables -S CHAIN`` of that version does with the rule alone in its chain."""
    program = f"{PROGRAMS[place.family]} v{behaviour.version} (nf_tables)"
    if not all(is_compatible(expr, behaviour) for expr in lowered.exprs):
        what = f"table `{place.table}'"
        if behaviour.check == "chain":
            what = f"chain `{place.chain}' in {what}"
        return Result("incompatible", f"{program}: {what} is incompatible, use 'nft' tool.")
    if _reads_wild(lowered.exprs):
        return Result("crash", CRASHED)
    command = build(lowered, place.family, behaviour, interfaces)
    if command.errors:
        complaints = [f"Error: {error}" for error in command.errors]
        hint = f"Perhaps {PROGRAMS[place.family]} or your kernel needs to be upgraded."
        lines = [*complaints, f"{program}: Parsing nftables rule failed", hint]
        return Result("parse-error", " / ".join(lines))
    try:
        return Result("listed", print_rule(command, place.chain, behaviour), command)
    except CrashError:
        return Result("crash", CRASHED)


def _reads_wild(exprs: tuple[Expr, ...]) -> bool:
    """Tell whether a reader copies from nowhere.

    A shift has no mask. The reader copies as many bytes of it as the last ``bitwise`` had, if the
    two follow each other: that number is still on its stack. Else it happens to copy none.
    """
    return any(isinstance(one, Bitwise) and isinstance(two, Shift) for one, two in pairwise(exprs))


def build(
    lowered: Lowered, family: str, behaviour: Behaviour, interfaces: Mapping[int, str]
) -> Command:
    """Return the command that the reader of that version makes of the expressions."""
    command = new_command(family, ports_by_name=behaviour.ports_by_name)
    kind = FlagReader if behaviour.context == "flags" else RegisterReader
    reader = kind(command, behaviour, interfaces)
    for expr in lowered.exprs:
        match expr:
            case Verdict():
                _verdict(command, expr, behaviour)
            case Limit(rate, seconds, burst):
                period = SCALE * seconds // rate % (1 << 32)
                command.matches.append(Rate(period, burst))
            case Log():
                command.target, command.jump = _log_target(expr), "NFLOG"
            case _:
                reader.read(expr)
    if lowered.comment is not None:
        command.matches.append(Comment(lowered.comment[:COMMENT_SIZE]))
    return command


def _verdict(command: Command, verdict: Verdict, behaviour: Behaviour) -> None:
    """Take a verdict; a jump leaves an earlier target's options in place."""
    if verdict.kind == "continue" or (behaviour.target_wins and command.target is not None):
        return
    if verdict.kind in {"jump", "goto"}:
        command.jump = verdict.chain
        command.goto = verdict.kind == "goto"
        return
    command.jump = FINAL_VERDICTS[verdict.kind]
    command.target = Target("", effect=("verdict", command.jump))


def _log_target(log: Log) -> Target:
    options: list[str] = []
    if log.prefix:
        options += ["--nflog-prefix", quoted(log.prefix)]
    if log.group:
        options += ["--nflog-group", str(log.group)]
    if log.snaplen:
        options += ["--nflog-size", str(log.snaplen)]
    if log.threshold:
        options += ["--nflog-threshold", str(log.threshold)]
    effect = ("log", log.group or 0, log.prefix, log.snaplen, log.threshold)
    return Target("NFLOG", tuple(options), effect)
