"""Compare the model with the nft and iptables of this machine: ``readings_live.py --count 5000``.

Makes random rules, adds each with the real nft in a private network namespace, and compares what
``nft --debug=netlink`` sent with the model's expressions, and what the real ``iptables -S`` prints
with the model's reading for that version. Other versions, built from source, can be asked as well:
``--iptables PREFIX/sbin/iptables-nft`` (ip6tables-nft is sought beside it), as often as wanted.
Needs root (or ``unshare -Urn`` that works), nft, iptables and ip6tables; it never touches the
network of the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from netlink_text import debug_lines, model_lines
from rule_maker import RuleMaker

from nftlint.nft.parser import parse
from nftlint.readings import VERSIONS, Kernel, Lowered, Reading, Refused, lower, read

INSIDE = "NFTLINT_IN_NAMESPACE"
PROGRAMS = {"ip": "iptables", "ip6": "ip6tables"}
TABLES = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "raw": ("PREROUTING", "OUTPUT"),
}
NAMED = """
add set {family} {table} blk {{ type {type}; flags interval; }}
add set {family} {table} ports {{ type inet_service; }}
add set {family} {table} conc {{ type {type} . inet_service; }}
add set {family} {table} dyn {{ type {type}; flags dynamic,timeout; }}
add map {family} {table} vm {{ type inet_service : verdict; }}
add counter {family} {table} cnt
add quota {family} {table} q1 {{ over 10 mbytes }}
add limit {family} {table} lim {{ rate 5/second }}
"""
KNOWN = {
    *("payload", "meta", "bitwise", "cmp", "range", "lookup", "immediate"),
    *("counter", "limit", "log"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What ``iptables -S`` said: its exit code, and its lines."""

    code: int
    printed: str


@dataclass(frozen=True, slots=True)
class Observed:
    """What really happened with a rule; ``listed`` is what each program said, by its name."""

    added: bool
    words: str
    debug: str
    listed: dict[str, Listed]


def run(*argv: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program; what it prints is not touched, for names may hold any bytes."""
    given = None if text is None else text.encode()
    done = subprocess.run(argv, input=given, capture_output=True, check=False)
    said = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, *said)


def prepare() -> None:
    """Make the chains of iptables, and the named sets that rules refer to."""
    for family, program in PROGRAMS.items():
        kind = "ipv4_addr" if family == "ip" else "ipv6_addr"
        for table, chains in TABLES.items():
            for chain in chains:
                run(program, "-t", table, "-A", chain, "-j", "ACCEPT")
            run(program, "-t", table, "-F")
            run(program, "-t", table, "-N", "MYCHAIN")
            made = run("nft", "-f", "-", text=NAMED.format(family=family, table=table, type=kind))
            if made.returncode:
                sys.exit(f"cannot prepare: {made.stderr}")


def observe(family: str, table: str, chain: str, rule: str, programs: list[str]) -> Observed:
    """Add the rule, list its chain with each of the programs, remove it."""
    added = run("nft", "--debug=netlink", "add", "rule", family, table, chain, rule)
    if added.returncode:
        return Observed(False, added.stderr.partition("\n")[0], "", {})
    listed = {name: list_chain(for_family(name, family), table, chain) for name in programs}
    run("nft", "flush", "chain", family, table, chain)
    return Observed(True, "", added.stdout, listed)


def for_family(program: str, family: str) -> str:
    """Return the program of that family that lies beside an ``iptables``."""
    folder, slash, name = program.rpartition("/")
    return f"{folder}{slash}{name.replace('iptables', PROGRAMS[family])}"


def list_chain(program: str, table: str, chain: str) -> Listed:
    """Ask a program for the rules of a chain."""
    listed = run(program, "-t", table, "-S", chain)
    # a name that was misread may hold a line break, so a line ends where another option begins
    lines = [
        line for line in re.split(r"\n(?=-[APN] )", listed.stdout.rstrip("\n")) if "-A" in line
    ]
    if listed.returncode:
        lines = [line for line in listed.stderr.splitlines() if line]
    return Listed(listed.returncode, " / ".join(lines))


def outcome(listed: Listed) -> str:
    """Return the outcome; ``listed`` for right and misread."""
    crashed = {-11: "crash", 139: "crash", -6: "crash"}
    return crashed.get(
        listed.code, {0: "listed", 1: "incompatible"}.get(listed.code, "parse-error")
    )


def same_reading(observed: Observed, program: str, reading: Reading) -> bool:
    """Tell whether the model's reading is what happened."""
    if not observed.added:
        return reading.outcome == "nft-refused"
    modelled = {"right": "listed", "misread": "listed"}.get(reading.outcome, reading.outcome)
    listed = observed.listed[program]
    if modelled != outcome(listed):
        return False
    return modelled == "crash" or reading.printed == listed.printed


def same_expressions(observed: Observed, lowered: Lowered | Refused) -> bool:
    """Tell whether the model's expressions are those that nft sent.

    Of a rule with an expression that no version takes, only that there is one is compared.
    """
    if isinstance(lowered, Refused) or not observed.added:
        return isinstance(lowered, Refused) != observed.added
    real, model = list(debug_lines(observed.debug)), model_lines(lowered)
    foreign = [line for line in real if line.split()[0] not in KNOWN]
    if foreign:
        return any(line.split()[0] not in KNOWN for line in model)
    return real == model


Where = tuple[str, str, str, str]
"""Family, table, chain, rule."""


def random_rules(count: int, seed: int) -> Iterator[Where]:
    """Yield as many random rules."""
    maker = RuleMaker(seed)
    for _ in range(count):
        yield maker.rule()


def written_rules(path: Path) -> Iterator[Where]:
    """Yield the rules of a file that has one on each line: ``ip filter INPUT tcp dport 22 drop``.

    Words before the family (``nft``, ``add rule``) are passed over.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.match(r"(?:nft\s+)?(?:add rule\s+)?(ip6?)\s+(\S+)\s+(\S+)\s+(.+)", line.strip())
        if found:
            yield found[1], found[2], found[3], found[4]


def compare(
    rules: Iterable[Where], versions: dict[str, str], nft: str
) -> Iterator[tuple[str, bool, str]]:
    """Yield for each rule its judgements: which comparison, whether it holds, and what differs.

    ``versions`` are the programs with their versions.
    """
    for place in rules:
        family, table, chain, rule = place
        observed = observe(*place, list(versions))
        script = parse(f"add rule {family} {table} {chain} {rule}")
        if script.errors:
            detail = f"{place}\n  unparsed {script.errors[0]}\n  real {observed}"
            yield "reading", not observed.added, detail
            continue
        command = script.commands[0]
        for program, version in versions.items():
            reading = read(command, version, nft, kernel=Kernel.MEASURED)
            real = observed.listed.get(program, observed.words)
            detail = f"{place}\n  real  {real}\n  model {reading}"
            yield f"reading by {version}", same_reading(observed, program, reading), detail
        if observed.added:
            lowered = lower(command.rule, family, nft) if command.rule else Refused("no rule")
            shown = model_lines(lowered) if isinstance(lowered, Lowered) else lowered
            detail = f"{place}\n  real  {list(debug_lines(observed.debug))}\n  model {shown}"
            yield "expressions", same_expressions(observed, lowered), detail


def local_version(program: str) -> str:
    """Return the version of a program, ``""`` if it is not there."""
    try:
        found = re.search(r"v(\d+(?:\.\d+)+)", run(program, "--version").stdout)
    except FileNotFoundError:
        return ""
    return found[1] if found else ""


def arguments() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="how many rules (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="which rules (default: 1)")
    parser.add_argument("--rules", type=Path, help="a file of rules, instead of random ones")
    parser.add_argument(
        "--iptables",
        action="append",
        default=[],
        metavar="PROGRAM",
        help="another iptables-nft to ask, instead of this machine's (may be repeated)",
    )
    parser.add_argument("--quiet", action="store_true", help="print figures only")
    return parser.parse_args()


def main() -> int:
    """Run the campaign in a namespace of its own; exit code 1 if anything differs."""
    args = arguments()
    if not os.environ.get(INSIDE):
        argv = ["unshare", "-n" if os.geteuid() == 0 else "-Urn", sys.executable, *sys.argv]
        return subprocess.run(argv, env={**os.environ, INSIDE: "1"}, check=False).returncode
    programs = args.iptables or ["iptables"]
    versions, nft = {name: local_version(name) for name in programs}, local_version("nft")
    unknown = {name: version for name, version in versions.items() if version not in VERSIONS}
    if unknown or not nft:
        sys.exit(f"no model for iptables {unknown or '(none)'} and nft {nft or '(none)'}")
    prepare()
    total, agreed = Counter[str](), Counter[str]()
    rules = written_rules(args.rules) if args.rules else random_rules(args.count, args.seed)
    for what, holds, detail in compare(rules, versions, nft):
        total[what] += 1
        agreed[what] += holds
        if not holds and not args.quiet:
            print(f"{what}: {detail}")
    for what, number in total.items():
        print(f"nft {nft}: {what}: {agreed[what]} of {number} agree")
    return int(agreed != total)


if __name__ == "__main__":
    raise SystemExit(main())
