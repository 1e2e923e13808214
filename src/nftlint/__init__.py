"""nftlint: finds raw nft rules that break kube-router's view of the firewall."""

__version__ = "0.1.0"
