"""Wrappers that a table cannot describe: shells, nsenter, xargs, find, parallel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.commands.leaf import Leaf
from nftlint.commands.options import Option, Syntax, read_options
from nftlint.commands.words import Word
from nftlint.fragment import Builder, Fragment
from nftlint.record import replace
from nftlint.span import Span

_REPLACING = frozenset({"-I", "-i", "--replace", "-J"})
_RUNNING = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_LISTS = frozenset({":::", "::::", ":::+", "::::+"})
_PARALLEL = Syntax(
    "aCdEIjlLnNPsSX",
    frozenset(
        {"arg-file", "colsep", "delay", "delimiter", "jobs", "joblog", "load", "max-args"}
        | {"max-lines", "max-replace-args", "memfree", "nice", "results", "retries", "timeout"}
        | {"sshlogin", "tmpdir", "workdir"}
    ),
)
_NSENTER = Syntax("tSG", frozenset({"target", "setuid", "setgid"}))


def with_added(host: Fragment, leaf: Leaf, options: Sequence[Option]) -> Leaf:
    """Let a hole stand for what xargs puts in: for ``{}``, or after the last word."""
    fixed = "xargs decides what stands in the command"
    marks = [option.value or "{}" for option in options if option.name in _REPLACING]
    if not marks:
        return replace(leaf, fixed=fixed, appended=True)
    words = (
        *leaf.words[: leaf.at],
        *(_marked(host, word, marks[-1]) for word in leaf.words[leaf.at :]),
    )
    return replace(leaf, words=words, fixed=fixed)


def _marked(host: Fragment, word: Word, mark: str) -> Word:
    """Put a hole in the place of each ``{}`` of a word that is quoted in one way."""
    if mark not in word.text or len(word.fragment.segments) != 1:
        return word
    segment = word.fragment.segments[0]
    builder = Builder(host.text, host, segment.style)
    at = segment.outer.start
    while (found := host.text.find(mark, at, segment.outer.end)) >= 0:
        builder.copy(Span(at, found))
        at = found + len(mark)
        builder.hole(Span(found, at), "xargs")
    builder.copy(Span(at, segment.outer.end))
    return Word(builder.build("word"), word.span)


def found_files(host: Fragment, leaf: Leaf) -> Iterator[Leaf]:
    r"""``find … -exec COMMAND \;``: each command; ``{}`` in it are file names."""
    at = leaf.at + 1
    while at < leaf.end:
        if leaf.words[at].text in _RUNNING:
            end = _end_of_exec(leaf, at + 1)
            yield _with_marks(host, replace(leaf, at=at + 1, end=end), "find")
            at = end
        at += 1


def _end_of_exec(leaf: Leaf, start: int) -> int:
    """Return where ``;`` stands, or a ``+`` behind ``{}``."""
    for at in range(start, leaf.end):
        text = leaf.words[at].text
        if text == ";" or (text == "+" and leaf.words[at - 1].text == "{}"):
            return at
    return leaf.end


def _with_marks(host: Fragment, leaf: Leaf, program: str) -> Leaf:
    """Let a hole stand for each ``{}``, which the program fills in."""
    inside = leaf.words[leaf.at : leaf.end]
    if not any("{}" in word.text for word in inside):
        return leaf
    marked = tuple(_marked(host, word, "{}") for word in inside)
    words = (*leaf.words[: leaf.at], *marked, *leaf.words[leaf.end :])
    return replace(leaf, words=words, fixed=f"{program} decides what stands in the command")


def parallel(host: Fragment, leaf: Leaf) -> Iterator[Leaf]:
    """``parallel COMMAND ::: WORDS``: the command is read by a shell, with each word for ``{}``."""
    texts = leaf.texts()[: leaf.end]
    end = next((at for at, text in enumerate(texts) if text in _LISTS), leaf.end)
    _, operands = read_options(texts[:end], leaf.at + 1, _PARALLEL)
    if operands:
        yield _with_marks(host, replace(leaf, at=operands[0], end=end, script=True), "parallel")


def shell_string(leaf: Leaf) -> Iterator[Leaf]:
    """``sh -ec STRING``; a shell without a string is a program as any other."""
    at = leaf.at + 1
    string = False
    while at < leaf.end and (text := leaf.words[at].text)[:1] in ("-", "+") and len(text) > 1:
        if not text.startswith("--"):
            string = string or "c" in text[1:]
            at += text[-1] in "oO"
        elif text in ("--rcfile", "--init-file"):
            at += 1
        at += 1
    if not string:
        yield leaf
    elif at < leaf.end:
        yield replace(leaf, at=at, end=at + 1, script=True)


def nsenter(leaf: Leaf) -> Leaf:
    """Return the command that nsenter runs, and whether in the network namespace of process 1."""
    options, operands = read_options(leaf.texts()[: leaf.end], leaf.at + 1, _NSENTER)
    target = ""
    network: str | None = None
    for option in options:
        if option.name in ("-t", "--target"):
            target = option.value
        elif option.name in ("-n", "--net"):
            network = option.value
        elif option.name in ("-a", "--all"):
            network = network or ""
    at = operands[0] if operands else leaf.end
    own = network is None or (target == "1" and not network) or network.endswith("/1/ns/net")
    elsewhere = leaf.elsewhere if own else "another network namespace"
    return replace(leaf, at=at, elsewhere=elsewhere)
