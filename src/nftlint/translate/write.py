"""From iptables rules to commands: which option puts them where, and the words."""

from __future__ import annotations

from nftlint.argv import Arg
from nftlint.iptables.model import IptablesCommand
from nftlint.nft.expression import Literal
from nftlint.record import dataclass
from nftlint.span import Span
from nftlint.translate.context import Context
from nftlint.translate.emit import Line


@dataclass(frozen=True, slots=True)
class Where:
    """``-A``, or ``-I`` with the number of the rule that the new one stands before, if any.

    ``span`` is the chain's name in the nft text.
    """

    option: str
    number: str
    span: Span


def commands(
    lines: tuple[Line, ...], comment: Literal | None, where: Where, ctx: Context
) -> tuple[IptablesCommand, ...]:
    """Write rules as commands, the last first where each is put before the one before it."""
    written = tuple(_command(line, comment, where, ctx) for line in lines)
    return written if where.option == "-A" else tuple(reversed(written))


def _command(line: Line, comment: Literal | None, where: Where, ctx: Context) -> IptablesCommand:
    args = [*table_words(ctx), Arg(where.option), Arg(ctx.chain, where.span)]
    args += [Arg(where.number)] if where.number else []
    for atom in line.case:
        args += _words(atom.words, atom.span)
    if comment is not None and comment.text:
        args += _words(("-m", "comment", "--comment", comment.text), comment.span)
    if line.count is not None and line.count.packets is not None:
        args += _words(("-c", line.count.packets, line.count.bytes_ or "0"), line.count.span)
    if line.target is not None:
        args += _words(line.target.words, line.target.span)
    return IptablesCommand(ctx.program, tuple(args))


def _words(words: tuple[str, ...], span: Span) -> list[Arg]:
    return [Arg(word, span) for word in words]


def table_words(ctx: Context) -> list[Arg]:
    """Return ``-t TABLE``, which is left out for the table that is meant without it."""
    return [] if ctx.table == "filter" else [Arg("-t"), Arg(ctx.table)]
