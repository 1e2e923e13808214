"""Ways in which scripts bring a rule to nft: each is found, at its line, and no other line is."""

from __future__ import annotations

import pytest

from nftlint.lint import lint_text
from nftlint.results import Fix

R = "add rule ip filter INPUT"

PROGRAMS = {
    "find": (f"find . -exec nft {R} tcp dport 22 accept \\; -print\n", [1]),
    "find, a script": (f"find . -execdir sh -c 'nft {R} tcp dport 22 accept' _ {{}} +\n", [1]),
    "find, two commands": (
        f"find . -ok sudo nft {R} iifname {{}} accept \\; -exec nft {R} accept \\;\n",
        [1, 1],
    ),
    "find without a command": (f"find . -name nft {R}\n", []),
    "parallel": (f"parallel -j4 nft {R} tcp dport {{}} accept ::: 22 80\n", [1]),
    "parallel, a script": (f"cat p | parallel 'nft {R} tcp dport {{}} accept'\n", [1]),
    "cloud-init-per": (f"cloud-init-per once x nft {R} tcp dport 22 accept\n", [1]),
    "crontab": (f"crontab - <<E\n@reboot nft {R} tcp dport 22 accept\nE\n", [2]),
    "crontab, piped": (f"echo '@reboot nft {R} accept' | crontab -u root -\n", [1]),
    "crontab, with the old one": (
        f"(crontab -l 2>/dev/null; echo '@reboot nft {R} accept') | crontab -\n",
        [1],
    ),
    "crontab, listed": (f"echo 'nft {R} accept' | crontab -l\n", []),
    "at": (f"echo 'nft {R} accept' | at now + 5 minutes\n", [1]),
    "su": (f"sudo su - <<E\nnft {R} accept\nE\n", [2]),
    "sudo -s": (f"sudo -s <<E\nnft {R} accept\nE\n", [2]),
    "a function that times its words": (f'f() {{ timeout 9 "$@"; }}\nf nft {R} accept\n', [2]),
    "a function that runs a function": (
        f'f() {{ retry 3 "$@"; }}\ng() {{ f sudo "$@"; }}\ng nft {R} accept\n',
        [3],
    ),
    "a function in another namespace": (
        (
            f'f() {{ nsenter -n -t $P "$@"; }}\ng() {{ run timeout 9 "$@"; }}\n'
            f"f nft {R} accept\ng nsenter -n -t $P nft {R} accept\n"
        ),
        [],
    ),
    "an unknown program before a wrapper": (f"retry sudo -n nft {R} accept\n", [1]),
    "one that only prints": (f"log_it sudo nft {R} accept\n", []),
    "written to a file of another host": (
        f"ssh h 'echo \"nft {R} accept\" > /etc/rc.local'\n",
        [],
    ),
    "written to a file in another namespace": (
        f"ip netns exec x sh -c 'echo \"nft {R} accept\" > /etc/rc.local'\n",
        [1],
    ),
    "nsenter without a command": (f"nsenter -t 1 -n <<E\nnft {R} accept\nE\n", [2]),
    "another namespace's shell": (f"ip netns exec x sh <<E\nnft {R} accept\nE\n", []),
    "a container's shell": (f"docker exec -i c sh <<E\nnft {R} accept\nE\n", []),
    "interactive": (f"nft -i <<E\n{R} accept\nE\n", [1]),
    "arithmetic": (f"x=$(( $(nft {R} accept; echo 1) + 1 ))\n", [1]),
    "arithmetic command": (f"(( $(nft {R} accept; echo 1) ))\n", [1]),
    "arithmetic, backticks": (f'echo "$(( `nft {R} accept` ))"\n', [1]),
    "in a regular expression": (f"[[ $x =~ ^(a|$(nft {R} accept))$ ]]\n", [1]),
    "in a quoted regular expression": (f'[[ $x =~ "a $(nft {R} accept)" ]] && b\n', [1]),
    "behind an element's assignment": (f"a[${{b[0]}}]=1 nft {R} accept\n", [1]),
    "backticks name nft": (f"X=`which nft`\n$X {R} accept\n", [2]),
}
PRINTED = {
    "a function": (f"f() {{ echo '{R} accept'; }}\nf | nft -f -\n", [2]),
    "a function with branches": (
        f"f() {{\nif a; then echo '{R} accept'\nelse cat <<E\n{R} drop\nE\nfi\n}}\nf | nft -f -\n",
        [2, 4],
    ),
    "not what goes elsewhere": (
        (
            f"f() {{ echo '{R} accept' >&2; echo '{R} drop' > /dev/null; x=$(echo '{R} x'); }}\n"
            "f | nft -f -\n"
        ),
        [],
    ),
    "not what is swallowed": (f"f() {{ echo '{R} accept' | grep -q x; }}\nf | nft -f -\n", []),
    "a function with words": (f"f() {{ echo '{R}' \"$1\"; }}\nf accept | nft -f -\n", [2]),
    "functions that print functions": (
        f"a() {{ b; echo '{R} accept'; a; }}\nb() {{ echo '{R} drop'; }}\na | sudo nft -f -\n",
        [1, 2],
    ),
    "process substitution": (f"f() {{ echo '{R} accept'; }}\nnft -f <(f)\n", [2]),
    "captured": (f"f() {{ echo '{R} accept'; }}\nnft \"$(f)\"\n", [2]),
    "captured, kept": (f"X=$(echo '{R} accept')\nnft -f - <<< \"$X\"\n", [2]),
    "heredoc, kept": (f'X=$(cat <<E\n{R} accept\nE\n)\necho "$X" | nft -f -\n', [5]),
    "heredoc, read": (f"read -r -d '' X <<E || :\n{R} accept\nE\nnft -f - <<< \"$X\"\n", [4]),
    "heredoc, several rules": (f'X=$(cat <<E\n{R} accept\n{R} drop\nE\n)\nnft "$X"\n', [2, 3]),
    "group": (f"{{ cat head; echo '{R} accept'; }} | nft -f -\n", [1]),
    "subshell": (f"( cat <<E\n{R} accept\nE\n) | nft -f -\n", [4]),
    "loop": (f'while read i; do echo "{R} ip saddr $i drop"; done < l | nft -f -\n', [1]),
    "pieces of one statement": (
        (
            "{\necho 'table ip filter {'\necho 'chain INPUT {'\n"
            "for p in 22 80; do echo \"tcp dport $p accept\"; done\necho '}}'\n} | nft -f -\n"
        ),
        [4],
    ),
    "through tee, from a heredoc": (f"tee /dev/null <<E | nft -f -\n{R} accept\nE\n", [1]),
    "through sed": (f"echo '{R} tcp dport @ accept' | sed s/@/22/ | nft -f -\n", [1]),
    "printf -v": (f"printf -v c 'nft {R} tcp dport %s accept' 22\n$c\n", [2]),
    "printf -v, put together": (
        (
            f'printf -v r "{R} tcp dport %s accept\\n" "$P"\n'
            f'printf -v r "%s{R} tcp dport %s accept\\n" "$r" "$Q"\nnft -f <(echo -n "$r")\n'
        ),
        [1, 2],
    ),
    "put together": (f'r=$(a)\nr="$r; {R} accept"\nr="$r; {R} drop"\nnft "$r"\n', [2, 3]),
    "in a branch, partly known": (
        f'r=\nif a; then r="$r; {R} accept comment $X"; fi\nr="$r; {R} drop"\nnft "$r"\n',
        [2, 3],
    ),
    "a test of bats": (f'#!/usr/bin/env bats\n@test "a {{b}}" {{\nnft {R} accept\n}}\n', [3]),
    "in a branch": (
        f'R=\nif a; then R="$R; {R} accept $X"; fi\nR="$R; {R} drop $Y"\nnft "$R"\n',
        [2, 3],
    ),
    "two commands": (
        f'if a; then C="nft {R} tcp dport $P accept"\nelse C="nft {R} udp dport $Q drop"; fi\n$C\n',
        [3, 3],
    ),
}
FILES = {
    "a function's output": (f"f() {{ echo '{R} accept'; }}\nf > /etc/nftables.conf\n", [1]),
    "a group's function": (f"f() {{ echo '{R} accept'; }}\n{{ f; }} > /etc/nftables.conf\n", [1]),
    "a kept heredoc": (f'X=$(cat <<E\n{R} accept\nE\n)\necho "$X" > /etc/nftables.conf\n', [2]),
    "a kept script": (
        (
            f"v=$(cat <<E\nnft {R} accept\nE\n)\nF=$(uci get x)\necho '#!/bin/sh' > $F\n"
            "cat <<E >> $F\n${v}\nE\n"
        ),
        [2],
    ),
    "words appended by a function": (
        f"echo '#!/usr/sbin/nft -f' > $T\nadd() {{ echo \"{R} $*\" >> $T; }}\nadd accept\n",
        [3],
    ),
    "a function in a variable": (
        (
            '[ -n "$c" ] || c=w\nw() { echo "$@" | tee -a "$f" > /dev/null; }\n'
            f'i() {{ f="$d/firewall.nft"; }}\ni\n$c {R} accept\n'
        ),
        [5],
    ),
    "a shebang in a variable": (
        (
            "{ printf '%s\\n' \"#!${nft} -f\" ''; if a; then\n"
            f"printf '%s\\n' '{R} accept'; fi; }} > \"$f\"\n"
        ),
        [2],
    ),
    "a shebang in a variable that is asked for": (
        (
            'n="$(command -v nft)"\nf() { { printf \'%s\\n\' "#!${n} -f" ""\n'
            f"printf '%s\\n' '{R} drop'; }} > \"$t\"; }}\n"
        ),
        [3],
    ),
    "formatted by a function": (
        (
            "f() {\nprintf '#!/usr/sbin/nft -f\\n' > $T\n"
            'printf \'insert rule %s %s %s accept\\n\' "$1" "$2" "$3" >> $T\n}\nf ip filter INPUT\n'
        ),
        [5],
    ),
    "a function that another file calls": (
        (
            'true\nf() {\nlocal p="$1" t="$2"\n{\n'
            "printf '%s\\n' '#!/usr/sbin/nft -f'\ncase \"$p\" in\n"
            f"4) printf '%s\\n' \"{R} ip saddr @$p drop\" ;;\n"
            f'6) if a; then printf \'%s\\n\' "{R} tcp dport $p drop"; fi ;;\nesac\n}} > "$t"\n}}\n'
        ),
        [7, 8],
    ),
    "a function that calls a function named nft": (
        (
            'nft() { w add "$@"; }\nnft4() { nft "$@"; }\n'
            'w() { case "$1" in\nadd) shift; echo "$*" >> $T ;;\n'
            "new) echo '#!/usr/sbin/nft -f' > $T ;;\nesac; }\n"
            f'f() {{ local i="$1"; nft4 {R} iifname "$i" accept; }}\nw new\nf eth0\n'
        ),
        [9],
    ),
    "by OpenWrt's loop": (
        (
            'w() { echo "$*" >> /etc/nftables.conf; }\n'
            f'f() {{ [ "$2" = on ] && w {R} iifname "$1" accept; }}\n'
            "config_foreach f interface on\n"
        ),
        [2],
    ),
    "put together of two variables by a function": (
        (
            'w() { printf \'%s\\n\' "$*" | tee -a -- "/run/x.nft"; }\n'
            'f() {\na="insert rule ip filter INPUT $1"\nb="dport $2 drop"\nw "$a $b"\n}\nf tcp 22\n'
        ),
        [7],
    ),
    "an extension behind variables": (f't="$d.$x.nft"\necho \'{R} accept\' > "$t"\n', [2]),
    "loaded where the output is kept": (
        f't=$(mktemp)\necho \'{R} accept\' > "$t"\nif ! out=$(nft -f "$t" 2>&1); then exit 1; fi\n',
        [2],
    ),
    "a function's own file is another": (
        (
            'a() { local t; t=$(mktemp); echo "x=$y" > "$t"; }\n'
            f'b() {{ local t; t=$(mktemp); echo \'{R} accept\' > "$t"; nft -f "$t"; }}\n'
        ),
        [2],
    ),
}
INPUT = {
    "set in a branch, handed as a string": (
        f'if a; then\nx="{R} accept"\nfi\nnft -f - <<< "$x"\n',
        [4],
    ),
    "set in a branch, printed": (f'if a; then\nx="{R} accept"\nfi\necho "$x" | nft -f -\n', [4]),
    "set in a branch, in a heredoc": (
        f'if a; then\nx="{R} accept"\nfi\nnft -f - <<E\n$x\n{R} drop\nE\n',
        [2, 6],
    ),
    "a text with a text that is set in a branch": (
        (
            f'f() {{\nif a; then\nx="{R} accept"\nfi\ny="add table ip filter\n$x\n{R} drop"\n'
            "nft -f - <<< $y\n}\nf\n"
        ),
        [3, 7],
    ),
    "a function's input": (f"f() {{ sudo nft -f -; }}\nf <<E\n{R} accept\nE\n", [2]),
    "piped to a function": (f"f() {{ nft -f -; }}\necho '{R} accept' | f\n", [2]),
    "a heredoc with parameters": (
        "f() {\nnft -f - <<E\nadd rule ip filter $1 accept\nE\n}\nf INPUT\n",
        [6],
    ),
    "a function's word": (f'f() {{ nft -f - <<< "$1"; }}\nf "$(cat <<E\n{R} accept\nE\n)"\n', [2]),
    "a wrapper in a variable": (
        f"run() {{ echo \"$@\"; \"$@\"; }}\nN='run nft'\necho '{R} accept' | $N -f -\n",
        [3],
    ),
}
EVERY = {**PROGRAMS, **PRINTED, **FILES, **INPUT}


@pytest.mark.parametrize(("script", "lines"), EVERY.values(), ids=EVERY)
def test_found_at_its_line(script: str, lines: list[int]) -> None:
    report = lint_text(script, "x.sh", ("kube-router",))
    assert not report.failures
    places = [result.location.span.start for result in report.results if result.rule == "NFT101"]
    assert sorted(script.count("\n", 0, place) + 1 for place in places) == lines
    assert {result.rule for result in report.results} <= {"NFT101"}


@pytest.mark.parametrize("loop", ["config_foreach f port add", "config_list_foreach a b f add"])
def test_a_call_by_a_librarys_loop_is_not_written_anew(loop: str) -> None:
    script = f'f() {{ nft "$2" rule ip filter INPUT tcp dport "$1" accept; }}\n{loop}\n'
    report = lint_text(script, "x.sh", ("kube-router",))
    found = [result for result in report.results if result.rule == "NFT101"]
    assert [script.count("\n", 0, result.location.span.start) for result in found] == [1]
    assert not any(isinstance(it.fix, Fix) and it.fix.replacements for it in found)
