"""Constants of nft: texts to numbers, by the type of what they are compared with."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from nftlint.holes import has_holes
from nftlint.nft.model import BinaryOp, Expression, ListExpr, Literal, Variable
from nftlint.readings.facts import Field, symbol
from nftlint.readings.standins import StandIns


class RefusedError(Exception):
    """nft does not take the rule; the argument is what it says. Never leaves this package."""


def constant(expr: Expression, field: Field, standins: StandIns) -> int:
    """Return the value of a constant expression of the type of ``field``.

    Raises ``RefusedError`` where nft knows no such value.
    """
    match expr:
        case Literal(text) | Variable(text):
            return _literal(text, field, standins)
        case ListExpr(items):
            values = [constant(item, field, standins) for item in items]
            return _either(values)
        case BinaryOp(op, left, right):
            return _combine(op, constant(left, field, standins), constant(right, field, standins))
        case _:
            raise RefusedError("Right hand side of relational expression must be constant")


def _either(values: list[int]) -> int:
    result = 0
    for value in values:
        result |= value
    return result


def _combine(op: str, left: int, right: int) -> int:
    match op:
        case "&":
            return left & right
        case "|":
            return left | right
        case "^":
            return left ^ right
        case "<<":
            return left << right
        case _:
            return left >> right


def _literal(text: str, field: Field, standins: StandIns) -> int:
    if field.type == "ifname":
        name = standins.name(text) if has_holes(text) else text
        return name_bits(name.replace("\\*", "*"))
    if field.type == "iface_index":
        return _interface_index(text, standins)
    if field.type in {"ipv4_addr", "ipv6_addr"}:
        return _address(text, field, standins)
    if has_holes(text):
        return standins.number(text, field.bits)
    parse = _PARSERS.get(field.type)
    value = integer(text) if parse is None else parse(text)
    if value is None:
        value = symbol(field.type, text)
    return _checked(value, text, field)


def _checked(value: int | None, text: str, field: Field) -> int:
    if value is None:
        raise RefusedError(_UNKNOWN.get(field.type, f'Could not parse "{text}"'))
    if value >= 1 << field.bits:
        high = (1 << field.bits) - 1
        raise RefusedError(_TOO_BIG.get(field.type, f"Value {text} exceeds valid range 0-{high}"))
    return value


def _interface_index(text: str, standins: StandIns) -> int:
    number = integer(text)
    if number is not None:
        return number
    return standins.index(standins.name(text) if has_holes(text) else text)


def _address(text: str, field: Field, standins: StandIns) -> int:
    if has_holes(text):
        return standins.address(text, field.bits)
    try:
        if field.bits == 32:
            return int(IPv4Address(text))
        return int(IPv6Address(text.partition("%")[0].strip("[]")))
    except AddressValueError:
        return _host_name(text, field, standins)


def _host_name(text: str, field: Field, standins: StandIns) -> int:
    """Return an address for a name, which nft looks up; or for a plain number."""
    number = integer(text)
    if number is not None and field.bits == 32:
        return _checked(number, text, field)
    if not re.fullmatch(r"(?!\d+\.)[\w$][\w.-]*", text) or number is not None:
        raise RefusedError("Could not resolve hostname: Address family for hostname not supported")
    return standins.address(text, field.bits)


def is_wildcard(text: str) -> bool:
    """Tell whether an interface name stands for all that begin so."""
    return text.endswith("*") and not text.endswith("\\*")


def name_bits(name: str) -> int:
    """Return a name as the 16 bytes that the kernel compares."""
    data = name.encode()
    if not data:
        raise RefusedError("Empty string is not allowed")
    if len(data) > 15:
        raise RefusedError(f"String exceeds maximum length of {16}")
    return int.from_bytes(data.ljust(16, b"\0"), "big")


def integer(text: str) -> int | None:
    """Return a number as C writes it: decimal, ``0x`` or octal; ``None`` if it is none (``08``)."""
    if re.fullmatch(r"0[0-7]+", text):
        return int(text, 8)
    if re.fullmatch(r"0|[1-9][0-9]*|0[xX][0-9a-fA-F]+", text):
        return int(text, 0)
    return None


def numeral(text: str, default: int) -> int:
    """Return a number where nft's grammar wants one, ``default`` for a text of another kind.

    Raises ``RefusedError`` for digits that are no number, as ``08``: nft takes them for a name.
    """
    number = integer(text)
    if number is None and text.isdigit():
        raise RefusedError("syntax error, unexpected string, expecting number")
    return default if number is None else number


def text_of(expr: Expression) -> str:
    """Return the text of a literal, ``""`` of anything else."""
    return expr.text if isinstance(expr, Literal) else ""


def _ether(text: str) -> int | None:
    pairs = text.split(":")
    if len(pairs) == 6 and all(re.fullmatch(r"[0-9a-fA-F]{1,2}", pair) for pair in pairs):
        return int.from_bytes(bytes(int(pair, 16) for pair in pairs), "big")
    return None


def _class_id(text: str) -> int:
    if text in {"none", "root"}:
        return 0
    major, colon, minor = text.partition(":")
    if not colon:
        return integer(text) or 0  # by strtoul(), which makes 0 of anything else
    return (int(major or "0", 16) << 16) | int(minor or "0", 16)


def _loose(text: str) -> int:
    """Return some value for a type whose values are never printed: times, users."""
    return integer(text) or 0


def _looked_up(text: str) -> int | None:
    """Return a number of a type whose names libc looks up: it takes ``08``, which is no octal."""
    number = integer(text)
    return int(text) if number is None and re.fullmatch(r"[0-9]+", text) else number


_PARSERS: dict[str, Callable[[str], int | None]] = {
    "ether_addr": _ether,
    "classid": _class_id,
    "time": _loose,
    "hour": _loose,
    "inet_service": _looked_up,
    "uid": _looked_up,
    "gid": _looked_up,
}

_UNKNOWN = {
    "integer": "Could not parse integer",
    "inet_proto": "Could not resolve protocol name",
    "inet_service": "Could not resolve service: Servname not supported for ai_socktype",
    "uid": "User does not exist",
    "gid": "Group does not exist",
}

_TOO_BIG = {"inet_proto": "Protocol out of range", "inet_service": "Service out of range"}
