"""The binary blobs of x_tables matches and targets, as the kernel's own headers lay them out."""

from __future__ import annotations

import struct

from nftlint.prove.netlink import number, text
from nftlint.prove.ruleset import Expr


def as_log(expr: Expr) -> tuple[object, ...] | None:
    """Return a LOG or NFLOG target as the step nft's ``log`` statement makes, else None.

    Both end in ``nf_log_packet`` with the same level, flags and prefix, or the same group,
    length, threshold and prefix (``xt_LOG.c``, ``xt_NFLOG.c``, ``nft_log.c``).
    """
    name, info = text(expr.attrs[1]), expr.attrs[3]
    if name == "LOG" and number(expr.attrs[2]) == 0:
        return ("log", info[0], info[1], text(info[2:32]))
    if name == "NFLOG":
        length, group, threshold, flags, _ = struct.unpack_from("=IHHHH", info)
        copied = length if flags & 1 else 0
        return ("nflog", group, copied, threshold, text(info[12:76]))
    return None
