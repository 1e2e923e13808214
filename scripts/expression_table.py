"""Write docs/expressions.md: what becomes of each expression and statement of nft's manual page.

    python scripts/expression_table.py              # print the page
    python scripts/expression_table.py --write      # write it
    python scripts/expression_table.py --check      # exit 1 if it is not what it should be

The forms and their examples are in scripts/expressions.txt; the rest is computed. What the kernel
says is asked anew where nft and iptables can run in a private network namespace, unless
``--keep-proofs`` takes it from the page that is there; ``--accepted`` checks instead that the real
nft takes the examples.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from expression_forms import Form, disagreements, forms

from nftlint.nft.parser import parse
from nftlint.proofs import prove_commands
from nftlint.prove import Verdict
from nftlint.record import replace
from nftlint.translating import Line, translate_line

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "expressions.md"
HEAD = """\
# Every expression and statement of nft, and what becomes of it

The forms of nft's manual page, each with an example: whether nftlint parses it, what it becomes in
iptables or why it cannot, how far the translation is safe, and what the kernel says of it when both
are loaded. `scripts/expression_table.py --write` makes this page of `scripts/expressions.txt`.

**Proof.** *bytecode*: both come to the same operations of nf_tables. *packets*: both did the same
to packets made from the rule, some of which it fits and some of which it does not. *argued*:
neither could be shown, and the page of `rules/translations` that has such a pair says why it is
right; for many of them real packets were counted on both sides.
*unproved*, *different*: neither, and nobody says why: such a translation should not be safe. *not
loadable*: one of the two needs something that is not there.

**The other way round.** Of 500 rules made of the options that iptables-extensions(8) lists,
iptables-translate 1.8.9 puts 424 into words of nft; nftlint translates 395 of those back (93 %),
371 of them safely, and none of the safe ones with another meaning:
`scripts/roundtrip_iptables.py`.

"""
PROVED = ("bytecode", "packets")
GOOD = (*PROVED, "argued: ")


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of a form; ``problem`` is the parser's, ``proof`` what the page says of it."""

    form: Form
    problem: str
    line: Line
    proof: str = ""

    @property
    def translated(self) -> bool:
        return self.line.applicability != "none"

    @property
    def askable(self) -> bool:
        """Tell whether there is something that the kernel can be asked to compare."""
        return bool(self.line.iptables and not self.form.refused)


def rows() -> list[Row]:
    """Return what becomes of each form, without proofs."""
    found = []
    for form in forms():
        errors = parse(form.nft).errors
        problem = errors[0].message if errors else ""
        found.append(Row(form, problem, translate_line(form.nft)))
    return found


def proved(unproved: Sequence[Row], argued: Mapping[str, str]) -> list[Row]:
    """Return the rows with what the kernel says of their translations.

    ``argued`` gives for the shapes of nft commands the page that argues for their translation.
    """
    asked = [row.form.nft for row in unproved if row.askable]
    said = dict(zip(asked, map(_said, _proofs(asked)), strict=True))
    return [
        replace(row, proof=_with_arguments(row, said.get(row.form.nft, ""), argued))
        for row in unproved
    ]


def _with_arguments(row: Row, said: str, argued: Mapping[str, str]) -> str:
    page = argued.get(shape(row.form.nft))
    if not row.line.iptables or said in PROVED or said.startswith("different"):
        return said
    return f"argued: {page}" if page else said or "not asked"


def _proofs(commands: Sequence[str]) -> list[Verdict]:
    """Prove, and try again what is different: the kernel holds back ICMP answers by their rate."""
    first = [proof.verdict for proof in prove_commands(commands)]
    return [
        prove_commands([command])[0].verdict if verdict.outcome == "different" else verdict
        for command, verdict in zip(commands, first, strict=True)
    ]


def _said(verdict: Verdict) -> str:
    """Return a proof in few words; a program's message and packets are not the same everywhere."""
    if verdict.outcome == "equal":
        return verdict.method
    return (
        f"unproved: {verdict.detail}"
        if verdict.outcome == "unproved"
        else verdict.outcome.replace("-", " ")
    )


def argued_pages() -> dict[str, str]:
    """Return the page of rules/translations that argues for a pair, by its command's shape."""
    found = {}
    for page in sorted((ROOT / "rules" / "translations").glob("*.md")):
        for block in re.split(r"\n\n|```translations\n", page.read_text("utf-8")):
            lines = block.splitlines()
            if lines and any(line.startswith("# argued: ") for line in lines):
                found[shape(lines[0].removeprefix("nft "))] = page.stem
    return found


def shape(nft: str) -> str:
    """Return a command without what an argument does not turn on: chain, numbers, verdict."""
    words = nft.split()
    if words[:2] == ["add", "rule"]:
        words[4:5] = []
        words[-1:] = [] if words[-1] in {"accept", "drop"} else words[-1:]
    return re.sub(r"\b(0x[0-9a-f]+|\d+)", "N", " ".join(words))


def kept(unproved: Sequence[Row], page: str) -> list[Row]:
    """Return the rows with the proofs that the page has for the same translation."""
    known = {
        tuple(_cells(line)[:-1]): _cells(line)[-1] for line in page.splitlines() if "|" in line
    }
    return [replace(row, proof=known.get(tuple(_row(row)[:-1]), "")) for row in unproved]


def _cells(line: str) -> list[str]:
    return re.split(r" (?<!\\)\| ", line.removeprefix("| ").removesuffix(" |"))


def render(table: Sequence[Row]) -> str:
    """Return the page."""
    parts = [HEAD, *_figures(table)]
    for section, group in groupby(table, key=lambda row: row.form.section):
        parts.append(f"\n## {section}\n\n| form | example | parsed | iptables, or why not |")
        parts.append(" applicability | proof |\n|---|---|---|---|---|---|\n")
        parts += [f"| {' | '.join(_row(row))} |\n" for row in group]
    return "".join(parts)


def _figures(table: Sequence[Row]) -> Iterator[str]:
    """Yield the sums over all forms."""
    levels = Counter(row.line.applicability for row in table)
    proofs = Counter(row.proof.partition(":")[0] for row in table if row.line.iptables)
    parsed = sum(not row.problem for row in table)
    named = ", ".join(
        f"{count} {level}" for level, count in levels.most_common() if level != "none"
    )
    yield f"{len(table)} forms: {parsed} parsed; {len(table) - levels['none']} translated "
    yield f"({named}); {levels['none']} with the reason why not. "
    yield f"Proofs: {', '.join(f'{count} {how}' for how, count in proofs.most_common() if how)}.\n"


def _row(row: Row) -> list[str]:
    line = row.line
    commands = "<br>".join(map(_code, line.iptables))
    said = commands or (_text(line.reason) if not row.translated else "nothing to do")
    note = f"<br>({_text(row.form.refused)})" if row.form.refused else ""
    why = f": {_text(line.reason)}" if row.translated and line.reason else ""
    return [
        _text(row.form.name),
        _code(row.form.nft) + note,
        _text(row.problem) or "yes",
        said,
        "" if not row.translated else line.applicability + why,
        _text(row.proof),
    ]


def _code(text: str) -> str:
    return f"`{_text(text)}`"


def _text(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def loud(table: Sequence[Row]) -> list[Row]:
    """Return the safe translations that the kernel does not bear out, and no page argues for."""
    return [
        row
        for row in table
        if row.line.applicability == "safe" and row.line.iptables and not row.proof.startswith(GOOD)
    ]


def main() -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write docs/expressions.md")
    parser.add_argument("--check", action="store_true", help="exit 1 if the page is another")
    parser.add_argument("--keep-proofs", action="store_true", help="ask no kernel")
    parser.add_argument("--accepted", action="store_true", help="ask nft for each example")
    options = parser.parse_args()
    if options.accepted:
        wrong = list(disagreements())
        print("\n".join(wrong) or "nft and the marks agree")
        return bool(wrong)
    there = PAGE.read_text("utf-8") if PAGE.exists() else ""
    table = kept(rows(), there) if options.keep_proofs else proved(rows(), argued_pages())
    page = render(table)
    for row in loud(table):
        commands = "; ".join(row.line.iptables)
        print(f"{row.form.nft}\n    {commands}\n    {row.proof}", file=sys.stderr)
    if options.check:
        return int(page != there)
    if options.write:
        PAGE.write_text(page, "utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
