"""Proving on this machine's own kernel that an nft rule and iptables commands do the same.

Everything runs in private network namespaces; nothing outside of them is read or changed.
"""

from nftlint.prove.engine import available, prove
from nftlint.prove.model import Pair, Verdict
from nftlint.prove.parts import Known

__all__ = ["Known", "Pair", "Verdict", "available", "prove"]
