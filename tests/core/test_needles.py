"""Needles sought in many texts at once find what they find in each."""

from __future__ import annotations

import base64
import gzip

from hypothesis import given
from hypothesis import strategies as st

from nftlint.needles import may_matter, which_matter

PIECES = [
    *(b"nft", b"nf", b"t", b"netfilter-", b"persistent", b"FlushAllOnReload", b"FlushAll"),
    *(b"encoding: b64\n", b"encoding", b"!!binary ", b"binary", b"base64"),
    *(base64.b64encode(text) for text in (b"nft list", b"xnft", b"echo hello", b"iptables -F")),
    *(b"iptables", b"tables", b" -F", b"-save", b"\n", b"\0", b"x", b"\x1f", b"\x8b", b"\x1f\x8b"),
    gzip.compress(b"echo", mtime=0),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=5).map(b"".join)


@given(st.lists(TEXTS, max_size=12))
def test_many_at_once_give_what_each_gives(texts):
    assert which_matter(texts) == {at for at, text in enumerate(texts) if may_matter(text)}


def test_nothing_is_made_of_two_texts():
    assert which_matter([b"n", b"ft", b"\x1f", b"\x8b", b"netfilter-", b"persistent"]) == set()
