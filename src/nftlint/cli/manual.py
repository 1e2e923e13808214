"""The manual page, from the same parser that reads the command line."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cli.arguments import parser
from nftlint.cli.surface import Argument, commands

_FILES = (
    (
        "nftlint.toml",
        "The configuration, nearest directory first; or [tool.nftlint] in pyproject.toml.",
    ),
)
_ENVIRONMENT = (
    ("NO_COLOR", "If it is set, nothing is coloured."),
    ("FORCE_COLOR", "If it is set, standard output is coloured though it is no terminal."),
)
_STATUS = (
    ("0", "Nothing was found, or only what is suppressed or in the baseline."),
    ("1", "There are findings; with --diff: something would change."),
    (
        "2",
        "The command line or the configuration is wrong, or a file could not be read or written.",
    ),
)


def manual() -> str:
    """Return nftlint(1) in the man macros."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    top = parser()
    yield '.\\" Written by scripts/write_docs.py from the command line itself.'
    yield ".TH NFTLINT 1"
    yield ".SH NAME"
    yield "nftlint \\- find raw nft rules that break kube\\-router's view of the firewall"
    yield ".SH SYNOPSIS"
    yield ".B nftlint"
    yield "COMMAND [OPTION...] [ARGUMENT...]"
    yield ".SH DESCRIPTION"
    yield _text(top.description or "")
    yield ".SH COMMANDS"
    for command in commands(top):
        yield f".SS nftlint {_text(command.name)}"
        yield _text(command.help[:1].upper() + command.help[1:] + ".")
        for argument in command.arguments:
            yield from _argument(argument)
    for title, items in (
        ("EXIT STATUS", _STATUS),
        ("FILES", _FILES),
        ("ENVIRONMENT", _ENVIRONMENT),
    ):
        yield f".SH {title}"
        for name, about in items:
            yield from (".TP", f".B {_text(name)}", _text(about))


def _argument(argument: Argument) -> Iterator[str]:
    yield ".TP"
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in argument.names)
    value = f"\\fI{_text(argument.value)}\\fR" if argument.value else ""
    yield " ".join(part for part in (names, value) if part)
    yield _text(argument.help)


def _text(text: str) -> str:
    """Return text as roff takes it: a line never begins a request, a hyphen stays one."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped
