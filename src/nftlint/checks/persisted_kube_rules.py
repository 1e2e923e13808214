"""NFT109: rules that an owner makes as it runs are saved, to be loaded at the next start."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.checks.context import Finding, Run
from nftlint.checks.iptables_line import iptables_line
from nftlint.checks.services import service_of
from nftlint.found import ProgramRun
from nftlint.patterns import compiled
from nftlint.results import NoFix

RULE = "NFT109"
_LOADED = compiled(
    r"/etc/iptables/(?:rules\.v[46]|ip6?tables\.rules|rules6?-save)|/etc/sysconfig/ip6?tables"
    r"|/etc/ip6?tables(?:\.up)?\.(?:rules|conf|save|ipv[46]\.nat)"
    r"|/etc/network/ip6?tables(?:\.up)?\.rules|/var/lib/ip6?tables/rules-save"
)
"""What Debian, Fedora, Arch, Alpine and Gentoo load at their start, and what tutorials have one
load; a copy beside it (``rules.v4.old``) is none of these."""
_TEE = compiled(r"\btee\b(?P<files>.*)")
_FILTERS = compiled(r"KUBE|kube|cali|DOCKER|docker|CNI")
_SERVICES = ("iptables", "ip6tables", "netfilter-persistent", "iptables-persistent")


def check_run(context: Run) -> Iterator[Finding]:
    """Yield a finding where all rules of a host are saved to where its start loads them from."""
    run = context.run
    if run.build_time or not _saves(run):
        return
    owner = context.owners[0]
    message = f"all rules of the host are saved to be loaded at its start, {owner.title}'s as well"
    sentence = (
        f"where {owner.title} runs already, its rules of this moment come back at every start, "
        "with pods and policies that are long gone, until it has replaced them"
    )
    fix = NoFix("keep your own rules in a file that you write, and load it with `--noflush`")
    yield Finding(RULE, "warning", message, sentence, "none", fix)


def _saves(run: ProgramRun) -> bool:
    line = iptables_line(run.words)
    if line is not None:
        return line.kind == "save" and line.backend != "legacy" and _to_start(run)
    if run.program in ("netfilter-persistent", "iptables.init", "ip6tables.init"):
        return run.words[1:2] == ("save",)
    return any(service_of(run.words, name) == "save" for name in _SERVICES)


def _to_start(run: ProgramRun) -> bool:
    """Tell whether what is saved, unfiltered, goes to a file that the host's start loads."""
    if any(_FILTERS.search(command) for command in run.flow.after):
        return False
    tees = [match["files"] for item in run.flow.after if (match := _TEE.search(item))]
    names = (*run.words[1:], *run.flow.writes, *(name for tee in tees for name in tee.split()))
    return any(_LOADED.fullmatch(name.strip("\"'")) for name in names)
