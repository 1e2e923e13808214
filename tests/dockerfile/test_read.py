"""What a Dockerfile carries: each text with its language, its lens, and what holds there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nftlint.artifact import Artifact
from nftlint.docker.instructions import parse
from nftlint.edits import Edit, apply, lift
from nftlint.found import NftCall
from nftlint.fragment import Fragment, Refusal, to_root
from nftlint.scan import Scan, scan
from nftlint.span import Span
from nftlint.verify import Change, verify


def scanned(text: str) -> Scan:
    return scan(Artifact("Dockerfile", text), "dockerfile")


def carried(result: Scan) -> list[Fragment]:
    """The texts that stand in the Dockerfile itself."""
    pairs = zip(result.addresses, result.fragments, strict=True)
    return [fragment for address, fragment in pairs if len(address) == 2]


TEXTS = {
    "RUN a \\\n  # c\n\n  b 'c\\\nd'\n": ("shell", "a \\\n  b 'cd'"),
    'RUN a "b \\\n c" \\\n d "$(e \\\n f)" \\\n g': (
        "shell",
        'a "b \\\n c" \\\n d "$(e \\\n f)" \\\n g',
    ),
    'RUN a${b#c} \\\n "${d}" \\\n &&\\\ne': ("shell", 'a${b#c} \\\n "${d}" \\\n &&e'),
    "RUN a \\\n $'b' \\\n c \\\n": ("shell", "a \\\n $'b'  c"),
    "# escape=`\nRUN a\\`\n b\\ `\n c": ("shell", "a\\ b\\ \\\n c"),
    "RUN a # b \\\n  c\n": ("shell", "a # b   c"),
    "RUN a \\  \n b\n": ("shell", "a \\\n b"),
    "# escape=`\nRUN a `\n b \\\nCMD c": ("shell", "a \\\n b \\"),
    "run --mount=type=bind,target=/x --network=host a b\n": ("shell", "a b"),
    'RUN ["a", \\\n  "b"]\n': ("dockerfile-exec", '["a",   "b"]'),
    "RUN [\"a\", 'b']\n": ("shell", "[\"a\", 'b']"),
    "ONBUILD RUN a\n": ("shell", "a"),
    "CMD a\n": ("shell", "a"),
    "ENTRYPOINT a\n": ("shell", "a"),
    "HEALTHCHECK --interval=3s CMD a b\n": ("shell", "a b"),
    'HEALTHCHECK CMD ["a"]\n': ("dockerfile-exec", '["a"]'),
    "RUN <<EOF\na\n  b $c\nEOF\n": ("shell", "a\n  b $c\n"),
    "RUN <<-'EOF'\n\t\ta\n\t b\n\tEOF\n": ("shell", "a\n b\n"),
    "RUN <<EOF\n#!/usr/bin/env python3\nEOF\n": ("", "#!/usr/bin/env python3\n"),
    "RUN <<EOF bash -e\na\nEOF\n": ("shell", "<<EOF bash -e\na\nEOF"),
    "RUN <<-EOF cat \\\n && b\n\ta\n\tEOF\n": ("shell", "<<-EOF cat  && b\n\ta\nEOF"),
    "RUN <<A <<B cat\na\nA\nb\nB\n": ("shell", "<<A <<B cat\na\nA\nb\nB"),
    'SHELL ["/bin/bash", "-c"]\nRUN a\n': ("shell", "a"),
    'SHELL ["powershell.exe", "-c"]\nRUN a\n': ("powershell", "a"),
    'FROM a AS b\nSHELL ["pwsh"]\nFROM b\nRUN a\n': ("pwsh", "a"),
    'FROM a AS b\nSHELL ["pwsh"]\nFROM c\nRUN a\n': ("shell", "a"),
    "COPY <<'EOF' /a\nb $c \\d\nEOF\n": ("", "b $c \\d\n"),
    "COPY <<EOF /a\nb \\$c \\\\d$1\nEOF\n": ("", "b $c \\d\n"),
    "ADD <<-EOF /a\n\tb\n\tEOF\n": ("", "b\n"),
}


@pytest.mark.parametrize("text", TEXTS)
def test_text(text: str) -> None:
    first = carried(scanned(text))[0]
    language, expected = TEXTS[text]
    assert first.language == language
    assert first.text in (expected, expected + "\n")  # the instruction's own line break


def test_places_to_the_column() -> None:
    text = "FROM a\nRUN b && \\\n # c\n\n  nft add \\\n  rule x\n"
    (run,) = carried(scanned(text))
    at = run.text.index("nft")
    assert to_root(run, Span(at, at + 3)) == Span(text.index("nft"), text.index("nft") + 3)
    at = run.text.index("rule")
    assert to_root(run, Span(at, at + 4)).start == text.index("rule")


def test_escapes_of_an_exec_form_are_undone() -> None:
    text = 'CMD ["sh", "-c", "\\u0061 \\"b\\" \\ud83d\\ude00\\n"]\n'
    result = scanned(text)
    script = result.fragments[-1]
    assert (script.language, script.text) == ("shell", 'a "b" \U0001f600\n')
    assert to_root(script, Span(0, 1)).of(text) == "\\u0061"


def test_variables_of_a_copied_heredoc_are_holes_with_their_values() -> None:
    text = (
        "FROM a\nARG C=d\nENV A=b\nENV D=$A-${A:-x} E=$C\n"
        "COPY <<EOF /x\n$A $C ${D} $E ${A:-y}\nEOF\n"
    )
    (file,) = carried(scanned(text))
    holes = [(hole.raw, hole.name, hole.values) for hole in file.holes.values()]
    assert holes == [
        ("$A", "A", ("b",)),
        ("$C", "C", None),
        ("${D}", "D", ("b-b",)),
        ("$E", "E", None),
        ("${A:-y}", "A", ("b",)),
    ]


def test_a_run_knows_that_it_builds_and_its_variables() -> None:
    text = 'FROM a\nENV A=b C=\'d e\'\nARG A=x\nRUN ["sh", "-c", "a"]\nONBUILD RUN a\nCMD a\n'
    run, shell, onbuild, command = scanned(text).fragments[1:]
    for fragment in (run, shell):
        assert fragment.context.build_time
        assert dict(fragment.context.variables) == {"A": "b", "C": "d e"}
    assert onbuild.context.build_time
    assert not onbuild.context.variables
    assert not command.context.build_time


def test_variables_end_with_their_stage() -> None:
    text = "FROM a AS b\nENV A=b\nFROM c\nRUN a\nFROM b\nRUN b\nFROM 0\nRUN c\n"
    variables = [dict(item.context.variables) for item in carried(scanned(text))]
    assert variables == [{}, {"A": "b"}, {"A": "b"}]


COPIES = {
    "COPY a.sh /b": [("a.sh", "/b")],
    "COPY a.sh /b/": [("a.sh", "/b/a.sh")],
    "COPY --chown=1 /x/a.sh b.nft /c": [("x/a.sh", "/c/a.sh"), ("b.nft", "/c/b.nft")],
    'COPY ["a b", "/c"]': [("a b", "/c")],
    "COPY a b": [("a", "")],
    "WORKDIR /w\nCOPY a b": [("a", "/w/b")],
    "WORKDIR /w\nWORKDIR x\nADD a .": [("a", "/w/x/a")],
    "FROM scratch\nCOPY a b": [("a", "/b")],
    "ENV D=/d\nCOPY ${D}/a $D/": [("d/a", "/d/a")],
    "ARG D=/d\nCOPY a $D/": [("a", "")],
    "COPY --from=b a /c": [],
    "ADD https://x/y git@z:a /c": [],
    "ONBUILD COPY a /c": [("a", "/c")],
    "COPY . /c": [(".", "/c")],
    "COPY / /c": [(".", "/c")],
    "COPY <<EOF a /c/\nEOF\n": [("a", "/c/a")],
    "COPY a": [],
    "COPY": [],
}


@pytest.mark.parametrize("text", COPIES)
def test_references(text: str) -> None:
    found = scanned(text + "\n").references
    assert [(item.target, item.destination) for item in found] == COPIES[text]
    for item in found:
        assert item.verb == "copies"
        assert item.place.span.of(text)


def test_copied_heredocs_are_files() -> None:
    text = "WORKDIR /w\nCOPY <<a.sh <<b /d/\na\na.sh\nb\nb\nCOPY <<E x\nE\nCOPY <<E $Y/z.sh\nc\nE\n"
    assert [item.path for item in carried(scanned(text))] == ["/d/a.sh", "/d/b", "/w/x", ""]


def test_directives() -> None:
    text = (
        "# nftlint: host=a\nFROM x\nRUN a && \\\n  # nftlint: ignore[NFT101] why\n b\n"
        'LABEL nftlint.host="b" nftlint_x=y\nRUN <<EOF cat\n# nftlint: host=no\nEOF\n'
        "# see nftlint: x\n"
    )
    result = scanned(text)
    own = [item for item in result.directives if item.fragment.parent is None]
    assert [item.text for item in own] == ["host=a", "ignore[NFT101] why", "host=b"]
    assert own[1].span.of(text) == "# nftlint: ignore[NFT101] why"
    assert own[2].span.of(text) == 'nftlint.host="b"'


PROBLEMS = {
    "FROM a\nRUN <<EOF\na\n": ("no line 'EOF' ends the heredoc", 2),
    "FROM a\nFOO b\nBAR c\n": ("'FOO' is no Dockerfile instruction", 2),
    "# escape=x\nFROM a\n": ("the escape character can be \\ or `, not x", 1),
    'FROM a\nCMD ["a", 1]\n': ("an exec form must be a list of strings only", 2),
    "ENV A\n": ("ENV must have two arguments", 1),
    "LABEL a=b c\n": ("'c' is not of the form name=value", 1),
    "COPY <<EOF /a\n${}\nEOF\n": ("the heredoc EOF cannot be expanded: bad substitution", 1),
    "ONBUILD FOO\n": ("'FOO' is no Dockerfile instruction", 1),
    "": None,
    "# only a comment": None,
    "RUN a\n": None,
    "\\\n": None,
    "RUN\nCMD\nCOPY\nHEALTHCHECK\nONBUILD\nFROM\nSHELL []\n": None,
    "ONBUILD " * 3000 + "\n": None,
    "CMD " + "[" * 100_000 + "\n": None,
}


@pytest.mark.parametrize("text", PROBLEMS, ids=lambda text: text[:30])
def test_what_cannot_be_read_is_said_and_the_rest_is_read(text: str) -> None:
    found = scanned(text).problems
    shown = [(item.message, text.count("\n", 0, item.span.start) + 1) for item in found]
    expected = PROBLEMS[text]
    assert shown == ([] if expected is None else [expected])


# The law: after an edit the file reads as edited, and all else reads as before.

FILE = (
    "# escape=`\nFROM a\nENV A=b\nRUN one `\n  # c\n\n && two 'x`\ny' `  \n three\n"
    'CMD ["sh", `\n "-c", "four fi\\u0076e \\"six\\""]\n'
    "RUN <<-EOF\n\tseven\n\t\teight\n\n\tEOF\n"
    "RUN cat <<A <<-B | nine\nten\nA\n\televen\n\tB\n"
    "COPY <<EOF <<-'F' /x/\ntwelve $A \\$y \\\\ ${B}\nEOF\n\tthirteen\n\tF\n"
    "HEALTHCHECK CMD fourteen\nONBUILD RUN fifteen\n"
)
BEFORE = scanned(FILE)
NESTED = [fragment for fragment in BEFORE.fragments if fragment.parent is not None]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data(), st.text(alphabet="ab $\\\"'<EOF#&|;\n\té{}", max_size=6))
def test_an_edit_reads_back_or_is_refused(data: st.DataObject, new: str) -> None:
    fragment = data.draw(st.sampled_from(NESTED))
    start = data.draw(st.integers(0, len(fragment.text)))
    end = data.draw(st.integers(start, len(fragment.text)))
    edit = Edit(fragment, Span(start, end), new)
    written = lift(edit)
    if isinstance(written, Refusal):
        return
    after = scanned(apply(FILE, [written]))
    if not reads_as(after, fragment, fragment.text[:start] + new + fragment.text[end:]):
        assert not (new.isalpha() and tame(fragment, start, end)), written
        assert isinstance(verify(BEFORE, [Change((edit,), NO_CALL)]), Refusal)


NO_CALL = NftCall(BEFORE.fragments[0], Span(0, 0), NESTED[0], lambda _: Refusal("no call"))


def reads_as(after: Scan, edited: Fragment, expected: str) -> bool:
    """Compare all texts that neither carry the edited one nor are carried by it."""
    at = BEFORE.addresses[BEFORE.fragments.index(edited)]
    old, new = aside(BEFORE, at), aside(after, at)
    texts = dict(zip(after.addresses, after.fragments, strict=True))
    return (
        old == new
        and at in texts
        and texts[at].text == expected
        and instructions_changed(after) <= 1
    )


def aside(result: Scan, at: tuple[int, ...]) -> list[tuple[tuple[int, ...], str, str]]:
    return [
        (address, fragment.language, fragment.text)
        for address, fragment in zip(result.addresses, result.fragments, strict=True)
        if address[: len(at)] != at[: len(address)]
    ]


def instructions_changed(after: Scan) -> int:
    old, new = instructions(BEFORE), instructions(after)
    if len(old) != len(new):
        return len(old) + len(new)
    return sum(left != right for left, right in zip(old, new, strict=True))


def instructions(result: Scan) -> list[tuple[object, ...]]:
    source = result.fragments[0]
    return [
        (item.name, item.flags, item.values, [doc.body.of(source.text) for doc in item.heredocs])
        for item in parse(source).instructions
    ]


def tame(fragment: Fragment, start: int, end: int) -> bool:
    """Tell whether an edit replaces letters within one word: such an edit must always hold."""
    around = fragment.text[max(start - 1, 0) : end + 1]
    return len(around) >= end - start + 2 and around.isalpha() and around.islower()


@pytest.mark.parametrize("number", range(1, 16))
def test_a_word_can_be_replaced_in_every_form(number: int) -> None:
    names = (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    )
    word = names.split()[number - 1]
    fragment = next(item for item in reversed(NESTED) if word in item.text)
    start = fragment.text.index(word)
    written = lift(Edit(fragment, Span(start, start + len(word)), "nft a 'b c' \"d\""))
    assert not isinstance(written, Refusal)
    expected = fragment.text.replace(word, "nft a 'b c' \"d\"")
    after = scanned(apply(FILE, [written]))
    assert expected in [item.text for item in after.fragments]
    assert instructions_changed(after) == 1
