"""What a file's bytes must contain to matter: the prefilter that keeps clean trees cheap.

Each needle that is looked for in every file costs a pass over all bytes of a tree; one that is
looked for only beside another costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GZIP = b"\x1f\x8b"
"""The start of a gzip file."""

SETTINGS = ("TS_DEBUG_FIREWALL_MODE", "FlushAllOnReload", "table_family")
"""Names of settings that are known by their words, wherever they stand. The first and the last
matter only beside ``nftables``."""

_HARM = (b"-F", b"-X", b"--flush", b"flush:", b"--delete-chain", b"restore", b"save", b"legacy")
"""What a file that runs iptables must contain as well: to append rules by iptables is right."""

_NAMES = (b"b64", b"ase64", b"B64", b"ASE64", b"!binary", b":binary")

_PACKED = (b"nft", b"tables", b"ncoding", b"binary")
"""What such a text can hold that matters; the last two tell of another such text in it."""

_GZIP_IN_BASE64 = b"H4sI"
_UNPACKED = 1024 * 1024  # bytes of such a text that are looked at; of a longer one nothing is known
_MANY = 64  # such texts in a file are unpacked to look at them
_NEAR = 100  # bytes before a name in which a variable begins
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLANKS = b" \t\r\n\\"
_AGAIN = (b"restart", b"reload")
_SERVICES = (b"service", b"systemctl", b"systemd", b"init.d", b"invoke-rc.d", b"sysvinit")
"""What is asked of the service that loads iptables' rules, and by what."""


def runs_iptables(data: bytes) -> bool:
    """Tell whether it may run iptables, or its service, in a way that can do harm."""
    if b"iptables" not in data and b"ip6tables" not in data:
        return False
    return any(needle in data for needle in _HARM) or asks_service(data)


def asks_service(data: bytes) -> bool:
    """Tell whether it may have some service load again what it loads."""
    return any(one in data for one in _AGAIN) and any(one in data for one in _SERVICES)


def holds_payload(data: bytes) -> bool:
    """Tell whether base64 in it, on one line or broken over many, can hold what matters."""
    if not any(name in data for name in _NAMES):
        return False
    whole = data.translate(None, _BLANKS)
    if _GZIP_IN_BASE64 in whole and _matters_unpacked(whole):
        return True
    return any(_holds_in_base64(whole, word, before) for word in _PACKED for before in range(3))


def _holds_in_base64(whole: bytes, word: bytes, before: int) -> bool:
    """Tell whether a word may stand in base64, so many bytes after a multiple of three.

    Its first and its last bits share a character each with what stands beside it, which is ASCII.
    """
    from binascii import b2a_base64

    first, last = -(-before * 8 // 6), (before + len(word)) * 8 // 6
    core = b2a_base64(bytes(before) + word)[first:last]
    if core not in whole:
        return False
    texts = [b2a_base64(bytes([char] * before) + word + bytes([char])) for char in range(128)]
    heads = {text[first - 1 : first] for text in texts}
    tails = {text[last : last + 1] for text in texts}
    for at in _places(whole, core):
        after = whole[at + len(core) : at + len(core) + 1]
        begins = not before or whole[max(0, at - 1) : at] in heads
        if begins and (after in tails or after not in _BASE64 or not after):
            return True
    return False


def _matters_unpacked(whole: bytes) -> bool:
    """Tell whether one of the gzip texts in it may matter, or cannot be unpacked as it stands."""
    import binascii
    import re

    from nftlint.packed import unpack

    found = re.finditer(_GZIP_IN_BASE64 + rb"[A-Za-z0-9+/]*={0,2}", whole)
    for number, match in enumerate(found):
        try:
            packed = unpack(binascii.a2b_base64(match.group()), _UNPACKED)
        except binascii.Error:
            return True
        if number == _MANY or packed.wrong or may_matter(packed.data):
            return True
    return False


def _always(_data: bytes) -> bool:
    return True


def _is_variable(data: bytes) -> bool:
    """Tell whether there is a variable that may hold nft, as what has set it is elsewhere."""
    import re

    opens = re.compile(rb"(?:\$[{!\w]*|\{\{[^}]*)\Z")
    return any(opens.search(data, max(0, at - _NEAR), at) for at in _places(data, b"NFT"))


def _places(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + 1)


def _is_packed(data: bytes) -> bool:
    return data.startswith(GZIP)


NEEDLES = (
    (b"nft", _always),
    (b"NFT", _is_variable),
    (b"netfilter-persistent", _always),
    (b"FlushAllOnReload", _always),
    # What stands beside every base64 text that is read: `encoding: b64`, `!!binary`, and MIME's
    # `Content-Transfer-Encoding`.
    (b"ncoding", holds_payload),
    (b"binary", holds_payload),
    (b"tables", runs_iptables),
    (GZIP[:1], _is_packed),  # one byte is sought at no cost, two are dear
)
"""What is sought, and whether a file that has it can hold anything that a rule speaks of."""


def may_matter(data: bytes) -> bool:
    """Tell whether a file's bytes can hold anything that a rule speaks of.

    Needles are sought from the end, since CPython skips further then.
    """
    return any(data.rfind(needle) >= 0 and holds(data) for needle, holds in NEEDLES)


def which_matter(texts: Sequence[bytes]) -> set[int]:
    """Return which of the texts may matter: each needle is sought in all of them at once."""
    found: set[int] = set()
    starts: list[int] = []
    whole = b"\0".join(texts)  # no needle has a NUL byte
    for needle, holds in NEEDLES:
        at = whole.rfind(needle)
        while at >= 0:
            starts = starts or _starts(texts)
            which = _before(starts, at)
            if which not in found and holds(texts[which]):
                found.add(which)
            at = whole.rfind(needle, 0, starts[which])
    return found


def _starts(texts: Sequence[bytes]) -> list[int]:
    """Return where each text begins when they stand one behind another, a byte between them."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    return starts


def _before(starts: Sequence[int], at: int) -> int:
    from bisect import bisect_right

    return bisect_right(starts, at) - 1
