"""One nft command as text to all that is known of it: what ``translate`` and ``explain`` say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from nftlint.applicability import Applicability
from nftlint.iptables.render import render
from nftlint.nft.model import Command, ParseError, Rule, Script
from nftlint.nft.parser import parse
from nftlint.nft.resolve import resolved
from nftlint.owners import DEFAULT_OWNER, UnknownOwner, load_owner
from nftlint.patterns import compiled
from nftlint.readings import (
    MEASURED_NFT,
    VERSIONS,
    Kernel,
    Reading,
    failure_mode,
    readings,
)
from nftlint.readings.read import FAMILIES
from nftlint.record import dataclass, field
from nftlint.translate import Options, Translation, Untranslatable, translate

_RULE = compiled(r"(?:(?:add|insert|replace)\s+)?rule\s+(?!(?:inet|arp|bridge|netdev)\s)")
NOTHING_READ: Mapping[str, Reading] = MappingProxyType({})


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


def translate_line(
    text: str, nft_version: str = MEASURED_NFT, options: Options | None = None
) -> Line:
    """Translate one line of nft, with or without the word ``nft``; it may hold several commands.

    ``options`` are the translator's.
    """
    body = without_program(text)
    script = parse(body)
    if script.errors:
        error = script.errors[0]
        seen = refused_by_nft(body, error)
        return _refused(text, _error(error, len(text) - len(body)), seen)
    commands = _commands(script)
    if not commands:
        return _refused(text, "there is no nft command in it")
    first = next((command for command in commands if command.chain is not None), commands[0])
    place = first.where
    seen = readings_of(commands, nft_version)
    mode = failure_mode_of(commands, nft_version)
    results = [translate(command, options or Options()) for command in commands]
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
    return [command for _, command in resolved(script)]


def readings_of(commands: Sequence[Command], nft_version: str) -> dict[str, Reading]:
    """Return the readings of the first rule that iptables would read, by version.

    They are those of the kernel of the measurements, which is without what few nodes use: it
    refuses ``queue`` and ``flow add`` (see ``rules/readings/kernel.toml``).
    """
    rule = _first_rule(commands)
    return {} if rule is None else readings(rule, nft_version, kernel=Kernel.MEASURED)


def failure_mode_of(commands: Sequence[Command], nft_version: str) -> str:
    """Return the worst that the first rule does to kube-router, on a kernel that has it all."""
    owner, rule = load_owner(DEFAULT_OWNER), _first_rule(commands)
    if isinstance(owner, UnknownOwner) or rule is None:
        return "none"
    return failure_mode(rule, owner.supported, owner, nft_version)


def _first_rule(commands: Sequence[Command]) -> Command | None:
    rules = (command for command in commands if isinstance(command.body, Rule))
    return next((command for command in rules if command.family.text in FAMILIES), None)


def without_program(text: str) -> str:
    """Return the text from behind a leading word ``nft``."""
    body = text.lstrip()
    word, _, rest = body.partition(" ")
    return rest.lstrip() if word.rpartition("/")[2] == "nft" else body


def _error(error: ParseError, offset: int) -> str:
    return f"column {error.span.start + offset + 1}: {error.message}"


def refused_by_nft(body: str, error: ParseError) -> dict[str, Reading]:
    """Return the readings of a rule that nft does not take, had it been one for iptables."""
    if not _RULE.match(body):
        return {}
    said = f"Error: {error.message}"
    return {version: Reading(version, "nft-refused", said, "") for version in VERSIONS}


def _refused(text: str, reason: str, seen: Mapping[str, Reading] = NOTHING_READ) -> Line:
    return Line(text, (), Applicability.NONE.label, reason, readings=seen)
