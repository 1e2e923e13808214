"""``nftlint completion``: what a shell reads to complete the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence

from nftlint.cli import CLEAN
from nftlint.cli.arguments import parser
from nftlint.cli.surface import Argument, Command, commands


def run(options: argparse.Namespace) -> int:
    """Print the completion script of a shell."""
    print("\n".join(SHELLS[options.shell](commands(parser()))))
    return CLEAN


def _bash(every: Sequence[Command]) -> Iterator[str]:
    yield "# bash completion for nftlint"
    yield "_nftlint() {"
    yield "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}"
    yield "    COMPREPLY=()"
    # bash takes the = of --option=value for a word of its own
    yield "    if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi"
    yield "    if [[ $cur == = ]]; then cur=; fi"
    yield '    if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f"        {_reply([*(one.name for one in every), '--help', '--version'])}"
    yield "        return"
    yield "    fi"
    yield "    case ${COMP_WORDS[1]} in"
    for command in every:
        yield f"    {command.name})"
        yield from _bash_command(command)
        yield "        ;;"
    yield "    esac"
    yield "}"
    yield "complete -o default -F _nftlint nftlint"


def _bash_command(command: Command) -> Iterator[str]:
    yield "        case $prev in"
    for argument in command.arguments:
        if argument.names and argument.value:
            names = "|".join(argument.names)
            then = _reply(argument.choices) if argument.choices else ":"
            yield f"        {names}) {then}; return ;;"
    yield "        esac"
    options = [name for argument in command.arguments for name in argument.names]
    words = [
        word for argument in command.arguments if not argument.names for word in argument.choices
    ]
    yield f"        if [[ $cur == -* ]]; then {_reply(options)}; return; fi"
    if words:
        yield f"        {_reply(words)}"


def _reply(words: Sequence[str]) -> str:
    return f"mapfile -t COMPREPLY < <(compgen -W '{' '.join(words)}' -- \"$cur\")"


def _zsh(every: Sequence[Command]) -> Iterator[str]:
    yield "#compdef nftlint"
    yield "_nftlint() {"
    yield "    local -a commands"
    yield "    commands=("
    yield from (f"        {_quoted(f'{_plain(one.name)}:{one.help}')}" for one in every)
    yield "    )"
    yield "    if (( CURRENT == 2 )); then _describe command commands; return; fi"
    yield "    local command=$words[2]"
    yield "    shift words; (( CURRENT-- ))"
    yield "    case $command in"
    for command in every:
        yield f"    {command.name})"
        yield "        _arguments \\"
        specs = [spec for argument in command.arguments for spec in _zsh_specs(argument)]
        yield from (f"            {_quoted(spec)} \\" for spec in specs[:-1])
        yield f"            {_quoted(specs[-1])}"
        yield "        ;;"
    yield "    esac"
    yield "}"
    yield '_nftlint "$@"'


def _zsh_specs(argument: Argument) -> Iterator[str]:
    takes = _plain(argument.value)
    values = f"({' '.join(argument.choices)})" if argument.choices else "_files"
    if not argument.names:
        yield f"*:{takes}:{values}"
        return
    for name in argument.names:
        joined = "=" if argument.value and name.startswith("--") else ""
        about = f"*{name}{joined}[{_plain(argument.help)}]"
        yield f"{about}:{takes}:{values}" if argument.value else about


def _plain(text: str) -> str:
    r"""Return text without what ``_arguments`` takes for its own: ``[]:\``."""
    return "".join(f"\\{char}" if char in "[]:\\" else char for char in text)


def _fish(every: Sequence[Command]) -> Iterator[str]:
    yield "# fish completion for nftlint"
    for command in every:
        about = _fish_quoted(command.help)
        yield f"complete -c nftlint -n __fish_use_subcommand -f -a {command.name} -d {about}"
        here = _fish_quoted(f"__fish_seen_subcommand_from {command.name}")
        for argument in command.arguments:
            words = _fish_quoted(" ".join(argument.choices))
            if not argument.names:
                if argument.choices:
                    yield f"complete -c nftlint -n {here} -f -a {words}"
                continue
            flags = [
                f"-l {one[2:]}" if one[:2] == "--" else f"-s {one[1:]}" for one in argument.names
            ]
            takes = f" -x -a {words}" if argument.choices else " -r" if argument.value else ""
            about = _fish_quoted(argument.help)
            yield f"complete -c nftlint -n {here} {' '.join(flags)}{takes} -d {about}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SHELLS: dict[str, Callable[[Sequence[Command]], Iterator[str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
