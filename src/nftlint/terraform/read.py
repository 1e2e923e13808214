"""What the strings of a Terraform or Packer file make a machine run."""

from __future__ import annotations

from collections.abc import Iterator

from nftlint.cloud_init.kinds import kind_of_part
from nftlint.cloud_init.user_data import part_language
from nftlint.found import Directive, Found
from nftlint.fragment import VERBATIM, Builder, Fragment
from nftlint.patterns import compiled
from nftlint.span import Span
from nftlint.terraform.strings import Text, strings

_NAME = compiled(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*(?:\w+\(\s*)*\Z")
_LIST = compiled(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*\[\Z")
_PROVISIONER = compiled(r'provisioner\s+"([\w-]+)"')
_DIRECTIVE = compiled(r"(?:#|//)[ \t]*nftlint:[ \t]*(.*?)[ \t]*\Z")
_COMMANDS = frozenset({"inline"})
_HERE = frozenset({"local-exec", "shell-local"})
"""Provisioners that run on the machine that Terraform or Packer itself runs on."""


def read(fragment: Fragment) -> Iterator[Found]:
    """Yield the user-data and the scripts in a file's strings, and its directives.

    Known are user-data and scripts, by their first line, and the commands of ``inline``.
    """
    before, in_list = 0, ""
    commands: list[Text] = []
    for item in strings(fragment):
        span = item.span if isinstance(item, Text) else item
        between = fragment.text[before : span.start]
        before = span.end
        opened = _LIST.search(between.rstrip()[-200:])
        if opened or "]" in between:
            yield from _script(fragment, commands)
            commands, in_list = [], opened[1] if opened else ""
        if isinstance(item, Span):
            yield from _directive(fragment, item)
        elif in_list not in _COMMANDS:
            named = _NAME.search(between[-200:])
            yield from _text(item, named[1] if named else in_list)
        elif not _runs_here(fragment.text, item.span.start):
            commands.append(item)
    yield from _script(fragment, commands)


def _script(fragment: Fragment, commands: list[Text]) -> Iterator[Fragment]:
    """Yield the commands of one ``inline`` list: they are run as the lines of one script.

    Source: documentation of Terraform's ``remote-exec`` and of Packer's ``shell``.
    """
    builder = Builder(fragment.text, fragment, VERBATIM)
    for last, item in zip((None, *commands), commands, strict=False):
        if last is not None:
            builder.put("\n", Span(last.span.end, item.span.start))
        builder.take(item.builder.build("shell"))
    if commands:
        yield builder.build("shell", label="inline")


def _text(item: Text, label: str) -> Iterator[Fragment]:
    if kind_of_part(item.builder.text):
        yield item.builder.build(part_language(item.builder.text), label=label, path="user-data")


def _runs_here(text: str, at: int) -> bool:
    start = text.rfind("provisioner", 0, at)
    found = _PROVISIONER.match(text, start) if start >= 0 else None
    return found is not None and found[1] in _HERE


def _directive(fragment: Fragment, span: Span) -> Iterator[Directive]:
    found = _DIRECTIVE.match(span.of(fragment.text))
    if found:
        yield Directive(fragment, span, found[1])
