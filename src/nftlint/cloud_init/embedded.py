"""User-data within YAML of any other kind."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cloud_init.files import retold
from nftlint.cloud_init.kinds import kind_of_part
from nftlint.cloud_init.user_data import part_language
from nftlint.found import Found, Problem
from nftlint.fragment import Fragment
from nftlint.yaml.comments import directives
from nftlint.yaml.doubles import doubles
from nftlint.yaml.nodes import Scalar
from nftlint.yaml.parse import parse, walk
from nftlint.yaml.scalar import read as read_scalar


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield each scalar that begins as user-data does, but for plain scripts."""
    stream = parse(fragment)
    if isinstance(stream, Problem):
        yield stream
        return
    yield from directives(stream)
    yield from doubles(stream)
    for node in walk(stream):
        if isinstance(node, Scalar) and kind_of_part(node.value) not in ("", "script"):
            text = read_scalar(stream, node, "")
            if isinstance(text, Fragment):
                language = part_language(text.text)
                yield retold(text, language, label="user-data", path="user-data")
