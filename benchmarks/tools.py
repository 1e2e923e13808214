"""The programs that are compared, and the command lines that they are run with.

A tool that wants files is handed those whose names are its own, in batches like those of xargs; to
find them costs it nothing here. The others find them themselves.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BATCH = 128 * 1024
"""How many characters of file names a command line takes: what xargs takes by default."""

SEMGREP = """\
rules:
  - {id: nft, languages: [bash], severity: WARNING, message: nft, pattern: nft ...}
"""


@dataclass(frozen=True)
class Tool:
    """A program under test.

    ``words`` is its command line, in which ``{tree}`` is the tree and ``{work}`` a directory that
    has ``semgrep.yml``; with ``patterns``, the files of such names follow. ``inside`` tells that it
    is run in the tree. ``title`` is what the tables call it.
    """

    title: str
    words: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    inside: bool = False

    @property
    def program(self) -> str:
        """Its name, as it is looked for in PATH."""
        return self.words[0]


_CHECK = ("nftlint", "check")
_SEMGREP = ("semgrep", "scan", "--metrics=off", "--disable-version-check", "--quiet")
RG = Tool(r"rg -l '\bnft\b'", ("rg", "-l", r"\bnft\b", "{tree}"))
NFTLINT = Tool("nftlint check", (*_CHECK, "{tree}"))
TAGGED = Tool(
    "nftlint check --assume-tag kube-router", (*_CHECK, "--assume-tag", "kube-router", "{tree}")
)
TOOLS = (
    RG,
    NFTLINT,
    TAGGED,
    Tool("ast-grep, one pattern", ("ast-grep", "-p", "nft $$$A", "-l", "bash", "{tree}")),
    Tool("semgrep, one rule", (*_SEMGREP, "--config", "{work}/semgrep.yml", "{tree}")),
    Tool("shellcheck", ("shellcheck",), ("*.sh",)),
    Tool("hadolint", ("hadolint",), ("Dockerfile*", "*.Dockerfile")),
    Tool("yamllint", ("yamllint",), ("*.yml", "*.yaml")),
    Tool("ansible-lint --offline", ("ansible-lint", "--offline", "-q"), inside=True),
)
QUICK = tuple(one for one in TOOLS if one.program not in ("semgrep", "ansible-lint"))
ONE_FILE = (
    Tool("python -c pass", ("python", "-c", "pass")),
    Tool("nftlint check clean.sh", (*_CHECK, "{tree}/clean.sh")),
    Tool("the same, of a file that installs nftables", (*_CHECK, "{tree}/installs.sh")),
    Tool("shellcheck clean.sh", ("shellcheck", "{tree}/clean.sh")),
)


def command_lines(tool: Tool, tree: Path, work: Path) -> list[list[str]]:
    """Return what is to be run, one after another: nothing where there are no files for it."""
    words = [word.format(tree=tree, work=work) if "{" in word else word for word in tool.words]
    if not tool.patterns:
        return [words]
    found = {path for pattern in tool.patterns for path in tree.rglob(pattern) if path.is_file()}
    return [[*words, *batch] for batch in _batches(sorted(map(str, found)))]


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    length = 0
    for name in names:
        if batch and length + len(name) + 1 > BATCH:
            yield batch
            batch, length = [], 0
        batch.append(name)
        length += len(name) + 1
    if batch:
        yield batch


def versions(tools: Sequence[Tool]) -> str:
    """Return the programs that are there, with their versions, and say which are not."""
    told = []
    for program in dict.fromkeys(tool.program for tool in tools):
        if shutil.which(program) is None:
            told.append(f"{program} (not installed)")
            continue
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        version = re.search(r"\d+\.\d+(\.\d+)?", re.sub(r"\x1b\[[\d;]*m", "", done.stdout))
        told.append(f"{program} {version[0] if version else '(unknown)'}")
    return ", ".join(told)
