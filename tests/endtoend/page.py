"""Write what happens in kube-router's cycle as a page: ``page.py > docs/kube-router-cycle.md``."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scenarios import Played, local_version
from story import SHIELDING, Row, Stage, Story, tell

from nftlint.results import Result

PAGE = Path(__file__).parents[2] / "docs" / "kube-router-cycle.md"
HEAD = """\
# What kube-router's cycle does to raw nft rules

Played with the real iptables {version} in a private network namespace: the rules are loaded, some
600 packets are sent, kube-router's cycle runs, and the same packets are sent again. The cycle is

1. `-C`, `-S`, `-N`, `-I` on INPUT, FORWARD and OUTPUT, `iptables-save -t filter`, `iptables -S`,
   and `iptables-restore --wait -T filter`, which flushes;
2. what its proxy and its routing do with `nat` at their start: `-S` and `-C` on POSTROUTING, `-S`;
3. what k3s's install script does to all tables: `iptables-save | grep -v … | iptables-restore`.

After an abort all of it is done again. `tests/endtoend` plays it anew and compares it with this
page, which `python tests/endtoend/page.py` writes. The modes are those of nftlint's findings:

- **crash**: kube-router dies, since it cannot list a chain that it needs.
- **sync-abort**: it lives, and NetworkPolicies are updated no more.
- **widening**: the sync ends well, and packets fare otherwise than before.
- **none**: the sync ends well, and every packet fares as before.
"""
SEEDS = """
## One script at a time

The mode is what nftlint predicts, and what happened. Where rules let packets in, the policy of
their chain is `drop`. The last column is the script after `nftlint check --fix --unsafe-fixes`, and
what happened then; "as before" says that after the sync every packet fared as it did with the nft
rules before it.

| script | mode | what failed, or what stands there afterwards | fixed |
|---|---|---|---|
"""
RUNNING = """
## On a node that runs

These take away what is there: kube-router runs, a NetworkPolicy forbids TCP to a pod, and the
packets are sent before the script and after it, with no sync between. In the last column is the
script after `nftlint check --fix --unsafe-fixes`.

| script | mode | fixed |
|---|---|---|
"""
SHIELDED = """
## A rule that cannot be listed shields one that is misread

{rules}

| rules | mode | what failed, or what stands there afterwards | packets as before |
|---|---|---|---|
"""
IMAGE = """
## The example image

Everything that the files of `examples/node-image` do to the tables of a node, one after the other,
with a scanner in the set `scanners`. The rule that asks for that set has no fix. While it stands,
the fix of the rule that cannot be listed is unsafe, and the second row shows why it is not taken by
`--fix`, the third what comes of taking it.

| the image | mode | what failed, or what stands there afterwards | packets as before |
|---|---|---|---|
"""
FIXABLE = """
The same image without that one rule, where `nftlint check --fix` is enough:

| the image | mode | what failed, or what stands there afterwards | packets as before |
|---|---|---|---|
"""
ALONE = """
Each finding of the image, with its statement alone in the tables: the mode is what nftlint
predicts, and what happened.

| statement | mode |
|---|---|
"""

QUOTE = "'"
SHOWN = 3
"""How many of the rules that stand there afterwards are shown."""


def render(story: Story, version: str) -> str:
    """Return the page."""
    rules = " and ".join(_code(line.strip()) for line in SHIELDING)
    return "".join(
        (
            HEAD.format(version=version),
            SEEDS,
            _table(_seed(row) for row in story.rows),
            RUNNING,
            _table(_run(row) for row in story.running),
            SHIELDED.format(rules=rules),
            _table(map(_stage, story.shielding)),
            IMAGE,
            _table(map(_stage, story.image)),
            FIXABLE,
            _table(map(_stage, story.fixable)),
            ALONE,
            _table(_alone(*pair) for pair in story.alone),
        )
    )


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _seed(row: Row) -> Iterator[str]:
    yield _lines(_words(line) for line in row.script.splitlines())
    yield f"**{row.unfixed.outcome}**"
    yield _happened(row.unfixed)
    yield _mended(row)


def _run(row: Row) -> Iterator[str]:
    yield _code(_words(row.script.strip()))
    yield f"**{row.unfixed.outcome}**"
    yield _mended(row)


def _alone(result: Result, played: Played) -> Iterator[str]:
    yield _code(result.subject.statement if result.subject is not None else "")
    yield f"**{played.outcome}**"


def _mended(row: Row) -> str:
    if not row.results:
        return "nothing to fix"
    if row.no_fix:
        return f"no fix: {_text(row.no_fix)}"
    written = row.script.splitlines()
    mended = (_words(line) for line in row.fixed_script.splitlines() if line not in written)
    how = "as before" if row.as_before else "packets fare otherwise"
    return f"{_lines(mended)}<br>{row.fixed.outcome}, {how}"


def _stage(stage: Stage) -> Iterator[str]:
    yield stage.title
    yield f"**{stage.played.outcome}**"
    yield _happened(stage.played)
    yield "yes" if stage.same else "no"


def _happened(played: Played) -> str:
    if played.step:
        step = re.sub(r"-m comment .* -j", "… -j", played.step)
        return f"{_code(step)}: {_text(played.words.replace('`', QUOTE))}"
    more = len(played.rules) - SHOWN
    rest = f"<br>and {more} more" if more > 0 else ""
    return _lines(played.rules[:SHOWN]) + rest or "nothing in this table"


def _words(line: str) -> str:
    """Return an nft command as nft gets it, without the shell's quoting around words."""
    if not line.startswith("nft "):
        return line
    return " ".join(shlex.split(line, posix=True)) if "'\"" in line else line.replace("'", "")


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(map(_code, lines))


def _code(text: str) -> str:
    return f"`{text.replace('|', chr(92) + '|')}`"


def _text(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        story = tell(Path(name))
    sys.stdout.write(render(story, local_version()))


if __name__ == "__main__":
    main()
