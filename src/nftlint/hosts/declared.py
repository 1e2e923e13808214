"""What the lines of an inventory say, one by one, whatever its format."""

from __future__ import annotations

from nftlint.artifact import Artifact, root
from nftlint.fragment import Fragment, to_root
from nftlint.record import dataclass
from nftlint.results import Location
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is read for its hosts: its text, and where the file is."""

    artifact: Artifact
    fragment: Fragment

    @classmethod
    def of(cls, artifact: Artifact) -> Source:
        """Return a file's text with line ends made plain."""
        return cls(artifact, root(artifact, ""))

    def at(self, span: Span) -> Location:
        """Return where a span of the fragment stands in the file."""
        return Location(self.artifact.uri, to_root(self.fragment, span))


@dataclass(frozen=True, slots=True)
class Declared:
    """A group is there; ``assumed`` where only its variables are given."""

    group: str
    location: Location
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A host is in a group."""

    group: str
    host: str
    location: Location


@dataclass(frozen=True, slots=True)
class Below:
    """A group is a child of another. ``pending``: it must be declared somewhere else."""

    parent: str
    child: str
    location: Location
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """A group or a host has a variable; ``raw`` is what stands there, templates and all.

    ``stage`` is as in ``Variable``.
    """

    name: str
    of_group: bool
    variable: str
    value: str | None
    location: Location
    raw: str = ""
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that cannot be read as what it stands for."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """A file of which nothing can be known without running or decrypting it."""

    location: Location
    message: str


Declaration = Declared | Listed | Below | Assigned | Broken | Opaque
