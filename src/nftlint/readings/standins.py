"""Stand-ins: ordinary values that take the place of holes while a rule is read."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address

from nftlint.record import dataclass, field

ADDRESS4 = int(IPv4Address("198.18.37.0"))
ADDRESS6 = int(IPv6Address("2001:db8:5eed::"))
SMALL, PORT, WORD = 201, 61701, 0x5EED01


@dataclass(slots=True)
class StandIns:
    """The stand-ins of one rule, and how they are shown where they are printed.

    ``shown`` maps what iptables prints for a stand-in to the text with the hole.
    """

    shown: dict[str, str] = field(default_factory=dict)
    interfaces: dict[int, str] = field(default_factory=lambda: {1: "lo"})

    def number(self, text: str, bits: int) -> int:
        """Return a number of ``bits`` bits for the hole in ``text``."""
        count = len(self.shown)
        if bits > 16:
            value = WORD + count
            self.shown[hex(value)] = text
        else:
            value = (SMALL if bits <= 8 else PORT) + count
            if bits < 8:
                value &= (1 << bits) - 1
        self.shown[str(value)] = text
        return value

    def address(self, text: str, bits: int) -> int:
        """Return an address of 32 or 128 bits for the hole in ``text``."""
        value = (ADDRESS4 if bits == 32 else ADDRESS6) + len(self.shown) + 1
        self.show_address(value, bits, text)
        return value

    def show_address(self, value: int, bits: int, text: str) -> None:
        """Show ``text`` where the address ``value`` is printed."""
        address = IPv4Address(value) if bits == 32 else IPv6Address(value)
        self.shown[str(address)] = text

    def name(self, text: str) -> str:
        """Return an interface name for ``text``, which has a hole."""
        name = f"hole-{len(self.shown)}"
        self.shown[name] = text
        return name

    def index(self, name: str) -> int:
        """Return the index of an interface; but for ``lo`` it is a made up one."""
        for index, known in self.interfaces.items():
            if known == name:
                return index
        index = len(self.interfaces) + 1
        self.interfaces[index] = name
        return index

    def show(self, printed: str) -> str:
        """Return a printed line with the holes in their places."""
        for standin, text in self.shown.items():
            start = "" if standin.startswith("/") else r"(?<![\w.])"
            pattern = rf"{start}{re.escape(standin)}(?![\w.])"
            printed = text.join(re.split(pattern, printed))
        return printed
