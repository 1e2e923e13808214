"""Command lines that carry nft: which are calls, of what, where they run."""

from __future__ import annotations

import pytest

from nftlint.commands.quote import hole_styles, shell_quote
from nftlint.commands.read import read_command
from nftlint.commands.words import CommandLine, Word
from nftlint.found import Found, NftCall, Reference
from nftlint.fragment import VERBATIM, Builder, Fragment, Refusal, Style
from nftlint.span import Span

DOUBLE = Style("double", lambda text: text, keeps_words=True)


def line_of(words: list[str], values: dict[str, tuple[str, ...]] | None = None) -> CommandLine:
    """Words that start with ``$`` are variables; ``"$X"`` with quotes are quoted ones."""
    text = "\x1f".join(words)
    host = Fragment("argv", text, None, ())
    found: list[Word] = []
    at = 0
    for word in words:
        span = Span(at, at + len(word))
        quoted = word.startswith('"')
        builder = Builder(text, host, DOUBLE if quoted else VERBATIM)
        inner = Span(span.start + 1, span.end - 1) if quoted else span
        if word.strip('"').startswith("$"):
            name = inner.of(text)[1:]
            builder.hole(inner, name, values=(values or {}).get(name))
        else:
            builder.copy(inner)
        found.append(Word(builder.build("word"), span))
        at = span.end + 1
    return CommandLine(host, tuple(found), lambda *_: Refusal("not here"))


def read(command: str, **values: str) -> list[Found]:
    known = {name: tuple(value.split("|")) for name, value in values.items()}
    return list(read_command(line_of(command.split(), known)))


RULE = "add rule ip filter INPUT tcp dport 22 accept"
HERE = [
    "nft",
    "/usr/sbin/nft",
    "nft --",
    "sudo nft",
    "sudo -n nft",
    "sudo -nu root nft",
    "sudo --user root -E PATH=/sbin A=b nft",
    "sudo -- nft",
    "doas -u root nft",
    "env -i -u HOME LC_ALL=C nft",
    "nice -n 5 nft",
    "nice nft",
    "ionice -c2 -n 0 nft",
    "timeout 5 nft",
    "timeout -k 1 --signal=KILL 5s nft",
    "time -p nft",
    "exec -a x nft",
    "command nft",
    "command -p nft",
    "builtin command nft",
    "nohup setsid stdbuf -oL -e 0 nft",
    "chroot /host nft",
    "chroot --userspec=0:0 /host /usr/sbin/nft",
    "flock -w 5 /run/lock nft",
    "nsenter -t 1 -n nft",
    "nsenter -t 1 -m -u -n -i -- nft",
    "nsenter --target 1 --net --mount nft",
    "nsenter -at 1 nft",
    "nsenter --net=/proc/1/ns/net nft",
    "nsenter -t 1 -m nft",
    "systemd-run --wait -p CPUQuota=5% --unit x nft",
    "ip vrf exec red nft",
    "unshare -m nft",
    "busybox nft",
    "run_in_host_netns nft",
    "retry nft",
    "$SUDO nft",
    "docker run --rm --net=host --privileged -v /x:/y alpine nft",
    "docker run -it --network host --name fw alpine nft",
    "strace -f -o /tmp/x nft",
]


@pytest.mark.parametrize("prefix", HERE)
def test_wrappers_lead_to_the_call(prefix: str) -> None:
    (call,) = read(f"{prefix} {RULE}")
    assert isinstance(call, NftCall)
    assert call.script.text == RULE
    assert call.elsewhere == ""
    assert call.span.of(call.host.text).split("\x1f")[0].rpartition("/")[2] == "nft"
    assert call.span.end == len(call.host.text)


ELSEWHERE = [
    "ip netns exec blue nft",
    "ip -n x netns exec blue sudo nft",
    "nsenter --net=/run/netns/blue nft",
    "nsenter -t 4242 -n nft",
    "nsenter -t $PID -n nft",
    "docker exec -it web nft",
    "docker run --rm alpine nft",
    "kubectl exec -n kube-system pod -- nft",
    "kubectl -n kube-system exec pod -c c -- sudo nft",
    "unshare -n nft",
    "lxc exec c1 -- nft",
    "systemd-run -M box nft",
    "$NETNS nft",
]


@pytest.mark.parametrize("prefix", ELSEWHERE)
def test_other_namespaces_are_elsewhere(prefix: str) -> None:
    (call,) = read(f"{prefix} {RULE}")
    assert isinstance(call, NftCall)
    assert call.elsewhere


NOTHING = [
    f"echo nft {RULE}",
    f"log_info nft {RULE}",
    f"nft -c {RULE}",
    f"nft --check {RULE}",
    f"nft -ac {RULE}",
    "nft -c -f /etc/nftables.conf",
    "nft list ruleset",
    "sudo nft -a list chain ip filter INPUT",
    "nft",
    "nft --version",
    "command -v nft",
    "sudo -l nft",
    "which nft",
    "apt-get install nft",
    "install_package nft add",
    "nftables add rule ip filter INPUT accept",
    f"timeout nft {RULE}",
    "",
]


@pytest.mark.parametrize("command", NOTHING)
def test_no_calls(command: str) -> None:
    assert read(command) == []


@pytest.mark.parametrize(
    ("command", "options", "script"),
    [
        ("nft -ae add rule x y", ("-a", "-e"), "add rule x y"),
        ("nft -j -I /etc/nft add rule x y", ("-j", "-I"), "add rule x y"),
        ("nft --includepath /etc -nn -- add rule x y", ("--includepath", "-n", "-n"), None),
        ("nft -D a=b -d all add rule x y", ("-D", "-d"), "add rule x y"),
        ("nft -f /x add rule x y", ("-f",), "add rule x y"),
    ],
)
def test_options(command: str, options: tuple[str, ...], script: str | None) -> None:
    (call,) = read(command)
    assert isinstance(call, NftCall)
    assert call.options == options
    assert call.script.text == (script or "add rule x y")


def test_output_options_are_caveats() -> None:
    (call,) = read("nft -a -e -j add rule x y")
    assert isinstance(call, NftCall)
    assert [caveat.split(",")[0] for caveat in call.caveats] == [
        "nft is asked to print JSON",
        "nft is asked to print handles",
        "nft is asked to print the rule that was added",
    ]


@pytest.mark.parametrize(
    ("command", "verb", "target", "base", "language"),
    [
        ("nft -f /etc/nftables.conf", "loads", "/etc/nftables.conf", "host", "nft"),
        ("sudo nft -af rules.nft", "loads", "rules.nft", "file", "nft"),
        ("nft --file=rules.nft", "loads", "rules.nft", "file", "nft"),
        ("nft -frules.nft", "loads", "rules.nft", "file", "nft"),
        ("bash -x ./fw.sh start", "runs", "./fw.sh", "file", "shell"),
        ("source lib.sh", "sources", "lib.sh", "file", "shell"),
        (". /etc/fw.sh", "sources", "/etc/fw.sh", "host", "shell"),
        ("sudo ./fw.sh start", "runs", "./fw.sh", "file", ""),
    ],
)
def test_references(command: str, verb: str, target: str, base: str, language: str) -> None:
    (reference,) = read(command)
    assert isinstance(reference, Reference)
    assert (reference.verb, reference.target) == (verb, target)
    assert (reference.base, reference.language) == (base, language)


@pytest.mark.parametrize(
    ("words", "where", "text"),
    [
        (["sh", "-c", "nft x"], "", "nft x"),
        (["sudo", "bash", "-lc", "nft x", "name"], "", "nft x"),
        (["bash", "-o", "pipefail", "-ec", "nft x"], "", "nft x"),
        (["su", "-c", "nft x"], "", "nft x"),
        (["su", "-", "root", "-c", "nft x"], "", "nft x"),
        (["runuser", "-u", "root", "--", "sh", "-c", "nft x"], "", "nft x"),
        (["flock", "/lock", "-c", "nft x"], "", "nft x"),
        (["eval", "nft x", "y"], "", "nft x y"),
        (["trap", "nft x", "EXIT"], "", "nft x"),
        (["watch", "-n", "5", "nft", "x"], "", "nft x"),
        (["ssh", "-p", "22", "root@node", "nft x"], "another host", "nft x"),
        (["ssh", "node", "sudo", "nft", "x"], "another host", "sudo nft x"),
        (["kubectl", "exec", "p", "--", "sh", "-c", "nft x"], "a container", "nft x"),
    ],
)
def test_scripts_in_words(words: list[str], where: str, text: str) -> None:
    (fragment,) = read_command(line_of(words))
    assert isinstance(fragment, Fragment)
    assert (fragment.language, fragment.text) == ("shell", text)
    assert fragment.context.elsewhere.startswith(where)
    assert bool(fragment.context.elsewhere) == bool(where)


@pytest.mark.parametrize(
    ("value", "calls"),
    [
        ("nft", 1),
        ("/usr/sbin/nft", 1),
        ("sudo nft -a", 1),
        ("", 0),
        ("iptables", 0),
        ("nft|/sbin/nft", 2),
        ("sudo|", 0),
        ("ip netns exec x nft", 1),
    ],
)
def test_known_values_of_the_command_word(value: str, calls: int) -> None:
    found = read(f"$CMD {RULE}", CMD=value)
    assert len(found) == calls
    assert all(isinstance(call, NftCall) and call.script.text == RULE for call in found)


def test_a_quoted_value_is_one_word() -> None:
    assert read(f'"$CMD" {RULE}', CMD="sudo nft") == []
    assert len(read(f'"$CMD" {RULE}', CMD="/usr/sbin/nft")) == 1


def test_an_unknown_variable_named_nft_is_taken_for_it() -> None:
    (call,) = read(f"$NFT {RULE}")
    assert isinstance(call, NftCall)
    assert call.caveats
    assert read(f"$FOO {RULE}") == []


def test_xargs_adds_what_is_not_known() -> None:
    (call,) = read("xargs -n 1 nft add element ip filter x")
    assert isinstance(call, NftCall)
    assert len(call.script.holes) == 1
    assert isinstance(call.rewrite([]), Refusal)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("!", "!"),
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("eth*", "'eth*'"),
        ("$x", "'$x'"),
        ("~x", "'~x'"),
        ("a=b", "a=b"),
        ("{22,80}", "'{22,80}'"),
    ],
)
def test_quoting_of_constants(text: str, quoted: str) -> None:
    assert shell_quote(text, {}) == quoted


@pytest.mark.parametrize(
    ("style", "before", "after", "quoted"),
    [
        (DOUBLE, "", "", '"$X"'),
        (DOUBLE, "", "/24", '"$X/24"'),
        (DOUBLE, "a `b", "", '"a \\`b$X"'),
        (DOUBLE, "!", "", "'!'\"$X\""),
        (VERBATIM, "", "/24", "$X/24"),
        (VERBATIM, "a b", "", "'a b'$X"),
    ],
)
def test_quoting_of_variables(style: Style, before: str, after: str, quoted: str) -> None:
    builder = Builder("$X", Fragment("shell", "$X", None, ()), style)
    char = builder.hole(Span(0, 2), "X")
    holes = hole_styles(builder.build("nft"))
    assert shell_quote(f"{before}{char}{after}", holes) == quoted
