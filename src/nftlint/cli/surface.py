"""The command line as data, read from the parser: for completions and the manual page."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from nftlint.record import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """``names`` are its options, none for a positional one; ``value`` is what it takes, if it does.

    ``choices`` are the words that it takes, as far as they are known.
    """

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command, with what it takes."""

    name: str
    help: str
    arguments: tuple[Argument, ...]


def commands(top: argparse.ArgumentParser) -> list[Command]:
    """Return the commands of the program, in the order of its help."""
    (under,) = (item for item in top._actions if isinstance(item, argparse._SubParsersAction))  # noqa: SLF001 - argparse has no other way to ask
    helps = {item.dest: item.help or "" for item in under._choices_actions}  # noqa: SLF001 - the same
    return [
        Command(name, helps[name], tuple(_arguments(parser)))
        for name, parser in under.choices.items()
    ]


def _arguments(parser: argparse.ArgumentParser) -> Iterator[Argument]:
    for action in parser._actions:  # noqa: SLF001 - the same
        takes = action.nargs != 0
        value = str(action.metavar or action.dest.upper()) if takes else ""
        yield Argument(
            tuple(action.option_strings),
            "|".join(action.choices) if takes and action.choices else value,
            tuple(action.choices or _known(action)),
            action.help or "",
        )


def _known(action: argparse.Action) -> tuple[str, ...]:
    """Return the words that an option takes though the parser leaves them open."""
    if action.dest == "output_format":
        from nftlint.output import format_names

        return format_names()
    if action.dest in ("select", "ignore", "topic"):
        from nftlint.pages import load_pages

        return tuple(load_pages())
    if action.dest == "assume_tag":
        from nftlint.owners import owner_tags

        return owner_tags()
    return ()
