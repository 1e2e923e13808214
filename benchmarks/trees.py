"""Trees that are made up for the comparison, and findings that are planted into trees.

A made-up tree has something for every tool: shell scripts, Ansible tasks, Dockerfiles, cloud-init
and settings, in equal shares, forty files to a directory and one to four KB each. None of it speaks
of nft. Planted findings are a file each, in equal shares of the four carriers.
"""

from __future__ import annotations

from pathlib import Path

CLEAN = (
    ("run{}.sh", "#!/bin/sh\nset -eu\n", 'install -m 644 "$1/{}" /etc/app/ && echo "done {}"\n'),
    (
        "tasks/copy{}.yml",
        "---\n",
        "- name: Copy {0}\n  copy: {{src: f{0}, dest: /etc/f{0}, mode: a=r}}\n",
    ),
    (
        "Dockerfile.{}",
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n",
        "COPY --chmod=644 files/f{0} /etc/f{0}\n",
    ),
    ("node{}.yaml", "#cloud-config\nruncmd:\n", '  - echo "step {0}" >> /var/log/steps\n'),
    ("app{}.conf", "[main]\n", "listen-{0} = 10.0.0.{0}\n"),
)
"""Of each kind the name, how it begins, and a line, in which a number is put."""

RULE = "nft add rule ip filter INPUT tcp dport '{ %d, 80, 443 }' accept"
PLANTED = (
    ("f{}.sh", f"#!/bin/sh\n{RULE}\n"),
    ("Dockerfile.{}", f"FROM debian:12\nRUN {RULE}\n"),
    ("tasks/f{}.yml", f'---\n- name: Open ports\n  ansible.builtin.shell: "{RULE}"\n'),
    ("node{}.yaml", f'#cloud-config\nruncmd:\n  - "{RULE}"\n'),
)


def make(tree: Path, count: int) -> None:
    """Make a tree of so many files."""
    for number in range(count):
        name, head, line = CLEAN[number % len(CLEAN)]
        lines = (line.format(number + at, at) for at in range(20 + number % 40))
        place = tree / f"d{number // 1600}" / f"e{number // 40 % 40}"
        _write(place / name.format(number), head + "".join(lines))


def plant(tree: Path, count: int) -> None:
    """Put so many findings into a tree, ten files to a directory."""
    for number in range(count):
        name, text = PLANTED[number % len(PLANTED)]
        place = tree / "planted" / f"d{number // 10}"
        _write(place / name.format(number % 10), text % (number % 60000 + 1))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def size(tree: Path) -> int:
    """Return how many files a tree has, git's own left out."""
    return sum(path.is_file() for path in tree.rglob("*") if ".git" not in path.parts)
