"""Which YAML files are Ansible's, by the conventions of ansible-lint's kinds and by content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from nftlint.patterns import compiled

_TASKS = frozenset({"tasks", "handlers", "pre_tasks", "post_tasks"})
_NO_TASKS = frozenset(
    {"vars", "defaults", "meta", "group_vars", "host_vars", "inventory", "inventories", "workflows"}
)
_PASSED_OVER = compiled(r"\s+|#[^\n]*|---[^\n]*|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}+", re.DOTALL)
_PLAY = compiled(r"(?m)^(?:-| )[ \t]*(?:hosts|(?:ansible\.builtin\.)?import_playbook)[ \t]*:")
_MODULES = (
    "command|shell|raw|script|expect|copy|template|lineinfile|blockinfile|service|systemd|file|apt|"
    "package|yum|dnf|block|include_tasks|import_tasks|include_role|import_role|set_fact|debug|"
    "action|local_action|include|sysctl|modprobe|cron|become|when|register|notify|with_items|loop"
)
_TASK = compiled(
    rf"(?m)^(?:-| )[ \t]*(?:{_MODULES}|[a-z_]\w*\.[a-z_]\w*\.[a-z_]\w*|win_\w+)[ \t]*:"
)


def is_ansible(path: PurePosixPath, head: str) -> bool:
    """Tell whether a YAML file is a playbook or a task list; ``head`` is its beginning."""
    text = head.removeprefix("\ufeff").replace("\r\n", "\n")
    at = 0
    while passed := _PASSED_OVER.match(text, at):
        at = passed.end()
    if text[at : at + 2] not in ("- ", "-\n", "-\t") or text[at - 1 : at] not in ("", "\n"):
        return False
    folders = [part.lower() for part in path.parts[:-1]]
    if any(folder in _TASKS for folder in folders[-3:]):
        return True
    if folders and folders[-1] in _NO_TASKS:
        return False
    return bool(_PLAY.search(text) or _TASK.search(text))
