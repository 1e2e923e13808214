"""How ``read`` parts a line into fields (POSIX, and what bash does where that says nothing)."""

from __future__ import annotations

_SPACES = " \t\n"


def fields_of(line: str, separators: str, count: int) -> tuple[str, ...]:
    """Return what ``read`` gives ``count`` variables for a line; ``separators`` is ``IFS``.

    The last variable has all that is left, also separators; a missing field is empty.
    Source: bash 5.2, ``get_word_from_string`` and ``read_builtin``.
    """
    spaces = "".join(char for char in separators if char in _SPACES)
    rest = line.lstrip(spaces)
    found: list[str] = []
    for _ in range(count - 1):
        field, rest = _next(rest, separators, spaces)
        found.append(field)
    field, beyond = _next(rest, separators, spaces)
    found.append(field if not beyond else rest.rstrip(spaces))
    return tuple(found)


def _next(text: str, separators: str, spaces: str) -> tuple[str, str]:
    """Return the first field, and what stands behind the separators after it."""
    text = text.lstrip(spaces)
    end = next((at for at, char in enumerate(text) if char in separators), len(text))
    rest = text[end + 1 :].lstrip(spaces)
    if end < len(text) and text[end] in spaces and rest[:1] and rest[0] in separators:
        rest = rest[1:].lstrip(spaces)
    return text[:end], rest
