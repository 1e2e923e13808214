"""Write the picture of the README: an incident, the finding, and the fix, as they really happen.

    python scripts/readme_picture.py [--check]

The commands of ``SCENES`` run with real nft and iptables in a private network namespace; what they
print becomes ``docs/incident.svg``. With ``--check`` nothing is written; exit status 1 where the
picture shows something else than what happened just now.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

PICTURE = Path(__file__).parents[1] / "docs" / "incident.svg"

SCRIPT = """\
#!/bin/sh
nft add rule ip filter INPUT ip saddr 10.10.0.0/24 tcp dport '{ 22, 80, 443 }' accept
"""
TAGS = '[[hosts]]\ntag = "kube-router"\n'
NODE = "iptables -N KUBE-ROUTER-INPUT; iptables -A INPUT -j KUBE-ROUTER-INPUT"
"""What kube-router has done on the node before."""

SCENES = (
    (
        "The incident: this is what kube-router reads on the node, and what it writes back",
        ("cat fw.sh", "sh fw.sh", "iptables -S INPUT | tail -n 1"),
    ),
    ("The finding, before the node boots", ("nftlint check",)),
    (
        "The fix: now kube-router reads what was written",
        ("nftlint check --fix", "iptables -D INPUT 2", "sh fw.sh", "iptables -S INPUT | tail -n 1"),
    ),
)

COLUMNS = 104
CELL, LINE, MARGIN = 8, 18, 16
"""The width of a character, the height of a line and the margin, in pixels."""

COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "36": "#76e3ea"}
PAPER, INK = "#0d1117", "#e6edf3"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one look; ``codes`` are the parameters of the escape sequence before them."""

    text: str
    codes: tuple[str, ...] = ()

    @property
    def style(self) -> str:
        colour = next((COLOURS[code] for code in self.codes if code in COLOURS), INK)
        return f'fill="{colour}"' + (' font-weight="bold"' if "1" in self.codes else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    picture = drawn(played())
    if not options.check:
        PICTURE.write_text(picture, "utf-8")
    elif PICTURE.read_text("utf-8") != picture:
        print(f"{PICTURE} is out of date: run scripts/readme_picture.py", file=sys.stderr)
        return 1
    return 0


def played() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each scene's caption, and its commands with what each printed."""
    commands = [command for _, some in SCENES for command in some]
    script = [NODE, *(f"printf '\\0'; {{ {command}; }} 2>&1 || :" for command in commands)]
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "fw.sh").write_text(SCRIPT)
        (Path(directory) / "nftlint.toml").write_text(TAGS)
        said = _in_namespace("\n".join(script), directory).split("\0")[1:]
    texts = iter(said)
    return [(caption, [(one, next(texts)) for one in some]) for caption, some in SCENES]


def _in_namespace(script: str, directory: str) -> str:
    tools = f"{Path(sys.executable).parent}:/usr/sbin:/sbin:{os.environ['PATH']}"
    environment = {"PATH": tools, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "LC_ALL": "C.UTF-8"}
    command = ["unshare", "-Urn", "sh", "-c", script]
    return subprocess.run(
        command, cwd=directory, env=environment, check=True, capture_output=True, text=True
    ).stdout


def drawn(scenes: list[tuple[str, list[tuple[str, str]]]]) -> str:
    """Return the SVG."""
    rows = list(_rows(scenes))
    width, height = COLUMNS * CELL + 2 * MARGIN, len(rows) * LINE + 2 * MARGIN
    texts = "".join(_row(number, row) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n'
        "<title>A raw nft rule that iptables misreads, the finding, and the fix</title>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{PAPER}"/>\n'
        "<g font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" "
        f'font-size="13" xml:space="preserve">\n{texts}</g>\n</svg>\n'
    )


def _rows(scenes: list[tuple[str, list[tuple[str, str]]]]) -> Iterator[list[Run]]:
    for number, (caption, commands) in enumerate(scenes):
        if number:
            yield []
        yield [Run(f"── {caption} ".ljust(COLUMNS, "─"), ("33",))]
        for command, output in commands:
            yield [Run("# ", ("34",)), Run(command, ("1",))]
            for line in output.splitlines():
                yield list(_runs(line))


def _runs(line: str) -> Iterator[Run]:
    """Yield a line's runs, cut at its escape sequences."""
    codes: tuple[str, ...] = ()
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        if part.startswith("\x1b"):
            codes = tuple(part[2:-1].split(";"))
        elif part:
            yield Run(part, codes)


def _row(number: int, runs: list[Run]) -> str:
    """Return a line's elements; each run is put at its column, whatever the font's widths."""
    y, column, parts = MARGIN + number * LINE + 13, 0, []
    for run in runs:
        x, length = MARGIN + column * CELL, len(run.text) * CELL
        place = f'x="{x}" y="{y}" textLength="{length}" lengthAdjust="spacingAndGlyphs"'
        if run.text.strip():
            parts.append(f"<text {place} {run.style}>{escape(run.text)}</text>\n")
        column += len(run.text)
    return "".join(parts)


if __name__ == "__main__":
    sys.exit(main())
