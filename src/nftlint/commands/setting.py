"""What the texts around a fragment say about where and when it runs."""

from __future__ import annotations

from nftlint.fragment import Fragment

REMOTE = "remote-shell"
"""The language of a shell script that runs on another host; its label names the host."""


def elsewhere_of(fragment: Fragment) -> str:
    """Return which other host or network namespace a fragment's commands run in, or ``""``."""
    here: Fragment | None = fragment
    while here is not None:
        if here.language == REMOTE:
            return here.label
        here = here.parent
    return ""
