"""What is left out of the linted files tells nothing of hosts either."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nftlint.configs import Options
from nftlint.lint import lint

TREE = """=== .git/HEAD
=== .gitignore
/site.yml
=== site.yml
- hosts: nodes
  roles: [k3s, fw]
=== roles/k3s/tasks/main.yml
- shell: curl -sfL https://get.k3s.io | sh -
=== roles/fw/tasks/main.yml
- command: nft add rule ip filter INPUT accept
"""


def test_what_git_ignores_tells_nothing(tree: Callable[[str], Path]) -> None:
    """What is found does not depend on what lies about on one machine."""
    top = tree(TREE)
    assert lint([top], Options()).report.untagged
    assert lint([top], Options(ignore_files=False)).report.results
