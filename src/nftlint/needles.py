"""What a file's bytes must contain to matter: the prefilter that keeps clean trees cheap."""

from __future__ import annotations

NFT = (b"nft", b"bmZ0", b"5md", b"uZn", b"H4sI", b"\x1f\x8b")
"""``nft``, ``nft`` within base64 at each of the three alignments, the start of gzip in base64, and
the start of gzip."""

_ENCODED = (b"aXB0YWJsZX", b"lwdGFibGVz", b"pcHRhYmxlc")
"""``iptables`` within base64 at each of the three alignments."""

SETTINGS = ("TS_DEBUG_FIREWALL_MODE", "FlushAllOnReload", "table_family")
"""Names of settings that are known by their words, wherever they stand. The first and the last
matter only beside ``nftables``."""

_ALWAYS = (*NFT, *_ENCODED, b"netfilter-persistent", b"FlushAllOnReload")

_HARM = (b"-F", b"-X", b"--flush", b"flush:", b"--delete-chain", b"restore", b"save", b"legacy")
"""What a file that runs iptables must contain as well: to append rules by iptables is right."""


def may_matter(data: bytes) -> bool:
    """Tell whether a file's bytes can hold anything that a rule speaks of."""
    if any(needle in data for needle in _ALWAYS):
        return True
    if b"tables" not in data or not (b"iptables" in data or b"ip6tables" in data):
        return False
    return any(needle in data for needle in _HARM)
