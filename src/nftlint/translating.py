"""One nft command as text to all that is known of it: what ``translate`` and ``explain`` say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nftlint.applicability import Applicability
from nftlint.iptables.render import render
from nftlint.nft.model import Command, ParseError, Rule, Script, flatten
from nftlint.nft.parser import parse
from nftlint.nft.resolve import defines_at, resolve
from nftlint.owners import DEFAULT_OWNER, UnknownOwner, load_owner
from nftlint.readings import MEASURED_NFT, Reading, mode_of, readings, worst
from nftlint.readings.read import FAMILIES
from nftlint.translate import Translation, Untranslatable, translate


@dataclass(frozen=True, slots=True)
class Line:
    """One input and what becomes of it; ``applicability`` is ``none`` where it cannot be said.

    ``reason`` says why not, or why the translation is not safe; else it is empty. ``readings`` are
    those of the first rule in it, by iptables version; empty where there is no rule of family ip or
    ip6. ``failure_mode`` is the worst for kube-router, over the versions that its releases have.
    """

    input: str
    iptables: tuple[str, ...]
    applicability: str
    reason: str
    family: str = ""
    table: str = ""
    chain: str = ""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    failure_mode: str = "none"


def translate_line(text: str, nft_version: str = MEASURED_NFT) -> Line:
    """Translate one line of nft, with or without the word ``nft``; it may hold several commands."""
    body = without_program(text)
    script = parse(body)
    if script.errors:
        return _refused(text, _error(script.errors[0], len(text) - len(body)))
    commands = _commands(script)
    if not commands:
        return _refused(text, "there is no nft command in it")
    first = next((command for command in commands if command.chain is not None), commands[0])
    place = first.where
    seen = readings_of(commands, nft_version)
    mode = failure_mode_of(commands, seen)
    results = [translate(command) for command in commands]
    done = [result for result in results if isinstance(result, Translation)]
    refused = [item for item in results if isinstance(item, Untranslatable)]
    if refused and not (done and all(item.needless for item in refused)):
        reason = next((item.reason for item in refused if not item.needless), refused[0].reason)
        return Line(text, (), Applicability.NONE.label, reason, *place, seen, mode)
    lines = tuple(render(command) for result in done for command in result.commands)
    applicability = min((result.applicability for result in done), default=Applicability.SAFE)
    reasons = dict.fromkeys(reason for result in done for reason in result.reasons)
    return Line(text, lines, applicability.label, "; ".join(reasons), *place, seen, mode)


def _commands(script: Script) -> list[Command]:
    return [
        resolve(command, defines_at(script, command.span.start))
        for command in flatten(script.commands)
    ]


def readings_of(commands: Sequence[Command], nft_version: str) -> dict[str, Reading]:
    """Return the readings of the first rule that iptables would read, by version."""
    for command in commands:
        if isinstance(command.body, Rule) and command.family.text in FAMILIES:
            return readings(command, nft_version)
    return {}


def failure_mode_of(commands: Sequence[Command], seen: Mapping[str, Reading]) -> str:
    """Return the worst that the rule with these readings does to kube-router."""
    owner = load_owner(DEFAULT_OWNER)
    rules = [command for command in commands if isinstance(command.body, Rule)]
    if isinstance(owner, UnknownOwner) or not rules or not seen:
        return "none"
    place = rules[0].where
    if not owner.manages(*place):
        return "none"
    found = (seen[version] for version in owner.supported if version in seen)
    return worst(mode_of(reading, owner, *place) for reading in found)


def without_program(text: str) -> str:
    """Return the text from behind a leading word ``nft``."""
    body = text.lstrip()
    word, _, rest = body.partition(" ")
    return rest.lstrip() if word.rpartition("/")[2] == "nft" else body


def _error(error: ParseError, offset: int) -> str:
    return f"column {error.span.start + offset + 1}: {error.message}"


def _refused(text: str, reason: str) -> Line:
    return Line(text, (), Applicability.NONE.label, reason)
