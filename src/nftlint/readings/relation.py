"""Relations: one test of one field, before it becomes expressions."""

from __future__ import annotations

from nftlint.readings.facts import Field
from nftlint.readings.netlink import Expr
from nftlint.readings.operands import Operand
from nftlint.record import dataclass

PROTOCOL_FIELDS = frozenset({"protocol", "nexthdr", "icmp_type", "icmpv6_type", "ether_type"})


@dataclass(frozen=True, slots=True)
class Relation:
    """``field op operand``; ``mask`` and ``xor`` are applied to the field first.

    ``shifted`` says that nft moves the field to the right end of the register before that.
    ``op`` is one of ``== != < > <= >=``, or ``any`` and ``none`` for tests of flags.
    """

    field: Field
    op: str
    operand: Operand
    mask: int | None = None
    xor: int = 0
    shifted: bool = False

    @property
    def whole(self) -> bool:
        """Tell whether the field is compared as it is, and fills bytes."""
        return self.mask is None and self.field.offset % 8 == 0 and self.field.bits % 8 == 0

    @property
    def names_protocol(self) -> bool:
        """Tell whether nft takes the field for one that names a protocol."""
        return self.field.base != "meta" and bool(
            PROTOCOL_FIELDS & {self.field.name, self.field.type}
        )


@dataclass(frozen=True, slots=True)
class Plain:
    """Expressions of a test that is no relation of one field: a concatenation, ``ct state``."""

    exprs: tuple[Expr, ...]
