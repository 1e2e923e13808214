"""What iptables can say, put into nft's words and back: the script's measure, in short."""

from __future__ import annotations

import shutil

import pytest
import roundtrip_iptables as roundtrip

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(not shutil.which("iptables-translate"), reason="has no iptables-translate"),
]
EVERY = 6


def test_rules_of_iptables_come_back_with_the_same_meaning():
    asked = roundtrip.rules()
    found = roundtrip.trips(asked[::EVERY])
    wrong = [trip for trip in found if trip.outcome == "different" and trip.level == "safe"]
    assert wrong == []
    told = [trip for trip in found if trip.outcome not in {"no nft", "not loadable"}]
    back = [trip for trip in told if trip.outcome in {"same", "equal"}]
    assert len(back) > 0.85 * len(told) > 50
