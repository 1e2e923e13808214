"""The hands of the proof engine: one process inside one private network namespace.

Started by ``nftlint.prove.world`` as ``unshare … python -m nftlint.prove``, never by a user. It
reads one JSON request a line from standard input and writes one JSON answer a line; bytes are
hexadecimal. It decides nothing: it runs programs, talks netlink and sends packets. It refuses to
work where its network namespace is the one it was told to stay out of.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nftlint.prove import inside
from nftlint.sieve.walk import why

OPS: dict[str, Callable[..., Any]] = {
    "run": inside.run,
    "reset": inside.reset,
    "lists": inside.listings,
    "tap": inside.tap,
    "sysctl": inside.sysctl,
    "listen": inside.listen,
    "send": inside.send,
}


def _answer(hands: inside.Hands, line: str) -> dict[str, Any]:
    request = json.loads(line)
    try:
        return {"ok": OPS[request.pop("op")](hands, **request)}
    except OSError as error:
        return {"error": why(error), "errno": error.errno}


def main() -> int:
    """Serve requests until standard input ends; exit 3 outside of a private namespace."""
    if str(Path("/proc/self/ns/net").readlink()) == sys.argv[1]:
        return 3
    hands = inside.Hands()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(hands, line)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
