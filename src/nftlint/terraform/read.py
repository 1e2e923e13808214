"""What the strings of a Terraform or Packer file make a machine run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.cloud_init.kinds import kind_of_part
from nftlint.cloud_init.user_data import part_language
from nftlint.found import Directive, Found
from nftlint.fragment import Fragment
from nftlint.span import Span
from nftlint.terraform.strings import Text, strings

_NAME = re.compile(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*(?:\w+\(\s*)*\Z")
_LIST = re.compile(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*\[\Z")
_PROVISIONER = re.compile(r'provisioner\s+"([\w-]+)"')
_DIRECTIVE = re.compile(r"(?:#|//)[ \t]*nftlint:[ \t]*(.*?)[ \t]*\Z")
_COMMANDS = frozenset({"inline"})
_HERE = frozenset({"local-exec", "shell-local"})
"""Provisioners that run on the machine that Terraform or Packer itself runs on."""


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield the user-data and the scripts in a file's strings, and its directives.

    Known are user-data and scripts, by their first line, and the commands of ``inline``.
    """
    before, in_list = 0, ""
    for item in strings(fragment):
        span = item.span if isinstance(item, Text) else item
        between = fragment.text[before : span.start]
        before = span.end
        in_list = _list(in_list, between)
        if isinstance(item, Span):
            yield from _directive(fragment, item)
        else:
            named = _NAME.search(between[-200:])
            yield from _text(fragment, item, in_list, named[1] if named else in_list)


def _list(name: str, between: str) -> str:
    """Return the name of the list that the next string stands in, if it does."""
    opened = _LIST.search(between.rstrip()[-200:])
    if opened:
        return opened[1]
    return "" if "]" in between else name


def _text(fragment: Fragment, item: Text, in_list: str, label: str) -> Iterator[Fragment]:
    text = item.builder.text
    if in_list in _COMMANDS:
        if not _runs_here(fragment.text, item.span.start):
            yield item.builder.build("shell", label=in_list)
    elif kind_of_part(text):
        yield item.builder.build(part_language(text), label=label, path="user-data")


def _runs_here(text: str, at: int) -> bool:
    start = text.rfind("provisioner", 0, at)
    found = _PROVISIONER.match(text, start) if start >= 0 else None
    return found is not None and found[1] in _HERE


def _directive(fragment: Fragment, span: Span) -> Iterator[Directive]:
    found = _DIRECTIVE.match(span.of(fragment.text))
    if found:
        yield Directive(fragment, span, found[1])
