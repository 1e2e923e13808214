"""User-data in Terraform, Packer and other YAML: found at its place, and fixed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from nftlint.cli import main

ADD = "nft add rule ip filter INPUT"
DROP = "iptables -A INPUT"

HEREDOC = "x = <<-EOT\n    #cloud-config\n    runcmd:\n\n      - {}\n  EOT\n"
PLAIN = "x = base64encode(<<E\n#!/bin/sh\n{}\nE\n)\n"
STRING = 'x = "#!/bin/sh\\n{}\\necho \\"$${{a}}\\"\\n"\n'
INLINE = (
    'provisioner "remote-exec" {{\n  inline = [\n    "true", # first\n    "sudo {}",\n  ]\n}}\n'
)
AFTER_TEMPLATE = 'x = "${{join(",", ["}}"])}}"\ny = "#!/bin/sh\\n{}"\n'

TERRAFORM = [
    (HEREDOC, "tcp dport 1 accept", "-p tcp --dport 1 -j ACCEPT"),
    (PLAIN, "iifname ${a} accept", "-i ${a} -j ACCEPT"),
    (STRING, "tcp dport 1 accept", "-p tcp --dport 1 -j ACCEPT"),
    (INLINE, 'iifname \\"eth0\\" accept', "-i eth0 -j ACCEPT"),
    (AFTER_TEMPLATE, "drop", "-j DROP"),
]


def checked(path: Path, *options: str) -> int:
    return main(
        ["check", "--assume-tag", "kube-router", "--output-format", "concise", *options, str(path)]
    )


@pytest.mark.parametrize(("form", "nft", "iptables"), TERRAFORM)
def test_terraform(tmp_path: Path, form: str, nft: str, iptables: str) -> None:
    path = tmp_path / "main.tf"
    path.write_text(form.format(f"{ADD} {nft}"))
    assert checked(tmp_path) == 1
    checked(tmp_path, "--fix", "--unsafe-fixes")
    assert path.read_text() == form.format(f"{DROP} {iptables}")
    assert checked(tmp_path) == 0


SHARED = """provisioner "shell" {{
  inline = [  # before
    "port=1 chain=INPUT", # first
    "{}",
    "sudo {}",
  ]
}}
provisioner "shell" {{
  inline = ["echo $chain"]
}}
"""


def test_the_commands_of_inline_share_a_shell(tmp_path: Path) -> None:
    path = tmp_path / "main.pkr.hcl"
    nft = "nft add rule ip filter $chain"
    path.write_text(SHARED.format(f"{nft} drop", f"{nft} tcp dport $port accept"))
    assert checked(tmp_path) == 1
    checked(tmp_path, "--fix", "--unsafe-fixes")
    new = "iptables -A $chain"
    lines = f"{new} -j DROP", f"{new} -p tcp --dport $port -j ACCEPT"
    assert path.read_text() == SHARED.format(*lines)


def test_lists_of_inline_do_not_share_one(tmp_path: Path) -> None:
    one = 'provisioner "shell" {{\n  inline = ["{}"]\n}}\n'
    text = one.format("table=filter") + one.format("nft add rule ip $table INPUT drop")
    (tmp_path / "main.pkr.hcl").write_text(text)
    assert checked(tmp_path) == 0
    (tmp_path / "main.pkr.hcl").write_text(
        text.replace('"]\n}\nprovisioner "shell" {\n  inline = ["', '", "')
    )
    assert checked(tmp_path) == 1


NOTHING = {
    "on this machine": f'provisioner "local-exec" {{\n  inline = ["{ADD} drop"]\n}}\n',
    "a name": f'tags = ["{ADD} drop"]\nname = "{ADD} drop"\n',
    "comments": f'# inline = ["{ADD} drop"]\n// <<EOF\n/* "{ADD}\n*/\n',
    "never closed": f'x = <<E\n#!/bin/sh\n{ADD} drop\ny = "#!/bin/sh\\n{ADD}\n',
    "ignored": f'provisioner "x" {{\n  # nftlint: ignore[NFT101]\n  inline = ["{ADD} drop"]\n}}\n',
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_what_is_no_finding_in_terraform(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf").write_text(text)
    assert checked(tmp_path) == 0


MACHINE = """apiVersion: kubevirt.io/v1
kind: VirtualMachine
spec:
  cloudInitNoCloud:
    userData: |  # by hand
      #cloud-config
      runcmd:
        - {}
  other: 'kept'
"""


def test_other_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "vm.yaml"
    path.write_text(MACHINE.format(f"{ADD} tcp dport 1 accept"))
    assert checked(tmp_path) == 1
    assert "vm.yaml:8:11: " in capsys.readouterr().out
    assert checked(tmp_path, "--fix") == 0
    assert path.read_text() == MACHINE.format(f"{DROP} -p tcp --dport 1 -j ACCEPT")
