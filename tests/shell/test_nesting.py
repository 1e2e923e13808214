"""Properties: a rule in any nest of shells is found once, at its place; lenses keep their law."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nftlint.artifact import Artifact, root
from nftlint.commands.quote import double_escape, single_quote
from nftlint.edits import Edit, apply, lift
from nftlint.fragment import Fragment, Refusal, to_root
from nftlint.scan import scan
from nftlint.shell.ansi import encode_ansi
from nftlint.shell.lens import read_heredoc, read_word
from nftlint.shell.parse import parse
from nftlint.shell.tree import Simple
from nftlint.shell.values import Env
from nftlint.span import Span

Wrap = Callable[[str], str]
MARK = "<<"


def _heredoc(before: str, *, quoted: bool) -> Wrap:
    def wrap(text: str) -> str:
        end = f"E{text.count(MARK)}"
        if quoted:
            return f"{before} <<'{end}'\n{text}\n{end}\n"
        escaped = "".join("\\" + char if char in "$`\\" else char for char in text)
        return f"{before} <<{end}\n{escaped}\n{end}\n"

    return wrap


def _backtick(text: str) -> str:
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$") + "`"


WRAPS: dict[str, Wrap] = {
    "single": lambda text: f"sudo sh -c {single_quote(text)}",
    "double": lambda text: f'bash -lc "{double_escape(text)}" || true',
    "ansi": lambda text: f"sh -c $'{encode_ansi(text)}'",
    "eval": lambda text: f"eval {single_quote(text)}",
    "su": lambda text: f"su - root -c {single_quote(text)} >/dev/null",
    "trap": lambda text: f"trap {single_quote(text)} EXIT",
    "heredoc": _heredoc("sh", quoted=False),
    "quoted heredoc": _heredoc("sudo bash -s", quoted=True),
    "for later": _heredoc("cat > /usr/local/bin/x.sh", quoted=True),
    "if": lambda text: f"if x; then\n  {text}\nelse :\nfi",
    "group": lambda text: f"a && {{ b; {text}\n}} 2>&1",
    "subshell": lambda text: f"( # nft add rule\n{text}\n)",
    "function": lambda text: f"f() {{\n{text}\n}}",
    "loop": lambda text: f"for i in 1 2; do\n{text}\ndone",
    "case": lambda text: f"case $x in\n a) {text}\n ;;\nesac",
    "substitution": lambda text: f"x=$({text}\n)",
    "backticks": _backtick,
    "lines": lambda text: f"echo 'nft add rule ip filter INPUT drop'\n{text}\n# é nft add",
}
NESTS = st.lists(st.sampled_from(sorted(WRAPS)), max_size=5)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _nest(names: list[str], text: str) -> str:
    for name in names:
        text = WRAPS[name](text)
    return text


@FEW
@given(NESTS, st.integers(1, 65535))
def test_found_once_at_its_place(names: list[str], port: int) -> None:
    rule = f"add rule ip filter INPUT tcp dport {port} accept"
    text = _nest(names, f"nft {rule}")
    result = scan(Artifact("x.sh", text), "shell")
    assert result.problems == ()
    assert [call.script.text for call in result.calls] == [rule]
    call = result.calls[0]
    assert to_root(call.host, call.span).of(text) == f"nft {rule}"


@pytest.mark.parametrize("name", sorted(set(WRAPS) - {"for later"}))
def test_rewritten_in_each(name: str, rewrite: Callable[..., str | Refusal]) -> None:
    wanted = _nest([name], "iptables -A INPUT 'a*'")
    assert rewrite(_nest([name], "nft add rule ip filter INPUT a*")) == wanted


@FEW
@given(names=NESTS)
def test_rewritten_at_any_depth(names: list[str], rewrite: Callable[..., str | Refusal]) -> None:
    text = _nest(names, "nft add rule ip filter INPUT a*")
    done = rewrite(text)
    if not isinstance(done, Refusal):
        assert done == _nest(names, "iptables -A INPUT 'a*'")
        assert scan(Artifact("x.sh", done), "shell").calls == ()


TEXT = st.text(st.sampled_from("ab $`\"'\\\n!{}é\t#;|"), max_size=12)


def _read_single_word(text: str) -> Fragment:
    script = parse(text)
    assert script.mistakes == ()
    simple = script.body.items[0].pipelines[0].commands[0]
    assert isinstance(simple, Simple)
    host = root(Artifact("x.sh", text), "shell")
    return read_word(host, simple.words[1], Env(text)).fragment


def _read_heredoc(text: str) -> Fragment:
    script = parse(text)
    assert script.mistakes == ()
    (heredoc,) = script.heredocs.values()
    host = root(Artifact("x.sh", text), "shell")
    return read_heredoc(host, heredoc, Env(text), "nft")


STYLES: dict[str, tuple[Wrap, Callable[[str], Fragment], bool]] = {
    "single": (lambda text: f"x {single_quote(text)}", _read_single_word, False),
    "double": (lambda text: f'x "{double_escape(text)}"', _read_single_word, False),
    "ansi": (lambda text: f"x $'{encode_ansi(text)}'", _read_single_word, False),
    "heredoc": (_heredoc("x", quoted=False), _read_heredoc, True),
    "quoted heredoc": (_heredoc("x", quoted=True), _read_heredoc, True),
}


@FEW
@given(st.sampled_from(sorted(STYLES)), TEXT, TEXT, st.data())
def test_lens_law(style: str, text: str, new: str, data: st.DataObject) -> None:
    write, read, lines = STYLES[style]
    outer = write(text)
    fragment = read(outer)
    whole = text + "\n" if lines else text
    assert fragment.text == whole
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not text:
        return
    lifted = lift(Edit(fragment, Span(start, end), new))
    if not isinstance(lifted, Refusal):
        again = read(apply(outer, [lifted]))
        assert again.text == whole[:start] + new + whole[end:]
