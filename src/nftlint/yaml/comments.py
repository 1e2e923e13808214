"""Directives in YAML comments: ``# nftlint: …`` outside every scalar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.found import Directive
from nftlint.span import Span
from nftlint.yaml.nodes import Scalar, Stream
from nftlint.yaml.parse import walk

_DIRECTIVE = re.compile(r"(?:^|(?<=\s))#[ \t]*nftlint:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def directives(stream: Stream) -> Iterator[Directive]:
    """Yield the directives of a YAML text; those within scalars belong to what is in them."""
    found = list(_DIRECTIVE.finditer(stream.masked))
    if not found:
        return
    scalars = [node.span for node in walk(stream) if isinstance(node, Scalar)]
    for match in found:
        if not any(span.start <= match.start() < span.end for span in scalars):
            text = stream.fragment.text[match.start(1) : match.end(1)]
            yield Directive(stream.fragment, Span(match.start(), match.end()), text)
