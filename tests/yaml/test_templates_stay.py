"""A template's statement decides what is there at all: no fix may take it away."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from rewriting import rewritten, scanned, scripts

HEREDOC = """\
- shell: |
    nft -f - <<EOF
    add rule ip filter INPUT tcp dport 22 accept
    {% if closed %}
    add rule ip filter INPUT drop
    {% endif %}
    EOF
"""


def test_a_statement_within_the_rules_is_not_lost() -> None:
    assert "a statement of a template" in rewritten(HEREDOC, "ansible", ["iptables -A INPUT"] * 2)


AROUND = [
    "- shell: '{% if x %}nft add rule ip filter INPUT drop{% endif %}'\n",
    "- shell: |\n    {% if x %}\n    nft add rule ip filter INPUT drop\n    {% endif %}\n",
    "- shell: ls; {% if x %}nft add rule ip filter INPUT drop{% endif %}\n",
]


@pytest.mark.parametrize("text", AROUND)
def test_a_statement_around_a_command_stays(text: str) -> None:
    assert [script.strip() for script in scripts(scanned(text, "ansible"))] == [
        "add rule ip filter INPUT drop"
    ]
    new = rewritten(text, "ansible", ["iptables -A INPUT"])
    assert new == text.replace("nft add rule ip filter INPUT drop", "iptables -A INPUT")


def test_a_statement_within_a_rule_is_one_value() -> None:
    text = (
        "- command: nft add rule ip filter INPUT tcp dport {% if a %}1{% else %}2{% endif %} drop\n"
    )
    assert scripts(scanned(text, "ansible")) == ["add rule ip filter INPUT tcp dport □ drop"]
    new = rewritten(text, "ansible", ["iptables --dport □ -j DROP"])
    expected = "- command: iptables --dport {% if a %}1{% else %}2{% endif %} -j DROP\n"
    assert new == expected
