"""Everything that is played, once: the seeds, what shields what, and the example image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import example
import scenarios
from scenarios import Played, Scenario

from nftlint.results import NoFix, Result

SHIELDING = (
    "nft add rule ip filter INPUT ct state related,established accept\n",
    "nft add rule ip filter INPUT tcp dport '{ 22, 443 }' accept\n",
)
"""A rule that cannot be listed, and one that is misread, in one table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One script: as it is, what nftlint says, what happens; and the same for the fixed script."""

    script: str
    results: tuple[Result, ...]
    unfixed: Played
    fixed_script: str
    fixed: Played

    @property
    def predicted(self) -> str:
        return scenarios.predicted(self.results)

    @property
    def no_fix(self) -> str:
        """Why nftlint leaves a rule as it is; empty where it leaves none."""
        reasons = [item.fix.reason for item in self.results if isinstance(item.fix, NoFix)]
        return "; ".join(reasons)

    @property
    def as_before(self) -> bool:
        """Tell whether packets fare with the fixed rules, after a sync, as with the rules."""
        return self.fixed.after == self.unfixed.before


@dataclass(frozen=True, slots=True)
class Stage:
    """A state of several rules: its title, what happened to it, and whether packets fare as first.

    ``same`` compares the packets after the sync with those of the first stage before them.
    """

    title: str
    played: Played
    same: bool


@dataclass(frozen=True, slots=True)
class Story:
    """All that was seen."""

    rows: tuple[Row, ...]
    shielding: tuple[Stage, ...]
    image: tuple[Stage, ...]
    image_ip6: tuple[Stage, ...]


def tell(directory: Path) -> Story:
    """Play everything, with files below ``directory``."""
    scripts = scenarios.seeds()
    paths = scenarios.write(directory, scripts)
    results = scenarios.judged(directory)
    scenarios.fix(directory, unsafe=True)
    fixed = [path.read_text() for path in paths]
    images = list(_images(directory / "node"))
    played = scenarios.play(
        [
            *map(scenarios.of_script, scripts),
            *map(scenarios.of_script, fixed, scripts),
            *_shielding(directory / "shielding"),
            *(scenario for _, scenario, _ in images),
            *(scenario for _, _, scenario in (images[0], images[-1])),
        ]
    )
    count = len(scripts)
    found = [tuple(results.get(path.name, ())) for path in paths]
    parts = zip(scripts, found, played, fixed, played[count:], strict=False)
    rest = played[2 * count :]
    titles = [title for title, _, _ in images]
    return Story(
        tuple(Row(*part) for part in parts),
        _stages(("as they are", "the first alone in iptables", "both in iptables"), rest),
        _stages(titles, rest[3:]),
        _stages((titles[0], titles[-1]), rest[3 + len(titles) :]),
    )


def _stages(titles: Sequence[str], played: Sequence[Played]) -> tuple[Stage, ...]:
    first = played[0].before
    pairs = zip(titles, played, strict=False)
    return tuple(Stage(title, item, item.after == first) for title, item in pairs)


def _shielding(directory: Path) -> list[Scenario]:
    """Return the two rules as they are, the first one fixed, and both fixed."""
    directory.mkdir()
    paths = scenarios.write(directory, SHIELDING)
    scenarios.fix(directory, unsafe=True)
    fixed = [path.read_text() for path in paths]
    told = "".join(SHIELDING)
    texts = (told, fixed[0] + SHIELDING[1], "".join(fixed))
    return [scenarios.of_script(text, told) for text in texts]


def _images(directory: Path) -> list[tuple[str, Scenario, Scenario]]:
    """Return the image as it is, with safe fixes, with all fixes, and mended by hand beside."""
    directory.mkdir()
    image = example.copy(directory)
    stages = [("as it is", *_both(image))]
    scenarios.fix(image, unsafe=False)
    stages.append(("`--fix`", *_both(image)))
    scenarios.fix(image, unsafe=True)
    stages.append(("`--fix --unsafe-fixes`", *_both(image)))
    example.mend_by_hand(image)
    stages.append(("and the rule with the set mended by hand", *_both(image)))
    return stages


def _both(image: Path) -> tuple[Scenario, Scenario]:
    of_ip = example.scenario(image, "ip")
    return of_ip, replace(of_ip, family="ip6")
