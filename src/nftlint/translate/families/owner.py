"""The local process that sent a packet: ``-m owner``."""

from __future__ import annotations

from nftlint.nft.expression import Literal
from nftlint.nft.statement import Match
from nftlint.patterns import compiled
from nftlint.translate.context import Context, cannot, reach
from nftlint.translate.intervals import Field, intervals, outside
from nftlint.translate.operands import items, key_of, selector
from nftlint.translate.parts import Atom, Test

_LAST = 2**32 - 2
"""The greatest id; the one above it means "none"."""
_MOST = 8
_OPTIONS = {"skuid": "--uid-owner", "skgid": "--gid-owner"}
_HOOKS = ("OUTPUT", "POSTROUTING")
_NAME = compiled(r"[a-z_][a-z0-9_]*\Z")
"""Not with a dash, which could be a range to iptables."""


def owner(match: Match, ctx: Context) -> Test:
    """Translate ``meta skuid`` and ``meta skgid``.

    A negation becomes the ranges beside it: ``! --uid-owner`` is also true of packets that no
    process has sent, where nft's ``!=`` is not.
    """
    selector(match)
    option = _OPTIONS[key_of(match.left)[1]]
    names = _names(match)
    if names:
        return _test(match, names, option, ctx, overlap=len(names) > 1)
    field = Field("an id", _LAST, {"root": 0})
    wanted = intervals(match, field, ctx)
    ids = outside(wanted, _LAST) if wanted.negated else wanted.items
    if len(ids) > _MOST:
        cannot(match, f"this takes more than {_MOST} rules")
    texts = tuple(item.text("-") for item in ids)
    return _test(match, texts, option, ctx, overlap=wanted.overlap, doubts=wanted.doubts)


def _names(match: Match) -> tuple[str, ...]:
    """Return the names that both look up when the rule is added; of them there is no negation."""
    values = items(match.right, "an id") if match.op == "==" else ()
    texts = [value.text if isinstance(value, Literal) else "" for value in values]
    return tuple(dict.fromkeys(texts)) if all(map(_NAME.match, texts)) else ()


def _test(  # noqa: PLR0913 - two more than the rule allows, both with a plain meaning
    match: Match,
    texts: tuple[str, ...],
    option: str,
    ctx: Context,
    *,
    overlap: bool,
    doubts: tuple[str, ...] = (),
) -> Test:
    return Test(
        tuple((_atom(match, option, text),) for text in texts),
        match.span,
        overlap=overlap,
        doubts=(*reach(match, "-m owner", _HOOKS, ctx), *doubts),
    )


def _atom(match: Match, option: str, text: str) -> Atom:
    return Atom("", ("-m", "owner", option, text), match.span)


TESTS = {("meta", key): owner for key in _OPTIONS}
