"""NFT108: settings that make another program write raw nft rules into, or flush, managed tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nftlint.applicability import Applicability
from nftlint.checks.context import Finding, Mend, Text
from nftlint.edits import Edit
from nftlint.owners import Owner
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.span import Span

RULE = "NFT108"


@dataclass(frozen=True, slots=True)
class _Setting:
    """One setting; group ``value`` of ``pattern`` is what ``new`` replaces.

    ``needle`` stands in every text that the pattern matches, and is faster to look for.
    """

    needle: str
    pattern: re.Pattern[str]
    message: str
    sentence: str
    mode: str
    level: str
    new: str
    reason: str


_UNLISTABLE = "iptables cannot list them, so every sync of {owner} is aborted and NetworkPolicies "
_UNLISTABLE += "silently stop being updated"
_TAILSCALE = _Setting(
    "TS_DEBUG_FIREWALL_MODE",
    re.compile(r"(?<![$\w{])TS_DEBUG_FIREWALL_MODE[\"']?\s*[=:]\s*[\"']?(?P<value>nftables)\b"),
    "Tailscale is told to write its rules with nft, into the tables of {owner}",
    _UNLISTABLE,
    "sync-abort",
    "error",
    "iptables",
    "Tailscale's own rules are then made in another way",
)
_FIREWALLD = _Setting(
    "FlushAllOnReload",
    re.compile(r"\bFlushAllOnReload\s*=\s*(?P<value>[Yy]es|[Tt]rue)\b"),
    "firewalld is told to flush all rules, also those of {owner}, when it is reloaded",
    "each reload takes the rules of {owner} away until it makes them again",
    "widening",
    "warning",
    "no",
    "firewalld then keeps its runtime changes when it is reloaded",
)
_FAIL2BAN = _Setting(
    "table_family",
    re.compile(
        r"\bnftables[\w-]*\[(?=[^\]\n]*\btable_family\s*=\s*[\"']?ip[\"']?\s*[,\]])"
        r"[^\]\n]*\btable\s*=\s*[\"']?(?P<value>filter)\b"
    ),
    "fail2ban is told to write its bans with nft into ip filter, a table of {owner}",
    _UNLISTABLE,
    "sync-abort",
    "error",
    "f2b-table",
    "bans that stand already stay where they are",
)


def _as_pair(setting: _Setting, keys: tuple[str, str], values: str) -> _Setting:
    """Return the setting as YAML writes it with its name and value under two keys."""
    first, second = keys
    name, value = re.escape(setting.needle), f"(?P<value>{values})"
    pattern = rf"\b{first}:\s*[\"']?{name}[\"']?\s*\n\s*{second}:\s*[\"']?{value}\b"
    return replace(setting, pattern=re.compile(pattern))


_SETTINGS = (
    _TAILSCALE,
    _as_pair(_TAILSCALE, ("name", "value"), "nftables"),
    _FIREWALLD,
    _as_pair(_FIREWALLD, ("option", "value"), "[Yy]es|[Tt]rue"),
    _FAIL2BAN,
)
_SEARCHED = compiled(r"\bs([/|#,@!~])(?:(?!\1).)*$|\b[ef]?grep\b[^|;&]*$|\bregexp?[\"']?\s*[:=].*$")
"""Ends of a line before a setting that is only looked for: by sed, by grep, by lineinfile."""

_ON_THE_NODE = compiled(r"\bhostNetwork[\"']?:[ \t]*[\"']?[Tt]rue\b")
_COMMENT = compiled(r"(?:^|\s)(?:#|//|;\s)|^;")


def check_text(context: Text) -> Iterator[Finding]:
    """Yield a finding for each such setting, in whatever language it stands."""
    text = context.fragment.text
    if context.fragment.language == "kubernetes" and not _ON_THE_NODE.search(text):
        return  # a pod that has a network namespace of its own
    owner = next((item for item in context.owners if item.tables_of("ip", "filter")), None)
    for setting in _SETTINGS if owner is not None else ():
        if setting.needle not in text:
            continue
        for match in setting.pattern.finditer(text):
            if owner is not None and not _only_named(text, match.start()):
                yield _finding(context, setting, match, owner)


def _only_named(text: str, at: int) -> bool:
    """Tell whether the setting is in a comment, or is only looked for."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return any(pattern.search(before) for pattern in (_COMMENT, _SEARCHED))


def _finding(context: Text, setting: _Setting, match: re.Match[str], owner: Owner) -> Finding:
    edit = Edit(context.fragment, Span(*match.span("value")), setting.new)
    description = f"replace `{match['value']}` with `{setting.new}`"
    mend = Mend((edit,), description, Applicability.UNSAFE, (setting.reason,))
    return Finding(
        RULE,
        setting.level,
        setting.message.format(owner=owner.title),
        setting.sentence.format(owner=owner.title),
        setting.mode,
        mend,
        Span(*match.span()),
    )
