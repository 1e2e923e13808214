"""Where the data of nftlint lies: what is known, apart from the code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


class MissingDataError(RuntimeError):
    """The directory of rule data, or a file in it, is not there: a broken installation."""


def rules_dir() -> Path:
    """Return the ``rules`` directory: inside an installed package, or beside ``src`` in a checkout.

    Raises ``MissingDataError`` if it is in neither place.
    """
    package = Path(__file__).resolve().parent
    places = (package / "rules", package.parents[1] / "rules")
    for place in places:
        if (place / "owners").is_dir():
            return place
    raise MissingDataError(
        f"nftlint is not fully installed: no rules in {' or '.join(map(str, places))}"
    )


def load_toml(*parts: str) -> dict[str, Any]:
    """Return the contents of the TOML file at ``parts`` below ``rules_dir()``.

    Raises ``MissingDataError`` if there is no such file, and ``tomllib.TOMLDecodeError``.
    """
    path = rules_dir().joinpath(*parts)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingDataError(f"nftlint is not fully installed: no file {path}") from error
    return tomllib.loads(data.decode())
