"""The line hash against the public test vectors of github/codeql-action (fingerprints.test.ts)."""

from __future__ import annotations

import pytest

from nftlint.output.fingerprints import line_hashes

GREETING = " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"
GREETING_HASHES = (
    "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 e20e36e16fcb0cc8:1 "
    "b3edc88f2938467e:1 c8e28b0b4002a3a0:1 c129715d7a2bc9a3:1"
)
VECTORS = [
    ("", "c129715d7a2bc9a3:1"),
    (
        " a\nb\n  \t\tc\n d",
        "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1",
    ),
    (
        GREETING.removesuffix("\n"),
        (
            "8b7cf3e952e7aeb2:1 b1ae1287ec4718d9:1 bff680108adb0fcc:1 c6805c5e1288b612:1 "
            "b86d3392aea1be30:1 e6ceba753e1a442:1"
        ),
    ),
    (GREETING, GREETING_HASHES),
    (GREETING.replace("\n", "\r"), GREETING_HASHES),
    (GREETING.replace("\n", "\r\n"), GREETING_HASHES),
]


@pytest.mark.parametrize(("text", "hashes"), VECTORS)
def test_the_hashes_are_those_of_codeql_action(text, hashes):
    assert line_hashes(text) == hashes.split()


def test_equal_lines_with_equal_sequels_are_numbered():
    hashes = line_hashes("x" * 100 + "\n" + "x" * 100 + "\nend")
    assert [value.partition(":")[2] for value in hashes] == ["1", "2", "1"]
    assert hashes[0].partition(":")[0] == hashes[1].partition(":")[0]


def test_code_units_count_as_in_javascript():
    pair = [0xD83D, 0xDE00]
    value = 0
    for unit in [*pair, 0xFFFF, *[0] * 97]:
        value = (value * 37 + unit) % 2**64
    assert line_hashes("\U0001f600") == [f"{value:x}:1"]
