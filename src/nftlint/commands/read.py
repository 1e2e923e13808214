"""A command line to what it does with nft: the one door for every carrier that runs commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.argv import Arg
from nftlint.commands.leaf import Leaf
from nftlint.commands.nft import NftArguments, output_caveats, read_nft
from nftlint.commands.options import Syntax, read_options
from nftlint.commands.programs import bears_on_tables, run_of
from nftlint.commands.unwrap import unwrap
from nftlint.commands.words import CommandLine, Word, join
from nftlint.commands.wrappers import SHELLS, STARTS_SHELL
from nftlint.edits import Edit
from nftlint.found import Found, Kept, NftCall, Part, Place, Reference, Rewrite
from nftlint.fragment import Builder, Fragment, Refusal
from nftlint.holes import has_holes
from nftlint.record import replace
from nftlint.span import Span

STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"})
_INTERACTIVE = frozenset({"-i", "--interactive"})
_LATER = frozenset({"at", "batch"})
_NO_JOB = ("-f", "-l", "-r", "-c", "-d")
_CRONTAB = Syntax("u", permute=True)


def read_command(line: CommandLine) -> Iterator[Found]:
    """Yield the nft calls of a command line, the shell scripts in it, the files that it names.

    What it reads from standard input is not seen here: that is asked of each of its ``leaves``.
    """
    for leaf in leaves(line):
        yield from read_leaf(line, leaf)


def leaves(line: CommandLine) -> list[Leaf]:
    """Return what the command line comes down to, once for each value of its variables."""
    return list(unwrap(line.host, line.words))


def read_leaf(line: CommandLine, leaf: Leaf) -> Iterator[Found]:
    """Yield what one program does with nft."""
    if leaf.script:
        yield _nested(line, leaf)
    elif leaf.name == "nft" or _is_unknown_nft(leaf):
        arguments = read_nft(leaf.texts(), leaf.at, leaf.end)
        if arguments.writes:
            yield from _nft(line, leaf, arguments)
    elif leaf.name in SHELLS or leaf.name in ("source", "."):
        yield from _script_file(line, leaf)
    elif bears_on_tables(leaf):
        script = join(line.host, leaf.words[leaf.at : leaf.end], "")
        yield run_of(line, leaf, script, _rewrite(line, leaf, script))
    elif "/" in leaf.words[leaf.at].text and not leaf.elsewhere:
        word = leaf.words[leaf.at]
        yield _reference(line.host, word, word.text, "runs", "")


def runs_nft(leaf: Leaf) -> NftArguments | None:
    """Return nft's arguments where the program is nft, and may write."""
    if leaf.script or not (leaf.name == "nft" or _is_unknown_nft(leaf)):
        return None
    arguments = read_nft(leaf.texts(), leaf.at, leaf.end)
    return arguments if arguments.writes else None


def reads_stdin_script(leaf: Leaf) -> str:
    """Return the language that the program reads from standard input: ``""`` for none."""
    nft = runs_nft(leaf)
    if nft is not None:
        names = {name for _, name in nft.files}
        talks = any(name in _INTERACTIVE for name in nft.options) and nft.first == leaf.end
        return "nft" if talks or names & STANDARD_INPUT else ""
    if leaf.script:
        return ""
    rest = leaf.texts()[leaf.at + 1 : leaf.end]
    if leaf.name in _LATER:
        return "" if any(text.startswith(_NO_JOB) for text in rest) else "shell"
    if leaf.name == "crontab":
        return _table(rest)
    return "shell" if leaf.name in STARTS_SHELL or _is_shell(leaf, rest) else ""


def _is_shell(leaf: Leaf, rest: Sequence[str]) -> bool:
    """Tell whether the program is a shell that reads its script from standard input."""
    if leaf.name not in SHELLS:
        return False
    operands = [text for text in rest if not text.startswith(("-", "+")) or text == "-"]
    flags = "".join(text[1:] for text in rest if text.startswith("-") and text[1:2] != "-")
    return "s" in flags or not operands or operands[0] in STANDARD_INPUT


def _table(rest: Sequence[str]) -> str:
    options, operands = read_options(rest, 0, _CRONTAB)
    if any(option.name in ("-l", "-r", "-e") for option in options):
        return ""
    names = {rest[at] for at in operands}
    return "cron" if names <= STANDARD_INPUT else ""


def _is_unknown_nft(leaf: Leaf) -> bool:
    """Tell whether the program is a variable that is taken to hold nft."""
    text = leaf.words[leaf.at].text
    return len(text) == 1 and text in leaf.words[leaf.at].fragment.holes


def _nested(line: CommandLine, leaf: Leaf) -> Fragment:
    words = leaf.words[leaf.at : leaf.end]
    alone = words[0].as_language("shell") if len(words) == 1 else None
    return run_by(line, leaf, alone or join(line.host, words, "shell"))


def run_by(line: CommandLine, leaf: Leaf, fragment: Fragment) -> Fragment:
    """Return a script with what holds where the command line runs it."""
    context = fragment.context
    caveats = (*context.caveats, *line.caveats, *leaf.caveats)
    elsewhere = leaf.elsewhere or context.elsewhere
    build_time = line.build_time or context.build_time
    new = replace(context, build_time=build_time, elsewhere=elsewhere, caveats=caveats)
    return replace(fragment, context=new)


def _script_file(line: CommandLine, leaf: Leaf) -> Iterator[Found]:
    texts = leaf.texts()
    operands = [at for at in range(leaf.at + 1, leaf.end) if not texts[at].startswith(("-", "+"))]
    if operands and not leaf.elsewhere and texts[operands[0]] not in STANDARD_INPUT:
        verb = "runs" if leaf.name in SHELLS else "sources"
        yield _reference(line.host, leaf.words[operands[0]], texts[operands[0]], verb, "shell")


def _reference(host: Fragment, word: Word, target: str, verb: str, language: str) -> Reference:
    place = Place(host, word.span, f"{verb} this file")
    base = "host" if target.startswith("/") else "file"
    return Reference(place, verb, target, base, language)


def _nft(line: CommandLine, leaf: Leaf, arguments: NftArguments) -> Iterator[Found]:
    for at, name in arguments.files:
        if name not in STANDARD_INPUT and not leaf.elsewhere:
            yield _reference(line.host, leaf.words[at], name, "loads", "nft")
    if arguments.first < leaf.end:
        words = leaf.words[arguments.first : leaf.end]
        script = join(line.host, words, "nft")
        if leaf.appended:
            script = _with_appended(line, words)
        if script.text.strip():
            yield _call(line, leaf, arguments, script)


def _with_appended(line: CommandLine, words: Sequence[Word]) -> Fragment:
    """Let a hole follow the words: what xargs adds to them."""
    builder = Builder(line.host.text, line.host, words[-1].fragment.segments[-1].style)
    builder.take(join(line.host, words, "nft"))
    end = words[-1].span.end
    builder.put(" ", Span(end, end))
    builder.hole(Span(end, end), "xargs")
    return builder.build("nft")


def _call(line: CommandLine, leaf: Leaf, arguments: NftArguments, script: Fragment) -> NftCall:
    span = leaf.words[leaf.at].span
    for word in leaf.words[leaf.at + 1 : leaf.end]:
        span = span.cover(word.span)
    return NftCall(
        line.host,
        span,
        script,
        _rewrite(line, leaf, script),
        arguments.options,
        (
            *line.host.context.caveats,
            *line.caveats,
            *leaf.caveats,
            *output_caveats(arguments.options),
        ),
        build_time=line.build_time or line.host.context.build_time,
        elsewhere=leaf.elsewhere or line.host.context.elsewhere,
    )


def _rewrite(line: CommandLine, leaf: Leaf, script: Fragment) -> Rewrite:
    first, last = leaf.source[leaf.at], leaf.source[leaf.end - 1]
    here = leaf.words[leaf.at].span
    # `$NFT` that holds `sudo nft`: sudo has no place of its own, and is written out
    shared = [word for word in leaf.words[: leaf.at] if word.span == here]
    first -= sum(word.span == here for word in line.words[:first])

    def rewrite(parts: Sequence[Part]) -> tuple[Edit, ...] | Refusal:
        if leaf.fixed:
            return Refusal(leaf.fixed)
        if any(has_holes(word.text) for word in shared):
            return Refusal("what runs nft is a variable that is not known")
        prefix = [Arg(word.text) for word in shared]
        new = [part if isinstance(part, Kept) else (*prefix, *part) for part in parts]
        return line.write(first, last, script, new)

    return rewrite


def with_stdin(
    line: CommandLine, leaf: Leaf, script: Fragment, rewrite: Rewrite, span: Span
) -> NftCall:
    """Return the call of a program that reads ``script`` from its standard input."""
    arguments = read_nft(leaf.texts(), leaf.at, leaf.end)
    call = _call(line, leaf, arguments, script)
    return replace(call, rewrite=rewrite, span=span)
