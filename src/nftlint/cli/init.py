"""``nftlint init``: a commented configuration, from what the tree shows."""

from __future__ import annotations

import argparse
from pathlib import Path

from nftlint.cli import CLEAN, complain
from nftlint.config import FILE_NAME
from nftlint.output.escapes import visible
from nftlint.sieve.walk import why


def run(options: argparse.Namespace) -> int:
    """Write ``nftlint.toml`` into a directory; exit status 2 if one is there or it is no directory.

    Raises ``ConfigError``.
    """
    from nftlint.configs import Options
    from nftlint.hosts.listing import listing
    from nftlint.hosts.starting import starting

    directory = Path(options.directory)
    path = directory / FILE_NAME
    if not directory.is_dir():
        return complain(f"{directory} is no directory")
    if path.exists() or path.is_symlink():
        return complain(f"{path} is there already, and is left as it is")
    text = starting(listing([directory], Options(), every=True), directory)
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        return complain(f"{path}: {why(error)}")
    print(f"Wrote {visible(str(path))}.")
    return CLEAN
