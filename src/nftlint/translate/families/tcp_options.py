"""TCP options: ``-m tcpmss``, ``--tcp-option``, TCPOPTSTRIP."""

from __future__ import annotations

from nftlint.nft.statement import Match, ResetOption
from nftlint.record import replace
from nftlint.translate.asking import asked, exists
from nftlint.translate.context import Context, cannot, only_in
from nftlint.translate.intervals import Field, Intervals, intervals, outside
from nftlint.translate.operands import key_of, selector
from nftlint.translate.parts import Atom, Part, Test, going_on, negation, protocol
from nftlint.translate.values import number

_NAMES = {
    "maxseg": 2,
    "mss": 2,
    "window": 3,
    "sack-perm": 4,
    "sack-permitted": 4,
    "sack": 5,
    "timestamp": 8,
    "md5sig": 19,
    "mptcp": 30,
    "fastopen": 34,
}
_KINDS = _NAMES | {str(kind): kind for kind in range(2, 256)}
_BEYOND = "an option that reaches beyond the header is there to iptables, and missing to nft"
_WRONG_LENGTH = (
    "iptables passes by an option of a wrong length and looks into later fragments, "
    "nft the other way round"
)
_EVERY = "iptables takes out every option of the kind, and nft the first"
_LAST = 65535


def presence(match: Match, ctx: Context) -> Test:
    """Translate ``tcp option sack-perm exists``; ``missing`` is true of other protocols in nft."""
    del ctx
    there = exists(match)
    option = "--tcp-option"
    words = (*negation(not there), option, str(_KINDS[key_of(match.left)[2]]))
    atom = Atom(option, words, match.span, (), ("tcp",))
    before = (protocol("tcp", match.span),) if there else ()
    return Test(((*before, atom),), match.span, doubts=(_BEYOND,))


def padding(match: Match, ctx: Context) -> Test:
    """Refuse the two options of one byte, whose last place only iptables looks at."""
    del ctx
    return cannot(
        match,
        "the last byte of the options can be one of these, and nft does not look at it: "
        "`--tcp-option` does",
    )


def segment(match: Match, ctx: Context) -> Test:
    """Translate ``tcp option maxseg size``.

    A negation becomes the ranges beside it: ``! --mss`` is also true where there is no size.
    """
    selector(match)
    wanted = intervals(match, Field("a segment size", _LAST, {}), ctx)
    if wanted.negated:
        wanted = Intervals(negated=False, items=outside(wanted, _LAST), overlap=False)
    test = asked(match, wanted, ("-m", "tcpmss", "--mss"), protocol("tcp", match.span))
    return replace(test, doubts=(*test.doubts, _WRONG_LENGTH))


def strip(statement: ResetOption, ctx: Context) -> tuple[Part, ...]:
    """Translate ``reset tcp option``, which lets the packet go on."""
    only_in("mangle", statement, "has TCPOPTSTRIP", ctx)
    name = key_of(statement.option)[-1]
    kind = _KINDS.get(name, number(name))
    if kind is None or kind < 2:
        return cannot(statement, f"iptables cannot take out `{name}`")
    words = ("-j", "TCPOPTSTRIP", "--strip-options", str(kind))
    return (
        going_on(words, statement.span, writes="tcp options", protocols=("tcp",), doubts=(_EVERY,)),
    )


TESTS = (
    {("tcp", "option", name): presence for name in _KINDS}
    | {("tcp", "option", name): padding for name in ("eol", "nop", "0", "1")}
    | {("tcp", "option", name, "size"): segment for name in ("maxseg", "mss")}
)
STATEMENTS = {ResetOption: strip}
