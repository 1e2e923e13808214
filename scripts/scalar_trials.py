"""Random edits in random YAML scalars: how many are written, refused, or found unsafe afterwards.

An edit that nftlint's own reading accepts is held against PyYAML, which nftlint does not use; one
that PyYAML reads otherwise is printed, and ends the run with status 1.

    python scripts/scalar_trials.py --documents 1000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "yaml"))
import generate
from hypothesis import HealthCheck, Phase, given, seed, settings
from test_scalar_law import TEMPLATE_COMMENT, obeys_the_law, read_anew, scalars, values

from nftlint.edits import Edit, apply, lift
from nftlint.fragment import Fragment, Refusal
from nftlint.span import Span

NEW = ["ab", "x: y # z", "a\nb", "é", "'", '"', "\n", "\\", " ", "-A INPUT", "{{", "\x07", ""]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=300, help="documents to make")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    counts: Counter[str] = Counter()
    for text in documents(options.documents, options.seed):
        if TEMPLATE_COMMENT.search(text):
            counts["documents with a template's comment, which is no text"] += 1
            continue
        expected, found = values(text), scalars(text)
        if expected is None or found is None:
            counts["documents that only one parser reads"] += expected != found
            continue
        for index, fragment in enumerate(found[1]):
            if isinstance(fragment, Fragment) and fragment.text:
                counts[trial(text, expected, index, fragment, chance)] += 1
    for name, number in counts.most_common():
        print(f"{number:8} {name}")
    return 1 if counts["WRONG"] else 0


def documents(count: int, number: int) -> list[str]:
    """Make random documents, the same for the same seed."""
    made: list[str] = []

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(generate.document())
    def collect(text: str) -> None:
        made.append(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collect()
    return made


def trial(
    text: str, expected: list[str], index: int, fragment: Fragment, chance: random.Random
) -> str:
    """Make one edit and say what came of it."""
    start = chance.randrange(len(fragment.text) + 1)
    end = min(len(fragment.text), start + chance.randrange(5))
    new = chance.choice(NEW)
    written = lift(Edit(fragment, Span(start, end), new))
    if isinstance(written, Refusal):
        return "refused when written"
    after = apply(text, [written])
    edited = fragment.text[:start] + new + fragment.text[end:]
    if not obeys_the_law(text, after, index, edited):
        return "refused when read again"
    if values(after) == read_anew(expected, index, edited, fragment, values(after)):
        return "right"
    print(f"--- {new!r} at {start} to {end} of {fragment.text!r}\n{text}--- became\n{after}")
    return "WRONG"


if __name__ == "__main__":
    sys.exit(main())
