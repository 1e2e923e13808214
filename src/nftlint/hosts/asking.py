"""Which files have to know their hosts: those in which a check may find something on some host.

To know hosts costs a second look at the whole tree. A file without anything that a check would
report, whosever the host is, needs none; where it tells of other files' hosts, it is read for them.
"""

from __future__ import annotations

from pathlib import Path

from nftlint.carriers import YAML_ENDINGS
from nftlint.directives import Ignore, directives_of
from nftlint.hits import hits
from nftlint.hosts.marks import every_owner
from nftlint.hosts.tags import may_become_code
from nftlint.owners import Owner
from nftlint.patience import OutOfPatienceError, patient
from nftlint.patterns import compiled
from nftlint.readings import VERSIONS
from nftlint.record import dataclass, field
from nftlint.results import Location
from nftlint.scan import Scan, scan
from nftlint.span import Span
from nftlint.unit import Unit
from nftlint.writes import flushes_all, leaves, managed_by, writes_rule

LANGUAGES = ("shell", "ansible", "nft", "jinja nft")
"""What a reference may tell that a file is read as."""

_NO_SCRIPT = compiled(
    r"(?i)(?:gnu)?makefile(?:[.-].*)?|.*\.mk|cmakelists\.txt|changelog|licen[sc]e|copying|readme"
)
_INTERPRETED = compiled(r"#![^\n]*\b(?:awk|expect|lua|node|perl|php|python|ruby|tclsh)[\d.]*\b")

_ANY_FLUSH = (Location("", Span(0, 0)),)
"""That nft's service loads a file with a flush, as another file of the tree may have it."""

_LARGEST = 64 * 1024  # characters of a file of no known kind that are tried as each language
_SECONDS = 0.5
"""How long it may take to find out. Who does not know asks."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks of each file once whether it asks."""

    known: dict[Path, bool] = field(default_factory=dict)

    def __call__(self, unit: Unit) -> bool:
        """Tell what ``asks`` tells."""
        if unit.path not in self.known:
            self.known[unit.path] = asks(unit)
        return self.known[unit.path]


def asks(unit: Unit) -> bool:
    """Tell whether it matters for which hosts a file is, whatever other files hold."""
    if unit.settled:
        return False
    try:
        with patient(_SECONDS):
            return _asks(unit)
    except MemoryError:
        raise
    except (Exception, OutOfPatienceError):  # noqa: BLE001 - where it is judged, it is told
        return True


def _asks(unit: Unit) -> bool:
    owners = every_owner(unit.config.owners)
    if unit.found is not None:
        return _may_hold(unit.found, owners)
    if not may_become_code(unit) or is_foreign(unit):
        return False
    text = unit.artifact.text
    if len(text) > _LARGEST or "nftlint:" in text:
        return True
    likely = "ansible" if unit.path.suffix in YAML_ENDINGS else "shell"
    return any(_would_hold(unit, language, owners, likely) for language in LANGUAGES)


def is_foreign(unit: Unit) -> bool:
    """Tell whether a file is prose, or is run by something that is neither a shell nor Ansible."""
    foreign = _NO_SCRIPT.fullmatch(unit.path.name) or _INTERPRETED.match(unit.artifact.text)
    return foreign is not None


def _would_hold(unit: Unit, language: str, owners: tuple[Owner, ...], likely: str) -> bool:
    """Tell whether there is anything in a file of no known kind, if it is of that language.

    What could not be read in it is only of interest in the language that it is likely to be.
    """
    found = scan(unit.artifact, language)
    return (language == likely and bool(found.problems)) or _may_hold(found, owners)


def _may_hold(found: Scan, owners: tuple[Owner, ...]) -> bool:
    """Tell whether there is anything that some host decides on: a finding, or a comment on one."""
    if any(isinstance(item, Ignore) for item in directives_of(found)):
        return True
    calls = [call for call in found.calls if not call.elsewhere]
    for call in calls:
        for leaf in leaves(call):
            writes = writes_rule(leaf.command) and managed_by(leaf.command, call, owners)
            # a flush, since nft's service may load it; a write, whatever iptables makes of it
            if writes or flushes_all(leaf.command):
                return True
    return next(hits(found, (), owners, VERSIONS, _ANY_FLUSH), None) is not None
