"""A YAML text as a carrier begins with it: parsed, with what holds for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nftlint.found import Found, Problem
from nftlint.fragment import Fragment
from nftlint.yaml.comments import directives
from nftlint.yaml.doubles import doubles
from nftlint.yaml.nodes import Stream
from nftlint.yaml.parse import parse


def read_whole(fragment: Fragment, read: Callable[[Stream], Iterable[Found]]) -> Iterator[Found]:
    """Yield what ``read`` finds, behind the directives and the keys that stand twice.

    Where the text cannot be parsed, that is all there is to yield.
    """
    stream = parse(fragment)
    if isinstance(stream, Problem):
        yield stream
        return
    yield from directives(stream)
    yield from doubles(stream)
    yield from read(stream)
