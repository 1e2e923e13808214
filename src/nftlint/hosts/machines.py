"""Descriptions of machines: Terraform, Packer and Vagrant files, and which machine a part is of.

What their strings name goes onto the machine that they make. Ruby and HCL are not run: blocks are
found by the indentation of lines. What stands outside of all blocks is for every machine, and a
Ruby method for those whose blocks name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from nftlint.patterns import compiled
from nftlint.span import Span

MODULES = (".tf", ".hcl")
"""Terraform's and Packer's files: those of a directory belong together."""

_DEFINED = compiled(r"(?m)^(?P<indent>[ \t]*)[^\n#]*\.vm\.define\b[^\n]*\bdo\b[^\n]*$")
_METHOD = compiled(r"(?m)^(?P<indent>[ \t]*)def[ \t]+(?P<name>\w+)[^\n]*$")
_BUILD = compiled(r"(?m)^(?P<indent>)build[ \t]*\{[^\n]*$")


def describes_machines(path: Path, text: str) -> bool:
    """Tell whether a file is one of Terraform, Packer (HCL or JSON) or Vagrant."""
    if path.suffix == ".json":
        return '"provisioners"' in text
    return path.suffix in MODULES or is_vagrant(path)


def is_vagrant(path: Path) -> bool:
    """Tell whether a file is Vagrant's, by its name."""
    return path.name == "Vagrantfile"


def builds(path: Path, text: str) -> bool:
    """Tell whether a file of Packer's has a build, so that it is a template by itself."""
    return path.name.endswith(".pkr.hcl") and _BUILD.search(text) is not None


def machines(path: Path, text: str) -> tuple[tuple[Span, ...], ...]:
    """Return the parts of a file that are for each of its machines.

    Nothing where the file does not tell machines apart. Parts of one or several machines are
    equal or do not overlap.
    """
    if is_vagrant(path):
        return tuple(_of_vagrant(text))
    own = list(_blocks(text, _BUILD, "}")) if builds(path, text) else []
    rest = tuple(_gaps(text, [span for span, _ in own]))
    return tuple((span, *rest) for span, _ in own)


def _of_vagrant(text: str) -> Iterator[tuple[Span, ...]]:
    own = [span for span, _ in _blocks(text, _DEFINED, "end")]
    methods = [item for item in _blocks(text, _METHOD, "end") if _apart(item[0], own)]
    rest = tuple(_gaps(text, sorted([*own, *(span for span, _ in methods)])))
    for span in own:
        told = span.of(text) + "".join(part.of(text) for part in rest)
        yield (span, *_named(told, methods, text), *rest)


def _named(told: str, methods: Sequence[tuple[Span, str]], text: str) -> list[Span]:
    """Return the methods that a text names, and those that they name."""
    found: dict[str, Span] = {}
    ahead = [told]
    while ahead:
        here = set(re.findall(r"\w+", ahead.pop()))
        for span, name in methods:
            if name in here and name not in found:
                found[name] = span
                ahead.append(span.of(text))
    return list(found.values())


def _blocks(text: str, opens: re.Pattern[str], closes: str) -> Iterator[tuple[Span, str]]:
    """Yield blocks with their names; one within another is part of it."""
    end = 0
    for found in opens.finditer(text):
        if found.start() < end:
            continue
        close = re.compile(rf"(?m)^{found['indent']}{closes}\b|^{found['indent']}\}}")
        last = close.search(text, found.end())
        end = last.end() if last else len(text)
        yield Span(found.start(), end), found.groupdict().get("name", "")


def _gaps(text: str, blocks: Iterable[Span]) -> Iterator[Span]:
    edges = [Span(0, 0), *blocks, Span(len(text), len(text))]
    for one, other in pairwise(edges):
        if one.end < other.start:
            yield Span(one.end, other.start)


def _apart(span: Span, others: Iterable[Span]) -> bool:
    return all(span.end <= other.start or other.end <= span.start for other in others)
