"""Address translation: DNAT, SNAT, MASQUERADE, REDIRECT."""

from __future__ import annotations

from nftlint.nft.expression import Expression, Range
from nftlint.nft.statement import Nat
from nftlint.translate.context import Context, cannot, only_in, reach
from nftlint.translate.ip import is_address
from nftlint.translate.parts import Part, Target
from nftlint.translate.values import constant, number, settle

_TARGETS = {"dnat": "DNAT", "snat": "SNAT", "masquerade": "MASQUERADE", "redirect": "REDIRECT"}
_ADDRESS = {"dnat": "--to-destination", "snat": "--to-source"}
_CHAINS = {
    "dnat": ("PREROUTING", "OUTPUT"),
    "redirect": ("PREROUTING", "OUTPUT"),
    "snat": ("POSTROUTING", "INPUT"),
    "masquerade": ("POSTROUTING",),
}
_FLAGS = {"random": "--random", "fully-random": "--random-fully", "persistent": "--persistent"}
_TAKES = {
    "dnat": {"random", "persistent"},
    "snat": {"random", "fully-random", "persistent"},
    "masquerade": {"random", "fully-random"},
    "redirect": {"random"},
}
_PROTOCOLS = ("tcp", "udp", "dccp", "sctp")
_Words = tuple[str, tuple[str, ...]]


def nat(statement: Nat, ctx: Context) -> tuple[Part, ...]:
    """Translate ``dnat to``, ``snat to``, ``masquerade`` and ``redirect``."""
    _check(statement, ctx)
    name = _TARGETS[statement.kind]
    address, doubts = _address(statement, ctx)
    port, more = _port(statement, ctx)
    target = Target(
        words=(
            "-j",
            name,
            *_goal(statement, address, port),
            *_flags(statement),
        ),
        span=statement.span,
        last=True,
        returns=False,
        doubts=(
            *reach(statement, f"-j {name}", _CHAINS[statement.kind], ctx),
            *doubts,
            *more,
        ),
        protocols=_PROTOCOLS if port else (),
    )
    return (target,)


def _check(statement: Nat, ctx: Context) -> None:
    only_in("nat", statement, "does this", ctx)
    if statement.family not in {None, ctx.family}:
        cannot(statement, f"a rule of family {ctx.family} has no {statement.family} addresses")
    if statement.form:
        cannot(statement, "iptables maps no prefixes, intervals or concatenations here")


def _address(statement: Nat, ctx: Context) -> _Words:
    if statement.address is None:
        return "", ()
    return _span(statement.address, "an address", ctx, "-")


def _port(statement: Nat, ctx: Context) -> _Words:
    if statement.port is None:
        return "", ()
    return _span(statement.port, "a port number", ctx, "-")


def _span(value: Expression, what: str, ctx: Context, separator: str) -> _Words:
    if isinstance(value, Range):
        low, doubts = _span(value.low, what, ctx, separator)
        high, more = _span(value.high, what, ctx, separator)
        return f"{low}{separator}{high}", (*doubts, *more)
    literal = constant(value, value, what)
    valid = _is_port if what == "a port number" else lambda text: is_address(text, ctx.family)
    return literal.text, settle(literal, what, ctx, valid=valid)


def _is_port(text: str) -> bool:
    value = number(text)
    return value is not None and 0 < value <= 65535 and not text.startswith("0")


def _goal(statement: Nat, address: str, port: str) -> tuple[str, ...]:
    """Write where to: an address for two of the targets, ports alone for the others."""
    if statement.kind in _ADDRESS:
        if not address and not port:
            cannot(statement, "where to is missing")
        host = f"[{address}]" if ":" in address and port else address
        return (_ADDRESS[statement.kind], f"{host}:{port}" if port else host)
    if address:
        cannot(statement, f"{statement.kind} takes no address")
    return ("--to-ports", port) if port else ()


def _flags(statement: Nat) -> tuple[str, ...]:
    refused = [flag for flag in statement.flags if flag not in _TAKES[statement.kind]]
    if refused:
        cannot(statement, f"iptables' {_TARGETS[statement.kind]} has no `{refused[0]}`")
    return tuple(option for flag, option in _FLAGS.items() if flag in statement.flags)


STATEMENTS = {Nat: nat}
