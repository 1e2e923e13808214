"""What ``while read`` takes from a text of the script, held against bash."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import fixed
from standins import make_tools
from standins import run as run_noted

from nftlint.artifact import Artifact
from nftlint.fragment import Refusal
from nftlint.scan import scan
from nftlint.shell.fields import fields_of

BASH = shutil.which("bash") or ""
NFT = "nft add rule ip filter INPUT tcp dport $port accept"

KNOWN = [
    f"while read -r port; do {NFT}; done <<EOF\n22\n80\nEOF\n",
    f"while read -r port; do\n\t{NFT}\ndone <<-'EOF'\n\t22\n\t80\n\tEOF\n",
    f"while read port rest; do {NFT}; done <<EOF\n  22 a b\n80\nEOF\n",
    f"while IFS=, read -r x port; do {NFT}; done <<EOF\na,22\nb,80\nEOF\n",
    f"while IFS=: read -r x port y; do {NFT}; done <<<'a:22:'$'\\n''b:80:z'\n",
    f"while IFS=$'\\t' read -r x port; do {NFT}; done <<< $'a b\\t22\\nc\\t80'\n",
    f'while IFS= read -r port; do {NFT}; done <<< "22\n80"\n',
    f"printf '%s\\n' 22 80 | while read -r port; do {NFT}; done\n",
    f"printf '%s %s\\n' tcp 22 udp 80 | while read -r x port; do {NFT}; done\n",
    f"printf '22\\n80\\n443' | while read -r port; do {NFT}; done\n",
    f"printf '22\\n80' | while read -r port || [ -n \"$port\" ]; do {NFT}; done\n",
    f'echo "22\n80" | while read -r port; do {NFT}; done\n',
    f"cat <<EOF | while read -r port; do {NFT}; done\n22\n80\nEOF\n",
    f"while read -r port; do {NFT}; done < <(printf '%s\\n' 22 80)\n",
    f"one=22\nwhile read -r port; do {NFT}; done <<EOF\n$one\n80\nEOF\n",
    f'list="22\n80"\nwhile read -r port; do {NFT}; done <<< "$list"\n',
    f"list='22\n80'\necho \"$list\" | while read -r port; do {NFT}; done\n",
    f"while read -r x; do while read -r port; do {NFT}; done <<< 22; done <<< 1\n",
    f"while read -r port; do\nif true; then {NFT}; fi; done <<EOF\n22\n80\nEOF\n",
    f"while read -r port; do\nread -r x\n{NFT}; done <<EOF\n22\n80\nEOF\n",
    f"while read -r port\ndo {NFT}; done <<EOF\n$(echo 22)\n80\nEOF\n",
    f"while read port; do {NFT}; done <<'EOF'\n2\\\n2\nEOF\n",
    f"list='22\n80'\necho $list | while read -r port; do {NFT}; done\n",
    f"IFS=,\nwhile read -r port x; do {NFT}; done <<< 22,80\n",
    f"IFS=,\nread -r port x <<< 22,80\n{NFT}\n",
    f"while read -r port; do :; done <<< 22\n{NFT}\n",
    f"{{ read -r first; while read -r port; do {NFT}; done; }} <<EOF\nport\n80\nEOF\n",
    f"while read -r port; do {NFT}; done < <(echo 22; echo 80 | tr 8 9)\n",
    f"while read -r port; do {NFT}; done < <(false && echo 22 || echo 80)\n",
    f'list="22\n$(echo 80 | tr 8 9) x"\nwhile read -r port x; do {NFT}; done <<< "$list"\n',
    (
        f'list="22 x"\n[ "$UNSET" ] || list=$(echo 23 y)\n'
        f"while read -r port x; do {NFT}; done <<EOF\n$list\nEOF\n"
    ),
    f"printf '22\\n80' | while read -r port && [ -n \"$port\" ]; do {NFT}; done\n",
    f"printf '%02d\\n' 2 | while read -r port; do {NFT}; done\n",
    f"while read -r port; do [ $port = 22 ] || continue; {NFT}; done <<< 22\n",
    f"all() {{ while read -r port; do {NFT}; done; }}\nall <<< 22\n",
    f"while read -r port; do port=23; {NFT}; done <<< 22\n",
    f"while read -rd, port; do {NFT}; done <<< 22,80,\n",
    f"while read -r -u 3 port; do {NFT}; done 3<<< 22\n",
    f"until read -r port; do {NFT}; done <<< 22\n",
    f"while read -r; do port=$REPLY; {NFT}; done <<< 22\n",
    f"echo '22,80' | tr , '\\n' | while read -r port; do {NFT}; done\n",
    f"grep -v 80 <<EOF | while read -r port; do {NFT}; done\n22\n80\nEOF\n",
    f"seq 22 23 | while read -r port; do {NFT}; done\n",
]
"""Scripts; what is known of ``$port`` has to be what bash gives it, and all of that."""

EXACT = 19
"""So many of them, from the first, have to be known."""


def run(script: str) -> list[str]:
    """Return the ports that nft, which is a function here, is given by bash."""
    text = f'nft() {{ echo "port <$8>" >&2; }}\n{script}'
    done = subprocess.run(
        [BASH, "-c", text], capture_output=True, text=True, check=False, timeout=20, env={}
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("port ")]
    return sorted({line[6:-1] for line in lines})


def values(script: str) -> list[tuple[str, ...] | None]:
    calls = scan(Artifact("x.sh", f"#!/bin/bash\n{script}"), "shell").calls
    assert calls
    return [_port(call.script.text, call.script.holes) for call in calls]


def _port(text: str, holes: Mapping[str, object]) -> tuple[str, ...] | None:
    port = text.partition("dport ")[2].partition(" accept")[0]
    hole = holes.get(port)
    return (port,) if hole is None else getattr(hole, "values", None)


@pytest.mark.parametrize("script", KNOWN)
def test_what_is_known_is_what_bash_reads(script: str) -> None:
    if not BASH:
        pytest.skip("needs bash")
    *_, known = values(script)
    if known is not None:
        assert sorted(known) == run(script)


@pytest.mark.parametrize("script", KNOWN[:EXACT])
def test_what_stands_in_the_script_is_known(script: str) -> None:
    assert values(script)[-1] is not None


IFS = ["", " \t\n", ",", ":", ", ", "\t", " :,", "x"]


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.text("ab ,:\tx", max_size=12), min_size=1, max_size=12),
    ifs=st.sampled_from(IFS),
    count=st.integers(1, 4),
)
def test_fields_are_those_of_bash(lines: Sequence[str], ifs: str, count: int) -> None:
    if not BASH:
        pytest.skip("needs bash")
    names = [f"v{at}" for at in range(count)]
    show = " ".join(f'"<${name}>"' for name in names)
    script = f'while IFS=$0 read -r {" ".join(names)}; do printf "%s\\n" {show}; done'
    text = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(
        [BASH, "-c", script, ifs], input=text, capture_output=True, text=True, check=True
    )
    ours = [field for line in lines for field in fields_of(line, ifs, count)]
    assert done.stdout.splitlines() == [f"<{field}>" for field in ours]


def test_fields_that_belong_together_are_read_together() -> None:
    """No rule is made of the table of one line and the chain of another."""
    script = (
        "while read -r table chain; do nft add rule ip $table $chain drop; done <<EOF\n"
        "filter INPUT\nmine OUTPUT\nEOF\n"
    )
    calls = scan(Artifact("x.sh", script), "shell").calls
    texts = [call.script.text for call in calls]
    assert texts == ["add rule ip filter INPUT drop", "add rule ip mine OUTPUT drop"]
    refused = calls[0].rewrite([])
    assert isinstance(refused, Refusal)
    assert "can be" in refused.reason


@pytest.fixture(name="tools", scope="module")
def _tools() -> Iterator[Path]:
    with TemporaryDirectory() as directory:
        make_tools(Path(directory, "bin"))
        yield Path(directory, "bin")


@pytest.mark.parametrize("script", KNOWN[:EXACT])
def test_safe_fixes_run_the_same(script: str, tools: Path) -> None:
    before = f"#!/bin/bash\n{script}"
    after = fixed(before, tools.parent)
    assert "iptables" in after
    assert "$port" in after
    assert run_noted(after, tools, ["-", "1"]) == run_noted(before, tools, ["-", "1"]), after
