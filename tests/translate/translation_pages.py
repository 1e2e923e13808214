"""Reading the golden pages in ``rules/translations``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nftlint.holes import Hole
from nftlint.iptables.render import render
from nftlint.nft.parser import parse
from nftlint.translate import Options, Translation, translate

PAGES = Path(__file__).parents[2] / "rules" / "translations"
_FENCE = re.compile(r"^```translations\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\$[A-Z_]+")


@dataclass(frozen=True, slots=True)
class Golden:
    """A pair: an nft command, and the lines that stand below it."""

    page: str
    nft: str
    lines: tuple[str, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(line for line in self.lines if not line.startswith("#"))

    @property
    def argued(self) -> str:
        return "".join(line[10:] for line in self.lines if line.startswith("# argued: "))

    @property
    def safe(self) -> bool:
        return bool(self.commands) and not any(line.startswith("# unsafe") for line in self.lines)

    @property
    def expected(self) -> list[str]:
        return [line for line in self.lines if not line.startswith("# argued: ")]

    def __str__(self) -> str:
        return f"{self.page}: {self.nft}"


def pages() -> list[Path]:
    return sorted(page for page in PAGES.glob("*.md") if page.stem != "README")


def goldens() -> list[Golden]:
    return [golden for page in pages() for golden in _read(page)]


def _read(page: Path) -> Iterator[Golden]:
    for fence in _FENCE.finditer(page.read_text()):
        for block in fence[1].strip().split("\n\n"):
            first, *lines = block.split("\n")
            assert first.startswith("nft "), f"{page.name}: {first}"
            yield Golden(page.stem, first[4:], tuple(lines))


def said(nft: str, values: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    """Return what a page would say of a command; ``$NAME`` stands for a shell variable."""
    names = dict.fromkeys(_VARIABLE.findall(nft))
    holes = {chr(0x100000 + index): name for index, name in enumerate(names)}
    text = nft
    for char, name in holes.items():
        text = text.replace(name, char)
    known = {
        char: Hole(name, name[1:], values=(values or {}).get(name)) for char, name in holes.items()
    }
    return [_with_names(line, holes) for line in _lines(text, Options(holes=known))]


def _lines(text: str, options: Options) -> list[str]:
    script = parse(text)
    if script.errors:
        return [f"# syntax: {script.errors[0].message}"]
    result = translate(script.commands[0], options)
    if not isinstance(result, Translation):
        assert 0 <= result.span.start < result.span.end <= len(text)
        return [f"# cannot: {result.reason}"]
    reasons = [f"# {result.applicability.label}: {reason}" for reason in result.reasons]
    return [*reasons, *(render(command) for command in result.commands)]


def _with_names(line: str, holes: dict[str, str]) -> str:
    for char, name in holes.items():
        line = line.replace(char, name)
    return line
