"""The iptables command that a reader builds up from expressions, before it is printed."""

from __future__ import annotations

from typing import TypeAlias

from nftlint.record import dataclass, field

IFNAMSIZ = 16
FINAL_VERDICTS = {"accept": "ACCEPT", "drop": "DROP", "return": "RETURN"}


@dataclass(slots=True)
class Ports:
    """``-m tcp`` or ``-m udp``: inclusive ranges, and the flags of tcp as (mask, value).

    ``option`` is the number after ``--tcp-option``, 0 if there is none.
    """

    protocol: str
    source: tuple[int, int] = (0, 0xFFFF)
    destination: tuple[int, int] = (0, 0xFFFF)
    flags: tuple[int, int] = (0, 0)
    inverted: set[str] = field(default_factory=set)
    option: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """``-m mark``."""

    value: int
    mask: int
    inverted: bool


@dataclass(frozen=True, slots=True)
class PktType:
    """``-m pkttype``."""

    value: int
    inverted: bool


@dataclass(frozen=True, slots=True)
class Hops:
    """``-m ttl`` or ``-m hl``; ``mode`` is one of ``== != < >``."""

    mode: str
    value: int


@dataclass(frozen=True, slots=True)
class Icmp:
    """``-m icmp`` or ``-m icmp6``; the type 255 stands for any, ``code`` may be ``None``."""

    type: int
    code: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """``-m limit``: ``period`` in ten thousandths of a second."""

    period: int
    burst: int


@dataclass(frozen=True, slots=True)
class Comment:
    """``-m comment``."""

    text: str


Match: TypeAlias = Ports | Mark | PktType | Hops | Icmp | Rate | Comment


@dataclass(frozen=True, slots=True)
class Target:
    """What comes after ``-j``, with its options; the name is ``""`` for a plain verdict."""

    name: str
    options: tuple[str, ...] = ()
    effect: tuple[str | int, ...] = ()


@dataclass(slots=True)
class Address:
    """``-s`` or ``-d``: as many bytes as the family has."""

    value: bytes
    mask: bytearray


@dataclass(slots=True)
class Interface:
    """``-i`` or ``-o``: the kernel's buffer for the name, and which bytes of it count."""

    name: bytearray = field(default_factory=lambda: bytearray(IFNAMSIZ))
    mask: bytearray = field(default_factory=lambda: bytearray(IFNAMSIZ))

    def write(self, data: bytes, *, terminated: bool) -> None:
        """Take the name from a comparison: with its final zero, or else the start of a name.

        ``terminated`` says that only the name and one zero count, not all of the buffer.
        """
        self.name[: len(data)] = data
        if not data or data[-1] == 0:
            size = len(data.rstrip(b"\0")) + 1 if terminated else len(data)
            self.mask[:size] = b"\xff" * size
            return
        if len(data) + 1 < IFNAMSIZ:
            self.name[len(data) : len(data) + 2] = b"+\0"
            self.mask[: len(data)] = b"\xff" * len(data)

    @property
    def text(self) -> str:
        """The name up to its end, with ``+`` for any end."""
        return self.name.split(b"\0", 1)[0].decode("utf-8", "replace")


@dataclass(slots=True)
class Command:
    """What a reader has understood so far; ``errors`` are what it complained of."""

    family: str
    source: Address
    destination: Address
    protocol: int = 0
    inward: Interface = field(default_factory=Interface)
    outward: Interface = field(default_factory=Interface)
    fragment: bool = False
    inverted: set[str] = field(default_factory=set)
    matches: list[Match] = field(default_factory=list)
    jump: str = ""
    goto: bool = False
    target: Target | None = None
    errors: list[str] = field(default_factory=list)
    ports_by_name: bool = False

    def ports(self, protocol: str) -> Ports:
        """Return the match of tcp or udp, a new one if there is none.

        Without ``ports_by_name`` there is but one, whichever protocol it was made for.
        """
        made_already = [match for match in self.matches if isinstance(match, Ports)]
        for match in made_already:
            if not self.ports_by_name or match.protocol == protocol:
                return match
        made = Ports(protocol)
        self.matches.append(made)
        return made


def new_command(family: str, *, ports_by_name: bool = False) -> Command:
    """Return a command that says nothing yet."""
    size = 4 if family == "ip" else 16
    return Command(
        family,
        Address(bytes(size), bytearray(size)),
        Address(bytes(size), bytearray(size)),
        ports_by_name=ports_by_name,
    )
