"""What the routing tables say of an address: ``-m addrtype``, and why not ``-m rpfilter``."""

from __future__ import annotations

from nftlint.nft.expression import Fib
from nftlint.nft.statement import Match
from nftlint.translate.context import Context, cannot, reach
from nftlint.translate.operands import operand
from nftlint.translate.parts import Atom, Test, negation, single
from nftlint.translate.values import constant

_TYPES = {
    "unspec": "UNSPEC",
    "unicast": "UNICAST",
    "local": "LOCAL",
    "broadcast": "BROADCAST",
    "anycast": "ANYCAST",
    "multicast": "MULTICAST",
    "blackhole": "BLACKHOLE",
    "unreachable": "UNREACHABLE",
    "prohibit": "PROHIBIT",
}
_INPUTS = {
    ("saddr",): ("--src-type", ()),
    ("daddr",): ("--dst-type", ()),
    ("saddr", "iif"): ("--src-type", ("--limit-iface-in",)),
    ("daddr", "iif"): ("--dst-type", ("--limit-iface-in",)),
    ("saddr", "oif"): ("--src-type", ("--limit-iface-out",)),
    ("daddr", "oif"): ("--dst-type", ("--limit-iface-out",)),
}
_HOOKS = {
    "--limit-iface-in": ("PREROUTING", "INPUT", "FORWARD"),
    "--limit-iface-out": ("FORWARD", "OUTPUT", "POSTROUTING"),
}


def address_type(match: Match, ctx: Context) -> Test:
    """Translate ``fib saddr type`` and its like."""
    if not isinstance(match.left, Fib) or match.left.inputs not in _INPUTS:
        return cannot(match.left, "iptables looks up an address, and an interface beside it")
    if ctx.family != "ip":
        cannot(match.left, "ip6tables sorts addresses in another way than nft: no proof is known")
    option, limits = _INPUTS[match.left.inputs]
    reached = tuple(doubt for limit in limits for doubt in reach(match, limit, _HOOKS[limit], ctx))
    wanted = operand(match, "an address type")
    words = [constant(item, match.right, "an address type") for item in wanted.items]
    for word in words:
        if word.text not in _TYPES:
            cannot(word, f"iptables has no address type `{word.text}`")
    texts = ",".join(dict.fromkeys(_TYPES[word.text] for word in words))
    module = ("-m", "addrtype", *negation(wanted.negated), option, texts, *limits)
    return single(Atom("", module, match.span), doubts=reached)


def route(match: Match, ctx: Context) -> Test:
    """Refuse the reverse path filter: iptables' own decides otherwise for some packets."""
    del ctx
    return cannot(
        match,
        "iptables asks for a route back by `-m rpfilter --invert`, in PREROUTING of raw and "
        "mangle; it decides otherwise than nft for local and multicast addresses",
    )


TESTS = {("fib", "type"): address_type, ("fib", "oif"): route, ("fib", "oifname"): route}
