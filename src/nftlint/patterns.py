"""Regular expressions that are compiled at their first use.

A run uses one in ten of those that the modules it loads would compile; all of them take it 40 ms.
To the type checker ``compiled`` is ``re.compile``.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import compile as compiled
    from typing import Any

__all__ = ["compiled"]

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


if not TYPE_CHECKING:

    class compiled:  # noqa: N801 - it is called like the function that it stands for
        """A pattern to be. What is wrong with it is raised at its first use (``re.error``)."""

        def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
            self._said = (pattern, flags)

        def __getattr__(self, name: str) -> Any:
            made = re.compile(*self._said)
            for method in _METHODS:
                setattr(self, method, getattr(made, method))
            return getattr(made, name)
