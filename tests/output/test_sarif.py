"""SARIF: valid by the published schema, complete for GitHub, and its fixes are the fixes."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from urllib.parse import unquote

import pytest

from nftlint.edits import Replacement, apply
from nftlint.output import writer
from nftlint.pages import load_pages
from nftlint.record import replace
from nftlint.results import Failure, Location, NoFix, Suppressed, Untagged
from nftlint.span import Span

SCHEMA_PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0"
"""Its ``sarif-2.1.0.json`` is the OASIS schema; MIT-licensed, fetched and not kept here."""


@pytest.fixture
def run(builder):
    def written():
        stream = io.StringIO()
        writer("sarif")(builder.done(), load_pages(), stream)
        return json.loads(stream.getvalue())["runs"][0]

    return written


@pytest.fixture(scope="session")
def schema(request):
    """The schema, fetched once into pytest's cache."""
    kept = request.config.cache.mkdir("sarif-schema") / "sarif-2.1.0.json"
    if not kept.exists():
        command = ["npm", "pack", "--silent", SCHEMA_PACKAGE]
        packed = subprocess.run(
            command, cwd=kept.parent, check=True, capture_output=True, text=True, timeout=300
        )
        archive = kept.parent / packed.stdout.split()[-1]
        with tarfile.open(archive) as tar:
            kept.write_bytes(tar.extractfile("package/sarif-2.1.0.json").read())
        archive.unlink()
    return json.loads(kept.read_text("utf-8-sig"))


@pytest.mark.npm
def test_everything_is_valid_by_the_schema(builder, schema):
    import jsonschema

    builder.add()
    builder.add("b c/表.sh", related=(builder.results[0].location,), level="note")
    builder.add("/abs/x.sh", fix=NoFix("no words for it"))
    builder.failures += [Failure("bad.sh", "binary file"), Failure("node/fw.sh", "broken", 3)]
    builder.untagged.append(Untagged(Location("c.sh", Span(0, 0))))
    known = builder.results.pop()
    builder.suppressed += [
        Suppressed(known, "inSource", "looked at", known.location),
        Suppressed(known, "external"),
    ]
    stream = io.StringIO()
    writer("sarif")(builder.done(), load_pages(), stream)
    log = json.loads(stream.getvalue())
    written = [result.get("suppressions", []) for result in log["runs"][0]["results"]]
    assert [item["kind"] for some in written[-2:] for item in some] == ["inSource", "external"]
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(log)] == []
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(log)


def test_a_level_is_written_even_where_it_is_the_default(builder, run):
    builder.add(level="warning")
    builder.add("b.sh", level="error")
    assert [result["level"] for result in run()["results"]] == ["warning", "error"]
    assert [rule["defaultConfiguration"]["level"] for rule in run()["tool"]["driver"]["rules"]]


def test_github_finds_what_it_requires(builder, run):
    builder.add()
    found = run()
    for rule in found["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert 0 < len(rule["properties"]["tags"]) <= 10
    (nft101,) = (rule for rule in found["tool"]["driver"]["rules"] if rule["id"] == "NFT101")
    assert nft101["properties"]["security-severity"] == "9.3"
    (result,) = found["results"]
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "NFT101"
    physical = result["locations"][0]["physicalLocation"]
    assert physical["region"] == {
        "startLine": 2,
        "startColumn": 6,
        "endLine": 2,
        "endColumn": 59,
    }
    assert physical["artifactLocation"] == {"uri": "node/fw.sh", "uriBaseId": "SRCROOT"}
    assert found["columnKind"] == "unicodeCodePoints"
    assert found["automationDetails"]["id"] == "nftlint/"
    assert "SRCROOT" in found["originalUriBaseIds"]
    assert result["partialFingerprints"]["primaryLocationLineHash"].endswith(":1")


def test_one_fingerprint_survives_a_move(builder, run):
    for uri, words in (("a.sh", "nft add rule INPUT"), ("dir/b.sh", "nft  add rule\n INPUT")):
        builder.add(uri, f"# {uri}\n{words}", words)
    builder.add("a.sh", found="nft add rule INPUT")
    prints = [result["partialFingerprints"]["nftlintStatement/v1"] for result in run()["results"]]
    assert prints[0] == prints[1] != prints[2]


URIS = {
    "a b/ü#?%.sh": ("a%20b/%C3%BC%23%3F%25.sh", "SRCROOT"),
    "c:d/x.sh": ("c%3Ad/x.sh", "SRCROOT"),
    "/abs/x.sh": ("file:///abs/x.sh", None),
    "bad\udcff.sh": ("bad%FF.sh", "SRCROOT"),
}


@pytest.mark.parametrize("uri", URIS)
def test_uris_are_percent_encoded(builder, run, uri):
    builder.add(uri)
    location = run()["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert (location["uri"], location.get("uriBaseId")) == URIS[uri]
    assert unquote(location["uri"].removeprefix("file://"), errors="surrogateescape") == uri


PATHS = {
    "x.sh": "sub/x.sh",
    "../nftlint.toml": "nftlint.toml",
    "../../y.sh": "{above}/y.sh",
    "{root}/sub/../z.sh": "z.sh",
}


@pytest.mark.parametrize("uri", PATHS)
def test_platforms_are_told_paths_from_the_root_of_the_repository(
    builder, run, tmp_path, monkeypatch, uri
):
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "sub").mkdir()
    monkeypatch.chdir(root / "sub")
    builder.add(uri.format(root=root))
    path = PATHS[uri].format(above=tmp_path)
    location = run()["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"].removeprefix("file://") == path
    assert ("uriBaseId" in location) == (not path.startswith("/"))
    for name in ("github", "gitlab", "junit"):
        stream = io.StringIO()
        writer(name)(builder.done(), load_pages(), stream)
        assert path in stream.getvalue()
        assert uri.startswith("x") or uri.format(root=root) not in stream.getvalue()


def test_evidence_and_other_places_are_related_locations(builder, run):
    place = replace(builder.add("lib.sh").location, message="the function that calls nft")
    builder.results = []
    builder.add(related=(place,))
    related = run()["results"][0]["relatedLocations"]
    assert [(item["id"], item["message"]["text"]) for item in related] == [
        (1, "the function that calls nft"),
        (2, "host kube-router: [[hosts]] tags it"),
    ]
    assert related[1]["physicalLocation"]["region"]["startLine"] == 2


def test_failures_are_notifications_of_an_unsuccessful_run(builder, run):
    builder.failures.append(Failure("bad.sh", "binary file"))
    (invocation,) = run()["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("error", "binary file")


def test_untagged_writes_are_never_silence(builder, run):
    builder.untagged.append(Untagged(Location("c.sh", Span(0, 0))))
    (note,) = run()["invocations"][0]["toolExecutionNotifications"]
    assert 'hosts = [{ tag = "kube-router"' in note["message"]["text"]


def test_more_results_than_github_takes_are_left_out_with_a_note(builder, run, monkeypatch):
    monkeypatch.setattr("nftlint.output.sarif_limits.RESULT_LIMIT", 2)
    for name, level in (("a", "note"), ("b", "error"), ("c", "warning"), ("d", "error")):
        builder.add(f"{name}.sh", level=level)
    builder.suppressed.append(Suppressed(builder.results[0], "external"))
    found = run()
    places = [result["locations"][0]["physicalLocation"] for result in found["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["b.sh", "d.sh"]
    (note,) = found["invocations"][0]["toolExecutionNotifications"]
    said = "2 results and 1 suppressed result left out: one upload holds 2; the gravest are kept"
    assert note["message"]["text"].startswith(said)


TEXTS = {
    "plain": "true\nnft add rule filter INPUT accept\nnft add rule filter FORWARD drop",
    "wide": "echo 表\U0001f600é; nft add rule filter INPUT accept; "
    "nft add rule filter FORWARD drop",
    "crlf": "true\r\nnft add rule filter INPUT accept\r\nnft add rule filter FORWARD drop\r\n",
    "bom": "\ufeffnft add rule filter INPUT accept\nnft add rule filter FORWARD drop\n",
    "lone cr": "a\rb nft add rule filter INPUT accept\rnft add rule filter FORWARD drop\r",
    "over lines": "nft add rule filter \\\n  INPUT accept\nnft add rule filter FORWARD drop\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_its_fixes_are_the_fixes(builder, run, apply_sarif, name):
    text = TEXTS[name]
    first = text[text.index("nft add") : text.index("accept") + len("accept")]
    for found, new in (
        (first, "iptables -A INPUT\n-j X"),
        ("nft add rule filter FORWARD drop", "表"),
    ):
        result = builder.add("fw.sh", text, found)
        builder.results[-1] = replace(result, fix=builder.fix(result.location, new))
    replacements = [item for result in builder.results for item in result.fix.replacements]
    fixes = [fix for result in run()["results"] for fix in result["fixes"]]
    assert apply_sarif(text, fixes) == apply(text, replacements)
    assert isinstance(replacements[0], Replacement)
