"""User-data of every kind, down to the scripts and cloud-configs in it."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cloud_init.files import language_of, part_of
from nftlint.cloud_init.kinds import header_end, kind_of_part
from nftlint.found import Found, Problem
from nftlint.fragment import Fragment, Refusal, whole
from nftlint.span import Span
from nftlint.yaml.comments import directives
from nftlint.yaml.nodes import Node, Scalar, Stream, follow, get, is_null, items, text_of
from nftlint.yaml.parse import parse
from nftlint.yaml.scalar import read as read_scalar


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield what user-data carries; ``#include``, part handlers and patches carry nothing."""
    kind = kind_of_part(fragment.text)
    if kind in ("jinja", "boothook"):
        rest = Span(header_end(fragment.text), len(fragment.text))
        language = "user-data" if kind == "jinja" else "shell"
        yield part_of(fragment, rest, language)
    elif kind == "archive":
        yield from _archive(fragment)
    elif kind == "mime":
        from nftlint.cloud_init.mime import read_mime

        yield from read_mime(fragment)
    elif kind in ("cloud-config", "script"):
        yield whole(fragment, part_language(fragment.text))


def part_language(text: str, content_type: str = "", name: str = "") -> str:
    """Return the language of a part, by its first bytes and else by its type."""
    kind = kind_of_part(text)
    if kind == "cloud-config":
        return kind
    if kind == "script":
        return language_of("", text)
    if kind:
        return "user-data"
    if content_type in ("text/cloud-config", "text/jinja2"):
        return "cloud-config"
    script = content_type.startswith("text/x-shellscript")
    if script or content_type == "text/cloud-boothook":
        return language_of(name, text) or "shell"
    return ""


def _archive(fragment: Fragment) -> Iterator[Found]:
    """Yield the parts of a list of texts, or mappings with ``content``, ``type``, ``filename``."""
    stream = parse(fragment)
    if isinstance(stream, Problem):
        yield stream
        return
    yield from directives(stream)
    for root in stream.roots:
        for number, item in enumerate(items(root)):
            yield from _archived(stream, item, f"part {number + 1}")


def _archived(stream: Stream, item: Node, label: str) -> Iterator[Found]:
    node = follow(get(item, "content")) or follow(item)
    if not isinstance(node, Scalar) or is_null(node):
        return
    text = read_scalar(stream, node, "")
    if isinstance(text, Refusal):
        yield Problem(stream.fragment, node.span, text.reason)
        return
    content_type = text_of(get(item, "type")).lower()
    language = part_language(text.text, content_type, text_of(get(item, "filename")))
    part = read_scalar(stream, node, language, label=label)
    if isinstance(part, Fragment):
        yield part
