"""The packets that are built, checked by the rules of the protocols themselves."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nftlint.prove import fields as f
from nftlint.prove.packet import FIRST, LATER, SADDR, build, transport_start


def folded(data):
    """Add 16-bit words with end-around carry, as RFC 1071 says a receiver does."""
    total = 0
    for at in range(0, len(data) - len(data) % 2, 2):
        total += data[at] * 256 + data[at + 1]
    if len(data) % 2:
        total += data[-1] * 256
    while total > 0xFFFF:
        total = total // 0x10000 + total % 0x10000
    return total


ports = st.integers(0, 65535)


@given(ports, ports, st.integers(100, 300), st.sampled_from([6, 17]))
def test_checksums_of_ip_add_up(source, dest, length, protocol):
    values = {f.SPORT: source, f.DPORT: dest, f.LENGTH: length, f.PROTO: protocol}
    packet = build("ip", values)
    assert len(packet) == length == struct.unpack_from(">H", packet, 2)[0]
    assert folded(packet[:20]) == 0xFFFF
    pseudo = packet[12:20] + struct.pack(">HH", protocol, len(packet) - 20)
    assert folded(pseudo + packet[20:]) == 0xFFFF
    assert struct.unpack_from(">HH", packet, 20) == (source, dest)


@given(st.sampled_from([6, 17, 58]), st.integers(100, 300))
def test_checksums_of_ip6_add_up(protocol, length):
    packet = build("ip6", {f.PROTO: protocol, f.LENGTH: length})
    assert len(packet) == length == 40 + struct.unpack_from(">H", packet, 4)[0]
    pseudo = packet[8:40] + struct.pack(">HH", protocol, length - 40)
    assert folded(pseudo + packet[40:]) == 0xFFFF


def test_fields_stand_where_they_are_asked_for():
    packet = build("ip", {("nh", 1, 1): 0x28, ("nh", 8, 1): 3, ("th", 13, 1): 0x12})
    assert (packet[1], packet[8], packet[33]) == (0x28, 3, 0x12)
    assert packet[12:16] == SADDR["ip"]


def test_a_later_fragment_has_an_offset():
    assert struct.unpack_from(">H", build("ip", {f.FRAGMENT: LATER}), 6)[0] & 0x1FFF
    assert build("ip6", {f.FRAGMENT: LATER})[6] == 44


@pytest.mark.parametrize(
    "extra", [{}, {f.FRAGMENT: FIRST}, {f.EXTENSION: 1}, {f.FRAGMENT: 1, f.EXTENSION: 2}]
)
def test_the_transport_header_stands_behind_the_extensions(extra):
    values = {f.SPORT: 4242, f.PROTO: 17, **extra}
    packet = build("ip6", values)
    assert struct.unpack_from(">H", packet, transport_start("ip6", values))[0] == 4242


def test_a_length_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="no packet of 20 bytes"):
        build("ip", {f.LENGTH: 20})
