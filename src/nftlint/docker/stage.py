"""What earlier instructions of a build stage decide for later ones: shell, variables, directory."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from types import MappingProxyType

from nftlint.context import NO_VARIABLES
from nftlint.docker.instructions import Instruction
from nftlint.docker.lexer import LexError, Rules, UnknownVariableError, word_of
from nftlint.docker.words import MalformedError, pairs_of
from nftlint.fragment import Fragment, to_parent
from nftlint.record import dataclass, field, replace
from nftlint.span import Span

_SHELLS = frozenset(("sh", "bash", "ash", "dash", "ksh", "mksh", "zsh", "busybox"))


@dataclass(frozen=True, slots=True)
class Stage:
    """``language`` is that of shell forms. ``variables`` are those whose values are certain.

    Build arguments are never certain (``--build-arg``), nor is what a base image sets.
    ``directory`` is the absolute working directory, empty where the base image decides.
    """

    escape: str
    language: str = "shell"
    variables: Mapping[str, str] = field(default_factory=lambda: NO_VARIABLES)
    directory: str = ""

    def expand(self, word: str) -> str | None:
        """Return a word with its variables replaced; ``None`` if they are not known for certain."""
        try:
            return word_of(word, Rules(self.escape, lookup=self._look_up))
        except LexError:
            return None

    def _look_up(self, name: str) -> str:
        if name not in self.variables:
            raise UnknownVariableError(name)
        return self.variables[name]

    def path(self, word: str) -> str:
        """Return the absolute path that a word names in the image; empty if it is not known."""
        path = self.expand(word)
        if not path or not (path.startswith("/") or self.directory):
            return ""
        slash = "/" if path.endswith(("/", "/.")) or path == "." else ""
        return posixpath.normpath(posixpath.join(self.directory, path)).rstrip("/") + slash


@dataclass(frozen=True, slots=True)
class Scene:
    """An instruction of the Dockerfile ``source``, and the stage as it is before it.

    ``label`` names it for people: ``RUN``, ``ONBUILD RUN``.
    """

    source: Fragment
    instruction: Instruction
    stage: Stage
    label: str

    def place(self, span: Span) -> Span:
        """Map a span of what follows the flags to the Dockerfile's text."""
        return to_parent(self.instruction.line, span.shift(self.instruction.args.start))


Stages = Mapping[str, Stage]
"""The stages so far, by name and by number."""


def after(stage: Stage, stages: Stages, instruction: Instruction) -> Stage:
    """Return what holds after an instruction."""
    match instruction.name:
        case "FROM":
            return _from(stage.escape, stages, instruction)
        case "SHELL" if instruction.json and instruction.values:
            return replace(stage, language=shell_language(instruction.values[0]))
        case "ENV":
            return replace(stage, variables=_with_pairs(stage, instruction))
        case "WORKDIR":
            return replace(stage, directory=stage.path(instruction.text).rstrip("/"))
    return stage


def shell_language(program: str) -> str:
    """Return the language that a shell reads, by its path."""
    name = program.replace("\\", "/").rsplit("/", 1)[-1].lower().removesuffix(".exe")
    return "shell" if name in _SHELLS else name


def name_of(instruction: Instruction) -> str:
    """Return the name that FROM gives its stage; empty if it gives none."""
    values = instruction.values
    return values[2].lower() if len(values) == 3 and values[1].lower() == "as" else ""


def _from(escape: str, stages: Stages, instruction: Instruction) -> Stage:
    base = instruction.values[0] if instruction.values else ""
    if base.lower() in stages:
        return stages[base.lower()]
    return Stage(escape, directory="/" if base == "scratch" else "")


def _with_pairs(stage: Stage, instruction: Instruction) -> Mapping[str, str]:
    try:
        pairs = pairs_of(instruction.text, stage.escape, "ENV")
    except MalformedError:
        return stage.variables
    variables = dict(stage.variables)
    for name, value in pairs:
        known = stage.expand(value.text)
        key = stage.expand(name.text)
        if known is None or key is None:
            variables.pop(key or name.text, None)
        else:
            variables[key] = known
    return MappingProxyType(variables)
