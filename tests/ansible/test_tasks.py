"""Ansible's forms of a command: found at their place, and written anew in the same form."""

from __future__ import annotations

import sys
import time
from pathlib import Path, PurePosixPath

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "yaml"))
from rewriting import rewritten, said, scanned, scripts

from nftlint.carriers.ansible import matches
from nftlint.found import Reference
from nftlint.lint import lint_text

OLD = "add rule ip filter INPUT accept"
NEW = "iptables -A INPUT -j ACCEPT"

FORMS = [
    ("command: nft @", "command: "),
    ("ansible.builtin.command: nft @", "ansible.builtin.command: "),
    ("ansible.legacy.command: sudo nft @", "ansible.legacy.command: sudo "),
    ('command: "nft @"', 'command: "'),
    ("command: nft '@' chdir=/tmp creates=/x", "command: "),
    ("command: creates=/x nft @", "command: creates=/x "),
    ("command: >-\n    nft @", "command: >-\n    "),
    ("command: |\n    nft @\n  args:\n    chdir: /", "command: |\n    "),
    ("command:\n    cmd: nft @", "command:\n    cmd: "),
    ("command: {cmd: 'nft @'}", "command: {cmd: '"),
    ("command:\n    argv:\n      - nft\n      - '@'", "command:\n    argv:\n      - "),
    ("command:\n    argv: [nft, @]", "command:\n    argv: ["),
    ("command:\n  args:\n    argv: [nft, @]", "command:\n  args:\n    argv: ["),
    ("command:\n  args:\n    cmd: nft @", "command:\n  args:\n    cmd: "),
    ("command:\n    _raw_params: nft @", "command:\n    _raw_params: "),
    ("action: command nft @", "action: command "),
    ("action: ansible.builtin.command nft @", "action: ansible.builtin.command "),
    ("action:\n    module: command\n    cmd: nft @", "action:\n    module: command\n    cmd: "),
    ("expect:\n    command: nft @\n    responses: {}", "expect:\n    command: "),
    ('command: "{{ item }}"\n  loop:\n    - nft @', 'command: "{{ item }}"\n  loop:\n    - '),
    (
        "command: '{{ item.run }}'\n  with_items:\n    - {run: nft @, x: 1}",
        "command: '{{ item.run }}'\n  with_items:\n    - {run: ",
    ),
]


def playbook(task: str) -> str:
    return "- hosts: all\n  tasks:\n" + indented(f"- name: nft {OLD}\n  {task}\n  when: x", 4)


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True)) + "\n"


def test_one_of_many_equal_tasks_is_written_anew() -> None:
    text = f"- command: nft {OLD}\n- debug: msg=x\n" * 5
    for number in range(5):
        new = rewritten(text, "ansible", [NEW], number)
        assert new.count(NEW) == 1
        assert new.count(OLD) == 4


@pytest.mark.parametrize(("form", "head"), FORMS)
@pytest.mark.parametrize("whole", [playbook, lambda task: f"- name: x\n  {task}\n"])
def test_a_command_is_found_and_fixed_in_its_form(form: str, head: str, whole) -> None:
    text = whole(form.replace("@", OLD))
    result = scanned(text, "ansible")
    assert not result.problems
    assert scripts(result) == [OLD]
    assert said(result.calls[0], text).startswith("nft")
    new = rewritten(text, "ansible", [NEW])
    assert not new.startswith("no: "), new
    before = text.index("nft", text.index(head.split("\n", maxsplit=1)[0]))
    assert new[:before] == text[:before]
    assert not scanned(new, "ansible").calls


def test_a_fix_changes_the_words_alone() -> None:
    text = playbook(f"command: sudo nft '{OLD}' chdir=/tmp # note")
    expected = playbook(f"command: sudo {NEW} chdir=/tmp # note")
    assert rewritten(text, "ansible", [NEW]) == expected


def test_several_commands_are_refused() -> None:
    for form in (f"command: nft {OLD}", f"command:\n    argv: [nft, {OLD}]"):
        assert "one command" in rewritten(playbook(form), "ansible", [NEW, NEW])


def test_blocks_handlers_and_sections() -> None:
    task = f"command: nft {OLD}"
    text = (
        f"- hosts: a\n  pre_tasks:\n  - {task}\n  handlers:\n  - {task}\n  tasks:\n"
        f"  - block:\n    - {task}\n    - block: [{{command: nft {OLD}}}]\n"
        f"    rescue:\n    - {task}\n    always:\n    - {task}\n"
    )
    assert len(scanned(text, "ansible").calls) == 6


ELSEWHERE = [
    ("command: nft @\n  delegate_to: localhost", "the Ansible controller"),
    ("local_action: command nft @", "the Ansible controller"),
    ("command: nft @\n  connection: local", "the Ansible controller"),
    ("command: nft @\n  delegate_to: gateway", "the host that the task is delegated to"),
    ("command: nft @\n  delegate_to: all", ""),
    ("command: nft @", ""),
    ("command: ip netns exec x nft @", "another network namespace"),
]


@pytest.mark.parametrize(("form", "where"), ELSEWHERE)
def test_where_a_task_runs(form: str, where: str) -> None:
    result = scanned(playbook(form.replace("@", OLD)), "ansible")
    assert [call.elsewhere for call in result.calls] == [where]


UNKNOWN = [
    ("delegate_to: '{{ inventory_hostname }}'", "", False),
    ("delegate_to: '{{ groups.masters[0] }}'", "", True),
    ("delegate_to: '{{ item }}'\n  loop: '{{ nodes }}'", "", True),
    ("delegate_to: 'node-{{ number }}'", "", True),
    ("delegate_to: '{{ item }}'\n  loop: [gateway, router]", "the host that", False),
    ("delegate_to: '{{ item }}'\n  loop: [all, router]", "", True),
    ("delegate_to: '{{ there }}'\n  vars: {there: localhost}", "the Ansible controller", False),
    ("delegate_to:", "", False),
    ("delegate_to: ''", "", False),
]


@pytest.mark.parametrize(("form", "where", "unsure"), UNKNOWN)
@pytest.mark.parametrize("module", ["command", "shell"])
def test_an_unknown_delegate_may_be_this_host(
    module: str, form: str, where: str, *, unsure: bool
) -> None:
    (call,) = scanned(playbook(f"{module}: nft {OLD}\n  {form}"), "ansible").calls
    assert call.elsewhere.startswith(where)
    assert bool(call.elsewhere) == bool(where)
    assert any("not known here" in caveat for caveat in call.caveats) == unsure


def test_a_local_play_on_the_controller_itself_is_here() -> None:
    text = f"- hosts: localhost\n  connection: local\n  tasks:\n  - command: nft {OLD}\n"
    assert scanned(text, "ansible").calls[0].elsewhere == ""
    other = text.replace("localhost", "nodes")
    assert scanned(other, "ansible").calls[0].elsewhere == "the Ansible controller"


def test_a_result_that_is_read_is_a_caveat() -> None:
    text = f"- command: nft {OLD}\n  register: out\n"
    assert not scanned(text, "ansible").calls[0].caveats
    read = text + "- debug: {var: out.stdout}\n"
    assert "`out`" in scanned(read, "ansible").calls[0].caveats[0]


def test_a_condition_that_looks_for_the_rule_is_a_caveat() -> None:
    text = (
        f"- command: nft list ruleset\n  register: seen\n- command: nft {OLD}\n"
        "  when:\n  - 'x'\n  - \"'accept' not in seen.stdout\"\n"
    )
    assert "condition" in scanned(text, "ansible").calls[0].caveats[0]
    assert not scanned(text.replace("seen.stdout", "seen.rc"), "ansible").calls[0].caveats


def test_loops_give_values_and_calls() -> None:
    text = (
        "- command: nft add rule ip filter INPUT tcp dport {{ item }} accept\n  loop: [22, 80]\n"
        f"- command: sudo nft '{{{{ item }}}}'\n  loop:\n  - {OLD}\n  - list ruleset\n"
        "- command: nft add rule ip filter INPUT tcp dport {{ p }} accept\n  vars: {p: 443}\n"
    )
    result = scanned(text, "ansible")
    assert [[hole.values for hole in call.script.holes.values()] for call in result.calls] == [
        [("22", "80")],
        [],
        [],
        [("443",)],
    ]
    assert said(result.calls[1], text) == OLD
    assert "loop" in rewritten(text, "ansible", [NEW], 1)


def test_items_with_templates_of_their_own_are_calls() -> None:
    text = (
        "- shell: '{{ cmd }}'\n  loop_control: {loop_var: cmd}\n  with_items:\n"
        "    - nft add rule ip filter INPUT tcp dport {{ p }} accept\n"
    )
    result = scanned(text, "ansible")
    assert scripts(result) == ["add rule ip filter INPUT tcp dport □ accept"]
    assert rewritten(text, "ansible", ["iptables --dport □"]).endswith(
        "    - iptables --dport {{ p }}\n"
    )


def test_rules_on_standard_input_are_a_call() -> None:
    text = f"- command: nft -f -\n  args:\n    stdin: |\n      {OLD}\n"
    assert scripts(scanned(text, "ansible")) == [f"{OLD}\n"]
    assert "standard input" in rewritten(text, "ansible", [NEW])


def test_environment_variables_are_holes_in_any_quotes() -> None:
    text = "- command: nft add rule ip filter INPUT tcp dport '$PORT' accept comment \"a ${B}\"\n"
    result = scanned(text, "ansible")
    assert scripts(result) == ["add rule ip filter INPUT tcp dport □ accept comment a □"]
    new = rewritten(text, "ansible", ["iptables --dport □"])
    assert new == "- command: iptables --dport '$PORT'\n"


NOTHING = [
    f"debug: msg='nft {OLD}'",
    f"debug:\n    msg: nft {OLD}",
    f"command: echo nft {OLD}",
    f"command: ls\n  when: x == 'nft {OLD}'",
    f"set_fact:\n    x: nft {OLD}",
    f"vars:\n    rule: nft {OLD}",
    "command: nft list ruleset",
    "command: nft -c -f /etc/nftables.conf",
    f"shell: nft {OLD}\n  args:\n    executable: /usr/bin/python3",
    f"win_command: nft {OLD}",
    f"community.general.slack:\n    msg: nft {OLD}",
]


@pytest.mark.parametrize("task", NOTHING)
def test_nothing_is_found_where_nothing_runs(task: str) -> None:
    result = scanned(playbook(task), "ansible")
    assert not result.calls
    assert not result.problems


INNER = "#cloud-config\nruncmd:\n  - [nft, add rule ip filter INPUT accept]\n"


def test_files_are_read_as_what_they_become() -> None:
    text = "- copy:\n    dest: /etc/x\n    content: |\n" + indented(INNER, 6) + "    mode: 0644\n"
    assert scripts(scanned(text, "ansible")) == [OLD]
    new = rewritten(text, "ansible", [NEW])
    assert "      runcmd:\n        - [iptables, -A, INPUT, -j, ACCEPT]\n" in new
    userdata = "- hcloud_server:\n    user_data: |\n" + indented(INNER, 6)
    assert scripts(scanned(userdata, "ansible")) == [OLD]


REFERENCES = [
    (
        "template: src=fw.sh.j2 dest=/usr/local/bin/fw.sh",
        ("copies", "fw.sh.j2", "/usr/local/bin/fw.sh"),
    ),
    ("copy:\n    src: fw.sh\n    dest: /x/", ("copies", "fw.sh", "/x/")),
    ("script: files/fw.sh --now", ("runs", "files/fw.sh", "")),
    ("import_tasks: fw.yml", ("includes", "fw.yml", "")),
    ("ansible.builtin.include_tasks:\n    file: fw.yml", ("includes", "fw.yml", "")),
    ("include_role: {name: fw}", ("includes", "roles/fw/tasks/main", "")),
    ("import_role: {name: fw, tasks_from: up}", ("includes", "roles/fw/tasks/up", "")),
    ("command: nft -f /etc/fw.nft", ("loads", "/etc/fw.nft", "")),
]


@pytest.mark.parametrize(("task", "expected"), REFERENCES)
def test_files_that_are_named(task: str, expected: tuple[str, str, str]) -> None:
    text = playbook(task)
    found: tuple[Reference, ...] = scanned(text, "ansible").references
    assert [(item.verb, item.target, item.destination) for item in found] == [expected]
    place = found[0].place
    assert place.span.of(place.fragment.text).strip()


def test_a_copy_on_the_host_names_no_file_of_ours() -> None:
    assert not scanned(playbook("copy: src=/a dest=/b remote_src=yes"), "ansible").references


KINDS = [
    ("roles/x/tasks/main.yml", "- name: x\n", True),
    ("roles/x/handlers/main.yaml", "---\n# c\n\n- name: x\n", True),
    ("site.yml", "---\n- hosts: all\n", True),
    ("site.yml", "- name: x\n  hosts: all\n", True),
    ("x.yml", "- import_playbook: y.yml\n", True),
    ("x.yml", "- name: x\n  ansible.builtin.debug:\n", True),
    ("x.yml", "- name: x\n  shell: ls\n", True),
    ("group_vars/all.yml", "- name: x\n  shell: ls\n", False),
    ("x.yml", "key: value\n", False),
    ("x.yml", "- a\n- b\n", False),
    (".github/workflows/x.yml", "- hosts: all\n", False),
    ("x.txt", "- hosts: all\n", False),
    ("roles/x/tasks/main.yml", "", False),
]


@pytest.mark.parametrize(("path", "head", "is_ansible"), KINDS)
def test_what_is_ansible(path: str, head: str, *, is_ansible: bool) -> None:
    assert matches(PurePosixPath(path), head) == ("ansible" if is_ansible else None)


def test_broken_files_and_odd_shapes_do_not_stop_the_scan() -> None:
    for text in (
        "- hosts: [a, b]\n  tasks: 5\n",
        "- command: [nft, add]\n",
        "- command:\n- command: ''\n- action:\n- local_action: {}\n",
        "- command: nft 'add\n",
        "- 5\n- [a]\n- ~\n",
        "- hosts: all\n  roles: [{}, ~, 5, {role: [x]}]\n",
        "- &a {block: [*a], command: nft add}\n",
        "- loop: [[a], {b: c}]\n  command: '{{ item }}'\n",
        "- include_role:\n- copy: content\n- template: {}\n- script:\n",
    ):
        scanned(text, "ansible")


def test_a_long_comment_is_passed_over_in_no_time() -> None:
    start = time.process_time()
    assert matches(PurePosixPath("x.yml"), "# note\n\n" * 500 + "key: value\n") is None
    assert matches(PurePosixPath("x.yml"), "# note\n\n" * 500 + "- hosts: all\n") == "ansible"
    assert time.process_time() - start < 1


NAMED = [
    "command: '{{ nft_bin }} @'",
    "command: \"{{ nft | default('/usr/sbin/nft') }} @\"",
    'command: {argv: ["{{ nftables_cmd | default(x) }}", @]}',
    'shell: "{{ nft_path | quote }} @"',
]


@pytest.mark.parametrize("task", NAMED)
def test_a_program_that_a_variable_names_is_taken_to_be_nft(task: str) -> None:
    (call,) = scanned(f"- {task.replace('@', OLD)}\n", "ansible").calls
    assert call.script.text == OLD
    assert call.caveats
    assert not scanned(f"- {task.replace('@', OLD).replace('nft', 'ipt')}\n", "ansible").calls


VARIABLE = """\
- hosts: nodes
  vars:
    rule: add rule ip filter INPUT tcp dport 22 accept
    port: 22
    rules: unused
  tasks:
    - {task}
"""

IN_A_VARIABLE = [
    "command: nft {{ rule }}",
    "shell: nft '{{ rule }}'",
    'command: {argv: [nft, "{{ rule }}"]}',
    'shell: echo "{{ rule }}" | nft -f -',
    "command: nft -- {{ rule }} comment x",
]


@pytest.mark.parametrize("task", IN_A_VARIABLE)
def test_a_command_in_a_variable_is_found_where_it_is_used_and_not_fixed(task):
    text = VARIABLE.replace("{task}", task)
    (result,) = lint_text(text, "x.yml", ("kube-router",), "ansible").results
    assert (result.rule, result.subject.chain) == ("NFT101", "INPUT")
    assert "{{ rule }}" in result.location.span.of(text)
    assert result.fix.applicability.label == "display-only"
    assert result.fix.iptables[0].startswith("iptables -A INPUT -p tcp --dport 22")


def test_a_list_of_words_knows_the_values_of_variables():
    words = '[nft, add, rule, ip, filter, INPUT, tcp, dport, "{{ port }}", accept]'
    text = VARIABLE.replace("{task}", f"command: {{argv: {words}}}")
    (result,) = lint_text(text, "x.yml", ("kube-router",), "ansible").results
    assert result.fix.applicability.label == "safe"
