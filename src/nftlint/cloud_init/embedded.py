"""User-data within YAML of any other kind."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cloud_init.files import retold
from nftlint.cloud_init.kinds import kind_of_part
from nftlint.cloud_init.user_data import part_language
from nftlint.found import Found
from nftlint.fragment import Fragment
from nftlint.yaml.nodes import Scalar, Stream
from nftlint.yaml.parse import walk
from nftlint.yaml.scalar import read as read_scalar
from nftlint.yaml.whole import read_whole


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield each scalar that begins as user-data does, but for plain scripts."""
    return read_whole(fragment, _parts)


def _parts(stream: Stream) -> Iterator[Found]:
    for node in walk(stream):
        if isinstance(node, Scalar) and kind_of_part(node.value) not in ("", "script"):
            text = read_scalar(stream, node, "")
            if isinstance(text, Fragment):
                language = part_language(text.text)
                yield retold(text, language, label="user-data", path="user-data")
