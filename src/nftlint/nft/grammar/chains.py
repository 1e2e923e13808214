"""The blocks of chains and flowtables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nftlint.nft.command import Chain, Flowtable, Hook, Option
from nftlint.nft.expression import Literal, Variable
from nftlint.nft.grammar import actions
from nftlint.nft.grammar.elements import set_literal
from nftlint.nft.grammar.recovery import block
from nftlint.record import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from nftlint.nft.command import Command
    from nftlint.nft.expression import Expression
    from nftlint.nft.grammar.cursor import Cursor


@dataclass(slots=True)
class _ChainParts:
    """What a chain's block has been found to hold."""

    hook: Hook | None = None
    policy: Literal | Variable | None = None
    devices: Expression | None = None
    flags: list[str] = field(default_factory=list)
    comment: Literal | None = None
    members: list[Command] = field(default_factory=list)


def chain_block(cursor: Cursor, rule: Callable[[Cursor], Command]) -> Chain:
    """Parse the block of a chain; ``rule`` parses a rule of it as a command."""
    parts = _ChainParts()

    def member(inner: Cursor) -> None:
        match inner.word:
            case "type":
                parts.hook = _hook(inner)
            case "policy":
                parts.policy = _policy(inner)
            case "devices":
                parts.devices = _devices(inner)
            case "flags":
                inner.advance()
                parts.flags.append(inner.take("offload"))
            case "comment":
                parts.comment = actions.comment(inner)
            case _:
                parts.members.append(rule(inner))

    span = block(cursor, member)
    return Chain(
        parts.hook,
        parts.policy,
        parts.devices,
        tuple(parts.flags),
        parts.comment,
        tuple(parts.members),
        span,
    )


def _hook(cursor: Cursor) -> Hook:
    """``type filter hook input device eth0 priority filter + 1``."""
    start = cursor.index
    cursor.take("type")
    kind = cursor.choice("filter", "nat", "route")
    cursor.take("hook")
    hook = cursor.name("a hook").text
    return _devices_and_priority(cursor, start, kind, hook)


def _devices_and_priority(cursor: Cursor, start: int, kind: str, hook: str) -> Hook:
    """Parse what follows the hook; a hole before may hold it."""
    devices: Expression | None = None
    if cursor.word == "device":
        cursor.advance()
        devices = cursor.variable() if cursor.word == "$" else cursor.string()
    elif cursor.word == "devices":
        devices = _devices(cursor)
    if cursor.word != "priority" and cursor.is_hole(cursor.index - 1):
        return Hook(kind, hook, devices, None, "", cursor.since(start))
    cursor.take("priority")
    priority, offset = _priority(cursor)
    return Hook(kind, hook, devices, priority, offset, cursor.since(start))


def _priority(cursor: Cursor) -> tuple[Literal | Variable, str]:
    """``-150``, ``$name``, ``filter + 10``."""
    if cursor.word == "$":
        return cursor.variable(), ""
    start = cursor.index
    if cursor.accept("-") or cursor.kind == "number":
        cursor.number()
        span = cursor.since(start)
        return Literal(span.of(cursor.text).replace(" ", ""), quoted=False, span=span), ""
    if not cursor.is_name(cursor.index):
        cursor.fail("a priority")
    priority = cursor.literal()
    if cursor.word not in {"+", "-"}:
        return priority, ""
    return priority, cursor.take("+", "-") + cursor.number().text


def _policy(cursor: Cursor) -> Literal | Variable:
    """``policy drop``, ``policy $name``."""
    cursor.take("policy")
    if cursor.word == "$":
        return cursor.variable()
    if cursor.word not in {"accept", "drop"} and not cursor.on_hole:
        cursor.fail("accept", "drop")
    return cursor.literal()


def _devices(cursor: Cursor) -> Expression:
    """``devices = { eth0, eth1 }``, ``devices = $name``."""
    cursor.take("devices")
    cursor.take("=")
    return cursor.variable() if cursor.word == "$" else set_literal(cursor)


@dataclass(slots=True)
class _FlowtableParts:
    """What a flowtable's block has been found to hold."""

    hook: Hook | None = None
    devices: Expression | None = None
    options: list[Option] = field(default_factory=list)


def flowtable_block(cursor: Cursor) -> Flowtable:
    """Parse the block of a flowtable."""
    parts = _FlowtableParts()

    def member(inner: Cursor) -> None:
        start = inner.index
        match inner.word:
            case "hook":
                inner.advance()
                hook = inner.name("a hook").text
                parts.hook = _devices_and_priority(inner, start, "", hook)
            case "devices":
                parts.devices = _devices(inner)
            case "counter":
                inner.advance()
                parts.options.append(Option("counter", "", inner.since(start)))
            case _:
                inner.take("flags")
                flag = inner.take("offload")
                parts.options.append(Option("flags", flag, inner.since(start)))

    span = block(cursor, member)
    return Flowtable(parts.hook, parts.devices, tuple(parts.options), span)
