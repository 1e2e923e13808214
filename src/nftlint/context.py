"""What holds where a text runs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nftlint.record import dataclass, field

if TYPE_CHECKING:
    from nftlint.artifact import Sourced

NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the place where a fragment's text runs.

    Nested fragments inherit it, except a text that becomes a file of its own: that runs later,
    elsewhere. ``build_time`` says that it runs while an image is built, in a network namespace
    that is not the node's. ``elsewhere`` says, where it is not empty, which other host or network
    namespace it runs in. ``caveats`` are reasons why commands in it, written anew, may not do the
    same (their output is read later). ``variables`` are the environment variables whose values are
    certain. ``sourced`` are files that it may read in, if it is a shell script.
    """

    build_time: bool = False
    elsewhere: str = ""
    caveats: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=lambda: NO_VARIABLES)
    sourced: Sourced | None = None


NOTHING_KNOWN = Context()
