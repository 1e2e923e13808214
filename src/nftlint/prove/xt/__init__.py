"""x_tables matches and targets, as far as their meaning is known from the bytes they are kept as.

Layouts from ``include/uapi/linux/netfilter/xt_*.h`` and ``netfilter_ipv4/ipt_*.h``; host byte
order but for addresses.
"""

from collections.abc import Callable, Iterator

from nftlint.prove.conditions import Condition

Decoder = Callable[[str, bytes], Iterator[Condition]]
"""Takes the family and a match's bytes; raises NotImplementedError for what it does not decode."""
