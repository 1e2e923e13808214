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


CALL = f"nft {RULE}"

SHELL_FORMS = {
    "RUN, in the third line": Form(
        f"FROM a\nRUN apk add nftables && \\\n  # allow\n\n  {CALL} \\\n  && b\n",
        (CALL,),
        f"FROM a\nRUN apk add nftables && \\\n  # allow\n\n  {NEW} \\\n  && b\n",
        built=True,
    ),
    "RUN with flags, lower case, CRLF": Form(
        "from a\r\nrun --mount=type=cache,target=/x --network=host set -e; \\\r\n"
        f" {CALL} || true\r\n",
        (CALL,),
        "from a\r\nrun --mount=type=cache,target=/x --network=host set -e; \\\r\n"
        f" {NEW} || true\r\n",
        built=True,
    ),
    "a call over lines": Form(
        "RUN nft add rule ip filter \\\n  # why\n  INPUT drop && a\n",
        ("nft add rule ip filter \\\n  # why\n  INPUT drop",),
        "a comment stands within the command",
        built=True,
    ),
    "backtick as escape": Form(
        f"# escape=`\nRUN a && `\n {CALL} `\n && b\n",
        (CALL,),
        f"# escape=`\nRUN a && `\n {NEW} `\n && b\n",
        built=True,
    ),
    "several statements": Form(
        f"RUN a && nft '{RULE}; {RULE}' && b\n",
        (f"nft '{RULE}; {RULE}'",),
        f"RUN a && {NEW} && {NEW} && b\n",
        built=True,
    ),
    "a script in quotes over lines": Form(
        "RUN sh -c 'a; \\\n nft add rule \\\n ip filter INPUT drop'\n",
        ("nft add rule \\\n ip filter INPUT drop",),
        f"RUN sh -c 'a; \\\n {NEW}'\n",
        built=True,
    ),
    "after a comment all is comment": Form(f"RUN a # b \\\n && {CALL}\n", (), ""),
    "CMD, ENTRYPOINT, HEALTHCHECK": Form(
        f"CMD {CALL}\nENTRYPOINT exec {CALL}\nHEALTHCHECK --retries=1 CMD {CALL} || exit 1\n",
        (CALL, CALL, CALL),
        f"CMD {NEW}\nENTRYPOINT exec {NEW}\nHEALTHCHECK --retries=1 CMD {NEW} || exit 1\n",
    ),
    "ONBUILD RUN": Form(f"ONBUILD RUN {CALL}\n", (CALL,), f"ONBUILD RUN {NEW}\n", built=True),
    "RUN heredoc": Form(
        f"RUN <<EOF\nset -e\n  {CALL} # EOF\nEOF\nCMD a\n",
        (CALL,),
        f"RUN <<EOF\nset -e\n  {NEW} # EOF\nEOF\nCMD a\n",
        built=True,
    ),
    "RUN heredoc without tabs": Form(
        f"RUN <<-'EOF'\n\tif a; then\n\t\t{CALL}\n\tfi\n\tEOF\n",
        (CALL,),
        f"RUN <<-'EOF'\n\tif a; then\n\t\t{NEW}\n\tfi\n\tEOF\n",
        built=True,
    ),
    "RUN heredoc with a shebang": Form(
        f"RUN <<EOF\n#!/bin/bash\n{CALL}\nEOF\n",
        (CALL,),
        f"RUN <<EOF\n#!/bin/bash\n{NEW}\nEOF\n",
        built=True,
    ),
    "RUN heredoc into a shell": Form(
        f"RUN <<EOF bash -e\n{CALL}\nEOF\n", (CALL,), f"RUN <<EOF bash -e\n{NEW}\nEOF\n", built=True
    ),
    "RUN heredoc into nft": Form(
        f"RUN nft -f - <<EOF && a\n{RULE}\nEOF\nCMD b\n",
        ("nft -f -",),
        f"RUN {NEW} && a\nCMD b\n",
        built=True,
    ),
    "RUN heredoc into nft, in the last line": Form(
        f"RUN nft -f - <<-EOF \n\t{RULE}\n\tEOF", ("nft -f -",), f"RUN {NEW} \n", built=True
    ),
    "RUN heredoc into nft, with more statements": Form(
        f"RUN a && nft -f - <<EOF\n{RULE};\n{RULE}\nEOF\nCMD b\n",
        ("nft -f -",),
        "RUN a && iptables-restore --noflush <<EOF\n*filter\n-A INPUT -j DROP\n"
        "-A INPUT -j DROP\nCOMMIT\nEOF\nCMD b\n",
        built=True,
    ),
    "RUN with two heredocs": Form(
        f"RUN <<A bash && <<-B sh\n{CALL}\nA\n\t{CALL}\n\tB\n",
        (CALL, CALL),
        f"RUN <<A bash && <<-B sh\n{NEW}\nA\n\t{NEW}\n\tB\n",
        built=True,
    ),
    "a file of a RUN heredoc runs later": Form(
        f"RUN cat > /etc/rc.local <<'EOF'\n#!/bin/sh\n{CALL}\nEOF\n",
        (CALL,),
        f"RUN cat > /etc/rc.local <<'EOF'\n#!/bin/sh\n{NEW}\nEOF\n",
    ),
    "COPY heredoc, by its shebang": Form(
        f"COPY --chmod=755 <<'EOF' /x\n#!/bin/sh\n{CALL}\nEOF\n",
        (CALL,),
        f"COPY --chmod=755 <<'EOF' /x\n#!/bin/sh\n{NEW}\nEOF\n",
    ),
    "COPY heredoc, by its name, with variables": Form(
        f"ADD <<-EOF /x.sh\n\ta $A \\$b\n\t{CALL}\n\tEOF\n",
        (CALL,),
        f"ADD <<-EOF /x.sh\n\ta $A \\$b\n\t{NEW}\n\tEOF\n",
    ),
    "SHELL, then a shell form": Form(
        f'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN {CALL}\n',
        (CALL,),
        f'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN {NEW}\n',
        built=True,
    ),
    "variables that ENV sets": Form(
        "ENV NFT=/usr/sbin/nft\nRUN $NFT add rule ip filter INPUT drop\n",
        ("$NFT add rule ip filter INPUT drop",),
        f"ENV NFT=/usr/sbin/nft\nRUN {NEW}\n",
        built=True,
    ),
    "exec form that runs a shell": Form(
        f'CMD ["sh", "-c", "a \\"b\\"; {CALL}"]\n',
        (CALL,),
        f'CMD ["sh", "-c", "a \\"b\\"; {NEW}"]\n',
    ),
    "invalid JSON is a shell form": Form(f"CMD ['nft', '{RULE}']\n", (), ""),
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


FORMS = {f"exec: {name}": form for name, form in EXEC_FORMS.items()} | SHELL_FORMS


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_form(form: Form) -> None:
    calls = scanned(form.text).calls
    assert tuple(source(call, form.text) for call in calls) == form.found
    assert all(call.build_time == form.built for call in calls)
    if form.found:
        fixed = rewritten(form.text)
        assert fixed == form.fixed or (fixed.startswith(form.fixed) and "\n" not in form.fixed)
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
