"""Logging: LOG, and NFLOG for a group."""

from __future__ import annotations

from nftlint.nft.expression import Expression
from nftlint.nft.statement import Log
from nftlint.translate.context import Context, cannot
from nftlint.translate.parts import Part, going_on
from nftlint.translate.values import at_most, constant, settle

_LEVELS = {
    "emerg": "emerg",
    "alert": "alert",
    "crit": "crit",
    "err": "error",
    "warn": "warning",
    "notice": "notice",
    "info": "info",
    "debug": "debug",
}
_DEFAULT_LEVEL = "warn"
"""Of nft and of iptables alike."""
_FLAGS = {
    "tcp sequence": "--log-tcp-sequence",
    "tcp options": "--log-tcp-options",
    "ip options": "--log-ip-options",
    "skuid": "--log-uid",
    "ether": "--log-macdecode",
}
_PREFIX = 29
_GROUP_PREFIX = 63
"""The longest prefixes that LOG and NFLOG keep, in bytes."""
_NUMBERS = {"group": 65535, "snaplen": 2**32 - 1, "queue-threshold": 65535}
_GROUP_OPTIONS = {
    "group": "--nflog-group",
    "snaplen": "--nflog-size",
    "queue-threshold": "--nflog-threshold",
}


def log(statement: Log, ctx: Context) -> tuple[Part, ...]:
    """Translate ``log``, which lets the packet go on."""
    build = _syslog if statement.group is None else _group
    words, doubts = build(statement, ctx)
    return (going_on(words, statement.span, doubts=doubts),)


def _syslog(statement: Log, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if statement.snaplen is not None or statement.queue_threshold is not None:
        cannot(statement, "this takes a group")
    prefix, doubts = _prefix(statement, "--log-prefix", _PREFIX, ctx)
    return ("-j", "LOG", *prefix, *_level(statement), *_flags(statement)), doubts


def _prefix(
    statement: Log, option: str, longest: int, ctx: Context
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if statement.prefix is None:
        return (), ()
    prefix = constant(statement.prefix, statement.prefix, "a log prefix")
    what = f"a prefix of at most {longest} bytes"
    doubts = settle(prefix, what, ctx, valid=lambda text: _fits(text, longest))
    if doubts:
        doubts = (f"the log prefix may come out longer than iptables' {longest} bytes",)
    return ((option, prefix.text) if prefix.text else ()), doubts


def _fits(text: str, longest: int) -> bool:
    return len(text.encode()) <= longest and "\n" not in text


def _level(statement: Log) -> tuple[str, ...]:
    level = statement.level or _DEFAULT_LEVEL
    if level not in _LEVELS:
        cannot(statement, f"iptables has no log level `{level}`: the target AUDIT is another thing")
    return () if level == _DEFAULT_LEVEL else ("--log-level", _LEVELS[level])


def _flags(statement: Log) -> tuple[str, ...]:
    flags = _FLAGS if "all" in statement.flags else statement.flags
    unknown = [flag for flag in flags if flag not in _FLAGS]
    if unknown:
        cannot(statement, f"iptables has no log flag `{unknown[0]}`")
    return tuple(option for flag, option in _FLAGS.items() if flag in flags)


def _group(statement: Log, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if statement.level is not None or statement.flags:
        cannot(statement, "a log group has no level and no flags")
    prefix, doubts = _prefix(statement, "--nflog-prefix", _GROUP_PREFIX, ctx)
    words = ["-j", "NFLOG", *prefix]
    values = {
        "group": statement.group,
        "snaplen": statement.snaplen,
        "queue-threshold": statement.queue_threshold,
    }
    for name, value in values.items():
        if value is not None:
            more, doubt = _number(name, value, ctx)
            words += more
            doubts += doubt
    return tuple(words), doubts


def _number(name: str, value: Expression, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    literal = constant(value, value, f"a {name}")
    doubts = settle(literal, f"a {name}", ctx, valid=lambda text: at_most(text, _NUMBERS[name]))
    return (_GROUP_OPTIONS[name], literal.text), doubts


STATEMENTS = {Log: log}
