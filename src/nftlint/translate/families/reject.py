"""Refusing a packet with an answer: REJECT."""

from __future__ import annotations

from nftlint.nft.statement import Reject
from nftlint.translate.context import Context, cannot, only_in
from nftlint.translate.parts import Part, Target, Test, protocol
from nftlint.translate.values import constant

_ICMP = {
    "net-unreachable": "icmp-net-unreachable",
    "host-unreachable": "icmp-host-unreachable",
    "prot-unreachable": "icmp-proto-unreachable",
    "port-unreachable": "icmp-port-unreachable",
    "net-prohibited": "icmp-net-prohibited",
    "host-prohibited": "icmp-host-prohibited",
    "admin-prohibited": "icmp-admin-prohibited",
}
_ICMP_CODES = {0: "net-unreachable", 1: "host-unreachable", 2: "prot-unreachable"}
_ICMP_CODES |= {3: "port-unreachable", 9: "net-prohibited", 10: "host-prohibited"}
_ICMP_CODES |= {13: "admin-prohibited"}
_ICMPV6 = {
    "no-route": "icmp6-no-route",
    "admin-prohibited": "icmp6-adm-prohibited",
    "addr-unreachable": "icmp6-addr-unreachable",
    "port-unreachable": "icmp6-port-unreachable",
    "policy-fail": "icmp6-policy-fail",
    "reject-route": "icmp6-reject-route",
}
_ICMPV6_CODES = {0: "no-route", 1: "admin-prohibited", 3: "addr-unreachable"}
_ICMPV6_CODES |= {4: "port-unreachable", 5: "policy-fail", 6: "reject-route"}
_KINDS = {"ip": ("icmp", _ICMP, _ICMP_CODES), "ip6": ("icmpv6", _ICMPV6, _ICMPV6_CODES)}
_DEFAULT = "port-unreachable"
"""Of nft and of iptables alike, in both families."""


def reject(statement: Reject, ctx: Context) -> tuple[Part, ...]:
    """Translate ``reject``; ``tcp reset`` asks for the protocol too, at the head of the rule."""
    only_in("filter", statement, "has REJECT", ctx)
    if statement.kind == "tcp reset":
        tcp = Test(((protocol("tcp", statement.span),),), statement.span, early=True)
        return (tcp, _target(statement, ("--reject-with", "tcp-reset")))
    kind, words, codes = _KINDS[ctx.family]
    if statement.kind not in {None, kind}:
        cannot(statement, f"nft refuses `{statement.kind}` in a rule of family {ctx.family}")
    code = _code(statement, codes)
    if code not in words:
        cannot(statement, f"iptables has no such answer as `{code}`")
    plain = statement.kind is None or code == _DEFAULT
    return (_target(statement, () if plain else ("--reject-with", words[code])),)


def _code(statement: Reject, codes: dict[int, str]) -> str:
    if statement.code is None:
        return _DEFAULT
    text = constant(statement.code, statement.code, "an icmp code").text
    return codes.get(int(text), text) if text.isascii() and text.isdigit() else text


def _target(statement: Reject, words: tuple[str, ...]) -> Target:
    return Target(("-j", "REJECT", *words), statement.span, last=True, returns=False)


STATEMENTS = {Reject: reject}
