"""``github``: workflow commands that GitHub shows as annotations of a pull request's lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from nftlint.output.escapes import visible_lines
from nftlint.output.look import PLAIN, Look
from nftlint.output.regions import Places
from nftlint.pages import RulePage
from nftlint.results import Failure, Report, Result

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\n": "%0A"})
_IN_PROPERTY = _IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def write(
    report: Report, rules: Mapping[str, RulePage], stream: TextIO, look: Look = PLAIN
) -> None:
    """Write a workflow command for each result and failure."""
    places = Places(report.artifacts)
    stream.writelines(_result(result, places) for result in report.results)
    stream.writelines(_failure(failure, places) for failure in report.failures)


def _result(result: Result, places: Places) -> str:
    region = places.region(result.location)
    properties: dict[str, str | int] = {
        "title": f"{result.rule} {result.name}",
        "file": places.checkout.path(result.location.uri),
        "line": region.start_line,
        "endLine": region.end_line,
    }
    if region.start_line == region.end_line:  # GitHub takes columns within one line only
        properties |= {"col": region.start_column, "endColumn": region.end_column}
    return _command(_COMMANDS[result.level], properties, result.described)


def _failure(failure: Failure, places: Places) -> str:
    line = places.at(failure.uri, failure.offset or 0).start_line
    path = places.checkout.path(failure.uri)
    properties: dict[str, str | int] = {"title": "nftlint", "file": path, "line": line}
    return _command("error", properties, failure.message)


def _command(name: str, properties: Mapping[str, str | int], message: str) -> str:
    listed = ",".join(
        f"{key}={visible_lines(str(value)).translate(_IN_PROPERTY)}"
        for key, value in properties.items()
    )
    return f"::{name} {listed}::{visible_lines(message).translate(_IN_MESSAGE)}\n"
