"""What every test shares: when a test may be skipped, and when it must fail instead."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

NAMESPACES = (("unshare", "-n"), ("unshare", "-Urn"))
"""Ways to get a private network namespace: as root, and without."""


# A machine under load is no reason to fail; in CI the same examples are tried each time, so that
# what fails there is the change. The campaigns in scripts/ look for new examples.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "network: fetches something from a package registry")
    config.addinivalue_line("markers", "npm: needs npm, and fetches something with it")


@cache
def _no_kernel() -> str:
    missing = [name for name in ("nft", "iptables", "unshare") if shutil.which(name) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    runs = [_succeeds((*namespace, "nft", "list", "ruleset")) for namespace in NAMESPACES]
    return "" if any(runs) else "nft cannot be run in a private network namespace here"


@cache
def _no_registry() -> str:
    offline = os.environ.get("NFTLINT_OFFLINE")
    return "NFTLINT_OFFLINE is set" if offline else ""


@cache
def _no_npm() -> str:
    return _no_registry() or ("" if shutil.which("npm") else "not installed: npm")


def _succeeds(command: tuple[str, ...]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0


NEEDS: dict[str, Callable[[], str]] = {
    "kernel": _no_kernel,
    "network": _no_registry,
    "npm": _no_npm,
}
"""For each marker, what is missing on this machine: a reason, or nothing."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine lacks the means for; in CI that is a failure, never a skip."""
    for marker, reason_of in NEEDS.items():
        if item.get_closest_marker(marker) and (reason := reason_of()):
            if os.environ.get("CI"):
                pytest.fail(f"CI must run this test, but: {reason}", pytrace=False)
            pytest.skip(reason)


def _apply_sarif(text: str, fixes: list[dict[str, Any]]) -> str:
    """Apply SARIF fixes knowing nothing of nftlint: lines and columns to offsets, back to front."""
    body = text.removeprefix("\ufeff")
    lines = body.split("\n")
    edits = set()
    for fix in fixes:
        for item in fix["artifactChanges"][0]["replacements"]:
            place, new = item["deletedRegion"], item["insertedContent"]["text"]
            start = sum(len(line) + 1 for line in lines[: place["startLine"] - 1])
            end = sum(len(line) + 1 for line in lines[: place["endLine"] - 1])
            edits.add((start + place["startColumn"] - 1, end + place["endColumn"] - 1, new))
    for start, end, new in sorted(edits, reverse=True):
        body = body[:start] + new + body[end:]
    return text[: len(text) - len(text.removeprefix("\ufeff"))] + body


@pytest.fixture
def apply_sarif() -> Callable[[str, list[dict[str, Any]]], str]:
    return _apply_sarif
