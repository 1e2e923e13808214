"""Keys that stand twice in a mapping: loaders drop the first, so what it says is never run."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.found import Problem
from nftlint.yaml.nodes import Mapping, Scalar, Stream
from nftlint.yaml.parse import walk

_NOT_RUN = frozenset({"", "<<", "name", "msg", "when", "changed_when", "failed_when", "until"})
"""Keys that merge, or whose value is no command whatever it says."""


def doubles(stream: Stream) -> Iterator[Problem]:
    """Yield each key that stands twice in a mapping, if what it names first says anything of nft.

    Other doubles change nothing that is read here, and are left to linters of YAML.
    """
    text = stream.fragment.text
    for node in walk(stream):
        if not isinstance(node, Mapping):
            continue
        first: dict[str, int] = {}
        for number, (key, _) in enumerate(node.pairs):
            name = key.value if isinstance(key, Scalar) else ""
            before = first.setdefault(name, number)
            if before == number or name in _NOT_RUN:
                continue
            if "nft" in node.pairs[before][1].span.of(text):
                message = f"`{name}` stands twice in this mapping; what the first says is not read"
                yield Problem(stream.fragment, key.span, message)
