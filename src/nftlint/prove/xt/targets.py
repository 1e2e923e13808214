"""x_tables targets that do what a statement of nft does, as the step that such a one makes."""

from __future__ import annotations

import struct

from nftlint.prove.netlink import number, text
from nftlint.prove.registers import Byte, Source
from nftlint.prove.ruleset import Expr

MARK_SOURCE: Source = ("meta", "3")
ICMP_UNREACHABLE, TCP_RESET = 0, 1
# ipt_reject_with and ip6t_reject_with: the code of the message; what is not here is not one.
CODES = {
    "ip": {0: 0, 1: 1, 2: 2, 3: 3, 5: 9, 6: 10, 8: 13},
    "ip6": {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 7: 5, 8: 6},
}
RESETS = {"ip": 7, "ip6": 6}


def as_step(family: str, expr: Expr) -> tuple[object, ...] | None:
    """Return a target as the step that nft's own statement makes, None where none is known."""
    return _as_log(expr) or _as_mark(expr) or _as_reject(family, expr)


def _as_mark(expr: Expr) -> tuple[object, ...] | None:
    """Return MARK as setting the mark: ``mark & ~mask ^ value`` (``xt_mark.c``, revision 2)."""
    if text(expr.attrs[1]) != "MARK" or number(expr.attrs[2]) != 2:
        return None
    value, mask = expr.attrs[3][:4], expr.attrs[3][4:8]
    pairs = zip(value, mask, strict=True)
    marks = (Byte(MARK_SOURCE, at, ~m & 0xFF, v).settled() for at, (v, m) in enumerate(pairs))
    return ("meta set", 3, tuple(marks))


def _as_reject(family: str, expr: Expr) -> tuple[object, ...] | None:
    """Return REJECT as nft's ``reject``.

    Both call ``nf_send_unreach`` or ``nf_send_reset`` (``nf_send_unreach6`` …) with the same
    arguments and drop the packet (``ipt_REJECT.c``, ``nft_reject_ipv4.c`` and their likes).
    """
    if text(expr.attrs[1]) != "REJECT" or number(expr.attrs[2]) != 0:
        return None
    kind = struct.unpack_from("=I", expr.attrs[3])[0]
    if kind == RESETS[family]:
        return ("reject", TCP_RESET, 0)
    code = CODES[family].get(kind)
    return None if code is None else ("reject", ICMP_UNREACHABLE, code)


def _as_log(expr: Expr) -> tuple[object, ...] | None:
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
