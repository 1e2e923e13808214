"""What a translation is given and what it gives."""

from __future__ import annotations

from collections.abc import Mapping

from nftlint.applicability import Applicability
from nftlint.holes import Hole
from nftlint.iptables.model import IptablesCommand
from nftlint.nft.expression import Expression
from nftlint.record import dataclass, field
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Options:
    """What is known besides the command.

    ``holes`` says what each hole character stands for; one that is not in it may be anything.
    ``defines`` are the values of nft's ``$name`` that hold where the command stands.
    ``named_sets`` writes ``@name`` as the ipset of that name, which someone else has to keep.
    """

    holes: Mapping[str, Hole] = field(default_factory=dict)
    defines: Mapping[str, Expression] = field(default_factory=dict)
    named_sets: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """iptables commands that, run in this order, do what the nft command does.

    ``reasons`` say why it is less than ``SAFE``; each is a clause without a full stop.
    """

    commands: tuple[IptablesCommand, ...]
    applicability: Applicability
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untranslatable:
    """No iptables command means the same.

    ``span`` is the place in the nft text that stands in the way; ``reason`` names it and, where
    there is one, the way out. ``needless``: iptables has already what the command makes, so that
    beside other commands it can be left out.
    """

    span: Span
    reason: str
    needless: bool = False


class CannotError(Exception):
    """Carries an ``Untranslatable`` from the depth of an expression up to ``translate``."""

    def __init__(self, cannot: Untranslatable) -> None:
        super().__init__(cannot.reason)
        self.cannot = cannot
