"""Names of chains that iptables can take."""

from __future__ import annotations

from nftlint.holes import has_holes
from nftlint.nft.expression import Name
from nftlint.translate.context import cannot

LONGEST = 28
"""In bytes; measured: iptables 1.8.9 says "must be under 29 chars"."""
TARGETS = frozenset(
    {
        "ACCEPT", "AUDIT", "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK", "CONNSECMARK",
        "CT", "DNAT", "DNPT", "DROP", "DSCP", "ECN", "HL", "HMARK", "IDLETIMER", "LED",
        "LOG", "MARK", "MASQUERADE", "MIRROR", "NETMAP", "NFLOG", "NFQUEUE", "NOTRACK",
        "QUEUE", "RATEEST", "REDIRECT", "REJECT", "RETURN", "SAME", "SECMARK", "SET",
        "SNAT", "SNPT", "SYNPROXY", "TARPIT", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS",
        "TPROXY", "TRACE", "TTL", "ULOG", "standard",
    }
)  # fmt: skip
"""Words that ``-j`` takes as a target, whatever chains there are."""


def check_chain_name(name: Name) -> None:
    """Make sure that iptables can name a chain so.

    Raises:
        CannotError: it is too long, looks like an option, or is the name of a target.

    """
    text = name.text
    if len(text.encode()) > LONGEST and not has_holes(text):
        cannot(name, f"the chain name is longer than the {LONGEST} bytes that iptables takes")
    if text in TARGETS:
        cannot(name, f"`{text}` is the name of a target to iptables, not of a chain")
    if text.startswith(("-", "!")):
        cannot(name, "iptables would take this chain name as an option")
