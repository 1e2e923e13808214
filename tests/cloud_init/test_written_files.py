"""Files and parts of every kind, several documents, byte order marks, several edits at once."""

from __future__ import annotations

import base64
import gzip
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import command, rewritten, scanned, scripts

from nftlint.fragment import Refusal
from nftlint.verify import Change, verify

RULE = "add rule ip filter INPUT accept"
NEW = "iptables -A INPUT -j ACCEPT"
HEAD = "#cloud-config\n"

ENTRIES = [
    ("path: /etc/rc.local\n  append: true", "nft @"),
    ("path: /etc/rc.local\n  defer: true", "nft @"),
    ("path: /opt/run\n  permissions: '0755'", "nft @"),
    ("path: /opt/run\n  owner: root:root", "#!/bin/sh\n    nft @"),
    ("path: /etc/cron.d/fw", "@reboot root nft @"),
    ("path: /etc/systemd/system/fw.service", "[Service]\n    ExecStart=/usr/sbin/nft @"),
    ("path: /etc/cloud/cloud.cfg.d/x.cfg", "#cloud-config\n    runcmd:\n      - nft @"),
]


@pytest.mark.parametrize(("keys", "content"), ENTRIES)
def test_files_that_are_written(keys: str, content: str) -> None:
    text = f"{HEAD}write_files:\n- {keys}\n  content: |\n    {content}\n- path: /x\n"
    before, after = text.replace("nft @", f"nft {RULE}"), text.replace("nft @", NEW)
    assert scripts(scanned(before, "cloud-config")) == [RULE]
    new = rewritten(before, "cloud-config", [NEW])
    assert new in (after, after.replace("/usr/sbin/nft", "nft").replace("/usr/sbin/", "")), new


KINDS = [
    ("cloud-config", f"{HEAD}power_state:\n  mode: reboot\n  condition: nft @\n"),
    ("cloud-config", f"{HEAD}power_state:\n  condition: [nft, @]\n"),
    ("user-data", "#cloud-boothook\n#!/bin/sh\nnft @\n"),
    ("user-data", "#cloud-boothook\nnft @\n"),
    ("user-data", "## template: jinja\n#!/bin/sh\nnft @\n"),
]
PARTS = ["x-shellscript", "x-shellscript-per-boot", "x-shellscript-per-once"]
PARTS += ["x-shellscript-per-instance", "cloud-boothook"]
for part in PARTS:
    KINDS += [
        (
            "user-data",
            (
                "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n"
                f"--B\nContent-Type: text/{part}\n\n{start}nft @\n--B--\n"
            ),
        )
        for start in ("#!/bin/sh\n", "")
    ]
    KINDS += [
        ("user-data", f"#cloud-config-archive\n- type: text/{part}\n  content: |\n    nft @\n")
    ]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_every_kind_of_user_data(kind: str, text: str) -> None:
    before = text.replace("@", RULE)
    assert scripts(scanned(before, kind)) == [RULE]
    new = rewritten(before, kind, [NEW])
    listed = text.replace("[nft, @]", "[iptables, -A, INPUT, -j, ACCEPT]")
    assert new == listed.replace("nft @", NEW)


def test_a_playbook_that_another_repository_holds_is_no_text_of_ours() -> None:
    text = (
        f"{HEAD}ansible:\n  install_method: pip\n  setup_controller:\n    repositories:\n"
        "    - path: /srv/x\n      source: https://example.org/nft.git\n"
        "    run_ansible:\n    - playbook_dir: /srv/x\n      playbook_name: nft.yml\n"
    )
    result = scanned(text, "cloud-config")
    assert (result.calls, result.problems, result.references) == ((), (), ())


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_several_documents_with_any_line_ends(bom: str, newline: str) -> None:
    one = f"{HEAD}runcmd:\n- nft @\n- ls\n"
    text = bom + f"{one}---\n{one}...\n---\n{one}".replace("\n", newline)
    before = text.replace("@", RULE)
    assert scripts(scanned(before, "cloud-config")) == [RULE] * 3
    for number in range(3):
        parts = before.split(f"nft {RULE}")
        parts[number : number + 2] = [parts[number] + NEW + parts[number + 1]]
        wanted = f"nft {RULE}".join(parts)
        assert rewritten(before, "cloud-config", [NEW], number) == wanted


ENCODINGS = [("b64", base64.b64encode), ("gz+b64", lambda data: base64.b64encode(zipped(data)))]


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize(("encoding", "encode"), ENCODINGS)
def test_several_edits_of_one_payload_are_made_together(encoding: str, encode) -> None:
    def whole(inner: str) -> str:
        payload = encode(inner.encode()).decode()
        head = f"{HEAD}write_files:\n- path: /opt/fw.sh\n  encoding: {encoding}\n"
        return f"{head}  content: {payload}\nruncmd:\n- nft {RULE}\n"

    inner = f"#!/bin/sh\nnft {RULE}\nls\nnft {RULE} # two\nnft {RULE}\n"
    before = scanned(whole(inner), "cloud-config")
    assert len(before.calls) == 4
    changes = []
    for number in (0, 2):
        call = before.calls[number]
        edits = call.rewrite([command(call, f"{NEW}{number}")])
        assert not isinstance(edits, Refusal)
        changes.append(Change(edits, call))
    after = verify(before, changes)
    assert not isinstance(after, Refusal), after.reason
    fixed = f"#!/bin/sh\n{NEW}0\nls\nnft {RULE} # two\n{NEW}2\n"
    assert after.artifact.text == whole(fixed)


def test_a_large_text_is_refused_in_no_time() -> None:
    start = time.process_time()
    text = f"{HEAD}runcmd:\n" + f"- nft {RULE}\n" * 250_000
    (problem,) = scanned(text, "cloud-config").problems
    assert "and was not read" in problem.message
    assert problem.span.start == 0
    assert time.process_time() - start < 10
