"""Texts of IP addresses, by family."""

from __future__ import annotations

from ipaddress import ip_network

from nftlint.patterns import compiled

BITS = {"ip": 32, "ip6": 128}
_OCTAL = compiled(r"/0\w")


def is_network(text: str, family: str) -> bool:
    """Tell whether it is an address of the family, or a prefix with its length or mask.

    A length such as ``010`` is none: nft and iptables take it for octal, ``ipaddress`` does not.
    """
    if _OCTAL.search(text):
        return False
    try:
        return ip_network(text, strict=False).max_prefixlen == BITS[family] and "%" not in text
    except ValueError:
        return False


def is_address(text: str, family: str) -> bool:
    """Tell whether it is one address of the family."""
    return "/" not in text and is_network(text, family)
