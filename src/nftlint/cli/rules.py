"""``nftlint rules``: list them."""

from __future__ import annotations

import argparse

from nftlint.pages import load_pages


def run(options: argparse.Namespace) -> int:
    """Print code, name and summary of each rule."""
    del options
    pages = load_pages().values()
    names = max(len(page.name) for page in pages)
    for page in pages:
        print(f"{page.id}  {page.name:{names}}  {page.summary}")
    return 0
