"""Directives in YAML comments: ``# nftlint: …`` outside every scalar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.found import Directive
from nftlint.patterns import compiled
from nftlint.span import Span
from nftlint.yaml.nodes import FOLDED, LITERAL, Scalar, Stream
from nftlint.yaml.parse import walk

_DIRECTIVE = compiled(r"(?:^|(?<=\s))#[ \t]*nftlint:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def directives(stream: Stream) -> Iterator[Directive]:
    """Yield the directives of a YAML text; those within scalars belong to what is in them."""
    found = list(_DIRECTIVE.finditer(stream.masked))
    if not found:
        return
    scalars = [_content(node, stream) for node in walk(stream) if isinstance(node, Scalar)]
    for match in found:
        if not any(span.start <= match.start() < span.end for span in scalars):
            text = stream.fragment.text[match.start(1) : match.end(1)]
            yield Directive(stream.fragment, Span(match.start(), match.end()), text)


def _content(node: Scalar, stream: Stream) -> Span:
    """Return where a scalar's own text stands: a comment after a block's header is none of it."""
    end = stream.masked.find("\n", node.span.start) if node.style in (LITERAL, FOLDED) else -1
    return Span(end, node.span.end) if end >= 0 else node.span
