"""iptables commands as parameters of ``ansible.builtin.iptables``, or why the module has none.

Source: the module's documentation (``lib/ansible/modules/iptables.py`` of ansible-core 2.19). It
builds the command in an order of its own, which is the same rule unless the rule counts packets.
"""

from __future__ import annotations

from collections.abc import Sequence

from nftlint.fragment import Refusal
from nftlint.record import dataclass, field

Value = str | bool | tuple[str, ...] | dict[str, tuple[str, ...]]
Parameters = dict[str, Value]

_PLAIN = {
    "-t": "table",
    "-p": "protocol",
    "-s": "source",
    "-d": "destination",
    "-i": "in_interface",
    "-o": "out_interface",
    "--sport": "source_port",
    "--dport": "destination_port",
    "--src-range": "src_range",
    "--dst-range": "dst_range",
    "--uid-owner": "uid_owner",
    "--gid-owner": "gid_owner",
    "--icmp-type": "icmp_type",
    "--icmpv6-type": "icmp_type",
}
"""Parameters that a ``!`` before the value inverts."""

_ALWAYS = {
    "-j": "jump",
    "-g": "goto",
    "--limit": "limit",
    "--limit-burst": "limit_burst",
    "--comment": "comment",
    "--reject-with": "reject_with",
    "--log-prefix": "log_prefix",
    "--log-level": "log_level",
    "--to-destination": "to_destination",
    "--to-source": "to_source",
    "--to-ports": "to_ports",
    "--set-dscp": "set_dscp_mark",
    "--gateway": "gateway",
}
_LISTS = {"--dports": "destination_ports", "--ctstate": "ctstate"}
_PROTOCOLS = frozenset({"tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmp6"})
_MATCHES = _PROTOCOLS | {"multiport", "conntrack", "iprange", "limit", "owner", "comment"}
_LEVELS = frozenset("01234567") | {"emerg", "alert", "crit", "error", "warning", "notice"}
_LEVELS |= {"info", "debug"}
_BEFORE_LIMIT = frozenset(
    {"--sport", "--dport", "--tcp-flags", "--syn", "--icmp-type", "--icmpv6-type", "--dports"}
    | {"--ctstate", "--src-range", "--dst-range"}
)
_AFTER_LIMIT = frozenset({"--uid-owner", "--gid-owner"})


class _UnknownError(ValueError):
    """What the module cannot say; its text is the reason."""


@dataclass(slots=True)
class _Words:
    words: list[str]
    seen: list[str] = field(default_factory=list)

    def take(self) -> str:
        if not self.words:
            raise _UnknownError("the command is not complete")
        return self.words.pop(0)


def parameters(words: Sequence[str]) -> Parameters | Refusal:
    """Return the module's parameters for an iptables or ip6tables command, in its order.

    ``words`` are unquoted and begin with the program; hole characters in them stay.
    """
    rest = _Words(list(words[1:]))
    found: Parameters = {"ip_version": "ipv6"} if words[0] == "ip6tables" else {}
    try:
        while rest.words:
            _add(found, _next(rest))
        _check_order(rest.seen)
        _check(found)
    except _UnknownError as error:
        return Refusal(str(error))
    if "icmp_type" in found:  # its match is to be asked before a limit counts the packet
        found["match"] = ("icmp6" if "ip_version" in found else "icmp",)
    return dict(sorted(found.items(), key=lambda item: item[0] not in _FIRST))


def _add(found: Parameters, more: Parameters) -> None:
    for name, value in more.items():
        if name in found:
            raise _UnknownError(f"the module takes `{name}` once")
        found[name] = value


_FIRST = ("table", "chain", "action", "rule_num", "ip_version")


def _next(rest: _Words) -> Parameters:
    """Take one option with its values off the words."""
    option = rest.take()
    if option == "!":
        return _inverted(rest, rest.take())
    rest.seen.append(option)
    if option in _PLAIN or option in _ALWAYS:
        value = rest.take()
        if not value or value.startswith("!"):
            raise _UnknownError(f"the module cannot take the value `{value}` of `{option}`")
        return {_PLAIN.get(option) or _ALWAYS[option]: value}
    if option in _LISTS:
        return {_LISTS[option]: tuple(rest.take().split(","))}
    match option:
        case "-m":
            return _match(rest.take())
        case "--syn":
            return {"syn": "match"}
        case "--tcp-flags":
            flags, flags_set = (tuple(rest.take().split(",")) for _ in range(2))
            return {"tcp_flags": {"flags": flags, "flags_set": flags_set}}
    return _verb(option, rest)


def _inverted(rest: _Words, option: str) -> Parameters:
    rest.seen.append(option)
    if option == "--syn":
        return {"syn": "negate"}
    if option not in _PLAIN or option == "-t":
        raise _UnknownError(f"the module has no parameter for `! {option}`")
    return {_PLAIN[option]: f"!{rest.take()}"}


def _match(name: str) -> Parameters:
    """Every known match comes with the parameters that need it."""
    if name not in _MATCHES:
        raise _UnknownError(f"the module has no parameters for `-m {name}`")
    return {}


def _verb(option: str, rest: _Words) -> Parameters:
    if option not in ("-A", "-I", "-P", "-F", "-N", "-X"):
        raise _UnknownError(f"the module has no parameter for `{option}`")
    chain: Parameters = {"chain": rest.take()}
    match option:
        case "-I":
            number = {"rule_num": rest.take()} if rest.words and rest.words[0].isdigit() else {}
            return {**chain, "action": "insert", **number}
        case "-P":
            return {**chain, "policy": rest.take()}
        case "-F":
            return {**chain, "flush": True}
        case "-N":
            return {**chain, "chain_management": True}
        case "-X":
            return {**chain, "state": "absent", "chain_management": True}
    return chain


def _check_order(seen: Sequence[str]) -> None:
    """Refuse another order around a limit: it counts the packets that come to it."""
    if "--limit" not in seen:
        return
    at = seen.index("--limit")
    if _AFTER_LIMIT & set(seen[:at]) or _BEFORE_LIMIT & set(seen[at:]):
        raise _UnknownError("the module asks for the limit at another place among the matches")


def _check(found: Parameters) -> None:
    if "chain" not in found:
        raise _UnknownError("the module changes one chain")
    if "policy" in found or "flush" in found:
        return
    if found.get("log_level", "0") not in _LEVELS:
        raise _UnknownError(f"the module does not know the log level `{found['log_level']}`")
    names = set(found) - {*_FIRST, "chain_management", "state"}
    if not names and "chain_management" not in found:
        raise _UnknownError("the module does not write rules without matches and target")
