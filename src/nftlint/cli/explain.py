"""``nftlint explain``: a rule's page."""

from __future__ import annotations

import argparse

from nftlint.cli import CLEAN, complain
from nftlint.config import suggest
from nftlint.pages import load_pages


def run(options: argparse.Namespace) -> int:
    """Print the page of a rule, named by its code or its name in any case."""
    pages = load_pages()
    wanted = options.topic.lower()
    for page in pages.values():
        if wanted in (page.id.lower(), page.name):
            print(page.help.rstrip())
            return CLEAN
    known = (*pages, *(page.name for page in pages.values()))
    return complain(f"no rule '{options.topic}'{suggest(options.topic, known)}")
