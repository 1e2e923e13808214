"""The rules' pages: their form, and that their examples are true."""

from __future__ import annotations

import pytest

from nftlint.applicability import Applicability
from nftlint.apply import choose
from nftlint.edits import apply
from nftlint.lint import lint_text
from nftlint.output.regions import Places
from nftlint.pages import PageError, load_examples, load_pages, parse_examples, parse_page
from nftlint.results import Fix

TAGS = ("kube-router",)


@pytest.mark.parametrize("page", load_pages().values(), ids=lambda page: page.id)
def test_a_page_says_what_is_needed(page):
    assert page.help.startswith(f"# {page.id}")
    assert page.name in page.help.splitlines()[0]
    assert "## Fix safety" in page.help
    assert page.summary.endswith(".")
    assert page.level in ("error", "warning", "note")
    assert all(0 < float(value) <= 10 for value in page.severities.values())


HEAD = """\
+++
id = "NFT900"
name = "example"
level = "note"
summary = "S."
description = "D."
precision = "low"
tags = ["t"]
+++
# NFT900
"""

BROKEN = {
    "no head": ("NFT900-example.md", "# NFT900\n"),
    "no TOML": ("NFT900-example.md", HEAD.replace('"note"', "note")),
    "a key is missing": ("NFT900-example.md", HEAD.replace('level = "note"\n', "")),
    "a key is unknown": ("NFT900-example.md", HEAD.replace("level", "lvl")),
    "another file name": ("NFT901-example.md", HEAD),
    "no such precision": ("NFT900-example.md", HEAD.replace('"low"', '"lowest"')),
    "no such failure mode": (
        "NFT900-example.md",
        HEAD.replace("+++\n# ", '[security-severity]\nboom = "1"\n+++\n# '),
    ),
}


def test_a_page_is_read():
    page = parse_page("NFT900-example.md", HEAD)
    assert (page.id, page.severity, page.tags, page.help) == ("NFT900", "", ("t",), "# NFT900\n")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_page_is_refused_by_name(name):
    file, text = BROKEN[name]
    with pytest.raises(PageError, match=file):
        parse_page(file, text)


EXAMPLES = """\
```shell bad at 1:1, 2:3
one
```

```shell fixed unsafe
two
```

```toml
no example
```

```nft good
three
```
"""


def test_examples_are_read_with_their_places():
    bad, good = parse_examples("p.md", EXAMPLES)
    assert (bad.line, bad.places, bad.text) == (1, ((1, 1), (2, 3)), "one\n")
    assert (bad.fixed, bad.unsafe) == ("two\n", True)
    assert (good.language, good.verdict, good.fixed) == ("nft", "good", None)


@pytest.mark.parametrize("text", ["```shell bad\nx\n```\n", "```shell fixed\nx\n```\n"])
def test_a_broken_example_is_refused_by_its_place(text):
    with pytest.raises(PageError, match=r"p\.md:1"):
        list(parse_examples("p.md", text))


EVERY = {f"{example.page}:{example.line}": example for example in load_examples()}


@pytest.mark.parametrize("name", EVERY)
def test_an_example_is_found_at_its_places(name):
    example = EVERY[name]
    report = lint_text(example.text, "example", TAGS, example.language)
    places = Places(report.artifacts)
    regions = [places.region(result.location) for result in report.results]
    assert tuple((region.start_line, region.start_column) for region in regions) == example.places
    assert {result.rule for result in report.results} <= {example.page.split("-")[0]}
    assert report.failures == ()


@pytest.mark.parametrize("name", EVERY)
def test_an_example_is_fixed_as_its_page_says(name):
    example = EVERY[name]
    report = lint_text(example.text, "example", TAGS, example.language)
    labels = {applicability(result.fix) for result in report.results}
    if example.fixed is None:
        assert labels <= {Applicability.NONE}
        return
    threshold = Applicability.UNSAFE if example.unsafe else Applicability.SAFE
    assert labels == {threshold}
    chosen = choose(report.results, threshold)
    text = apply(example.text, [item for fix in chosen for item in fix])
    assert text == example.fixed
    assert lint_text(text, "example", TAGS, example.language).results == ()


def applicability(fix):
    return fix.applicability if isinstance(fix, Fix) else Applicability.NONE
