"""Kill ``check --fix`` at random points and see that every file is whole: as before, or fixed.

    python scripts/kill_fixes.py --kills 1000

The tree is linted once; each trial forks a child that writes the fixes, and kills it with SIGKILL
somewhere between its first and its last write. Exit status 1 if a file is lost or half-written.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from nftlint.applicability import Applicability
from nftlint.cli import fixing
from nftlint.configs import Options
from nftlint.lint import lint

CALL = "nft add rule ip filter INPUT ct state new accept"
PADDING = "# padding that makes writing take a while\n" * 2000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        return _campaign(options, Path.cwd())


def _campaign(options: argparse.Namespace, tree: Path) -> int:
    rng = random.Random(options.seed)
    texts = [f"{CALL}\n{PADDING}# {number}\n" for number in range(options.files)]
    paths = [Path(f"{number}.sh") for number in range(options.files)]
    _restore(paths, texts)
    linted = lint([tree], Options(assume_tags=("kube-router",)))
    work = list(fixing.fixed_artifacts(linted, Applicability.SAFE))
    after = [fixed.text for _, fixed in work]
    known = {artifact.uri: (artifact, fixed) for artifact, fixed in work}
    fixing._fixed = lambda _linted, uri, *_: known[uri]  # noqa: SLF001 - once, and not in each child
    whole = _run(linted, None)
    assert [path.read_text() for path in paths] == after
    broken = between = leftovers = 0
    for _ in range(options.kills):
        _restore(paths, texts)
        _run(linted, rng.uniform(0, whole * 1.1))
        now = [path.read_text() if path.exists() else None for path in paths]
        pairs = zip(now, texts, after, strict=True)
        broken += sum(text not in (old, new) for text, old, new in pairs)
        fixed = sum(text == new for text, new in zip(now, after, strict=True))
        between += 0 < fixed < len(paths)
        leftovers += len(_extra(tree, paths))
    _restore(paths, texts)
    _run(linted, None)
    stay = len(_extra(tree, paths))
    print(f"{options.kills} kills, {between} of them between the first file and the last")
    print(f"{broken} files lost or half-written")
    print(f"{leftovers} times a temporary file lay beside the files; {stay} after the next fix")
    return 1 if broken or stay else 0


def _extra(tree: Path, paths: list[Path]) -> set[Path]:
    return set(tree.iterdir()) - {tree / path for path in paths}


def _restore(paths: list[Path], texts: list[str]) -> None:
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)


def _run(linted: object, seconds: float | None) -> float:
    """Write the fixes in a child, killed after some time; returns how long it ran."""
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        fixing.fix_files(linted, [Path.cwd()], Applicability.SAFE)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
