"""Everything that is played, once: the scripts, what shields what, and the example image."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import example
import scenarios
from scenarios import Played, Scenario

from nftlint.record import replace
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
    """All that was seen; ``running`` are scripts on a node on which kube-router runs.

    ``alone`` are the findings of the image, each with its command played alone.
    """

    rows: tuple[Row, ...]
    running: tuple[Row, ...]
    shielding: tuple[Stage, ...]
    image: tuple[Stage, ...]
    image_ip6: tuple[Stage, ...]
    fixable: tuple[Stage, ...]
    alone: tuple[tuple[Result, Played], ...]


def tell(directory: Path) -> Story:
    """Play everything, with files below ``directory``."""
    images = _images(directory / "node")
    fixable = _fixable(directory / "fixable")
    titles = [title for title, _, _ in images]
    alone = example.alone(directory / "alone")
    seen = scenarios.play(
        [
            *_shielding(directory / "shielding"),
            *(scenario for _, scenario, _ in images),
            *(scenario for _, _, scenario in (images[0], images[-1])),
            *(scenario for _, scenario in fixable),
            *(scenario for _, scenario in alone),
        ]
    )
    parts = iter(seen)
    return Story(
        _rows(directory / "seeds", "seeds.txt", scenarios.of_script),
        _rows(directory / "running", "running.txt", scenarios.on_running_node),
        _stages(("as they are", "the first alone in iptables", "both in iptables"), parts),
        _stages(titles, parts),
        _stages((titles[0], titles[-1]), parts),
        _stages([title for title, _ in fixable], parts),
        tuple(zip((result for result, _ in alone), parts, strict=True)),
    )


def _rows(directory: Path, name: str, scenario: Callable[..., Scenario]) -> tuple[Row, ...]:
    """Play the scripts of a file, and what nftlint makes of them."""
    directory.mkdir()
    scripts = scenarios.seeds(name)
    paths = scenarios.write(directory, scripts)
    results = scenarios.judged(directory)
    scenarios.fix(directory, unsafe=True)
    fixed = [path.read_text() for path in paths]
    every = [*map(scenario, scripts), *map(scenario, fixed, scripts)]
    played = scenarios.play(every)
    found = [tuple(results.get(path.name, ())) for path in paths]
    parts = zip(scripts, found, played, fixed, played[len(scripts) :], strict=False)
    return tuple(Row(*part) for part in parts)


def _stages(titles: Sequence[str], played: Iterator[Played]) -> tuple[Stage, ...]:
    pairs = [(title, next(played)) for title in titles]
    first = pairs[0][1].before
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


def _fixable(directory: Path) -> list[tuple[str, Scenario]]:
    """Return the image without the one rule that has no fix, as it is and with safe fixes."""
    directory.mkdir()
    image = example.copy(directory)
    example.leave_out(image)
    stages = [("as it is", example.scenario(image, "ip"))]
    scenarios.fix(image, unsafe=False)
    return [*stages, ("`--fix`", example.scenario(image, "ip"))]


def _both(image: Path) -> tuple[Scenario, Scenario]:
    of_ip = example.scenario(image, "ip")
    return of_ip, replace(of_ip, family="ip6")
