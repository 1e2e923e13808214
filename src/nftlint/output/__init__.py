"""Output formats: each module of ``nftlint.output.formats`` is one, by its name."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, TextIO

from nftlint.output import formats as _formats
from nftlint.output.look import PLAIN, Look
from nftlint.pages import RulePage
from nftlint.results import Report


class Writer(Protocol):
    """Writes a report in one format."""

    def __call__(
        self, report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
    ) -> None:
        """Write all of ``report`` to ``stream``."""


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, as the command line takes them."""
    return tuple(info.name.replace("_", "-") for info in pkgutil.iter_modules(_formats.__path__))


def writer(name: str) -> Writer:
    """Return the writer of the format ``name``, one of ``format_names()``."""
    module = import_module(f"{_formats.__name__}.{name.replace('-', '_')}")
    write: Writer = module.write
    return write
