"""Configuration files of programs that have to do with firewalls: settings, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from nftlint.found import Directive, Found
from nftlint.fragment import Fragment
from nftlint.patterns import compiled
from nftlint.span import Span

ORDER = 90  # by name alone, so whoever knows a file by its content is asked first

_NAMES = compiled(
    r"firewalld\.conf|jail\.(?:conf|local)|tailscaled(?:\.(?:env|default|defaults))?|\.env|environment"
)
_DIRECTORIES = frozenset({"jail.d", "action.d"})
_DIRECTIVE = compiled(r"^\s*[#;]+\s*nftlint:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know a file by its name, less the ending of a template."""
    del head
    name = path.name.removesuffix(".j2")
    inside = path.parent.name in _DIRECTORIES and name.endswith((".conf", ".local"))
    return "settings" if inside or _NAMES.fullmatch(name) or name.endswith(".env") else None


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield the directives in comments; the settings themselves are found in the text."""
    for match in _DIRECTIVE.finditer(fragment.text):
        yield Directive(fragment, Span(*match.span()), match[1])


LANGUAGES = {"settings": read}
