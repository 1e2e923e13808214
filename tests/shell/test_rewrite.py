"""New commands in the place of nft's: each byte around them stays, and the shell agrees."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from nftlint.artifact import Artifact
from nftlint.found import NftCall, Part
from nftlint.fragment import Refusal
from nftlint.scan import scan

R = "add rule ip filter INPUT"
TWO = f"{R} x; {R} y"

CASES = {
    "plain": (f"nft {R} accept\n", "iptables -A INPUT accept\n"),
    "all around stays": (
        f"  if true; then sudo -n nft {R} x >/dev/null 2>&1 || true; fi # nft\n",
        "  if true; then sudo -n iptables -A INPUT x >/dev/null 2>&1 || true; fi # nft\n",
    ),
    "quoted": (f"nft '{R} accept'", "iptables -A INPUT accept"),
    "double quoted": (f'nft "{R} $X accept"', 'iptables -A INPUT "$X" accept'),
    "variable": (f"nft {R} $X y", "iptables -A INPUT $X y"),
    "variable in quotes": (f'nft {R} "${{X}}/24" y', 'iptables -A INPUT "${X}/24" y'),
    "substitution": (f"nft {R} $(date +%s) y", "iptables -A INPUT $(date +%s) y"),
    "path": (f"/usr/sbin/nft {R} y", "iptables -A INPUT y"),
    "assignment before": (f"LC_ALL=C nft {R} y", "LC_ALL=C iptables -A INPUT y"),
    "continued": (
        f"nft {R} \\\n    x \\\n\ty && z\n",
        "iptables -A INPUT \\\n    x \\\n\ty && z\n",
    ),
    "continued early": (
        "nft add rule ip filter \\\n  INPUT x",
        "iptables -A \\\n  INPUT x",
    ),
    "two": (f"nft '{TWO}'\n", "(iptables -A INPUT x && iptables -A INPUT y)\n"),
    "two with prefix": (
        f"sudo nft '{TWO}' 2>/dev/null\n",
        "(sudo iptables -A INPUT x && sudo iptables -A INPUT y) 2>/dev/null\n",
    ),
    "two, the list goes on": (
        f"a && nft '{TWO}' || b\n",
        "a && iptables -A INPUT x && iptables -A INPUT y || b\n",
    ),
    "two, after or": (
        f"a || nft '{TWO}' || b\n",
        "a || (iptables -A INPUT x && iptables -A INPUT y) || b\n",
    ),
    "two in a condition": (
        f"if nft '{TWO}'; then :; fi\n",
        "if iptables -A INPUT x && iptables -A INPUT y; then :; fi\n",
    ),
    "two, negated": (
        f"if ! nft '{TWO}'; then :; fi\n",
        "if ! (iptables -A INPUT x && iptables -A INPUT y); then :; fi\n",
    ),
    "two in the background": (
        f"nft '{TWO}' &\n",
        "(iptables -A INPUT x && iptables -A INPUT y) &\n",
    ),
    "two in a pipe": (
        f"nft '{TWO}' | tee x\n",
        "(iptables -A INPUT x && iptables -A INPUT y) | tee x\n",
    ),
    "two words": (
        f"nft {R} x \\; {R} y\n",
        "(iptables -A INPUT x && iptables -A INPUT y)\n",
    ),
    "one stays": (
        f"nft -a '{R} x; add rule inet t c y'\n",
        "(iptables -A INPUT x && nft -a 'add rule inet t c y')\n",
    ),
    "one stays, in words": (
        f'sudo nft add rule inet t c "$Z" \\; {R} x\n',
        '(sudo nft add rule inet t c "$Z" && sudo iptables -A INPUT x)\n',
    ),
    "known prefix": ("S='sudo nft'\n$S " + f"{R} x", "S='sudo nft'\nsudo iptables -A INPUT x"),
    "array": ("A=(sudo nft)\n" + f'"${{A[@]}}" {R} x', "A=(sudo nft)\nsudo iptables -A INPUT x"),
    "nft in a variable": (f"N=/sbin/nft\n$N {R} x", "N=/sbin/nft\niptables -A INPUT x"),
    "table in a variable": (
        "T='ip filter'\nnft add rule $T INPUT x",
        "T='ip filter'\niptables -A INPUT x",
    ),
    "wrapper function": (
        f'run() {{ echo "$@"; "$@"; }}\nrun nft {R} x',
        'run() { echo "$@"; "$@"; }\nrun iptables -A INPUT x',
    ),
    "rule function": (
        'r() { sudo nft add rule ip filter "$@"; }\nr INPUT "$X" y',
        'r() { sudo nft add rule ip filter "$@"; }\nsudo iptables -A INPUT "$X" y',
    ),
    "rule function, numbered": (
        "r() { nft add rule ip filter $1 tcp dport $2 accept; }\nr INPUT 22 || exit",
        "r() { nft add rule ip filter $1 tcp dport $2 accept; }\n\
iptables -A INPUT tcp dport 22 accept || exit",
    ),
    "sh -c": (f"sh -c 'nft {R} x'", "sh -c 'iptables -A INPUT x'"),
    "sh -c in double quotes": (
        f'sh -c "nft {R} \\"\\$A\\" $B"',
        'sh -c "iptables -A INPUT \\"\\$A\\" $B"',
    ),
    "sh -c, quotes needed": (f"sh -c \"nft '{R} a*'\"", "sh -c \"iptables -A INPUT 'a*'\""),
    "single in single": (
        f"sh -c 'nft '\\''{R} a*'\\'''",
        "sh -c 'iptables -A INPUT '\\''a*'\\'''",
    ),
    "ansi": (f"sh -c $'nft {R} x'", "sh -c $'iptables -A INPUT x'"),
    "eval": (f"eval nft {R} x", "eval iptables -A INPUT x"),
    "backticks": (f"`nft {R} \\$X`", "`iptables -A INPUT $X`"),
    "heredoc, one": (
        f"sudo nft -f - <<EOF || exit 1\n{R} x $P\nEOF\nnext\n",
        'sudo iptables -A INPUT x "$P" || exit 1\nnext\n',
    ),
    "heredoc, several": (
        f"nft -f - <<EOF\n# first\n{R} x $P\n\n{R} y\nEOF\n",
        "iptables-restore --noflush <<EOF\n*filter\n\
# first\n-A INPUT x $P\n\n-A INPUT y\nCOMMIT\nEOF\n",
    ),
    "heredoc, quoted": (
        f"nft -f - <<'EOF'\n{R} x\n{R} y\nEOF\n",
        "iptables-restore --noflush <<'EOF'\n*filter\n-A INPUT x\n-A INPUT y\nCOMMIT\nEOF\n",
    ),
    "heredoc with tabs": (
        f"\tnft -f - <<-EOF\n\t{R} x\n\t{R} y\n\tEOF\n",
        "\tiptables-restore --noflush <<-EOF\n\t*filter\n\
\t-A INPUT x\n\t-A INPUT y\n\tCOMMIT\n\tEOF\n",
    ),
    "heredoc, both families": (
        f"nft -f - <<EOF\n{R} x\nadd rule ip6 filter INPUT y\nEOF\n",
        "(iptables -A INPUT x && ip6tables -A INPUT y)\n",
    ),
    "heredoc, piped": (
        f"cat <<EOF | sudo nft -f -\n{R} x\nEOF\n",
        "cat <<EOF | sudo iptables-restore --noflush\n*filter\n-A INPUT x\nCOMMIT\nEOF\n",
    ),
    "heredoc, the first moves out": (
        f"nft -f - <<EOF\n{R} x\nadd rule inet t c y\nEOF\n",
        "(iptables -A INPUT x && nft -f - <<EOF)\nadd rule inet t c y\nEOF\n",
    ),
    "heredoc, the last moves out": (
        f"sudo nft -f - <<EOF\nadd rule inet t c y\n{R} x\nEOF\n",
        "(sudo nft -f - <<EOF && sudo iptables -A INPUT x)\nadd rule inet t c y\nEOF\n",
    ),
    "echo": (f'echo "{R} $X" | sudo nft -f - || exit', 'sudo iptables -A INPUT "$X" || exit'),
    "printf": (
        f"printf '%s\\n' '{R} x' \"{R} $Y\" | nft -f -",
        '(iptables -A INPUT x && iptables -A INPUT "$Y")',
    ),
    "here-string": (f'nft -f - <<< "{R} x" 2>/dev/null', "iptables -A INPUT x 2>/dev/null"),
    "written for later": (
        f"cat > /usr/local/bin/fw.sh <<EOF\nnft {R} \\$X $Y\nEOF\n",
        "cat > /usr/local/bin/fw.sh <<EOF\niptables -A INPUT \\$X $Y\nEOF\n",
    ),
    "appended for later": (
        f"echo 'nft {R} x' >> /etc/rc.local\n",
        "echo 'iptables -A INPUT x' >> /etc/rc.local\n",
    ),
    "in an if in a function": (
        f"f() {{\n  if a; then\n    nft {R} x\n  fi\n}}\n",
        "f() {\n  if a; then\n    iptables -A INPUT x\n  fi\n}\n",
    ),
    "redirect in between": (
        f"nft {R} >/dev/null x 2>&1\n",
        "iptables -A INPUT x >/dev/null 2>&1\n",
    ),
    "redirect before": (f"2>/dev/null sudo nft {R} x", "2>/dev/null sudo iptables -A INPUT x"),
    "redirects around two": (
        f"2>/dev/null sudo >x nft '{TWO}' >y",
        "(sudo iptables -A INPUT x && sudo iptables -A INPUT y) 2>/dev/null >x >y",
    ),
    "redirect in between, heredoc": (
        f"nft 2>/dev/null -f - <<E\n{R} x\n{R} y\nE\n",
        "iptables-restore --noflush 2>/dev/null <<E\n*filter\n-A INPUT x\n-A INPUT y\nCOMMIT\nE\n",
    ),
    "heredoc in between, several": (
        f"nft <<E -f -\n{R} x\n{R} y\nE\n",
        "iptables-restore --noflush <<E\n*filter\n-A INPUT x\n-A INPUT y\nCOMMIT\nE\n",
    ),
    "heredoc in between, one": (
        f"2>&1 sudo nft <<E -f - >x\n{R} x\nE\n",
        "sudo iptables -A INPUT x 2>&1 >x\n",
    ),
    "heredoc, known prefix": (
        f"N='sudo nft'\n$N -f - <<E\n{R} x\n{R} y\nE\n",
        "N='sudo nft'\nsudo iptables-restore --noflush <<E\n\
*filter\n-A INPUT x\n-A INPUT y\nCOMMIT\nE\n",
    ),
    "here-string, known prefix": (
        f"N='sudo nft'\n$N -f - <<< '{R} x'",
        "N='sudo nft'\nsudo iptables -A INPUT x",
    ),
    "comments and blank lines are as iptables-restore takes them": (
        f"nft -f - <<E\n  # why\n  {R} x # because\n   \n  {R} y\nE\n",
        "iptables-restore --noflush <<E\n*filter\n\
# why\n# because\n-A INPUT x\n\n-A INPUT y\nCOMMIT\nE\n",
    ),
    "a comment keeps the heredoc": (
        f"nft -f - <<E\n# why\n{R} x\nE\n",
        "iptables-restore --noflush <<E\n*filter\n# why\n-A INPUT x\nCOMMIT\nE\n",
    ),
    "two in a subshell": (
        f"(nft '{TWO}')",
        "( (iptables -A INPUT x && iptables -A INPUT y))",
    ),
    "two in a substitution": (
        f"x=$(nft '{TWO}')",
        "x=$( (iptables -A INPUT x && iptables -A INPUT y))",
    ),
    "heredoc in a substitution, the first moves out": (
        f"x=$(nft -f - <<E\n{R} x\nadd rule inet t c y\nE\n)",
        "x=$( (iptables -A INPUT x && nft -f - <<E)\nadd rule inet t c y\nE\n)",
    ),
    "crlf is not seen here": (
        f"nft {R} x;nft {R} y",
        "iptables -A INPUT x;nft add rule ip filter INPUT y",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_rewrites(before: str, after: str, rewrite: Callable[..., str | Refusal]) -> None:
    assert rewrite(before) == after
    assert _bash_accepts(before)
    assert _bash_accepts(after)


def _bash_accepts(text: str) -> bool:
    done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    return done.returncode == 0


REFUSED = {
    "exec": (f"exec nft '{TWO}'", "one command only"),
    "exec, heredoc": (
        f"exec nft -f - <<E\n{R} x\nadd rule ip6 filter INPUT y\nE\n",
        "one command only",
    ),
    "exec, some move out": (
        f"exec nft -f - <<E\n{R} x\nadd rule inet t c y\nE\n",
        "one command only",
    ),
    "prefix that runs something": (f"sudo -u $(next) nft '{TWO}'", "evaluated for each command"),
    "assignment that runs something": (f"A=`next` nft '{TWO}'", "evaluated for each command"),
    "redirect in between, one stays": (
        f"nft >x '{R} x; add rule inet t c y'",
        "redirection stands between",
    ),
    "comments, two families": (
        f"nft -f - <<E\n# why\n{R} x\nadd rule ip6 filter INPUT y\nE\n",
        "a comment stands within",
    ),
    "filled in before": (
        f'P=$(a)\nRULES="{R} $P"\nP=$(b)\nnft -f - <<< "$RULES"',
        "put together elsewhere",
    ),
    "evaluated twice": (f'nft "{R} $(date)"', "evaluated 2 times"),
    "several values": (
        f"for n in nft iptables; do $n {R} x; done",
        "can be `nft`, `iptables`",
    ),
    "several verbs": ("for v in add insert; do nft $v rule ip filter INPUT x; done", "can be"),
    "not the only value": ("T=${T:-ip filter}\nnft add rule $T INPUT x", "something else"),
    "function does more": (
        'r() { log; nft add rule ip filter "$@"; }\nr INPUT x',
        "does more than to run nft",
    ),
    "xargs": (f"xargs nft {R} ip saddr", "xargs decides"),
    "process substitution": (f"nft -f <(echo {R} x)", "process substitution"),
    "tee": (f"echo {R} x | tee log | nft -f -", "another command of the pipeline"),
    "between": (
        f"nft -f - <<E\nadd rule inet t c a\n{R} x\nadd rule inet t c b\nE\n",
        "stands between two",
    ),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_refusals(text: str, reason: str, parts_of: Callable[[NftCall], list[Part]]) -> None:
    call = scan(Artifact("x.sh", text), "shell").calls[0]
    parts = parts_of(call)
    if "evaluated" in reason:
        parts = [*parts, *parts]
    refused = call.rewrite(parts)
    assert isinstance(refused, Refusal)
    assert reason in refused.reason
