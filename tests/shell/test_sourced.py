"""Scripts that read other files in: what these set and define, held against what bash runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from standins import make_tools, run

from nftlint.applicability import Applicability
from nftlint.configs import Options
from nftlint.lint import Linted, lint
from nftlint.results import Fix, NoFix, Report, Result

NOTE = re.compile(r"ip A [A-Z]+ (\d+)")
PORT = re.compile(r"dport (\d+)")
Tree = Mapping[str, str]

RULE = "nft add rule ip $TABLE INPUT tcp dport {} accept\n"
RUN = 'run() { nft add rule "$@"; }\n'
FIRST = ":\n"

TREES: Mapping[str, tuple[Tree, list[str]]] = {
    "a variable": (
        {"script": f'. "${{0%/*}}/vars"\n{RULE.format(1)}', "vars": "TABLE=filter\n"},
        ["script:2 1"],
    ),
    "by the name of the file that is read": (
        {
            "script": f'source "${{BASH_SOURCE%/*}}/vars"\n{RULE.format(1)}',
            "vars": "readonly TABLE=filter\n",
        },
        ["script:2 1"],
    ),
    "by dirname, in a variable": (
        {
            "script": f'HERE=$(cd "$(dirname "$0")" && pwd)\n. "$HERE/vars"\n{RULE.format(1)}',
            "vars": "export TABLE=filter\n",
        },
        ["script:3 1"],
    ),
    "a directory that is a constant": (
        {
            "script": f"LIB=./lib\nfor one in a b; do . $LIB/$one; done\n{RULE.format(1)}",
            "lib/a": "x=1\n",
            "lib/b": "TABLE=filter\n",
        },
        ["script:3 1"],
    ),
    "the program": (
        {
            "script": f". ./vars\n{FIRST}$NFT add rule ip filter INPUT tcp dport 1 accept\n",
            "vars": "NFT='sudo nft -a'\n",
        },
        ["script:3 1"],
    ),
    "a function": (
        {"script": f"{FIRST}. ./lib\nrun ip filter INPUT tcp dport 1 accept\n", "lib": RUN},
        ["script:3 1"],
    ),
    "a function that another calls": (
        {
            "script": f'{FIRST}. ./lib\nadd() {{ run ip filter "$@" accept; }}\n'
            "add INPUT tcp dport 1\n",
            "lib": RUN,
        },
        ["script:4 1"],
    ),
    "a function of a file that a file reads in": (
        {
            "script": f"{FIRST}. ./lib\nadd INPUT tcp dport 1\n",
            "lib": '. ./more\nadd() { run ip filter "$@" accept; }\n',
            "more": RUN,
        },
        ["script:3 1"],
    ),
    "a table that the script gives": (
        {
            "script": f"{FIRST}TABLE=filter\n. ./lib\nopen_it\n",
            "lib": f"open_it() {{ {RULE.format(1).strip()}; }}\n{RULE.format(2)}",
        },
        ["script:3 2", "script:4 1"],
    ),
    "a table that the file gives, and so does the script": (
        {
            "script": f"{FIRST}TABLE=filter\n. ./lib\nopen_it\n",
            "lib": f"TABLE=filter\nopen_it() {{ {RULE.format(1).strip()}; }}\n{RULE.format(2)}",
        },
        ["lib:2 1", "lib:3 2"],
    ),
    "what it reads in is set anew": (
        {"script": f". ./vars\nTABLE=mine\n{RULE.format(1)}", "vars": "TABLE=filter\n"},
        [],
    ),
    "in a function": (
        {
            "script": f"load_it() {{\n. ./vars\n}}\nload_it\n{RULE.format(1)}",
            "vars": "TABLE=filter\n",
        },
        ["script:5 1"],
    ),
    "in a condition": (
        {
            "script": f"if [ -e ./vars ]; then . ./vars; fi\n[ -e no ] && . ./no\n{RULE.format(1)}",
            "vars": "TABLE=filter\n",
        },
        ["script:3 1"],
    ),
    "in a circle": (
        {
            "script": f'[ -n "$TABLE" ] || . ./vars\n{RULE.format(1)}',
            "vars": "TABLE=filter\n. ./more\n",
            "more": '[ -n "$DONE" ] || { DONE=1; . ./vars; . ./script; }\n',
        },
        ["script:2 1"],
    ),
    "two of one name": (
        {
            "script": f"{FIRST}. ./lib\nrun() {{ :; }}\nrun ip filter INPUT tcp dport 1 accept\n",
            "lib": RUN,
        },
        [],
    ),
    "a heredoc of a function": (
        {
            "script": f"{FIRST}. ./lib\nload_rules filter\n",
            "lib": "load_rules() {\n\tnft -f - <<-EOF\n"
            "\tadd rule ip $1 INPUT tcp dport 1 accept\n\tEOF\n}\n",
        },
        ["script:3 1"],
    ),
    "a text": (
        {
            "script": f'{FIRST}. ./vars\nnft "$RULE"\n',
            "vars": "TABLE=$(echo filter)\n"
            'RULE="add rule ip filter INPUT tcp dport 1 iifname $TABLE accept"\n',
        },
        ["script:3 1"],
    ),
    "it is not there": ({"script": f". ./vars\n{RULE.format(1)}"}, []),
}


@pytest.fixture(name="tools", scope="module")
def _tools() -> Iterator[Path]:
    with TemporaryDirectory() as directory:
        make_tools(Path(directory, "bin"))
        yield Path(directory, "bin")


def write(tree: Tree, top: Path) -> Path:
    for name, text in tree.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        first = "" if name.endswith(".sh") else "#!/bin/bash\n"
        path.write_text(first + text)
    return top


def linted(top: Path, *names: str) -> Linted:
    paths = [top / name for name in names] or [top]
    return lint(paths, Options(assume_tags=("kube-router",), isolated=True))


def places(report: Report, top: Path) -> list[str]:
    """Return file, line (the first, that of the shell's name, not counted) and port."""
    found = []
    for result in report.results:
        uri = result.location.uri
        line = report.artifacts[uri].text.count("\n", 0, result.location.span.start)
        port = PORT.search(result.subject.statement if result.subject else "")
        found.append(f"{Path(uri).resolve().relative_to(top)}:{line} {port[1] if port else '?'}")
    return sorted(found)


@pytest.mark.parametrize("name", TREES)
def test_what_is_found(name: str, tmp_path: Path) -> None:
    tree, expected = TREES[name]
    report = linted(write(tree, tmp_path)).report
    assert not report.failures
    assert places(report, tmp_path.resolve()) == expected


@pytest.mark.parametrize("name", TREES)
def test_bash_runs_what_is_found(name: str, tools: Path) -> None:
    tree, expected = TREES[name]
    with TemporaryDirectory(dir=tools.parent) as directory:
        top = write(tree, Path(directory))
        script = f"cd {top.name}\nset -- ./script\nBASH_ARGV0=./script\nsource ./script\n"
        (notes,) = run(script, tools, ["-"])
    ran = sorted({match[1] for note in notes if (match := NOTE.match(note))})
    assert ran == sorted({place.split()[1] for place in expected})


def results(tree: Tree, top: Path) -> list[Result]:
    return list(linted(write(tree, top)).report.results)


def test_what_another_file_sets_is_told_with_its_place(tmp_path: Path) -> None:
    (result,) = results(TREES["a variable"][0], tmp_path)
    (related,) = result.related
    assert (Path(related.uri).name, related.message) == ("vars", "`$TABLE` is set here")
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.UNSAFE
    assert result.fix.reasons == ("`$TABLE` may hold something else than `filter`",)


def test_a_function_of_another_file_is_told_with_its_place(tmp_path: Path) -> None:
    (result,) = results(TREES["a function"][0], tmp_path)
    (related,) = result.related
    assert related.message == "the function `run` runs nft here"
    assert isinstance(result.fix, Fix)
    assert result.fix.applicability is Applicability.UNSAFE
    assert result.fix.iptables == ("iptables -A INPUT -p tcp --dport 1 -j ACCEPT",)
    (reason,) = result.fix.reasons
    assert "stands in" in reason


def test_no_fix_changes_another_file(tmp_path: Path) -> None:
    found = results(TREES["a table that the script gives"][0], tmp_path)
    fix = min(found, key=lambda result: result.location.span).fix
    shown = fix.reason if isinstance(fix, NoFix) else " ".join(fix.reasons)
    assert "it stands in another file" in shown
    assert isinstance(fix, NoFix) or not fix.replacements


def test_a_constant_of_a_file_that_others_set_anew_is_no_constant(tmp_path: Path) -> None:
    tree = {
        "lib.sh": f"TABLE=filter\nopen_it() {{ {RULE.format(1).strip()}; }}\n",
        "a.sh": ". ./lib.sh\nTABLE=mangle\nopen_it\n",
        "b.sh": ". ./lib.sh\nopen_it\n",
    }
    of = {Path(result.location.uri).name: result for result in results(tree, tmp_path)}
    assert sorted(of) == ["a.sh", "lib.sh"]
    tables = [result.subject.table for result in of.values() if result.subject]
    assert tables == ["mangle", "filter"]
    fixes = [result.fix for result in of.values()]
    assert all(isinstance(fix, Fix) and fix.applicability is Applicability.UNSAFE for fix in fixes)
    alone = results({"lib.sh": tree["lib.sh"]}, tmp_path / "alone")
    assert [getattr(result.fix, "applicability", None) for result in alone] == [Applicability.SAFE]


def test_each_script_has_its_own_values(tmp_path: Path) -> None:
    lib = f"open_it() {{ {RULE.format(1).strip()}; }}\n"
    script = "TABLE={}\n. ./lib\nopen_it\n"
    tables = ("filter", "nat", "mine")
    tree = {"lib": lib} | {table: script.format(table) for table in tables}
    assert places(linted(write(tree, tmp_path)).report, tmp_path.resolve()) == [
        "filter:3 1",
        "nat:3 1",
    ]


def test_only_what_was_asked_for_is_read(tmp_path: Path) -> None:
    tree = {"in/script": f". ../vars\n{RULE.format(1)}", "vars": "TABLE=filter\n"}
    write(tree, tmp_path)
    assert linted(tmp_path, "in").report.results == ()
    assert linted(tmp_path, "in/script").report.results == ()
    assert len(linted(tmp_path, "in/script", "vars").report.results) == 1
    (tmp_path / "in/link").symlink_to(tmp_path / "vars")
    (tmp_path / "in/script").write_text(f"#!/bin/sh\n. ./link\n{RULE.format(1)}")
    assert linted(tmp_path, "in").report.results == ()
    assert len(linted(tmp_path).report.results) == 1


def test_links_that_lead_nowhere_are_not_followed(tmp_path: Path) -> None:
    write({"script": f". ./a\n. ./d/d/d/vars\n{RULE.format(1)}"}, tmp_path)
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "d").symlink_to(".")
    report = linted(tmp_path).report
    assert report.results == ()
    assert report.failures == ()


def test_a_tree_that_is_copied_to_the_host(tmp_path: Path) -> None:
    tree = {
        "root/etc/init.d/fw": f". /usr/share/fw/vars\n{RULE.format(1)}",
        "root/usr/share/fw/vars": "TABLE=filter\n",
        "root/lib/vars": "TABLE=filter\n",
        "root/etc/init.d/other": f". /lib/vars\n{RULE.format(2)}",
    }
    found = places(linted(write(tree, tmp_path)).report, tmp_path.resolve())
    assert found == ["root/etc/init.d/fw:2 1"]


def test_what_a_fix_leaves_is_read_with_the_same_files(tmp_path: Path) -> None:
    found = linted(write(TREES["a function"][0], tmp_path))
    (unit,) = [unit for unit in found.units.values() if unit.path.name == "script"]
    again = list(found.again(unit)(type(unit.artifact)(unit.artifact.uri, unit.artifact.text)))
    assert [result.location for result in again] == [
        result.location for result in found.report.results
    ]


def test_a_test_of_bats_reads_files_in_by_load(tmp_path: Path) -> None:
    elsewhere = 'in_ns() { nsenter -n -t "$PID" "$@"; }\n'
    tree = {
        "a.bats": "load helpers\n@test x {\nin_ns nft add rule ip filter INPUT drop\n}\n",
        "helpers.bash": elsewhere,
    }
    assert results(tree, tmp_path) == []
    write({"helpers.bash": 'in_ns() { sudo "$@"; }\n'}, tmp_path)
    assert len(linted(tmp_path).report.results) == 1


def test_scripts_without_the_word_nft_are_found_by_what_they_read_in(tmp_path: Path) -> None:
    tree = {
        "a.sh": ". ./vars\n$NFT add rule ip filter INPUT tcp dport 1 accept\n",
        "vars": "NFT=/usr/sbin/nft\n",
        "b.sh": ". ./more\nrun ip filter INPUT tcp dport 2 accept\n",
        "more": ". ./lib\n",
        "lib": RUN,
        "b.mksh": ". ./lib\nrun ip filter INPUT tcp dport 5 accept\n",
        "etc/rc.local": ". ../lib\nrun ip filter INPUT tcp dport 6 accept\n",
        "c.sh": "run ip filter INPUT tcp dport 3 accept  # ./lib is not read in\n. ./no/lib\n",
        "ignored/d.sh": ". ../lib\nrun ip filter INPUT tcp dport 4 accept\n",
        ".gitignore": "/ignored\n",
    }
    (tmp_path / ".git").mkdir()
    found = places(linted(write(tree, tmp_path)).report, tmp_path.resolve())
    assert found == ["a.sh:1 1", "b.mksh:2 5", "b.sh:1 2", "etc/rc.local:2 6"]


def test_a_tree_is_walked_again_only_for_what_others_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = {"script": "one() { true; }\nnft add rule ip filter INPUT tcp dport 1 accept\n"}
    monkeypatch.setattr("nftlint.users.walk", lambda *_, **__: pytest.fail("walked"))
    assert len(linted(write(tree, tmp_path)).report.results) == 1
