"""Write the parts of ``docs/`` that follow from the program: the manual page.

    python scripts/write_docs.py [--check]

With ``--check`` nothing is written; exit status 1 where a file is not as it would be written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nftlint.cli.manual import manual

DOCS = Path(__file__).parents[1] / "docs"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    path, text = DOCS / "nftlint.1", manual()
    if not options.check:
        path.write_text(text)
    elif not path.is_file() or path.read_text() != text:
        print(f"{path} is out of date: run scripts/write_docs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
