"""Hold nftlint's Dockerfile splitter against BuildKit's own parser over real Dockerfiles.

    python scripts/dockerfile_conformance.py CHECKOUT…

Every ``Dockerfile*``, ``Containerfile*`` and ``*.dockerfile`` below the given paths is read by
both. They agree where instructions, flags, values, heredocs and lines are the same, or where
both refuse the file. Needs the PyPI package ``dockerfile``, which carries BuildKit 0.12; where
later releases read otherwise nftlint follows them, and such files are counted apart. Exit status
1 if a file is read in two ways without such a reason.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dockerfile
from nftlint.artifact import Artifact, root
from nftlint.docker.instructions import Instruction, parse

NAME = re.compile(r"(docker|container)file.*|.*\.(docker|container)file", re.IGNORECASE)
READING = tuple[object, ...]


def theirs(text: str) -> list[READING] | str:
    """Return BuildKit's reading of a Dockerfile, or its reason for refusing it."""
    try:
        commands = dockerfile.parse_string(text)
    except (dockerfile.GoParseError, ValueError) as error:
        return str(error)
    return [
        (
            command.cmd or "",
            command.sub_cmd,
            command.json,
            command.start_line,
            command.end_line,
            command.flags,
            command.value,
            tuple((doc.name, doc.file_descriptor, doc.content) for doc in command.heredocs),
        )
        for command in commands
    ]


def ours(text: str) -> list[READING] | str:
    """Return nftlint's reading in the same form."""
    source = root(Artifact("Dockerfile", text), "dockerfile")
    parsed = parse(source)
    if parsed.faults:
        return parsed.faults[0].message
    if not parsed.instructions:
        return "file with no instructions"
    return [_reading(instruction, source.text) for instruction in parsed.instructions]


def _reading(instruction: Instruction, text: str) -> READING:
    line, trigger = instruction.line.text, instruction.trigger
    return (
        instruction.keyword.of(line),
        trigger.keyword.of(line) if trigger else None,
        instruction.json,
        instruction.first + 1,
        instruction.end,
        instruction.flags,
        instruction.values,
        tuple(
            (doc.operator.name, doc.operator.descriptor, doc.body.of(text))
            for doc in instruction.heredocs
            if trigger is None  # the package loses those of a trigger; the lines tell of them
        ),
    )


def excuse(text: str) -> str:
    """Return why the package and later releases of BuildKit read a Dockerfile differently."""
    parsed = parse(root(Artifact("Dockerfile", text), "dockerfile"))
    if any(re.search(r"<<-?[\t\r ]", item.line.text) for item in parsed.instructions):
        return "blanks after <<"
    if re.search(r"\[[^\n]*\][ \t]*\S", text):
        return "text after an exec form"
    if parsed.escape == "`" and re.search(r"--\S*[\\`]", text):
        return "the escape character in flags"
    if any("\0" in value for item in parsed.instructions for value in item.values):
        return "NUL, which the package cannot return"
    return "a check directive" if re.match(r"\s*#.*check\s*=", text) else ""


def difference(text: str) -> str:
    """Return in words how the two readings of a Dockerfile differ; empty if they agree."""
    expected, found = theirs(text.replace("\r\n", "\n")), ours(text)
    if isinstance(expected, str) or isinstance(found, str):
        both = isinstance(expected, str) and isinstance(found, str)
        return "" if both else f"BuildKit: {str(expected)[:200]}\n  nftlint:  {str(found)[:200]}"
    for left, right in zip(expected, found, strict=False):
        if left != right:
            return f"BuildKit: {left}\n  nftlint:  {right}"
    if len(expected) != len(found):
        return f"{len(expected)} instructions, not {len(found)}"
    return ""


def dockerfiles(paths: list[Path]) -> Iterator[Path]:
    """Yield the Dockerfiles below the paths."""
    for path in paths:
        for found in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if found.is_file() and (NAME.fullmatch(found.name) or found == path):
                yield found


def main() -> int:
    """Compare, print each disagreement and the totals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="CHECKOUT")
    tally: Counter[str] = Counter()
    seen: set[str] = set()
    for path in dockerfiles(parser.parse_args().paths):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            tally["not UTF-8"] += 1
            continue
        if text in seen:
            tally["copies"] += 1
            continue
        seen.add(text)
        found = difference(text)
        reason = excuse(text) if found else ""
        outcome = "agree but for later releases" if reason else "disagree" if found else "agree"
        tally[outcome] += 1
        tally["refused by BuildKit"] += isinstance(theirs(text), str)
        if found:
            print(f"{path}: {reason}\n  {found}")
    print(", ".join(f"{count} {what}" for what, count in tally.items()))
    return 1 if tally["disagree"] else 0


if __name__ == "__main__":
    sys.exit(main())
