"""From a call and its findings to a fix that holds, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nftlint.applicability import Applicability
from nftlint.argv import Argv
from nftlint.checks.context import Mend
from nftlint.found import Kept, NftCall, Part, Rewrite
from nftlint.fragment import Fragment, Refusal, spelled_out
from nftlint.holes import Hole
from nftlint.record import dataclass, replace
from nftlint.results import Fix, NoFix
from nftlint.scan import Scan
from nftlint.span import Span
from nftlint.verify import Change, replacements_of, verify
from nftlint.writes import Leaf, leaves, refusal

if TYPE_CHECKING:
    from nftlint.translate import Options, Translation


@dataclass(frozen=True, slots=True)
class Draft:
    """A fix that is written but not yet verified; shared by all findings of its call."""

    change: Change
    fix: Fix


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one top-level statement becomes; ``refusal`` says why it stays as it is."""

    text: str
    parts: tuple[Part, ...]
    translations: tuple[Translation, ...] = ()
    refusal: str = ""


Drafted = Draft | Fix | NoFix
"""A fix to be verified, one that is only shown, or none."""


def draft(call: NftCall, flagged: Sequence[Leaf], ansible_style: str = "command") -> Drafted:
    """Write a fix for the flagged commands of a call, its texts spelled out for people.

    ``ansible_style`` is the configuration's.
    """
    drafted = _draft(call, flagged, ansible_style)
    if isinstance(drafted, NoFix):
        return NoFix(spelled_out(drafted.reason, call.script))
    if isinstance(drafted, Fix):
        return _spelled_out(drafted, call.script)
    return replace(drafted, fix=_spelled_out(drafted.fix, call.script))


def _spelled_out(fix: Fix, script: Fragment) -> Fix:
    return replace(
        fix,
        description=spelled_out(fix.description, script),
        iptables=tuple(spelled_out(line, script) for line in fix.iptables),
        reasons=tuple(_clause(spelled_out(reason, script)) for reason in fix.reasons),
    )


def _clause(reason: str) -> str:
    """Return a reason as it stands after a colon: no capital that is no name, no period."""
    is_word = reason[:1].isupper() and not reason[1:2].isupper()
    return (reason[:1].lower() + reason[1:] if is_word else reason).removesuffix(".")


def shown_only(fix: Fix, refusal: Refusal) -> Fix:
    """Return a fix that can be said but not written: shown with the reason, never applied."""
    reasons = (refusal.reason, *fix.reasons)
    return replace(fix, applicability=Applicability.DISPLAY_ONLY, replacements=(), reasons=reasons)


def brought(mend: Mend | NoFix, script: Fragment, call: NftCall | None) -> Drafted:
    """Write a fix whose edits a check brings, for a command of ``call`` if it is about one."""
    if isinstance(mend, NoFix):
        return NoFix(spelled_out(mend.reason, script))
    applicability = Applicability.UNSAFE if mend.reasons else Applicability.SAFE
    fix = Fix(
        mend.description, min(mend.applicability, applicability), mend.commands, (), mend.reasons
    )
    fix = _spelled_out(fix, script)
    change = Change(mend.edits, call, keeps_nft=call is not None)
    replacements = replacements_of(change)
    if isinstance(replacements, Refusal):
        return shown_only(fix, replacements)
    return Draft(change, replace(fix, replacements=replacements))


def _draft(call: NftCall, flagged: Sequence[Leaf], ansible_style: str) -> Drafted:
    from nftlint.iptables.render import render
    from nftlint.translate import Options

    if refused := refusal(call):
        return NoFix(refused)
    spans = frozenset(leaf.command.span for leaf in flagged)
    options = Options(holes=_holes(call.script))
    statements = [_statement(call, group, spans, options) for group in _by_statement(call)]
    done = [statement for statement in statements if statement.translations]
    if not done:
        return NoFix(next((item.refusal for item in statements if item.refusal), "nothing to fix"))
    translations = [item for statement in done for item in statement.translations]
    lines = tuple(render(command) for item in translations for command in item.commands)
    rewrite, more = _way(call, translations, ansible_style)
    reasons = tuple(dict.fromkeys((*_reasons(call, statements, done), *more)))
    nft = tuple(statement.text for statement in done)
    fix = Fix(_description(lines), _applicability(done, reasons), lines, (), reasons, nft)
    edits = rewrite([part for statement in statements for part in statement.parts])
    if isinstance(edits, Refusal):
        return shown_only(fix, edits)
    change = Change(edits, call, keeps_nft=len(done) < len(statements))
    replacements = replacements_of(change)
    if isinstance(replacements, Refusal):
        return shown_only(fix, replacements)
    return Draft(change, replace(fix, replacements=replacements))


def _way(
    call: NftCall, translations: Sequence[Translation], ansible_style: str
) -> tuple[Rewrite, tuple[str, ...]]:
    """Return how the call is written anew, and the reasons why that may not do the same."""
    if ansible_style == "command":
        return call.rewrite, ()
    from nftlint.ansible.as_module import reasons, rewrite_of

    rewrite = rewrite_of(call)
    if rewrite is call.rewrite:
        return rewrite, ()
    return rewrite, reasons([one.words for item in translations for one in item.commands])


def _by_statement(call: NftCall) -> list[list[Leaf]]:
    groups: dict[int, list[Leaf]] = {}
    for leaf in leaves(call):
        groups.setdefault(id(leaf.statement), []).append(leaf)
    return list(groups.values())


def _statement(
    call: NftCall, group: list[Leaf], flagged: frozenset[Span], options: Options
) -> _Statement:
    from nftlint.translate import Translation, translate

    span = group[0].statement.span
    text, kept = span.of(call.script.text), (Kept(span),)
    if flagged.isdisjoint(leaf.command.span for leaf in group):
        return _Statement(text, kept)
    translations: list[Translation] = []
    refusal = ""
    for leaf in group:
        result = translate(leaf.command, options)
        if isinstance(result, Translation):
            translations.append(result)
        elif result.needless:
            refusal = result.reason
        else:
            return _Statement(text, kept, refusal=result.reason)
    if not translations:
        return _Statement(text, kept, refusal=refusal)
    parts: tuple[Argv, ...] = tuple(
        command.argv for result in translations for command in result.commands
    )
    return _Statement(text, parts, tuple(translations))


def _holes(script: Fragment) -> dict[str, Hole]:
    """Return the holes as people are told of them: as the file has them, at any depth."""
    return {
        char: replace(hole, raw=spelled_out(char, script)) for char, hole in script.holes.items()
    }


def _reasons(
    call: NftCall, statements: list[_Statement], done: list[_Statement]
) -> tuple[str, ...]:
    reasons = [*call.caveats]
    for statement in done:
        reasons += [reason for item in statement.translations for reason in item.reasons]
    refused = [statement.refusal for statement in statements if statement.refusal]
    if refused:
        reasons.append(f"another rule of this call has to stay: {refused[0]}")
    elif len(done) < len(statements):
        reasons.append("the call's other statements stay with nft and no longer run as one with it")
    return tuple(dict.fromkeys(reasons))


def _applicability(done: list[_Statement], reasons: tuple[str, ...]) -> Applicability:
    worst = min(item.applicability for statement in done for item in statement.translations)
    return min(worst, Applicability.UNSAFE) if reasons else worst


def _description(lines: tuple[str, ...]) -> str:
    if len(lines) == 1:
        return f"replace with `{lines[0]}`"
    return f"replace with {len(lines)} iptables commands"


def verified(before: Scan, drafts: Sequence[Drafted]) -> list[Fix | NoFix]:
    """Return each draft's fix if it holds; else it is only shown, with the reason.

    All are tried together first; if that fails, each is tried with those that already hold. One
    that holds alone but not with them is written anew, and tried again, once they are made.
    """
    changes = [item.change for item in drafts if isinstance(item, Draft)]
    if not changes or not isinstance(verify(before, changes), Refusal):
        return [item.fix if isinstance(item, Draft) else item for item in drafts]
    holding: list[Change] = []
    return [_with(before, item, holding) if isinstance(item, Draft) else item for item in drafts]


def _with(before: Scan, item: Draft, holding: list[Change]) -> Fix:
    """Return a draft's fix, and add its change to those that hold together, if it does."""
    refusal = verify(before, [*holding, item.change])
    if isinstance(refusal, Refusal):
        return shown_only(item.fix, refusal)
    holding.append(item.change)
    return item.fix
