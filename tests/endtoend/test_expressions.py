"""The table of expressions: docs/expressions.md is what the script makes of its examples."""

from __future__ import annotations

import os
from functools import cache

import expression_table as table
import pytest
from expression_forms import disagreements, forms


@cache
def rows() -> list[table.Row]:
    return table.rows()


def test_the_page_is_what_the_examples_become():
    page = table.PAGE.read_text("utf-8")
    assert table.render(table.kept(rows(), page)) == page


def test_every_example_is_nft_to_the_parser():
    assert [row.form.nft for row in rows() if row.problem] == []


def test_no_form_stands_twice():
    names = [(form.section, form.name, form.nft) for form in forms()]
    assert len(set(names)) == len(names) > 400


def test_safe_translations_are_proved_or_argued():
    kept = table.kept(rows(), table.PAGE.read_text("utf-8"))
    assert [row.form.nft for row in table.loud(kept)] == []


@pytest.mark.kernel
def test_nft_takes_every_example_that_is_not_marked():
    assert list(disagreements()) == []


@pytest.mark.kernel
@pytest.mark.skipif(not os.environ.get("CI"), reason="half a minute, for CI")
def test_the_proofs_still_hold():
    """Which method proves is the kernel's and iptables' matter; that one does is not."""
    before = table.kept(rows(), table.PAGE.read_text("utf-8"))
    after = table.proved(rows(), table.argued_pages())
    fallen = [
        (old.form.nft, old.proof, new.proof)
        for old, new in zip(before, after, strict=True)
        if old.proof.startswith(table.GOOD) and not new.proof.startswith(table.GOOD)
    ]
    assert not fallen
