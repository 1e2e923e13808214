"""What runs on a node before kube-router syncs; what nftlint says will happen; what does happen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from nftlint.cli import main
from nftlint.lint import Options, lint
from nftlint.prove.world import unshare_argv
from nftlint.readings import RANKS
from nftlint.record import replace
from nftlint.results import Result

HERE = Path(__file__).parent
WORLDS = 4
"""How many namespaces play at a time: the kernel takes its time to forget tables."""

PROGRAMS = (
    *("nft ", "iptables ", "ip6tables ", "(iptables ", "iptables-save | "),
    "printf '*filter",
)
"""How the lines of a script begin."""

Command = tuple[Sequence[str], str]
"""Words to run, and what they read from standard input."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Commands that are run in order; ``policies`` are those of chains that do not accept.

    ``running`` tells that kube-router is there already, with a NetworkPolicy of a pod.
    """

    family: str
    commands: tuple[Command, ...]
    policies: Mapping[str, str]
    running: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a scenario: ``mode`` is empty where a sync came to its end.

    ``before`` and ``after`` give for every packet whether it got through, and its mark.
    """

    mode: str
    step: str
    words: str
    rules: tuple[str, ...]
    before: list[list[object]]
    after: list[list[object]]

    @property
    def outcome(self) -> str:
        """The failure mode that was seen: without failure, the packets decide."""
        if self.mode:
            return self.mode
        return "none" if self.before == self.after else "widening"


def play(scenarios: Sequence[Scenario]) -> list[Played]:
    """Play each in a private network namespace; raises RuntimeError where it cannot be set up."""
    shares = [list(scenarios[first::WORLDS]) for first in range(WORLDS)]
    with ThreadPoolExecutor(WORLDS) as pool:
        played = list(pool.map(_play, shares))
    return [played[at % WORLDS][at // WORLDS] for at in range(len(scenarios))]


def _play(scenarios: list[Scenario]) -> list[Played]:
    outside = str(Path("/proc/self/ns/net").readlink())
    argv = [*unshare_argv(), sys.executable, str(HERE / "cycle.py"), outside]
    lines = [json.dumps(asdict(scenario)) for scenario in scenarios]
    done = subprocess.run(argv, input="\n".join(lines), capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    failed = [answer["error"] for answer in answers if "error" in answer]
    if failed or len(answers) != len(scenarios):
        raise RuntimeError(failed or done.stderr)
    return [Played(**answer | {"rules": tuple(answer["rules"])}) for answer in answers]


def seeds(name: str = "seeds.txt") -> list[str]:
    """Return the shell scripts of a file."""
    blocks = re.split(r"\n{2,}", (HERE / name).read_text())
    return [block.strip() + "\n" for block in blocks if not block.startswith("#")]


def of_script(script: str, policies_of: str = "") -> Scenario:
    """Return the scenario of a script. Nothing but nft and iptables may be in it.

    ``policies_of`` is the script whose policies are to hold, where it is another: where rules let
    packets in, all others are dropped, or nothing of it could be seen.
    """
    told = policies_of or script
    for line in script.splitlines():
        if not line.startswith(PROGRAMS):
            raise ValueError(line)
    closed = re.findall(r"rule \w*? ?filter (INPUT|FORWARD) .*accept", told)
    family = "ip6" if "rule ip6 filter" in told else "ip"
    return Scenario(family, ((("sh", "-e"), script),), dict.fromkeys(closed, "DROP"))


def on_running_node(script: str, _before: str = "") -> Scenario:
    """Return the scenario of a script that is run while kube-router runs."""
    return replace(of_script(script), policies={}, running=True)


def local_version() -> str:
    """Return the version of this machine's iptables."""
    said = subprocess.run(["iptables", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"v(\d+(?:\.\d+)+)", said.stdout)
    return found[1] if found else ""


def write(directory: Path, scripts: Iterable[str]) -> list[Path]:
    """Write each script as the file of a kube-router node whose iptables is this machine's."""
    hosts = f'[[hosts]]\ntag = "kube-router"\npaths = ["**"]\niptables = "{local_version()}"\n'
    (directory / "nftlint.toml").write_text(hosts)
    paths = []
    for number, script in enumerate(scripts):
        paths.append(directory / f"{number:02}.sh")
        paths[-1].write_text(script)
    return paths


def judged(directory: Path) -> dict[str, list[Result]]:
    """Return nftlint's findings by the name of the file."""
    found: dict[str, list[Result]] = {}
    for result in lint([directory], Options()).report.results:
        found.setdefault(Path(result.location.uri).name, []).append(result)
    return found


def predicted(results: Iterable[Result]) -> str:
    """Return the worst that nftlint predicts."""
    return min((result.failure_mode for result in results), key=RANKS.index, default="none")


def fix(directory: Path, *, unsafe: bool) -> None:
    """Let nftlint fix all files of a directory, as a user would."""
    main(["check", "--fix", *(["--unsafe-fixes"] if unsafe else []), "--quiet", str(directory)])
