"""Input that no YAML parser likes: said with its place, in bounded time and memory.

Each case stands in one tree beside a good file, which is linted all the same.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import pytest

from nftlint.lint import lint_text

RULE = "nft add rule ip filter INPUT tcp dport 22 accept"
PLAY = f"- hosts: all\n  tasks:\n    - command: {RULE}\n"
CONFIG = f"#cloud-config\nruncmd:\n  - {RULE}\n"
BOMB = "".join(
    f"x{number}: &x{number} [{', '.join([f'*x{number - 1}'] * 9)}]\n" for number in range(1, 12)
)
MERGED = "".join(
    f"m{number}: &m{number}\n  <<: [{', '.join([f'*m{number - 1}'] * 9)}]\n"
    for number in range(1, 12)
)
SECONDS = 20
"""No case takes so long, on a busy machine at that."""

# Each file by its name: what it holds, the place that is said, and what is said of it.
BAD: dict[str, tuple[str | bytes, str, str]] = {
    "double.yml": (
        f"{PLAY}      command: {RULE}\n",
        "4:7",
        "`command` stands twice",
    ),
    "tab.yml": (f"{PLAY}\t- debug:\n", "4:1", "'\\t' that cannot start any token"),
    "quote.yml": (f'{PLAY}    - debug: "msg\n', "4:14", "while scanning a quoted scalar"),
    "bracket.yml": (f"{PLAY}    - debug: [a\n", "4:14", "while parsing a flow"),
    "colon.yml": (f"{PLAY}    - debug: a: b\n", "4:15", "mapping values are not allowed"),
    "alias.yml": (f"{PLAY}    - debug: *none\n", "", ""),
    "flow.yml": (PLAY + "    - x: " + "[" * 10_000 + "]" * 10_000, "4:", "more than 200 deep"),
    "open.yml": (PLAY + "    - x: " + "[" * 10_000, "4:", "more than 200 deep"),
    "block.yml": (
        PLAY + "    - x:\n" + "".join(f"{' ' * number}a:\n" for number in range(8, 1500)),
        "",
        "more than 200 deep",
    ),
    "dashes.yml": (PLAY + "    " + "- " * 10_000 + "a\n", "4:", "more than 200 deep"),
    "latin.yml": (PLAY.encode() + b"    # caf\xe9\n", "4:10", "not UTF-8"),
    "nul.yml": (PLAY.encode() + b"    # a\0\n", "4:8", "NUL byte"),
    "escape.yml": (f"{PLAY}    # \x1b[0m\n", "4:7", "U+001B is not allowed"),
    "bomb.yml": (f"#cloud-config\nx0: &x0 a\n{BOMB}runcmd: *x11\n# nft\n", "", ""),
    "merges.yml": (f"#cloud-config\nm0: &m0 {{a: b}}\n{MERGED}runcmd: *m11\n# nft\n", "", ""),
    "itself.yml": (f"- hosts: all\n  tasks: &a\n    - block: *a\n    - command: {RULE}\n", "", ""),
    "long.yml": (PLAY + "    # " + "a" * 2_000_000, "1:1", "longer than 2,000,000 characters"),
    "spaces.yml": (f"{PLAY}    - debug: a{' ' * 1_000_000}b\n", "", ""),
    "braces.yml": (f"{PLAY}    # {'{{ ' * 100_000}\n", "", ""),
    "percent.yml": (f"{PLAY}    # {'{% if x %}' * 30_000}\n", "", ""),
    "base64.yml": (
        f"{CONFIG}write_files:\n- {{path: /a.sh, encoding: b64, content: IyEvYmluL3NoCg=a}}\n",
        "5:41",
        "not valid base64",
    ),
    "gzip.yml": (
        f"{CONFIG}write_files:\n- {{path: /a.sh, encoding: gz+b64, content: H4sIAAAA}}\n",
        "5:44",
        "ends too early",
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    """What a run over all of it says of each file, with half a gigabyte of memory."""
    tree = tmp_path_factory.mktemp("bad")
    for name, (content, *_) in BAD.items():
        data = content.encode() if isinstance(content, str) else content
        (tree / name).write_bytes(data)
    (tree / "good.yml").write_text(PLAY)
    with (tree / "large.yml").open("wb") as file:
        file.write(PLAY.encode())
        file.truncate(100_000_000)
    command = [sys.executable, "-m", "nftlint", "check", "--assume-tag", "kube-router"]
    command += ["--output-format", "json", "."]
    limit = 512 * 1024 * 1024
    done = subprocess.run(
        command,
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode == 1, done.stderr
    run = json.loads(done.stdout)
    assert run["summary"]["errors"] == 0
    found: dict[str, list[dict[str, object]]] = {}
    for result in run["results"]:
        found.setdefault(result["path"], []).append(result)
    return found


@pytest.mark.parametrize("name", BAD)
def test_it_is_said_with_its_place(name: str, told: dict[str, list[dict[str, object]]]) -> None:
    _, place, message = BAD[name]
    unread = [item for item in told.get(name, []) if item["rule"] == "NFT001"]
    assert len(unread) == bool(message)
    if unread:
        region = unread[0]["region"]
        assert isinstance(region, dict)
        assert f"{region['start_line']}:{region['start_column']}".startswith(place)
        assert message in str(unread[0]["message"])


def test_the_rest_of_the_tree_is_linted(told: dict[str, list[dict[str, object]]]) -> None:
    assert [item["rule"] for item in told["good.yml"]] == ["NFT101"]
    for name in (
        "alias.yml",
        "itself.yml",
        "braces.yml",
        "percent.yml",
        "spaces.yml",
        "base64.yml",
    ):
        assert "NFT101" in [item["rule"] for item in told[name]], name


@pytest.mark.parametrize("name", BAD)
def test_it_takes_no_long_time(name: str) -> None:
    content = BAD[name][0]
    if isinstance(content, bytes):
        pytest.skip("bytes that are no text never come so far")
    began = time.process_time()
    lint_text(content, name, ("kube-router",))
    assert time.process_time() - began < SECONDS
