"""Texts of IP addresses, by family."""

from __future__ import annotations

from ipaddress import ip_network

BITS = {"ip": 32, "ip6": 128}


def is_network(text: str, family: str) -> bool:
    """Tell whether it is an address of the family, or a prefix with its length or mask."""
    try:
        return ip_network(text, strict=False).max_prefixlen == BITS[family] and "%" not in text
    except ValueError:
        return False


def is_address(text: str, family: str) -> bool:
    """Tell whether it is one address of the family."""
    return "/" not in text and is_network(text, family)
