"""Every pair of the golden pages, and that pages and families go together."""

from __future__ import annotations

import pkgutil

import pytest
from translation_pages import goldens, pages, said

from nftlint.translate import families, registry

BESIDE_FAMILIES = {"commands"}
"""Pages about what is no expression and no statement."""


@pytest.mark.parametrize("golden", goldens(), ids=str)
def test_a_command_is_translated_as_its_page_says(golden):
    assert said(golden.nft) == golden.expected


def test_each_family_has_a_page_and_each_page_a_family():
    names = {info.name for info in pkgutil.iter_modules(families.__path__)}
    assert {page.stem for page in pages()} == names | BESIDE_FAMILIES


def test_no_two_families_translate_the_same():
    for gathered in (registry.tests, registry.assigns, registry.statements, registry.reasons):
        attribute = gathered.__name__.upper()
        parts = [getattr(module, attribute, {}) for module in registry.modules()]
        assert sum(map(len, parts)) == len(gathered())


def test_every_page_has_translations_and_reasons():
    translated = {golden.page for golden in goldens() if golden.commands}
    refused = {golden.page for golden in goldens() if not golden.commands}
    assert translated | {"refused"} == {page.stem for page in pages()}
    assert refused >= translated - {"connlimit"}


def test_what_is_argued_is_safe():
    assert all(golden.safe for golden in goldens() if golden.argued)
