"""Output formats: each module of ``nftlint.output.formats`` is one, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:  # every module below comes through here, and a clean run needs hardly any
    from collections.abc import Mapping

    from nftlint.output.look import Look
    from nftlint.pages import RulePage
    from nftlint.results import Report


class Writer(Protocol):
    """Writes a report in one format."""

    def __call__(
        self, report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = ...
    ) -> None:
        """Write all of ``report`` to ``stream``."""


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, as the command line takes them."""
    from nftlint.output import formats
    from nftlint.plugins import names_in

    return tuple(name.replace("_", "-") for name in names_in(formats))


def writer(name: str) -> Writer:
    """Return the writer of the format ``name``, one of ``format_names()``."""
    from importlib import import_module

    module = import_module(f"nftlint.output.formats.{name.replace('-', '_')}")
    write: Writer = module.write
    return write
