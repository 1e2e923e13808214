"""One nft command as text to iptables commands as text: what ``nftlint translate`` says."""

from __future__ import annotations

from dataclasses import dataclass

from nftlint.applicability import Applicability
from nftlint.iptables.render import render
from nftlint.nft.model import Command, Name, ParseError, flatten
from nftlint.nft.parser import parse
from nftlint.translate import Translation, Untranslatable, translate


@dataclass(frozen=True, slots=True)
class Line:
    """One input and what becomes of it; ``applicability`` is ``none`` where it cannot be said.

    ``reason`` says why not, or why the translation is not safe; else it is empty.
    """

    input: str
    iptables: tuple[str, ...]
    applicability: str
    reason: str
    family: str
    table: str
    chain: str


def translate_line(text: str) -> Line:
    """Translate one line of nft, with or without the word ``nft``; it may hold several commands."""
    script = parse(_without_program(text))
    if script.errors:
        return _refused(text, _error(script.errors[0], len(text) - len(_without_program(text))))
    commands = list(flatten(script.commands))
    if not commands:
        return _refused(text, "there is no nft command in it")
    results = [translate(command) for command in commands]
    first = next((command for command in commands if command.chain is not None), commands[0])
    for result in results:
        if isinstance(result, Untranslatable):
            return _refused(text, result.reason, first)
    done = [result for result in results if isinstance(result, Translation)]
    lines = tuple(render(command) for result in done for command in result.commands)
    applicability = min((result.applicability for result in done), default=Applicability.SAFE)
    reasons = dict.fromkeys(reason for result in done for reason in result.reasons)
    return Line(text, lines, applicability.label, "; ".join(reasons), *_place(first))


def _without_program(text: str) -> str:
    """Return the text from behind a leading word ``nft``."""
    body = text.lstrip()
    word, _, rest = body.partition(" ")
    return rest.lstrip() if word.rpartition("/")[2] == "nft" else body


def _error(error: ParseError, offset: int) -> str:
    return f"column {error.span.start + offset + 1}: {error.message}"


def _refused(text: str, reason: str, command: Command | None = None) -> Line:
    place = _place(command) if command is not None else ("", "", "")
    return Line(text, (), Applicability.NONE.label, reason, *place)


def _place(command: Command) -> tuple[str, str, str]:
    return command.family.text, _text(command.table), _text(command.chain)


def _text(name: Name | None) -> str:
    return "" if name is None else name.text
