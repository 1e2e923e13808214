"""Files that passed the prefilter, but of which no kind is known, and none will become known.

A file of no known kind is looked at only if another file names it. That is thought of those that
``may_be_code``; data and prose that no other file which passed speaks of are never looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

from nftlint.artifact import Artifact, UnreadableTextError, decode
from nftlint.carriers import YAML_ENDINGS
from nftlint.carriers.registry import HEAD_BYTES, kind_of_file
from nftlint.packed import MAGIC, beginning, unpacked_name
from nftlint.sieve.gate import is_configured

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nftlint.sieve.looking import Passed

_PROSE = (".adoc", ".diff", ".md", ".patch", ".po", ".rst")
_PROGRAMS = (".c", ".cc", ".go", ".h", ".hpp", ".java", ".js", ".pl", ".py", ".rb", ".rs", ".ts")
_OTHER = (".css", ".html", ".json", ".jsonl", ".lock", ".svg", ".xml")
_NEVER = frozenset((*_PROSE, *_PROGRAMS, *_OTHER))
_LIST = re.compile(r"(?:[ \t]*(?:#.*|---.*)?\n)*[ \t]*-\s")
_DATA = re.compile(r"\ufeff?(?:[ \t]*(?:#.*|---.*)?\n)*(?:[\w./\"-]+:(?:[ \t\n]|$)|[ \t]*[{<])")


def may_be_code(path: PurePath, text: str) -> bool:
    """Tell whether a file of no known kind may be code after all, if another file runs it.

    Prose, programs in other languages and YAML or JSON that lists no tasks are none.
    """
    if path.suffix in YAML_ENDINGS:
        return _LIST.match(text) is not None
    return path.suffix not in _NEVER and _DATA.match(text) is None


def is_kindless(item: Passed, without: set[str]) -> bool:
    """Tell whether nothing says how a file, which was not named, is to be read.

    ``without`` are directories known to have no configuration, which might say it.
    """
    path, head, is_packed = Path(item.name), item.data, item.data.startswith(MAGIC)
    if item.named or is_configured(os.path.dirname(os.path.abspath(path)), None, without):
        return False
    if is_packed:
        path, head = unpacked_name(path), beginning(item.data, HEAD_BYTES)
    if kind_of_file(path, head):
        return False
    try:
        return is_packed or not may_be_code(path, Artifact(item.name, decode(item.data)).text)
    except UnreadableTextError:
        return True
