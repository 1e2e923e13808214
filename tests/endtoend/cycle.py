"""Run within a private network namespace: kube-router's cycle over the tables, and packets.

Reads scenarios from standard input, one JSON object a line, and answers each with one. The steps
are those of kube-router's ``pkg/controllers/netpol/npc_iptables.go`` and of the start of its proxy
and its routing (v2.11.1), and then that of k3s's install script, with the programs of this machine:
what fails there fails here. Decides nothing and refuses to run where its network
namespace is the one it was told to stay out of.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import packets

JUMPS = {chain: f"KUBE-ROUTER-{chain}" for chain in ("INPUT", "FORWARD", "OUTPUT")}
PROGRAMS = {"ip": "iptables", "ip6": "ip6tables"}
NODE_PORTS = ["-p", "tcp", "-m", "multiport", "--dports", "30000:32767", "-j", "RETURN"]
CRASH, ABORT = "crash", "sync-abort"
NAT = ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")
OF_K3S = ("KUBE-", "CNI-", "flannel")
"""What the install script of k3s leaves out of what it writes back."""


class Failed(Exception):  # noqa: N818 - an outcome of the cycle, caught in this module
    """A step failed, with what kube-router makes of it, the command, and its last words."""


def run(*argv: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, input=text, capture_output=True, text=True, check=False)


def must(otherwise: str, *argv: str, text: str = "") -> str:
    """Return what a program prints; where it fails, kube-router crashes or aborts."""
    done = run(*argv, text=text)
    if done.returncode:
        words = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[0]
        raise Failed(otherwise, " ".join(argv), words)
    return done.stdout


def ensure_chain(program: str, chain: str) -> None:
    if run(program, "--wait", "-t", "filter", "-S", chain, "1").returncode:
        must(CRASH, program, "--wait", "-t", "filter", "-N", chain)


def ensure_first(program: str, chain: str, rule: list[str]) -> None:
    """See to it that a rule is the first of a chain, as ``ensureRuleAtPosition`` does."""
    table = (program, "--wait", "-t", "filter")
    found = run(*table, "-C", chain, *rule)
    if found.returncode == 1:
        must(CRASH, *table, "-I", chain, "1", *rule)
        return
    if found.returncode:
        must(CRASH, *table, "-C", chain, *rule)
    rules = must(CRASH, *table, "-S", chain).splitlines()[1:]
    position = next((at for at, line in enumerate(rules, 1) if rule[-1] in line.split()), 0)
    if position != 1:
        must(CRASH, *table, "-I", chain, "1", *rule)
        must(CRASH, *table, "-D", chain, str(position + 1))


def sync(program: str, number: int) -> None:
    """Do what kube-router does at its start and every five minutes after; raises Failed."""
    for own in JUMPS.values():
        ensure_chain(program, own)
    for chain, own in JUMPS.items():
        comment = f"kube-router netpol - {chain}"
        ensure_first(program, chain, ["-m", "comment", "--comment", comment, "-j", own])
    ensure_first(program, JUMPS["INPUT"], NODE_PORTS)
    saved = must(ABORT, f"{program}-save", "-t", "filter")
    must(ABORT, program, "--wait", "-t", "filter", "-S")
    kept = [line for line in saved.splitlines() if line[:1] in {":", "-"}]
    text = "\n".join(["*filter", f":KUBE-NWPLCY-{number} - [0:0]", *kept, "COMMIT", ""])
    must(ABORT, f"{program}-restore", "--wait", "-T", "filter", text=text)


def start(program: str) -> None:
    """Do what the proxy and the routing of kube-router do with nat at their start."""
    nat = (program, "--wait", "-t", "nat")
    must(CRASH, *nat, "-S", "POSTROUTING")
    rule = ["-m", "comment", "--comment", "kube-router", "-j", "MASQUERADE"]
    if run(*nat, "-C", "POSTROUTING", *rule).returncode > 1:
        must(CRASH, *nat, "-C", "POSTROUTING", *rule)
    must(ABORT, *nat, "-S")


def reinstall(program: str) -> None:
    """Do what the install script of k3s does before it starts the service."""
    saved = must(ABORT, f"{program}-save").splitlines(keepends=True)
    kept = [line for line in saved if not any(word in line for word in OF_K3S)]
    must(ABORT, f"{program}-restore", text="".join(kept))


def syncs(program: str) -> dict[str, str]:
    """Sync, and after an abort once more, then install anew; say what failed.

    A sync that comes to its end is not repeated: what stands there then is what iptables wrote.
    """
    seen = {"mode": "", "step": "", "words": ""}
    for number in (1, 2):
        try:
            sync(program, number)
            start(program)
            reinstall(program)
        except Failed as failed:
            seen = dict(zip(seen, failed.args, strict=True))
        if seen["mode"] != ABORT:
            break
    return seen


def prepare(policies: dict[str, str]) -> None:
    """Make the chains as iptables does, with nothing of what was there before."""
    must("", "nft", "flush", "ruleset")
    chains = [f":{chain} {policies.get(chain, 'ACCEPT')} [0:0]" for chain in JUMPS]
    nat = [f":{chain} ACCEPT [0:0]" for chain in NAT]
    text = "\n".join(["*filter", *chains, "COMMIT", "*nat", *nat, "COMMIT", ""])
    for program in PROGRAMS.values():
        must("", f"{program}-restore", text=text)


def rules(program: str) -> list[str]:
    """Return the rules as iptables lists them, without kube-router's own."""
    listed = run(program, "-S").stdout.splitlines()
    listed += [f"-t nat {line}" for line in run(program, "-t", "nat", "-S").stdout.splitlines()]
    return [line for line in listed if "-A" in line and "KUBE-" not in line]


def protect(program: str, family: str) -> None:
    """Make kube-router's own chains, and a NetworkPolicy of a pod, as on a node that runs."""
    sync(program, 0)
    table = (program, "--wait", "-t", "filter")
    own, pod = "KUBE-POD-FW-A", packets.POD[family]
    must("", *table, "-N", own)
    must("", *table, "-A", own, "-p", "tcp", "-j", "REJECT")
    must("", *table, "-I", JUMPS["FORWARD"], "-d", pod, "-j", own)


def play(hands: packets.Hands, scenario: dict[str, Any]) -> dict[str, Any]:
    """Load a scenario's rules, send packets, play the syncs, and send the packets again.

    On a node that runs the packets are sent before the scenario and after, with no sync between.
    """
    family = scenario["family"]
    program = PROGRAMS[family]
    seen: dict[str, Any] = {}
    prepare(scenario["policies"])
    if scenario["running"]:
        protect(program, family)
        seen["before"] = packets.fates(hands, family, run)
    for argv, text in scenario["commands"]:
        must("the scenario itself", *argv, text=text)
    if scenario["running"]:
        seen |= {"mode": "", "step": "", "words": ""}
    else:
        seen["before"] = packets.fates(hands, family, run)
        seen |= syncs(program)
    seen["after"] = packets.fates(hands, family, run)
    seen["rules"] = rules(program)
    return seen


def main() -> None:
    if str(Path("/proc/self/ns/net").readlink()) == sys.argv[1]:
        sys.exit("this is not a private network namespace")
    hands = packets.ground(run)
    for line in sys.stdin:
        try:
            answer = play(hands, json.loads(line))
        except Failed as failed:
            answer = {"error": failed.args}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
