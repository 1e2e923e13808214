"""Streams: where output goes, and whether it takes colour."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


def wants_color(stream: TextIO) -> bool:
    """Tell whether to colour: ``NO_COLOR`` wins over ``FORCE_COLOR``, else only a terminal.

    A file that the command line names is never coloured.
    """
    if os.environ.get("NO_COLOR") or stream is not sys.stdout:
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the terminal's width in cells."""
    return shutil.get_terminal_size((100, 24)).columns


@contextmanager
def opened(name: str | None) -> Iterator[TextIO]:
    """Give the named file, truncated, or standard output for ``None`` and ``-``.

    What standard output's encoding has no characters for is written as escapes.
    Raises ``OSError`` where the file cannot be written.
    """
    if name is None or name == "-":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        yield sys.stdout
        return
    with Path(name).open("w", encoding="utf-8", newline="") as stream:
        yield stream
