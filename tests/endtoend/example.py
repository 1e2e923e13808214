"""The commands of the example image that write rules, as a node would run them.

They are found by nftlint's own scan and run one by one with the image's values; nothing else of the
image is ever run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from scenarios import Command, Scenario, local_version

from nftlint.found import NftCall, ProgramRun
from nftlint.fragment import spelled_out, to_root
from nftlint.lint import Options, lint
from nftlint.results import Result
from nftlint.unit import Unit

IMAGE = Path(__file__).parents[2] / "examples" / "node-image"
NOT_A_NODE = "bastion"
VALUES = {
    "$pod_cidr": "10.42.0.0/16",
    "$api_port": "6443",
    "{{ node_firewall_admin_cidr }}": "192.168.20.0/24",
}
SCANNER: Command = (("nft", "add element ip filter scanners { 203.0.113.7 }"), "")
"""What the timer of the image does: without a scanner in it, the set shows nothing."""
SET = "add set ip filter scanners { type ipv4_addr; flags timeout; }"
BY_HAND = (
    "nft insert rule ip filter INPUT ip saddr @scanners drop",
    "iptables -I INPUT -s 203.0.113.7 -j DROP",
)
"""The rule that nftlint has no fix for, and what someone may make of it."""


def copy(directory: Path) -> Path:
    """Return a copy of the image whose nodes have this machine's iptables."""
    image = directory / "image"
    shutil.copytree(IMAGE, image)
    config = image / "nftlint.toml"
    config.write_text(config.read_text() + f'iptables = "{local_version()}"\n')
    return image


def mend_by_hand(image: Path) -> None:
    script = image / "provision" / "setup-node.sh"
    before, after = BY_HAND
    text = script.read_text()
    if before not in text:
        raise ValueError(before)
    script.write_text(text.replace(before, after))


def leave_out(image: Path) -> None:
    """Take the rule that has no fix out of the image, and so all that must be mended by hand."""
    script = image / "provision" / "setup-node.sh"
    lines = script.read_text().splitlines(keepends=True)
    script.write_text("".join(line for line in lines if BY_HAND[0] not in line))


def scenario(image: Path, family: str) -> Scenario:
    """Return everything that the image's files do to the tables, file by file."""
    units = lint([image], Options()).units.values()
    commands = [command for unit in units for command in _commands(unit)]
    policies = {"INPUT": "DROP", "FORWARD": "DROP"}
    return Scenario(family, (*commands, SCANNER), policies)


def alone(directory: Path) -> list[tuple[Result, Scenario]]:
    """Return each finding of the image with the scenario in which its statement stands alone."""
    directory.mkdir()
    found = []
    for result in lint([copy(directory)], Options()).report.results:
        if result.subject is not None and result.failure_mode:
            family, text = result.subject.family, _with_values(result.subject.statement)
            closed = ("INPUT", "FORWARD") if "accept" in text else ()
            commands: list[Command] = [(("nft", "-f", "-"), f"{SET}\n"), SCANNER]
            if not text.startswith(("add", "insert")):
                text = f"add {text}"
            commands.append((("nft", "-f", "-"), f"{text}\n"))
            found.append((result, Scenario(family, tuple(commands), dict.fromkeys(closed, "DROP"))))
    return found


def _with_values(text: str) -> str:
    for name, value in VALUES.items():
        text = text.replace(name, value)
    return text


def _commands(unit: Unit) -> Iterator[Command]:
    if unit.found is None or NOT_A_NODE in unit.artifact.uri:
        return
    items = [item for item in (*unit.found.calls, *unit.found.runs) if not item.elsewhere]
    for item in sorted(items, key=lambda item: to_root(item.host, item.span)):
        yield from _command(item, _with_values(spelled_out(item.script.text, item.script)))


def _command(item: NftCall | ProgramRun, text: str) -> Iterator[Command]:
    if isinstance(item, NftCall):
        yield ("nft", "-f", "-"), text + "\n"
    elif item.program in {"iptables", "ip6tables"}:
        yield tuple(text.split()), ""
