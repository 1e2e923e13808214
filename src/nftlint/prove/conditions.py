"""What a rule asks of a packet, field by field: the source of the packets that try it.

Nothing here decides whether two rules are equal; the kernel does. A condition misread here means
a worse choice of packets, which the coverage that is demanded afterwards would show.
"""

from __future__ import annotations

import ipaddress

from nftlint.prove.asked import Step
from nftlint.prove.fields import ADDRESSES, Field, full
from nftlint.record import dataclass

Alt = tuple[int, int, int]
"""``low <= value & mask <= high``, as (mask, low, high)."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A field has one of several values: ``low <= value & mask <= high`` for an alternative.

    An ``open`` condition is known to depend on the field, but not how: its alternatives are
    values worth trying.
    """

    field: Field
    alts: tuple[Alt, ...]
    negated: bool = False
    open: bool = False

    def holds(self, value: int) -> bool:
        """Tell whether ``value`` meets the condition, as far as can be known."""
        if self.open:
            return True
        found = any(low <= value & mask <= high for mask, low, high in self.alts)
        return found != self.negated


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that one rule asks, joint choices of several fields, and what was not understood.

    ``late`` says that something is asked after something was done, ``header`` that the transport
    header is read.
    """

    family: str
    conditions: tuple[Condition, ...]
    actions: tuple[Step, ...]
    hints: tuple[tuple[tuple[Field, int], ...], ...] = ()
    unclear: tuple[str, ...] = ()
    late: bool = False
    header: bool = False


def equals(field: Field, *values: int, negated: bool = False) -> Condition:
    """Return the condition that a field has one of these values."""
    mask = full(field[2] or 1)
    return Condition(field, tuple((mask, value, value) for value in values), negated)


def depends(field: Field, *values: int) -> Condition:
    """Return the open condition that depends on a field, and values to try."""
    mask = full(field[2])
    return Condition(field, tuple((mask, value, value) for value in values), open=True)


def depends_on_kind(family: str, *, source: bool) -> Condition:
    """Return the condition on what kind of address, to this host, a packet comes from or goes to.

    The first is its own, then broadcast or none, multicast, one of elsewhere.
    """
    texts = _KINDS[family]
    numbers = [int(ipaddress.ip_address(text)) for text in texts]
    return depends(ADDRESSES[family][0 if source else 1], *numbers)


_KINDS = {
    "ip": ("127.0.0.1", "255.255.255.255", "224.0.0.1", "198.18.0.9"),
    "ip6": ("::1", "ff02::1", "2001:db8:9::9"),
}


def within(field: Field, low: int, high: int, *, negated: bool = False) -> Condition:
    """Return the condition that a field lies between two values, both included."""
    return Condition(field, ((full(field[2] or 1), low, high),), negated)
