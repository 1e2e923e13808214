"""``junit``: each result as a failed test case, for CI systems that show test reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO
from xml.sax.saxutils import quoteattr

from nftlint.output.escapes import visible
from nftlint.output.look import PLAIN, Look
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Failure, Report, Result


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write one test suite; a clean run is one test case that passed."""
    stream.writelines(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    places = Places(report.artifacts)
    failures, errors = len(report.results), len(report.failures)
    tests = max(failures + errors, 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<testsuites>"
    yield f'<testsuite name="nftlint" tests="{tests}" failures="{failures}" errors="{errors}">'
    for result in report.results:
        yield from _result(result, places)
    for failure in report.failures:
        yield from _failure(failure, places)
    if not (failures or errors):
        yield '<testcase name="nftlint" classname="nftlint"/>'
    yield "</testsuite>"
    yield "</testsuites>"


def _result(result: Result, places: Places) -> Iterator[str]:
    path = places.checkout.path(result.location.uri)
    region = places.region(result.location)
    name = _attribute(f"{result.rule} {path}:{region}")
    place = f'file={_attribute(path)} line="{region.start_line}"'
    yield f"<testcase name={name} classname={_attribute(path)} {place}>"
    yield f"<failure type={_attribute(result.rule)} message={_attribute(result.described)}/>"
    yield "</testcase>"


def _failure(failure: Failure, places: Places) -> Iterator[str]:
    path = _attribute(places.checkout.path(failure.uri))
    yield f"<testcase name={path} classname={path} file={path}>"
    yield f'<error type="error" message={_attribute(failure.message)}/>'
    yield "</testcase>"


def _attribute(text: str) -> str:
    """Return a quoted attribute; what XML cannot hold at all is written as escapes."""
    return quoteattr(visible(text))
