"""User-data of every kind, nested and encoded: found inside, fixed inside, encoded again."""

from __future__ import annotations

import base64
import gzip
import sys
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path, PurePosixPath

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import rewritten, scanned, scripts

from nftlint.carriers.cloud_init import matches
from nftlint.scan import Scan

INNER = "#cloud-config\nruncmd:\n  - [nft, add, rule, ip, filter, INPUT, accept]\n"
FIXED = "#cloud-config\nruncmd:\n  - [iptables, -A, INPUT, -j, ACCEPT]\n"
NEW = ["iptables -A INPUT -j ACCEPT"]

KINDS = [
    ("#cloud-config\n", "cloud-config"),
    ("\n \n#Cloud-Config\nx", "cloud-config"),
    ("\ufeff#cloud-config\n", "cloud-config"),
    ("{# note #}\n#cloud-config\n", "cloud-config"),
    ("#cloud-config-archive\n", "user-data"),
    ("#cloud-boothook\n", "user-data"),
    ("## template: jinja\n#cloud-config\n", "user-data"),
    ("## Template: Jinja\n#!/bin/sh\n", "user-data"),
    ("Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n", "user-data"),
    ("#include\nhttps://x\n", "user-data"),
    ("#include <stdio.h>\n", None),
    ("#!/bin/sh\n", None),
    ("# cloud-config\n", None),
    ("text about mime-version: and multipart/mixed\n", None),
    ("", None),
]


@pytest.mark.parametrize(("head", "kind"), KINDS)
def test_the_kind_is_known_by_the_first_line(head: str, kind: str | None) -> None:
    assert matches(PurePosixPath("any.name"), head) == kind


def encoded(text: str, encoding: str) -> str:
    data = gzip.compress(text.encode(), mtime=0) if "gz" in encoding else text.encode()
    return base64.b64encode(data).decode()


ENCODINGS = ["b64", "base64", "gz+base64", "gzip+b64", " GZ+B64 "]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("layout", ["plain", "block", "quoted"])
def test_an_encoded_file_is_fixed_inside(encoding: str, layout: str) -> None:
    def whole(inner: str) -> str:
        payload = encoded(inner, encoding.lower().strip())
        if layout == "block":
            payload = "|\n      " + "\n      ".join(
                payload[at : at + 40] for at in range(0, len(payload), 40)
            )
        elif layout == "quoted":
            payload = f'"{payload}"'
        head = f"#cloud-config\nwrite_files:\n  - path: /x\n    encoding: '{encoding}'\n"
        return f"{head}    content: {payload}\n    owner: root\n"

    text = whole(INNER)
    assert scripts(scanned(text, "cloud-config")) == ["add rule ip filter INPUT accept"]
    new = rewritten(text, "cloud-config", NEW)
    assert not new.startswith("no: ")
    assert inner_text(scanned(new, "cloud-config")) == FIXED
    assert new.endswith("    owner: root\n")


def inner_text(result: Scan) -> str:
    return next(part.text for part in result.fragments if part.path)


def test_the_label_and_path_of_a_file() -> None:
    text = "#cloud-config\nwrite_files:\n- content: |\n    #cloud-config\n  path: /etc/x.yaml\n"
    files = [part for part in scanned(text, "cloud-config").fragments if part.path]
    assert [(part.label, part.path, part.language, part.text) for part in files] == [
        ("write_files[0].content", "/etc/x.yaml", "cloud-config", "#cloud-config\n")
    ]


BROKEN = [
    ("encoding: b64\n  content: abc", "not valid base64"),
    ("encoding: gz+b64\n  content: YWJj", "gzip of base64"),
    ("encoding: gz+b64\n  content: " + encoded("a" * 99, "gz")[:20] + "==", "ends too early"),
]


@pytest.mark.parametrize(("body", "words"), BROKEN)
def test_a_broken_payload_is_a_problem_with_its_place(body: str, words: str) -> None:
    result = scanned(f"#cloud-config\nwrite_files:\n- path: /x\n  {body}\n", "cloud-config")
    assert [words in problem.message for problem in result.problems] == [True]


def test_a_gzip_bomb_is_not_unpacked() -> None:
    bomb = base64.b64encode(gzip.compress(b"\0" * (64 << 20))).decode()
    text = f"#cloud-config\nwrite_files:\n- path: /x\n  encoding: gz+b64\n  content: {bomb}\n"
    assert "more than 16 MB" in scanned(text, "cloud-config").problems[0].message


def test_binary_and_templated_payloads_are_passed_over() -> None:
    binary = base64.b64encode(b"\xff\xfe\x00nft").decode()
    for content in (binary, "'{{ x | b64encode }}'", "", '"${base64encode(x)}"'):
        text = f"#cloud-config\nwrite_files:\n- path: /x\n  encoding: b64\n  content: {content}\n"
        result = scanned(text, "cloud-config")
        assert not result.problems, content


def test_jinja_and_archives_hold_parts() -> None:
    jinja = f"## template: jinja\n{INNER}"
    assert rewritten(jinja, "user-data", NEW) == f"## template: jinja\n{FIXED}"

    def archive(inner: str) -> str:
        body = inner.replace("\n", "\n    ").rstrip(" ")
        return f"#cloud-config-archive\n- type: text/cloud-config\n  content: |\n    {body}- ls\n"

    assert rewritten(archive(INNER), "user-data", NEW) == archive(FIXED)


def multipart(inner: str, encoding: str) -> str:
    outer = MIMEMultipart(boundary="BOUND")
    part = EmailMessage()
    part.set_content(inner, subtype="cloud-config", cte=encoding)
    outer.attach(part)
    outer.attach(MIMEText("just text", "plain"))
    return outer.as_string()


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "base64", "quoted-printable"])
def test_mime_parts_are_fixed_inside(encoding: str) -> None:
    text = multipart(INNER, encoding)
    assert matches(PurePosixPath("user-data"), text) == "user-data"
    assert scripts(scanned(text, "user-data")) == ["add rule ip filter INPUT accept"]
    new = rewritten(text, "user-data", NEW)
    inner = [part for part in scanned(new, "user-data").fragments if part.label == "part 1"]
    assert [part.text.rstrip("\n") for part in inner] == [FIXED.rstrip("\n")]


def test_odd_multiparts_end() -> None:
    head = "MIME-Version: 1.0\nContent-Type: multipart/mixed"
    for rest in (
        "; boundary=x\n",
        "\n\n--x\n\nnft\n",
        "; boundary=x\n\n--x\n\n#cloud-config\na: [",
    ):
        scanned(head + rest, "user-data")
