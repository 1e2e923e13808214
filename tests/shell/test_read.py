"""Which nft calls a script makes, and which it does not; where; and what is known of them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from nftlint.artifact import Artifact
from nftlint.carriers.registry import kind_of
from nftlint.found import NftCall
from nftlint.fragment import to_root
from nftlint.scan import Scan, scan

R = "add rule ip filter INPUT drop"


def read(text: str, kind: str = "shell") -> Scan:
    return scan(Artifact("x", text), kind)


def shown(call: NftCall) -> str:
    """The script with `<name>` for each hole."""
    text = call.script.text
    for char, hole in call.script.holes.items():
        values = "=" + "|".join(hole.values) if hole.values else ""
        text = text.replace(char, f"<{hole.name}{values}>")
    return text.strip()


FOUND = {
    "plain": (f"nft {R}", [R]),
    "path": (f"/usr/sbin/nft {R}", [R]),
    "constant": (f'NFT=/sbin/nft\n$NFT {R}; ${{NFT}} {R}; "$NFT" {R}', [R, R, R]),
    "array": (f'NFT=(sudo nft)\n"${{NFT[@]}}" {R}\n${{NFT[*]}} {R}', [R, R]),
    "array, added to": (f'N=(sudo)\nN+=(nft -a)\n"${{N[@]}}" {R}', [R]),
    "split": (f'NFT="sudo nft -a"\n$NFT {R}', [R]),
    "quoted value does not split": (f'NFT="sudo nft"\n"$NFT" {R}', []),
    "default": (f"${{NFT:-nft}} {R}", [R]),
    "default of an assignment": (f"NFT=${{NFT:-/sbin/nft}}\n$NFT {R}", [R]),
    "default by colon": (f': "${{NFT:=nft}}"\n$NFT {R}', [R]),
    "command -v": (f"$(command -v nft) {R}\nN=$(which nft)\n$N {R}", [R, R]),
    "readonly, export, declare": (
        f"readonly A=nft\nexport B=nft\ndeclare -r C=nft\n$A {R}; $B {R}; $C {R}",
        [R, R, R],
    ),
    "local": (f"f() {{ local n=nft; $n {R}; }}", [R]),
    "a constant may change": ("T=mine\nT='ip filter'\nnft add rule $T c drop", None),
    "alias": (f"alias n='sudo nft'\nn {R}", [R]),
    "loop over words": (
        "for c in INPUT FORWARD; do nft add rule ip filter $c drop; done",
        ["add rule ip filter <c=INPUT|FORWARD> drop"],
    ),
    "loop over an array": (
        'a=(INPUT OUTPUT)\nfor c in "${a[@]}"; do nft add rule ip filter "$c" drop; done',
        ["add rule ip filter <c=INPUT|OUTPUT> drop"],
    ),
    "loop over what is not known": (
        "for c in $X *; do nft add rule ip filter $c drop; done",
        ["add rule ip filter <c> drop"],
    ),
    "branches": (
        "if a; then c=INPUT; else c=OUTPUT; fi\nnft add rule ip filter $c drop",
        ["add rule ip filter <c=INPUT|OUTPUT> drop"],
    ),
    "case": (
        "case $1 in a) c=INPUT;; *) c=OUTPUT;; esac\nnft add rule ip filter $c drop",
        ["add rule ip filter <c=INPUT|OUTPUT> drop"],
    ),
    "verb in a variable": (
        "v=add\n[ $1 ] && v=insert\nnft $v rule ip filter INPUT drop",
        [R, R.replace("add", "insert")],
    ),
    "table of two words": (
        "for t in 'ip filter' 'inet mine'; do nft add rule $t INPUT drop; done",
        [R, R.replace("ip filter", "inet mine")],
    ),
    "half a family": ("nft add rule ip$V filter INPUT drop", ["add rule ip<V> filter INPUT drop"]),
    "hole in a word": (f'nft "{R}$X"', [f"{R}<X>"]),
    "unset": (f"unset X\nnft {R} $X", [f"{R} <X>"]),
    "function": (
        'add_rule() { nft add rule ip filter "$@"; }\nadd_rule INPUT drop\nadd_rule INPUT drop',
        [R, R],
    ),
    "numbered": (
        "r() { nft add rule ip filter $1 drop; }\nr INPUT\nr $X",
        [R, "add rule ip filter <X> drop"],
    ),
    "shift": (
        'r() { local c="$1"; shift; nft add rule ip filter "$c" "$@"; }\nr INPUT drop',
        [R],
    ),
    "a value only": (
        "r() { nft add rule ip filter INPUT tcp dport $1 drop; }\nr 22\nr 80",
        ["add rule ip filter INPUT tcp dport <1> drop"],
    ),
    "function of a function": (
        'n() { command nft "$@"; }\nr() { n add rule ip filter "$@"; }\nr INPUT drop',
        [R],
    ),
    "runs its words": (f'run() {{ log "$@"; "$@"; }}\nrun nft {R}', [R]),
    "evaluates": (f"ev() {{ eval $1; }}\nev 'nft {R}'", [R]),
    "empty until it is known": (
        "c=\nread -r c\nnft add rule ip filter $c drop",
        ["add rule ip filter <c> drop"],
    ),
    "empty on one way": (
        "c=''\n[ $x ] && c=$(y)\nnft add rule ip filter $c drop",
        ["add rule ip filter <c> drop"],
    ),
    "runs its words as one": (f'x() {{ local c="$*"; log "$c"; eval "$c"; }}\nx nft {R}', [R]),
    "runs its words in a way of its own": (f'x() {{ eval "$(q "$@")"; }}\nx nft {R}', [R]),
    "prints its words": (f'x() {{ echo "$@"; }}\nx nft {R}', []),
    "another nft": (f'nft() {{ echo "$@" >> x; }}\nnft {R}', []),
    "recursion ends": (f'f() {{ f "$@"; nft "$@"; }}\nf {R}', [R]),
    "library": (
        'r() { nft add rule ip filter "$@"; }',
        ["add rule ip filter <@>"],
    ),
    "compound": (
        (
            f"if nft {R}; then :; fi; ! nft {R}; a && nft {R} || nft {R}; (nft {R}); {{ nft {R}; }}"
            f"; x=$(nft {R}); y=`nft {R}`; diff <(nft {R}) z; nft {R} & trap 'nft {R}' EXIT"
            f"; while nft {R}; do nft {R}; done; time nft {R}; [[ $(nft {R}) ]]; f() {{ nft {R}; }}"
        ),
        [R] * 16,
    ),
    "case arm": (f"case x in a) nft {R};; (b|c) nft {R} ;& *) nft {R}; esac", [R] * 3),
    "inside a heredoc's substitution": (f"cat <<E\n$(nft {R})\nE\n", [R]),
    "several in one": (f"nft '{R}; {R}'", [f"{R}; {R}"]),
    "escaped": (f"nft {R} \\; {R}", [f"{R} ; {R}"]),
    "redirect in between": ("nft add >/dev/null rule ip filter INPUT drop", [R]),
    "here-string": (f"nft -f - <<< '{R}'", [R]),
    "heredoc": (f"nft -f - <<EOF\n{R}\nEOF\n", [R]),
    "heredoc, more on the line": (f"nft -f - <<EOF 2>&1 | tail; x\n{R}\nEOF\n", [R]),
    "heredoc in a condition": (f"if nft -f - <<EOF; then\n{R}\nEOF\ny; fi\nnft {R}\n", [R, R]),
    "heredoc of another": (f"cat <<A; nft -f - <<B\nnft {R}\nA\n{R}\nB\n", [R]),
    "heredoc, backslash": (f"nft -f - <<EOF\n\\\n{R}\nEOF\n", [R]),
    "heredoc, indented end is none": (f"nft -f - <<EOF\n{R}\n EOF\n{R}\nEOF\n", None),
    "heredoc with tabs": (f"nft -f - <<-EOF\n\t{R}\n\tEOF\n", [R]),
    "heredoc with variables": (
        'nft -f - <<E\nadd rule ip filter INPUT ip saddr $A comment "\\$x"\nE\n',
        ['add rule ip filter INPUT ip saddr <A> comment "$x"'],
    ),
    "heredoc, quoted": (
        "nft -f - <<'E'\nadd rule ip filter INPUT $A\nE\n",
        ["add rule ip filter INPUT $A"],
    ),
    "pipe": (f"echo '{R}' | sudo nft -f -", [R]),
    "pipe through tee": (f"echo '{R}' | tee log | nft -f /dev/stdin", [R]),
    "printf": (f"printf '%s\\n' '{R}' '{R}' | nft -f -", [f"{R}\n{R}"]),
    "printf with escapes": (
        "printf 'add rule\\tip filter INPUT %s' drop | nft -f -",
        [R.replace("rule ip", "rule\tip")],
    ),
    "cat heredoc": (f"cat <<E | nft -f -\n{R}\nE\n", [R]),
    "group": (f"{{ echo '{R}'; }} | nft -f -", [R]),
    "process substitution": (f"nft -f <(echo '{R}')\nnft -f - < <(echo '{R}')", [R, R]),
    "script in a variable": (f'S="{R}"\nnft -f - <<< "$S"', [R]),
    "script of a substitution": (f'S="$(cat <<E\n{R}\nE\n)"\nnft -f - <<< "$S"', [R]),
    "command in a variable": (f'C="nft {R} $X"\n$C\neval "$C"', [f"{R} <X>"] * 2),
    "shell on standard input": (f"sudo bash -s <<E\nnft {R}\nE\n", [R]),
    "nested": (f"sudo sh -c \"su -c 'nft {R}'\"", [R]),
    "written for later": (
        (
            f"cat > /usr/local/bin/x.sh <<E\nnft {R}\nE\necho nft {R} >> /etc/rc.local\n"
            f"sudo tee /etc/cron.d/x <<E\n@reboot root nft {R}\nE\n"
            f"echo 'ExecStart=/sbin/nft {R}' > /etc/systemd/system/x.service\n"
            f'cat >"$T" <<E\n{R}\nE\nnft -f "$T"\n'
            f"tee y.sh > /dev/null <<'E'\n#!/bin/sh\nnft {R}\nE\n"
        ),
        [R] * 6,
    ),
    "xargs": ("xargs -I{} nft add rule ip filter {} drop", ["add rule ip filter <xargs> drop"]),
    "unknown wrapper": (f"in_host nft {R}", [R]),
    "comment": (f"# nft {R}\nnft list ruleset # nft {R}", []),
    "echo": (f'echo nft {R}; echo "nft {R}" >&2; printf "nft {R}"', []),
    "help": (f"usage() {{ cat <<E\nnft {R}\nE\n}}", []),
    "a string that goes nowhere": (f'x="nft {R}"', []),
    "check and list": (f"nft -c {R}; nft --check -f - <<E\n{R}\nE\nnft list table ip filter", []),
    "a prefix": (f"nft_add {R}; nftables {R}; mynft {R}; $nft_x {R}", []),
    "a pattern": ("case $x in nft) ;; esac", []),
    "other programs": ("apt install nft; command -v nft; grep nft x; pkill nft", []),
}


@pytest.mark.parametrize(("text", "scripts"), FOUND.values(), ids=FOUND)
def test_calls(text: str, scripts: list[str] | None) -> None:
    result = read(text)
    if scripts is not None:
        assert sorted(shown(call) for call in result.calls) == sorted(scripts)
        assert result.problems == ()


def test_the_last_assignment_counts() -> None:
    (call,) = read("T=mine\nT='ip filter'\nnft add rule $T INPUT drop").calls
    assert shown(call) == R


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"nft {R}", f"nft {R}"),
        (f"sudo -n nft '{R}' >/dev/null || true", f"nft '{R}'"),
        (f'sudo sh -c "nft {R} # x"', f"nft {R}"),
        ('r() { nft add rule ip filter "$@"; }\n  r INPUT drop || x', "r INPUT drop"),
        (f"é=1; nft {R} \\\n  x", f"nft {R} \\\n  x"),
        ("N=nft\n$N add rule ip filter INPUT drop;", "$N add rule ip filter INPUT drop"),
    ],
)
def test_places(text: str, where: str) -> None:
    (call,) = read(text).calls
    assert to_root(call.host, call.span).of(text) == where


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"nft list chain ip filter INPUT | grep -q x || nft {R}", "guard"),
        (f"if ! nft list ruleset | grep -q x; then nft {R}; fi", "guard"),
        (f"x=$(nft {R})", "keeps what"),
        (f"x=`nft {R}`", "keeps what"),
        (f"nft -a {R}", "handles"),
        (f"retry nft {R}", "not known"),
        (f"$NFT {R}", "not known here"),
        (f"docker run --net=host alpine nft {R}", "container image"),
    ],
)
def test_caveats(text: str, word: str) -> None:
    (call,) = read(text).calls
    assert any(word in caveat for caveat in call.caveats)
    assert all(caveat.endswith(".") for caveat in call.caveats)


@pytest.mark.parametrize(
    "text",
    [
        f"ip netns exec x nft {R}",
        f"ssh host 'nft {R}'",
        f"ssh host nft {R}",
        f"ssh host sudo sh -c \"'nft {R}'\"",
        f"ssh host bash -s <<E\nnft {R}\nE\n",
        f"N='ip netns exec x'\n$N nft {R}",
        f"docker exec x sh -c 'nft {R}'",
    ],
)
def test_elsewhere(text: str) -> None:
    assert all(call.elsewhere for call in read(text).calls)


def test_calls_name_the_function_that_they_go_through() -> None:
    (call,) = read('r() {\n  nft add rule ip filter "$@"\n}\nr INPUT drop').calls
    (place,) = call.via
    assert place.span.of(call.host.text) == 'nft add rule ip filter "$@"'


def test_references() -> None:
    text = "nft -f /etc/a.nft\nnft -f - < b.nft\ncat c.nft | nft -f -\n. ./d.sh\nbash e.sh\ncp f /g"
    found = [(item.verb, item.target, item.base) for item in read(text).references]
    assert found == [
        ("loads", "/etc/a.nft", "host"),
        ("loads", "b.nft", "file"),
        ("loads", "c.nft", "file"),
        ("sources", "./d.sh", "file"),
        ("runs", "e.sh", "file"),
        ("copies", "f", "file"),
    ]


def test_directives_are_real_comments() -> None:
    text = "# nftlint: host=a\nx=1 # nftlint: ignore\necho '# nftlint: no'\n"
    text += "cat <<E\n# nftlint: no\nE\n"
    assert [item.text for item in read(text).directives] == ["host=a", "ignore"]


def test_a_mistake_is_a_problem_only_where_a_call_may_stand() -> None:
    text = f"if x; then\n  )\n  nft ) {R}\nfi\nnft {R}\necho 'open\n"
    result = read(text)
    assert [shown(call) for call in result.calls] == [R]
    assert len(result.problems) == 1


@pytest.mark.parametrize(
    ("path", "head", "kind"),
    [
        ("a.sh", "", "shell"),
        ("a.bash", "x", "shell"),
        ("a", "#!/usr/bin/env bash\n", "shell"),
        ("a", "#! /bin/sh -e\n", "shell"),
        ("a.py", "#!/bin/dash\n", "shell"),
        (".bashrc", "", "shell"),
        ("etc/network/if-up.d/fw", "", "shell"),
        ("a.sh", "#!/usr/bin/python3\n", None),
        ("a", "#!/usr/bin/fish\n", None),
        ("fw.sh.j2", "", "jinja shell"),
        ("fw.sh.tftpl", "#!/bin/sh\n", "terraform shell"),
        ("fw.service", "", "systemd-unit"),
        ("etc/cron.d/fw", "", "cron"),
    ],
)
def test_kinds(path: str, head: str, kind: str | None) -> None:
    assert kind_of(PurePosixPath(path), head) == kind


TEMPLATES = {
    "jinja shell": (
        (
            "{% if x %}\nnft add rule ip filter INPUT tcp dport {{ port | default('22') }} drop\n"
            "{% endif %}\n{# it's #}\n"
        ),
        ["add rule ip filter INPUT tcp dport <port | default('22')> drop"],
    ),
    "terraform shell": (
        '%{ if x }\nnft add rule ip filter INPUT tcp dport ${join(",", p)} $${X}\n%{ endfor }',
        ['add rule ip filter INPUT tcp dport <join(",", p)> <X>'],
    ),
    "erb shell": (
        "<% if x -%>\nnft add rule ip filter INPUT tcp dport <%= @port %> drop\n<% end %>\n",
        ["add rule ip filter INPUT tcp dport <@port> drop"],
    ),
}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_templates(kind: str) -> None:
    text, scripts = TEMPLATES[kind]
    result = read(text, kind)
    assert [shown(call) for call in result.calls] == scripts
    assert result.problems == ()


@pytest.mark.parametrize("body", ["`", "$(", "${", "a $(b\nc"])
def test_a_heredoc_with_a_mistake_is_text(body: str) -> None:
    text = f"cat <<E | sh\n{body}\nE\nnft flush ruleset\n"
    (call,) = scan(Artifact("x.sh", text), "shell").calls
    assert call.script.text == "flush ruleset"
