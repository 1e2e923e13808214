"""From a command line to the program that it comes down to: ``sudo -n timeout 5 nft …``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.commands.leaf import Leaf
from nftlint.commands.options import Syntax, read_options
from nftlint.commands.special import found_files, nsenter, parallel, shell_string, with_added
from nftlint.commands.words import Word, literal
from nftlint.commands.wrappers import SHELLS, SILENT, STARTS_SHELL, WRAPPERS, Wrapper
from nftlint.fragment import Fragment
from nftlint.holes import Hole, has_holes
from nftlint.patterns import compiled
from nftlint.record import replace

MAX_WRAPPERS = 24
MAX_VALUES = 16
_NFT_NAME = compiled(
    r"(?i)(?:.*_)?nft(?:ables)?(?:_?(?:bin|cmd|cli|path|command|exe|tool))?(?:\s*\|.*)?\Z"
)
"""A variable that is taken to hold nft, whatever filters of a template follow its name."""
_NAMESPACE_NAME = compiled(r"(?i)(?:.*_)?(?:netns|ns)(?:_.*|exec|\d+)?\Z")
_VERBS = compiled(
    r"(add|insert|create|replace|delete|destroy|flush|rename|reset|rule|chain|table)\b|-"
)
_ASSIGNMENT = compiled(r"[A-Za-z_]\w*=")


def unwrap(host: Fragment, words: Sequence[Word]) -> Iterator[Leaf]:
    """Yield what the words come down to: once for each known value of a variable in them."""
    if words:
        start = Leaf(tuple(words), tuple(range(len(words))), 0, len(words))
        yield from _resolve(host, start, MAX_WRAPPERS)


def _resolve(host: Fragment, leaf: Leaf, budget: int) -> Iterator[Leaf]:
    if leaf.at >= leaf.end or budget == 0:
        return
    hole = _whole_hole(leaf.words[leaf.at])
    if hole is not None:
        yield from _variable(host, leaf, hole, budget)
    elif (row := WRAPPERS.get(leaf.name)) is not None:
        found = list(_apply(host, leaf, row))
        for below in found:
            yield from [below] if below.script else _resolve(host, below, budget - 1)
        if not found and leaf.name in STARTS_SHELL:
            yield leaf
    elif leaf.name in SHELLS:
        yield from shell_string(leaf)
    elif leaf.name == "nsenter":
        yield from _entered(host, leaf, budget)
    elif leaf.name == "find":
        for below in found_files(host, leaf):
            yield from _resolve(host, below, budget - 1)
    elif leaf.name == "parallel":
        yield from parallel(host, leaf)
    elif _runs_unknown(leaf):
        caveat = f"What `{leaf.name}` does with the command that it is given is not known."
        below = replace(leaf, at=leaf.at + 1, caveats=(*leaf.caveats, caveat))
        yield from _resolve(host, below, budget - 1)
    else:
        yield leaf


def _entered(host: Fragment, leaf: Leaf, budget: int) -> Iterator[Leaf]:
    below = nsenter(leaf)
    if below.at < below.end:
        yield from _resolve(host, below, budget - 1)
    else:
        yield replace(leaf, elsewhere=below.elsewhere)


def _whole_hole(word: Word) -> Hole | None:
    """Return the variable that is all of a word."""
    return word.fragment.holes.get(word.text) if len(word.text) == 1 else None


def _variable(host: Fragment, leaf: Leaf, hole: Hole, budget: int) -> Iterator[Leaf]:
    if hole.values is not None:
        several = len(hole.values) > 1
        for value in hole.values[:MAX_VALUES]:
            below = _with_value(host, leaf, [value] if hole.quoted else value.split())
            if several:
                below = replace(below, fixed=_several(hole))
            yield from _resolve(host, below, budget - 1)
    elif _NFT_NAME.match(hole.name):
        caveat = f"What `{hole.name}` holds is not known here; it is taken to run nft."
        yield replace(leaf, caveats=(*leaf.caveats, caveat))
    else:
        elsewhere = leaf.elsewhere
        if _NAMESPACE_NAME.match(hole.name):
            elsewhere = "another network namespace"
        yield from _resolve(host, replace(leaf, at=leaf.at + 1, elsewhere=elsewhere), budget - 1)


def _several(hole: Hole) -> str:
    values = ", ".join(f"`{value}`" for value in (hole.values or ())[:4])
    return f"the command is a variable that can be {values}"


def _with_value(host: Fragment, leaf: Leaf, texts: list[str]) -> Leaf:
    """Put a variable's known value, split into words, in the place of word ``at``."""
    word, index = leaf.words[leaf.at], leaf.source[leaf.at]
    new = tuple(literal(host, text, word.span) for text in texts)
    words = (*leaf.words[: leaf.at], *new, *leaf.words[leaf.at + 1 :])
    source = (*leaf.source[: leaf.at], *[index] * len(new), *leaf.source[leaf.at + 1 :])
    return replace(leaf, words=words, source=source, end=leaf.end + len(new) - 1)


def _apply(host: Fragment, leaf: Leaf, row: Wrapper) -> Iterator[Leaf]:
    texts = leaf.texts()[: leaf.end]
    syntax = _docker_syntax(texts, leaf.at, row) if row.flags else row.syntax
    options, operands = read_options(texts, leaf.at + 1, syntax)
    names = {option.name for option in options}
    names |= {f"{option.name}={option.value}" for option in options if option.value}
    if names & row.nothing:
        return
    leaf = replace(leaf, elsewhere=_elsewhere(leaf, row, names))
    if row.caveat and not leaf.elsewhere:
        leaf = replace(leaf, caveats=(*leaf.caveats, row.caveat))
    for option in [item for item in options if item.name in row.script_options]:
        yield replace(leaf, at=option.at, end=option.at + 1, script=True)
        return
    if leaf.name == "xargs":
        leaf = with_added(host, leaf, options)
    yield from _command(host, leaf, row, operands)


def _command(host: Fragment, leaf: Leaf, row: Wrapper, operands: list[int]) -> Iterator[Leaf]:
    """Find where the command begins among the operands."""
    if row.assignments:
        while operands and _ASSIGNMENT.match(leaf.words[operands[0]].text):
            operands = operands[1:]
    if row.subcommands:
        below = row.subcommands.get(leaf.words[operands[0]].text) if operands else None
        if below is not None:
            yield from _apply(host, replace(leaf, at=operands[0]), below)
        return
    operands = operands[row.operands :]
    if operands and leaf.words[operands[0]].text == "--":
        operands = operands[1:]
    if not operands:
        return
    if row.script_options and leaf.words[operands[0]].text in row.script_options:
        operands = operands[1:2]
        yield from [replace(leaf, at=at, end=at + 1, script=True) for at in operands]
    elif row.script_operand:
        yield replace(leaf, at=operands[0], end=operands[0] + 1, script=True)
    elif not (row.syntax.permute and row.script_options):
        yield replace(leaf, at=operands[0], script=row.joined)


def _elsewhere(leaf: Leaf, row: Wrapper, names: set[str]) -> str:
    there = bool(names & row.only_if) if row.only_if else not names & row.unless
    return row.elsewhere if row.elsewhere and there else leaf.elsewhere


def _docker_syntax(texts: Sequence[str], at: int, row: Wrapper) -> Syntax:
    """Every option that is no flag takes a value."""
    short = frozenset("adehilmpuvwc") - {flag[1] for flag in row.flags if len(flag) == 2}
    long = {text[2:] for text in texts[at:] if text.startswith("--") and text not in row.flags}
    return Syntax("".join(sorted(short)), frozenset(long))


def _runs_unknown(leaf: Leaf) -> bool:
    """Tell whether an unknown program is likely to run ``nft VERB …``, its own arguments."""
    texts = leaf.texts()[leaf.at : leaf.end]
    name = leaf.name
    if len(texts) < 3 or name in SILENT or not name or has_holes(name):
        return False
    if _PRINTS.search(name):
        return False
    names = [text.rpartition("/")[2] for text in texts]
    at = 1
    if names[1] in WRAPPERS or names[1] == "nsenter":
        at = names.index("nft", 2) if "nft" in names[2:-1] else 1
    return names[at] == "nft" and _VERBS.match(texts[at + 1]) is not None


_PRINTS = compiled(
    r"(?i)echo|print|log|info|warn|err|debug|msg|message|say|die|fail|usage|note|title|step|status|"
    r"check|test|assert|expect|skip|require|need|install|exist|has|have|depend|ensure|\Anft\Z"
)
