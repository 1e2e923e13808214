"""Symbolic registers: which byte of the packet stands where, after which masks.

An nf_tables rule loads bytes into registers, masks them and compares. Which register was used and
how many bytes were loaded at once is the writer's choice; what each register *byte* holds is not.
So a byte is kept as (source, index, mask, xor), meaning ``(source[index] & mask) ^ xor``.
"""

from __future__ import annotations

from nftlint.record import dataclass

Source = tuple[str, ...]
CONSTANT: Source = ("const",)
WORDS = 20


@dataclass(frozen=True, slots=True, order=True)
class Byte:
    """One register byte. A constant is a byte with mask 0 and its value in ``xor``."""

    source: Source
    index: int
    mask: int = 0xFF
    xor: int = 0

    def bitwise(self, mask: int, xor: int) -> Byte:
        """Return this byte after ``& mask ^ xor``."""
        return Byte(self.source, self.index, self.mask & mask, (self.xor & mask) ^ xor)

    def settled(self) -> Byte:
        """Return this byte, or the constant that it is where nothing is left of it."""
        return self if self.mask else Byte(CONSTANT, 0, 0, self.xor)


def load(source: Source, offset: int, length: int) -> list[Byte]:
    """Return ``length`` bytes of a source as they are loaded."""
    return [Byte(source, offset + i) for i in range(length)]


def constant(data: bytes) -> list[Byte]:
    """Return an immediate value as bytes."""
    return [Byte(CONSTANT, 0, 0, value) for value in data]


class Registers:
    """The register file: sixteen 32-bit words, under their old 128-bit names as well."""

    __slots__ = ("slots",)

    def __init__(self) -> None:
        self.slots: list[Byte | None] = [None] * (4 * WORDS)

    def write(self, register: int, value: list[Byte]) -> None:
        """Store ``value``; the rest of its last word reads as zero, as the kernel leaves it."""
        at = _first_slot(register)
        padded = value + constant(bytes(-len(value) % 4))
        self.slots[at : at + len(padded)] = padded

    def read(self, register: int, length: int) -> list[Byte] | None:
        """Return ``length`` bytes, or None where one was never written."""
        at = _first_slot(register)
        found = self.slots[at : at + length]
        known = [byte for byte in found if byte is not None]
        return known if len(known) == length else None


def _first_slot(register: int) -> int:
    """Return the first byte of a register: NFT_REG_1..4 are 1..4, NFT_REG32_00.. are 8.. ."""
    return 4 * (register - 8) if register >= 8 else 16 * (register - 1)


def swap(value: list[Byte], size: int) -> list[Byte]:
    """Return ``value`` with the byte order turned round in each group of ``size`` bytes."""
    return [byte for at in range(0, len(value), size) for byte in value[at : at + size][::-1]]
