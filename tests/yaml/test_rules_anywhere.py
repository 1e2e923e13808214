"""A known command in every style of scalar, nested to depth four: found once, fixed alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import generate
from rewriting import rewritten, said, scanned

yaml = pytest.importorskip("yaml")

COMMAND = "nft add rule ip filter INPUT tcp dport 22 accept"
FIXED = "iptables -A INPUT -j ACCEPT"
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def shell_styles(command: str, indent: int) -> dict[str, str]:
    """The command with others around it, in each style, at an indentation."""
    pad = " " * indent
    wrapped = command.replace(" tcp", f"\n{pad}tcp")
    return {
        "plain": f"ls && {command} || true",
        "plain lines": f"ls &&\n{pad}{wrapped}\n{pad}|| true",
        "single": f"'echo \"it''s\"; {command}'",
        "single lines": f"'ls;\n{pad}{wrapped}'",
        "double": f'"echo \\"a\\x41\\u00e9\\"; {command}\\n"',
        "double lines": f'"ls;\\\n{pad}{wrapped}"',
        "literal": f"|\n{pad}if true; then\n{pad}  {command}\n{pad}fi\n",
        "literal kept": f"|2+ # note\n{pad}ls\n\n{pad}{command} # why\n\n",
        "literal stripped": f"|-\n{pad}{command}",
        "folded": f">\n{pad}ls;\n{pad}{wrapped}\n",
        "folded stripped": f">-\n{pad}ls\n\n{pad}{command}\n",
    }


STYLES = sorted(shell_styles("", 0))
NEIGHBOURS = generate.in_block(8)


@SLOW
@given(
    style=st.sampled_from(STYLES),
    before=st.lists(NEIGHBOURS, max_size=2),
    after=st.lists(NEIGHBOURS, max_size=2),
    crlf=st.booleans(),
)
def test_a_task_in_any_style(
    style: str, before: list[str], after: list[str], *, crlf: bool
) -> None:
    def whole(command: str) -> str:
        lines = ["- hosts: all", "  tasks:", "  - block:", "    - block:", "      - name: x"]
        lines += [f"        b{number}: {value}" for number, value in enumerate(before)]
        lines += [f"        shell: {shell_styles(command, 10)[style]}".rstrip("\n")]
        lines += [f"        a{number}: {value}" for number, value in enumerate(after)]
        text = "\n".join(lines) + "\n"
        return text.replace("\n", "\r\n") if crlf else text

    check(whole, "ansible", crlf=crlf)


@SLOW
@given(
    outer=st.sampled_from(["literal", "double", "single"]),
    style=st.sampled_from(STYLES),
    crlf=st.booleans(),
)
def test_a_cloud_config_within_a_task(outer: str, style: str, *, crlf: bool) -> None:
    def whole(command: str) -> str:
        inner = f"#cloud-config\nruncmd:\n  - ls\n  - {shell_styles(command, 4)[style]}\nx: y\n"
        text = f"- copy:\n    dest: /etc/x\n    content: {quoted(inner, outer)}\n    mode: '0644'\n"
        return text.replace("\n", "\r\n") if crlf else text

    check(whole, "ansible", crlf=crlf)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_alone(style: str) -> None:
    def whole(command: str) -> str:
        return f"- shell: {shell_styles(command, 4)[style]}\n  x: y\n"

    assert flat(whole(COMMAND))
    assert not scanned(whole(COMMAND), "ansible").problems
    check(whole, "ansible", crlf=False)


def quoted(text: str, style: str) -> str:
    if style == "double":
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if style == "single":
        return "'" + text.replace("'", "''").replace("\n", "\n\n      ") + "'"
    return "|\n" + "".join(f"      {line}\n" for line in text.splitlines()).rstrip("\n")


def check(whole, kind: str, *, crlf: bool) -> None:
    text = whole(COMMAND)
    try:
        values = flat(text)
    except yaml.YAMLError:
        return  # the neighbours make no YAML together
    result = scanned(text, kind)
    if result.problems:
        return
    assert len(result.calls) == 1
    place = said(result.calls[0], text)
    assert place.startswith("nft")
    assert place.endswith("accept")
    new = rewritten(text, kind, [FIXED])
    assert not new.startswith("no: "), new
    changed = [(a, b) for a, b in zip(values, flat(new), strict=True) if a != b]
    assert len(changed) == 1
    assert not scanned(new, kind).calls
    assert text.split(place)[0] == new[: len(text.split(place)[0])]
    assert new.endswith(text.split(place)[1])
    assert ("\r\n" in new) == crlf
    assert new.count("\n") == new.count("\r\n") or not crlf


def flat(text: str) -> list[str]:
    events = list(yaml.parse(text, Loader=yaml.BaseLoader))
    return [event.value for event in events if isinstance(event, yaml.ScalarEvent)]
