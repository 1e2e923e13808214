"""Forms in which a Dockerfile runs nft: what is found where, and what a fix leaves.

``fixed`` is the whole file after every call was replaced by ``iptables -A INPUT -j DROP`` for each
of its statements, or the reason for refusing that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest

from nftlint.argv import argv
from nftlint.artifact import Artifact
from nftlint.carriers.dockerfile import matches
from nftlint.found import NftCall
from nftlint.fragment import Refusal, to_root
from nftlint.scan import Scan, scan
from nftlint.verify import Change, verify

NEW = "iptables -A INPUT -j DROP"
WORDS = argv(*NEW.split())
LIST = '"iptables", "-A", "INPUT", "-j", "DROP"'
RULE = "add rule ip filter INPUT drop"


@dataclass(frozen=True, slots=True)
class Form:
    """``found``: the source of each call, as written; ``built``: whether it runs while building."""

    text: str
    found: tuple[str, ...]
    fixed: str
    built: bool = False


EXEC_FORMS = {
    "RUN exec form": Form(
        'FROM a\nRUN ["nft", "add", "rule", "ip", "filter", "INPUT", "drop"]\n',
        ('"nft", "add", "rule", "ip", "filter", "INPUT", "drop"',),
        f"FROM a\nRUN [{LIST}]\n",
        built=True,
    ),
    "CMD exec form, one script word": Form(
        f'CMD ["/usr/sbin/nft", "{RULE}"]\n', (f'"/usr/sbin/nft", "{RULE}"',), f"CMD [{LIST}]\n"
    ),
    "ENTRYPOINT with wrappers": Form(
        f'ENTRYPOINT ["sudo", "-n", "nft", "{RULE}"]\n',
        (f'"nft", "{RULE}"',),
        f'ENTRYPOINT ["sudo", "-n", {LIST}]\n',
    ),
    "HEALTHCHECK exec form": Form(
        f'HEALTHCHECK --timeout=3s CMD ["nft", "{RULE}"]\n',
        (f'"nft", "{RULE}"',),
        f"HEALTHCHECK --timeout=3s CMD [{LIST}]\n",
    ),
    "ONBUILD RUN exec form": Form(
        f'onbuild run ["nft", "{RULE}"]\n',
        (f'"nft", "{RULE}"',),
        f"onbuild run [{LIST}]\n",
        built=True,
    ),
    "exec form over lines with comments": Form(
        'RUN ["nft", \\\n  # why\n\n  "add rule ip filter \\\nINPUT drop" \\\n]\nCMD ["a"]\n',
        ('"nft", \\\n  # why\n\n  "add rule ip filter \\\nINPUT drop"',),
        f'RUN [{LIST} \\\n]\nCMD ["a"]\n',
        built=True,
    ),
    "exec form with escapes and CRLF": Form(
        '# escape=`\r\nCMD ["nft", `\r\n "add rule ip\\u0020filter INPUT drop"]\r\n',
        ('"nft", `\r\n "add rule ip\\u0020filter INPUT drop"',),
        f"# escape=`\r\nCMD [{LIST}]\r\n",
    ),
    "several statements": Form(
        f'CMD ["nft", "{RULE}; {RULE}"]\n',
        (f'"nft", "{RULE}; {RULE}"',),
        "an exec form runs one command",
    ),
    "reads only": Form('CMD ["nft", "list", "ruleset"]\n', (), ""),
    "not nft": Form(f'CMD ["echo", "nft", "{RULE}"]\n', (), ""),
    "invalid JSON in another stage's flag": Form(f'COPY --from=nft ["nft", "{RULE}"]\n', (), ""),
    "LABEL, ENV and comments say nothing": Form(
        f'# nft {RULE}\nLABEL a="nft {RULE}"\nENV A="nft {RULE}"\nARG nft\n', (), ""
    ),
    "another shell": Form(f'SHELL ["pwsh", "-c"]\nRUN nft {RULE}\n', (), ""),
}


def scanned(text: str) -> Scan:
    return scan(Artifact("Dockerfile", text), "dockerfile")


def source(call: NftCall, text: str) -> str:
    return to_root(call.host, call.span).of(text)


def rewritten(text: str) -> str:
    """The file after all its calls are replaced and the result is verified, or a reason."""
    before = scanned(text)
    changes = []
    for call in before.calls:
        edits = call.rewrite([WORDS] * (call.script.text.count(";") + 1))
        if isinstance(edits, Refusal):
            return edits.reason
        changes.append(Change(edits, call))
    after = verify(before, changes)
    return after.reason if isinstance(after, Refusal) else after.artifact.text


@pytest.mark.parametrize("form", EXEC_FORMS.values(), ids=EXEC_FORMS)
def test_form(form: Form) -> None:
    calls = scanned(form.text).calls
    assert tuple(source(call, form.text) for call in calls) == form.found
    assert all(call.build_time == form.built for call in calls)
    if form.found:
        fixed = rewritten(form.text)
        assert fixed.startswith(form.fixed)
        assert not scanned(fixed).calls


def test_files_that_an_exec_form_names() -> None:
    found = scanned(
        'COPY a.nft /b\nENTRYPOINT ["nft", "-f", "/b"]\nCMD ["sh", "/c.sh"]\n'
    ).references
    assert [(item.verb, item.target, item.base) for item in found] == [
        ("copies", "a.nft", "file"),
        ("loads", "/b", "host"),
        ("runs", "/c.sh", "host"),
    ]


KINDS = {
    "Dockerfile": True,
    "x/dockerfile": True,
    "Containerfile": True,
    "Dockerfile.alpine": True,
    "Dockerfile-dev": True,
    "node.dockerfile": True,
    "Containerfile.in": True,
    "Dockerfile.md": False,
    "Dockerfile.dockerignore": False,
    "dockerfiles": False,
    "Dockerfile2": False,
    "docker": False,
}


@pytest.mark.parametrize("name", KINDS)
def test_kind_by_name(name: str) -> None:
    head = "\ufeff# syntax=x\n\n  from a\n"
    assert matches(PurePosixPath(name), head) == ("dockerfile" if KINDS[name] else None)


def test_kind_by_content_where_the_name_is_no_proof() -> None:
    assert matches(PurePosixPath("Dockerfile.tmpl"), "package main\n") is None
    assert matches(PurePosixPath("Dockerfile.tmpl"), "FROM {{ base }}\n") == "dockerfile"
    assert matches(PurePosixPath("Dockerfile"), "{% set a %}\n") == "dockerfile"
    assert matches(PurePosixPath("Dockerfile.x"), "# only a comment\n#") == "dockerfile"
    assert matches(PurePosixPath("Dockerfile.x"), "") is None
    assert matches(PurePosixPath("dockerfile_test.go"), "FROM a\n") is None
