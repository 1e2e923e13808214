"""What iptables-nft of each version makes of a rule that was added with nft."""

from nftlint.readings.failure import RANKS, FailureMode, failure_mode, mode_of, worst
from nftlint.readings.kernel import Kernel
from nftlint.readings.lower import MEASURED_NFT, lower
from nftlint.readings.netlink import Expr, Lowered, Refused
from nftlint.readings.read import VERSIONS, MisreadAs, Outcome, Reading, read, readings

__all__ = [
    "MEASURED_NFT",
    "RANKS",
    "VERSIONS",
    "Expr",
    "FailureMode",
    "Kernel",
    "Lowered",
    "MisreadAs",
    "Outcome",
    "Reading",
    "Refused",
    "failure_mode",
    "lower",
    "mode_of",
    "read",
    "readings",
    "worst",
]
