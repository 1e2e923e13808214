"""A call at the bottom of random nestings is found to the column and fixed in place."""

from __future__ import annotations

import base64
import random
import textwrap
from collections.abc import Callable

import pytest

from nftlint.argv import argv
from nftlint.artifact import Artifact
from nftlint.fragment import Refusal, to_root
from nftlint.scan import Scan, scan
from nftlint.verify import Change, verify

RULE = "add rule ip filter INPUT drop"
CALL = f"nft {RULE}"
NEW = "iptables -A INPUT -j DROP"


def shell_file(script: str, mark: str) -> str:
    path = f"/usr/local/bin/{mark}.sh"
    return f"set -e\ncat > {path} <<'{mark}'\n#!/bin/sh\n{script}{mark}\nchmod +x {path}\n"


def shell_seed(config: str, mark: str) -> str:
    return f"mkdir -p x && cat > /var/lib/cloud/seed/nocloud/user-data <<'{mark}'\n{config}{mark}\n"


def function(script: str, mark: str) -> str:
    return f"{mark}() {{\n{script}}}\n{mark}\n"


def plain(script: str, mark: str) -> str:
    content = textwrap.indent("#!/bin/sh\n" + script, "      ")
    return (
        f"#cloud-config\nwrite_files:\n  - path: /usr/local/bin/{mark}\n    content: |\n{content}"
    )


def encoded(script: str, mark: str) -> str:
    payload = base64.b64encode(b"#!/bin/sh\n" + script.encode()).decode()
    return (
        f"#cloud-config\nwrite_files:\n  - path: /usr/local/bin/{mark}\n    encoding: b64\n"
        f"    content: {payload}\n"
    )


def runcmd(script: str, mark: str) -> str:
    return f"#cloud-config\nruncmd:\n  - |\n{textwrap.indent(script, '    ')}  - [echo, {mark}]\n"


def run_heredoc(script: str, mark: str) -> str:
    return f"FROM a\nRUN --mount=type=cache,target=/x <<{mark}\n{script}{mark}\nCMD b\n"


def run_tabs(script: str, mark: str) -> str:
    return f"FROM a\nRUN <<-'{mark}'\n{textwrap.indent(script, chr(9))}\t{mark}\nCMD b\n"


def copied(script: str, mark: str) -> str:
    return f"FROM a\nCOPY --chmod=755 <<'{mark}' /x/\n#!/bin/sh\n{script}{mark}\nCMD b\n"


def expanded(script: str, mark: str) -> str:
    escaped = script.replace("\\", "\\\\").replace("$", "\\$")
    return f"FROM a\nCOPY <<{mark} /x.sh\n#!/bin/sh $A\n{escaped}{mark}\nCMD b\n"


def one_line(script: str, mark: str) -> str:
    return f"FROM a\nRUN : {mark} \\\n  # c\n && {script.strip()} \\\n && b\nCMD c\n"


IN_SHELL = (shell_file, function)
IN_CLOUD_CONFIG = (plain, encoded, runcmd)
IN_DOCKERFILE = (run_heredoc, run_tabs, copied, expanded)


def nested(seed: int) -> tuple[str, list[str]]:
    """A Dockerfile that holds one call, and what it is wrapped in from inside to outside."""
    chance = random.Random(seed)
    layers: list[Callable[[str, str], str]] = []
    for _ in range(chance.randint(1, 3)):
        layers.append(chance.choice(IN_SHELL))
        if chance.random() < 0.6:
            layers += (chance.choice(IN_CLOUD_CONFIG), shell_seed)
    layers.append(chance.choice(IN_DOCKERFILE))
    text = f"{CALL}\n"
    for number, layer in enumerate(layers):
        text = layer(text, f"E{number}")
    return text, [layer.__name__ for layer in layers]


def read(text: str) -> Scan:
    return scan(Artifact("Dockerfile", text), "dockerfile")


def fixed(before: Scan) -> Scan:
    changes = []
    for call in before.calls:
        edits = call.rewrite([argv(*NEW.split())])
        assert not isinstance(edits, Refusal), edits
        changes.append(Change(edits, call))
    after = verify(before, changes)
    assert not isinstance(after, Refusal), after
    return after


@pytest.mark.parametrize("seed", range(40))
def test_random_nesting(seed: int) -> None:
    text, layers = nested(seed)
    before = read(text)
    scripts = {call.script.text for call in before.calls}
    assert scripts == {RULE}, layers
    if "encoded" not in layers:
        assert {to_root(call.host, call.span).of(text) for call in before.calls} == {CALL}, layers
    after = fixed(before)
    assert not after.calls
    if "encoded" not in layers:
        assert after.artifact.text == text.replace(CALL, NEW)
    assert max(fragment.depth() for fragment in before.fragments) >= 1


def at_depth_five(payload: str) -> str:
    return run_heredoc(shell_seed(encoded(payload, "fw"), "CC"), "EOF")


def test_depth_five() -> None:
    """Dockerfile, heredoc with a shell script, cloud-config, base64 payload, nft."""
    text = at_depth_five(f"set -e\n{CALL}\n")
    before = read(text)
    (call,) = before.calls
    assert call.script.depth() == 5
    assert to_root(call.host, call.span).of(text) in text.split()
    assert not call.build_time
    assert fixed(before).artifact.text == at_depth_five(f"set -e\n{NEW}\n")


def test_depth_five_with_an_nft_heredoc() -> None:
    text = at_depth_five(f"set -e\nnft -f - <<'NFT'\n{RULE}\nNFT\n")
    assert fixed(read(text)).artifact.text == at_depth_five(f"set -e\n{NEW}\n")


def test_one_line_run() -> None:
    text = one_line(CALL, "x")
    assert fixed(read(text)).artifact.text == text.replace(CALL, NEW)
