"""Host names of an inventory line: ports, and ranges such as ``web[01:20:2]``."""

from __future__ import annotations

from itertools import product
from string import ascii_letters

from nftlint.patterns import compiled

MAX_HOSTS = 65_536
"""A line that stands for more hosts is taken to be broken; no honest inventory has it."""

_PORT = compiled(r"((?:[^\[\]:]|\[[^\]]*\])+):(\d+)")
_BRACKETED = compiled(r"\[([^\]]+)\]:(\d+)")
_RANGE = compiled(r"\[([^\[\]:]*:[^\[\]]*)\]")


class RangeError(ValueError):
    """A range that stands for no hosts; the text says why."""


def host_names(word: str) -> list[str]:
    """Return the hosts that the first word of an inventory line stands for, without port.

    Raises ``RangeError``. Source: Ansible's documentation, "Adding ranges of hosts".
    """
    if word.endswith(":"):
        raise RangeError(f"the host '{word}' ends in ':', which is for a port")
    name = _without_port(word)
    pieces = _RANGE.split(name)
    choices = [_values(piece) if number % 2 else [piece] for number, piece in enumerate(pieces)]
    total = 1
    for choice in choices:
        total *= len(choice)
    if total > MAX_HOSTS:
        raise RangeError(f"the range stands for more than {MAX_HOSTS} hosts")
    return ["".join(parts) for parts in product(*choices)]


def _without_port(word: str) -> str:
    found = _BRACKETED.fullmatch(word) or _PORT.fullmatch(word)
    return found[1] if found else word


def _values(body: str) -> list[str]:
    bounds = body.split(":")
    if len(bounds) > 3:
        raise RangeError(f"the range [{body}] is not begin:end or begin:end:step")
    first, last = bounds[0] or "0", bounds[1]
    if not last:
        raise RangeError(f"the range [{body}] has no end")
    try:
        step = int(bounds[2]) if len(bounds) == 3 else 1
        if first in ascii_letters and last in ascii_letters:
            return _letters(first, last, step)
        return _numbers(first, last, step)
    except ValueError as error:
        reason = str(error) if isinstance(error, RangeError) else "its bounds are no numbers"
        raise RangeError(f"the range [{body}] cannot be counted: {reason}") from None


def _letters(first: str, last: str, step: int) -> list[str]:
    begin, end = ascii_letters.index(first), ascii_letters.index(last)
    if begin > end:
        raise RangeError("it ends before it begins")
    return list(ascii_letters[begin : end + 1 : step])


def _numbers(first: str, last: str, step: int) -> list[str]:
    padded = len(first) > 1 and first.startswith("0")
    if padded and len(first) != len(last):
        raise RangeError("its bounds are not of one length")
    width = len(first) if padded else 0
    counted = range(int(first), int(last) + 1, step)
    if len(counted) > MAX_HOSTS:
        raise RangeError(f"it stands for more than {MAX_HOSTS} hosts")
    return [str(number).zfill(width) for number in counted]
