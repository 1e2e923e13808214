"""The formats for machines: their contracts, and what a hostile repository can do to them."""

from __future__ import annotations

import io
import json
import subprocess
from xml.etree import ElementTree as ET

import pytest

from nftlint.output import format_names, writer
from nftlint.pages import load_pages
from nftlint.record import replace
from nftlint.results import Failure, Location, NoFix, Untagged
from nftlint.span import Span


def written(report, name):
    stream = io.StringIO()
    writer(name)(report, load_pages(), stream)
    return stream.getvalue()


def test_every_format_that_is_promised_is_there():
    promised = "concise diff full github gitlab json json-lines junit rdjson rdjsonl sarif"
    assert list(format_names()) == promised.split()


def test_json_holds_its_contract(builder):
    builder.add()
    builder.untagged.append(Untagged(Location("other.sh", Span(0, 0))))
    builder.failures.append(Failure("bad.sh", "binary file"))
    assert json.loads(written(builder.done(), "json")) == {
        "version": "0.1.0",
        "results": [
            {
                "rule": "NFT101",
                "name": "native-rule-in-managed-chain",
                "level": "error",
                "message": "raw nft rule in ip filter INPUT: iptables cannot list ip filter INPUT "
                "with it, so kube-router dies at its next sync",
                "path": "node/fw.sh",
                "region": region(2, 6, 59),
                "inner": "",
                "verb": "add",
                "family": "ip",
                "table": "filter",
                "chain": "INPUT",
                "hosts": [
                    {
                        "tags": ["kube-router"],
                        "evidence": [
                            {"path": "nftlint.toml", "line": 2, "why": "[[hosts]] tags it"}
                        ],
                    }
                ],
                "failure_mode": "crash",
                "fix": {
                    "description": "say it with iptables",
                    "applicability": "safe",
                    "iptables": ["iptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"],
                    "replacements": [
                        {
                            "region": region(2, 6, 59),
                            "text": "iptables -A INPUT -m conntrack "
                            "--ctstate ESTABLISHED -j ACCEPT",
                        }
                    ],
                },
                "no_fix_reason": None,
            }
        ],
        "summary": {"files": 7, "results": 1, "suppressed": 0, "untagged": 1, "errors": 1},
    }


def region(line, start, end):
    return {"start_line": line, "start_column": start, "end_line": line, "end_column": end}


def test_json_says_why_there_is_no_fix(builder):
    builder.add(fix=NoFix("a named set has no words in iptables"))
    (result,) = json.loads(written(builder.done(), "json"))["results"]
    assert result["fix"] is None
    assert result["no_fix_reason"] == "a named set has no words in iptables"


def test_json_lines_are_the_results_of_json(builder):
    builder.add()
    builder.add("b.sh")
    lines = [json.loads(line) for line in written(builder.done(), "json-lines").splitlines()]
    assert lines == json.loads(written(builder.done(), "json"))["results"]


def test_github_annotates_a_place(builder):
    builder.add()
    assert written(builder.done(), "github").startswith(
        "::error title=NFT101 native-rule-in-managed-chain,file=node/fw.sh,line=2,endLine=2,"
        "col=6,endColumn=59::raw nft rule in ip filter INPUT: "
    )


def test_rdjson_counts_bytes(builder):
    text = "# 表\necho 表é; nft add rule filter INPUT accept\n"
    builder.add("fw.sh", text, "nft add rule filter INPUT accept")
    (found,) = json.loads(written(builder.done(), "rdjson"))["diagnostics"]
    start = "echo 表é; ".encode()
    end = start + b"nft add rule filter INPUT accept"
    place = {
        "start": {"line": 2, "column": len(start) + 1},
        "end": {"line": 2, "column": len(end) + 1},
    }
    assert found["location"] == {"path": "fw.sh", "range": place}
    assert [item["range"] for item in found["suggestions"]] == [place]
    assert json.loads(written(builder.done(), "rdjsonl")) == found


def test_only_safe_fixes_are_suggested(builder):
    result = builder.add()
    fix = builder.fix(result.location, "iptables -A INPUT", "unsafe", ["its output is read"])
    builder.results = [replace(result, fix=fix)]
    assert "suggestions" not in json.loads(written(builder.done(), "rdjsonl"))
    assert written(builder.done(), "diff") == ""


def test_gitlab_fingerprints_are_unique_and_survive_moved_lines(builder, build):
    text = "nft add rule filter INPUT accept\n" * 2
    for one, source in ((builder, text), (other := build(), f"# moved\n{text}")):
        one.add("fw.sh", source, "nft add rule filter INPUT accept")
        one.results.append(one.results[0])
    found = [
        [issue["fingerprint"] for issue in json.loads(written(report.done(), "gitlab"))]
        for report in (builder, other)
    ]
    assert len(set(found[0])) == 2
    assert found[0] == found[1]


DIFFS = {
    "plain": "nft add rule filter INPUT accept\n",
    "no newline at the end": "true\nnft add rule filter INPUT accept",
    "crlf": "true\r\nnft add rule filter INPUT accept\r\nfalse\r\n",
    "odd line breaks": "a\x0bb\x85\u2028\rc\nnft add rule filter INPUT accept\x0c\ntrue\n",
}


@pytest.mark.parametrize("name", DIFFS)
@pytest.mark.parametrize("uri", ["dir/fw.sh", 'dir/odd "name"\té.sh'])
def test_git_applies_the_diff(builder, tmp_path, name, uri):
    text = DIFFS[name]
    result = builder.add(uri, text, "nft add rule filter INPUT accept")
    path = tmp_path / uri
    path.parent.mkdir()
    path.write_bytes(text.encode())
    diff = written(builder.done(), "diff").encode()
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=diff, cwd=tmp_path, check=True)
    assert path.read_bytes().decode() == text.replace(
        "nft add rule filter INPUT accept", result.fix.replacements[0].text
    )


HOSTILE = "x\x1b[2J\n::error::owned\r%0A,a=b::<&\"']]>\u202e{0}\udc80\x00\x9b31m"


@pytest.fixture
def hostile(builder):
    text = "# \x1b]0;owned\x07 \u202e <>&\nnft add rule filter INPUT accept # \x9b31m ::error::\n"
    builder.add(f"dir/{HOSTILE}", text, "nft add rule filter INPUT accept # \x9b31m")
    result = builder.results[0]
    builder.results[0] = replace(result, message=HOSTILE, fix=NoFix(HOSTILE), consequence=HOSTILE)
    builder.failures.append(Failure(HOSTILE, HOSTILE, 0))
    builder.untagged.append(Untagged(Location(HOSTILE, Span(0, 0))))
    return builder.done()


@pytest.mark.parametrize("name", format_names())
def test_nothing_that_a_terminal_obeys_is_written(hostile, name):
    text = written(hostile, name)
    assert [char for char in text if not char.isprintable() and char != "\n"] == []
    text.encode("utf-8")


def test_a_hostile_name_starts_no_workflow_command(hostile):
    lines = written(hostile, "github").splitlines()
    assert len(lines) == 2
    assert all(line.startswith("::error title=") and line.count("file=") == 1 for line in lines)
    assert all(line.partition("::")[2].count("::") >= 1 for line in lines)


def test_hostile_text_is_well_formed_xml(hostile):
    root = ET.fromstring(written(hostile, "junit"))
    assert [element.tag for element in root.iter("testcase")] == ["testcase"] * 2
    assert "owned" in root.find(".//failure").attrib["message"]


@pytest.mark.parametrize("name", ["json", "sarif", "rdjson", "gitlab"])
def test_hostile_text_survives_in_json(hostile, name):
    found = json.dumps(json.loads(written(hostile, name)))
    assert "::error::owned" in found


@pytest.mark.parametrize("name", ["sarif", "rdjson", "rdjsonl", "gitlab"])
def test_no_strict_reader_of_json_refuses_a_report(hostile, name):
    text = written(hostile, name)
    records = map(json.loads, text.splitlines() if name == "rdjsonl" else [text])
    assert json.dumps(list(records), ensure_ascii=False).encode("utf-8")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_diff_is_exact_for_programs_and_harmless_on_a_terminal(builder):
    text = "# \x1b]0;x\x07\t\x9b31m\r\nnft add rule filter INPUT accept\r\n"
    builder.add("a\x1b.sh", text, "nft add rule filter INPUT accept")
    assert "# \x1b]0;x\x07\t\x9b31m\r\n" in written(builder.done(), "diff")
    stream = Terminal()
    writer("diff")(builder.done(), load_pages(), stream)
    assert " # \\x1b]0;x\\x07\t\\x9b31m\n" in stream.getvalue()
    assert stream.getvalue().replace("\t", "").replace("\n", "").isprintable()


def test_rdjson_counts_the_bytes_of_a_byte_order_mark(builder):
    builder.add("fw.sh", "\ufeffnft add rule filter INPUT accept\n", "nft add rule filter INPUT")
    (found,) = json.loads(written(builder.done(), "rdjson"))["diagnostics"]
    assert found["location"]["range"]["start"] == {"line": 1, "column": 4}
