"""Where a rule stands, and how a translator says that it cannot."""

from __future__ import annotations

from typing import NoReturn, Protocol

from nftlint.holes import has_holes
from nftlint.iptables.model import Program
from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.translate.result import CannotError, Options, Untranslatable

PROGRAMS: dict[str, Program] = {"ip": "iptables", "ip6": "ip6tables"}
CHAINS = {
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "raw": ("PREROUTING", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
"""The tables of iptables with their built-in chains."""


class Spanned(Protocol):
    """Anything that says where it stands."""

    @property
    def span(self) -> Span:
        """Where it stands in the nft text."""


@dataclass(frozen=True, slots=True)
class At:
    """A place of its own: that of a part, or of the whole where the part is only implied."""

    part: Span
    whole: Span

    @property
    def span(self) -> Span:
        """The part's span, the whole's where that is empty."""
        return self.part if len(self.part) else self.whole


@dataclass(frozen=True, slots=True)
class Context:
    """The place of a rule, and what is known besides."""

    family: str
    table: str
    chain: str
    options: Options

    @property
    def program(self) -> Program:
        """The iptables program of the family."""
        return PROGRAMS[self.family]

    @property
    def builtin(self) -> bool:
        """Tell whether the chain is one of iptables' own, which hangs on a known hook."""
        return self.chain in CHAINS[self.table]

    @property
    def unknown_chain(self) -> bool:
        """Tell whether the chain's name is only known when the command runs."""
        return has_holes(self.chain)


def reach(at: Spanned, what: str, hooks: tuple[str, ...], ctx: Context) -> tuple[str, ...]:
    """Return the doubt of what iptables takes only in chains of some hooks.

    Raises:
        CannotError: the rule is in another built-in chain.

    """
    named = ", ".join(hooks)
    if not ctx.builtin:
        return (f"iptables takes `{what}` only in chains that {named} lead to",)
    if ctx.chain not in hooks:
        cannot(at, f"iptables takes `{what}` only in {named}, not in {ctx.chain}")
    return ()


def only_in(table: str, at: Spanned, what: str, ctx: Context) -> None:
    """Make sure that the rule is in the one table in which iptables does something.

    Raises:
        CannotError: it is in another table.

    """
    if ctx.table != table:
        cannot(at, f"iptables {what} in the table {table} only, not in {ctx.table}")


def cannot(at: Spanned, reason: str) -> NoReturn:
    """Give up, with the reason.

    Raises:
        CannotError: always.

    """
    raise CannotError(Untranslatable(at.span, reason))


def needless(at: Spanned, reason: str) -> NoReturn:
    """Say that iptables has it already.

    Raises:
        CannotError: always.

    """
    raise CannotError(Untranslatable(at.span, reason, needless=True))
