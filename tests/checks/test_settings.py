"""NFT108: settings wherever they stand, and where they are only named."""

from __future__ import annotations

import base64
from pathlib import Path, PurePosixPath

import pytest

from nftlint.carriers.registry import kind_of
from nftlint.cli import main
from nftlint.configs import Options
from nftlint.lint import lint, lint_text

SET = {
    "export TS_DEBUG_FIREWALL_MODE=nftables": "shell",
    "TS_DEBUG_FIREWALL_MODE=nftables tailscaled &": "shell",
    'sudo env TS_DEBUG_FIREWALL_MODE="nftables" tailscaled': "shell",
    "FROM a\nENV TS_DEBUG_FIREWALL_MODE=nftables": "dockerfile",
    "[Service]\nEnvironment=TS_DEBUG_FIREWALL_MODE=nftables": "systemd-unit",
    "- hosts: a\n  environment:\n    TS_DEBUG_FIREWALL_MODE: nftables\n  tasks: []": "ansible",
    "FlushAllOnReload = yes": "settings",
    "sed -i 's/FlushAllOnReload=no/FlushAllOnReload=yes/' /etc/firewalld/firewalld.conf": "shell",
    "sed -i 's/^FlushAllOnReload=.*/FlushAllOnReload=yes/' f": "shell",
    "action = nftables-multiport[name=ssh, table=filter, table_family=ip]": "settings",
    "action = nftables[table_family='ip', table='filter']": "settings",
}


def rules(text: str, kind: str) -> list[str]:
    report = lint_text(text + "\n", "x", ("kube-router",), kind)
    assert report.failures == ()
    return [result.rule for result in report.results]


@pytest.mark.parametrize("text", SET)
def test_a_setting_is_found(text: str) -> None:
    assert rules(text, SET[text]) == ["NFT108"]


NAMED = {
    "export TS_DEBUG_FIREWALL_MODE=iptables": "shell",
    "unset TS_DEBUG_FIREWALL_MODE # =nftables": "shell",
    '[ "$TS_DEBUG_FIREWALL_MODE" = nftables ] || exit 0': "shell",
    "[ ${TS_DEBUG_FIREWALL_MODE} = nftables ] || exit 0": "shell",
    "MY_TS_DEBUG_FIREWALL_MODE=nftables": "shell",
    "sed -i 's/FlushAllOnReload=yes/FlushAllOnReload=no/' /etc/firewalld/firewalld.conf": "shell",
    "sed -i 's|^FlushAllOnReload=yes|FlushAllOnReload=no|' f": "shell",
    "grep -q '^FlushAllOnReload=yes' f && exit 1": "shell",
    "- hosts: a\n  tasks:\n    - lineinfile:\n        path: /f\n"
    "        regexp: ^FlushAllOnReload=yes\n        line: FlushAllOnReload=no": "ansible",
    "# FlushAllOnReload=yes": "settings",
    ";FlushAllOnReload=yes": "settings",
    "action = nftables[table_family=inet, table=filter]": "settings",
    "action = nftables[table_family=ip, table=f2b-table]": "settings",
    "action = iptables[table=filter]\nother = nftables[table_family=ip]": "settings",
}


@pytest.mark.parametrize("text", NAMED)
def test_what_is_only_named_is_not(text: str) -> None:
    assert rules(text, NAMED[text]) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("etc/firewalld/firewalld.conf", "settings"),
        ("templates/firewalld.conf.j2", "settings"),
        ("etc/fail2ban/jail.local", "settings"),
        ("etc/fail2ban/jail.d/ssh.conf", "settings"),
        ("etc/default/tailscaled", "settings"),
        ("deploy/.env", "settings"),
        ("etc/sshd.conf", None),
        ("jail.py", None),
    ],
)
def test_files_of_settings_are_known_by_name(path: str, kind: str | None) -> None:
    found = kind_of(PurePosixPath(path), "")
    assert found == kind or (found or "").split()[-1:] == [kind]


def test_a_comment_in_a_settings_file_can_ignore_it() -> None:
    assert (
        rules("# nftlint: ignore[NFT108] no cluster here\nFlushAllOnReload=yes", "settings") == []
    )


def test_a_setting_in_a_payload_is_found_and_mended_there(tmp_path: Path) -> None:
    text = "export TS_DEBUG_FIREWALL_MODE={}\n"
    packed = base64.b64encode(text.format("nftables").encode()).decode()
    path = tmp_path / "user-data"
    head = "#cloud-config\n# nftlint: host=k3s\nwrite_files:\n"
    path.write_text(
        f"{head}  - path: /etc/profile.d/ts.sh\n    encoding: b64\n    content: {packed}\n"
    )
    (result,) = lint([path], Options()).report.results
    assert (result.rule, result.location.inner != "") == ("NFT108", True)
    main(["check", "--fix", "--unsafe-fixes", "--quiet", str(path)])
    assert base64.b64encode(text.format("iptables").encode()).decode() in path.read_text()
