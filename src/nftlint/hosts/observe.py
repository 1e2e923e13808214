"""What a text of any kind says that evidence may speak of: commands, flags, variables, images.

Scripts, playbooks, cloud-configs, Dockerfiles and Terraform files are read alike, line by line and
without their comments: evidence asks whether something is *named*, not what a program does with it.
All spans are of the text itself (code points, 0-based, half-open).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nftlint.span import Span

_LINE = re.compile(r"(?:[^\n\\]|\\.)*(?:\\\n(?:[^\n\\]|\\.)*)*", re.DOTALL)
_COMMENT = re.compile(r"(?:^|(?<=\s))(?:#|//).*$", re.MULTILINE)
_TITLE = re.compile(
    r"\s*(?:-\s+)?(?:name|msg|description|title|fail_msg|success_msg|help|echo|printf|log)\b[: ]"
)
_COMMAND_END = re.compile(r"&&|\|\||[;|]")
_WORD_END = re.compile(r"[\s\"'`<>|;,()\[\]{}]+")
_ASSIGNED = re.compile(
    r"\s*(?:-\s+)?(?:export\s+|ENV\s+|ARG\s+|local\s+)?[\"']?([A-Za-z_][\w.-]*)[\"']?"
    r"\s*(?::(?=\s|$)|=(?!=)|\?=)[ \t]*(.*)",
    re.DOTALL,
)
_INLINE = re.compile(r"(?<![\w$.{/-])([A-Za-z_]\w*)=(?!=)(\"[^\"]*\"|'[^']*'|[^\s;|&]*)")
_KEY = re.compile(
    r"(?P<indent>[ ]*(?:- +)?)[\"']?(?P<key>[\w./-]+)[\"']?:(?:[ \t]+(?P<value>.*))?$"
)
_OPENS = re.compile(r"\{%-?\s*(?:if|for)\b")
_CLOSES = re.compile(r"\{%-?\s*end(?:if|for)\b")
_IF = re.compile(r"\{%-?\s*if\b|\{\{[^}]*\bif\b")
_TEMPLATE = re.compile(r"\{\{|\{%|\$[{(A-Za-z_]")


HINTS = re.compile("k3s|k0s|kube|rke2|network|firewall|flannel|cni|nft", re.IGNORECASE)
"""What a line must hold for any evidence to speak of it (a key: its whole path, or its value)."""


@dataclass(frozen=True, slots=True)
class Observation:
    """``kind`` as in the owners' evidence; ``value`` is ``None`` where it is a template.

    ``conditional`` tells that a template decides whether it is there at all.
    """

    kind: str
    text: str
    value: str | None
    span: Span
    conditional: bool = False


def observe(text: str) -> Iterator[Observation]:
    """Yield all that a text names, line by line; a title or a comment names nothing."""
    path: list[tuple[int, str]] = []
    depth = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        inside = depth > 0 or _IF.search(raw) is not None
        depth = max(0, depth + len(_OPENS.findall(raw)) - len(_CLOSES.findall(raw)))
        if not raw.strip() or raw.lstrip()[0] in "#;" or raw.lstrip().startswith("//"):
            continue
        line = _COMMENT.sub("", raw).replace("\\\n", " ")
        if not line.strip():
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        span = Span(start, start + len(raw.strip().split("\n", 1)[0]))
        found = [*_keys(line, path, span)]
        if HINTS.search(line) and not _TITLE.match(line):
            found += _of_line(line, span)
        yield from (replace(item, conditional=True) for item in found) if inside else found


def _of_line(line: str, span: Span) -> Iterator[Observation]:
    bare = line.replace('"', "").replace("'", "")
    for command in _COMMAND_END.split(bare):
        yield Observation("command", " ".join(command.split()), "", span)
    yield Observation("label", bare.strip().removeprefix("- "), "", span)
    for word in dict.fromkeys(_words(line)):
        if word.startswith("--"):
            yield Observation("flag", word, "", span)
        else:
            for kind in ("url", "image", "file"):
                yield Observation(kind, word.partition("@sha256")[0], "", span)
    for name, value in dict.fromkeys(_assignments(line)):
        yield Observation("variable", name, known(value), span)


def _words(line: str) -> Iterator[str]:
    for word in _WORD_END.split(line):
        if word:
            yield word.rstrip(":")
            name, equals, value = word.partition("=")
            if equals and value and not name.startswith("--"):
                yield value


def _assignments(line: str) -> Iterator[tuple[str, str]]:
    if found := _ASSIGNED.fullmatch(line.rstrip()):
        yield found[1], found[2]
    for found in _INLINE.finditer(line):
        yield found[1], found[2]


def known(value: str | None) -> str | None:
    """Return a value without its quotes; ``None`` where a template stands in it."""
    if value is None or _TEMPLATE.search(value):
        return None
    return value.strip().strip("\"'").strip()


def _keys(line: str, path: list[tuple[int, str]], span: Span) -> Iterator[Observation]:
    """Follow the indentation of YAML; yield each key by all ends of its path."""
    found = _KEY.match(line.rstrip())
    if found is None:
        return
    indent = len(found["indent"])
    while path and path[-1][0] >= indent:
        path.pop()
    path.append((indent, found["key"]))
    names = [name for _, name in path[-6:]]
    value = known(found["value"] or "")
    if not HINTS.search(".".join((*names, value or ""))):
        return
    for start in range(len(names)):
        yield Observation("key", ".".join(names[start:]), value, span)
