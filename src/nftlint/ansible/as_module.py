"""A task's nft command written anew as ``ansible.builtin.iptables`` with its parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence as Words
from itertools import pairwise

from nftlint.ansible.iptables_module import Parameters, Value, parameters
from nftlint.ansible.task import short
from nftlint.edits import Edit
from nftlint.found import Kept, NftCall, Part, Problem, Rewrite
from nftlint.fragment import Fragment, Refusal, UnwritableError, spelled_out, to_parent
from nftlint.holes import is_hole
from nftlint.patterns import compiled
from nftlint.span import Span
from nftlint.yaml import styles
from nftlint.yaml.command_list import column
from nftlint.yaml.nodes import LITERAL, PLAIN, Mapping, Node, Scalar, Sequence, Stream
from nftlint.yaml.parse import parse, walk
from nftlint.yaml.scalar import read

_MODULES = frozenset({"command", "shell", "raw"})
_COMMANDS = ("cmd", "argv", "_raw_params")
_WORD = compiled(r"[A-Za-z_][A-Za-z_-]*\Z")
_MORE = "the task runs more than this one nft command"
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})

_LAST = frozenset(["ACCEPT", "DROP", "REJECT", "RETURN", "DNAT", "SNAT", "MASQUERADE", "REDIRECT"])
"""Targets behind which a second rule of the same words sees no packet."""
_COUNTING = frozenset(["connlimit", "hashlimit", "limit", "quota", "recent", "statistic"])
"""Matches with a memory of their own: a second rule of the same words matches more."""

STAYS = "The module leaves a rule that is there already at its place."
ONCE = "The module adds the rule once, the task at each run, and here a second one is not idle."


def rewrite_of(call: NftCall) -> Rewrite:
    """Return how the call is written as a task of the module; its own way where it is no task's."""
    host, span = call.host, call.span
    while host.language != "ansible":
        if host.parent is None or host.path:
            return call.rewrite
        host, span = host.parent, to_parent(host, span)

    def rewrite(parts: Words[Part]) -> tuple[Edit, ...] | Refusal:
        try:
            return _rewrite(call, host, span, parts)
        except UnwritableError as error:
            return Refusal(str(error))

    return rewrite


def reasons(commands: Words[Words[str]]) -> tuple[str, ...]:
    """Return why a task of the module may not do what the commands do."""
    inserts = any("-I" in words for words in commands)
    counts = any("-A" in words and not _may_be_once(words) for words in commands)
    return (*([STAYS] if inserts else []), *([ONCE] if counts else []))


def _may_be_once(words: Words[str]) -> bool:
    """Tell whether a second rule of the same words behind the first would change nothing."""
    options = list(pairwise(words))
    ends = any(name == "-g" or (name == "-j" and value in _LAST) for name, value in options)
    return ends and not any(name == "-m" and value in _COUNTING for name, value in options)


def _rewrite(
    call: NftCall, host: Fragment, span: Span, parts: Words[Part]
) -> tuple[Edit, ...] | Refusal:
    if len(parts) != 1 or isinstance(parts[0], Kept):
        return Refusal("a task of the module writes one rule, and the call does more")
    stream = parse(host)
    if isinstance(stream, Problem):
        return Refusal(stream.message)
    place = _place(stream, call, span)
    if isinstance(place, Refusal):
        return place
    found = parameters([arg.text for arg in parts[0]])
    if isinstance(found, Refusal):
        return found
    pad = " " * column(host.text, place.start)
    return (Edit(host, place, _written(found, call, pad)),)


def _place(stream: Stream, call: NftCall, span: Span) -> Span | Refusal:
    """Return where the task's module and its arguments stand, if the call is all that it does."""
    around = [node for node in walk(stream) if isinstance(node, Mapping) and _has(node, span)]
    tasks = [(node, pair) for node in around for pair in node.pairs if _runs(pair, span)]
    if not tasks:
        return Refusal("the command does not stand in a task of `command`, `shell` or `raw`")
    task, (key, value) = tasks[-1]
    keys = {name.value for name, _ in task.pairs if isinstance(name, Scalar)}
    if task.flow or "args" in keys:
        return Refusal("the task is written in braces or with `args`, and is not written anew")
    text = stream.fragment.text
    old = Span(key.span.start, value.span.start + len(value.span.of(text).rstrip()))
    refused = _surplus(stream, call, span, value)
    gap = text[key.span.end : value.span.start]
    if refused or gap.strip() != ":" or re.search(r"(?:^|\s)#", old.of(text)):
        return refused or Refusal("an anchor, a tag or a comment of the task would be lost")
    return old


def _has(node: Node, span: Span) -> bool:
    return node.span.start <= span.start and span.end <= node.span.end


def _runs(pair: tuple[Node, Node], span: Span) -> bool:
    key, value = pair
    return isinstance(key, Scalar) and short(key.value) in _MODULES and _has(value, span)


def _surplus(stream: Stream, call: NftCall, span: Span, value: Node) -> Refusal | None:
    """Say what the task gives to its module beside the call."""
    if isinstance(value, Mapping):
        names = [key.value for key, _ in value.pairs if isinstance(key, Scalar)]
        others = [name for name in names if name not in _COMMANDS]
        if others or len(value.pairs) != 1:
            return Refusal(f"the module has no parameter for `{' '.join(others)}`")
        value = value.pairs[0][1]
    if isinstance(value, Sequence):
        words = value.items
        whole = (words[0].span.start, words[-1].span.end) == (span.start, span.end)
        return None if whole else Refusal(_MORE)
    text = read(stream, value, "") if isinstance(value, Scalar) else Refusal(_MORE)
    if isinstance(text, Refusal):
        return text
    own = spelled_out(call.span.of(call.host.text), call.host)
    if own != spelled_out(text.text, text).strip():
        return Refusal(_MORE)
    if isinstance(value, Scalar) and value.style not in (PLAIN, LITERAL):
        _check_templates(call)
    return None


def _check_templates(call: NftCall) -> None:
    """Templates within quotes stand as they are escaped there, and folded ones over lines."""
    for char in call.script.holes:
        if re.search(r"['\"\\\n]", spelled_out(char, call.script)):
            raise UnwritableError("a template with quotes in it cannot be quoted anew")


def _written(found: Parameters, call: NftCall, pad: str) -> str:
    lines = ["ansible.builtin.iptables:"]
    for name, value in found.items():
        if isinstance(value, dict):
            lines.append(f"{pad}  {name}:")
            lines += [f"{pad}    {key}: {_value(each, call)}" for key, each in value.items()]
        else:
            lines.append(f"{pad}  {name}: {_value(value, call)}")
    return "\n".join(lines)


def _value(value: Value, call: NftCall) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(each, call) for each in value) + "]"
    return _text(str(value), call)


def _text(text: str, call: NftCall) -> str:
    """Write one value: plain where every loader reads it as this text, else in quotes."""
    if _WORD.match(text) and text.lower() not in _BOOLEANS:
        return text
    return '"' + "".join(_template(char, call) or styles.encode_double(char) for char in text) + '"'


def _template(char: str, call: NftCall) -> str:
    if not is_hole(char):
        return ""
    raw = spelled_out(char, call.script)
    if not raw.startswith("{{") or re.search(r'["\\\n]', raw):
        raise UnwritableError(f"`{raw}` cannot stand in a parameter of the module")
    return raw
