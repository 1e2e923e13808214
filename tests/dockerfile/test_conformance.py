"""The splitter reads what BuildKit's own parser reads (PyPI package ``dockerfile``)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nftlint.artifact import Artifact, root
from nftlint.docker.instructions import parse

pytest.importorskip("dockerfile", reason="BuildKit's parser has wheels for few platforms")

_SCRIPT = Path(__file__).parents[2] / "scripts" / "dockerfile_conformance.py"
_SPEC = importlib.util.spec_from_file_location("dockerfile_conformance", _SCRIPT)
conformance = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(conformance)

CASES = {
    "comments and blank lines in a continuation": "RUN a \\\n # c\n\n\t\n  && b \\\n#d\n  c\nCMD x",
    "blanks after the continuation": "RUN a \\ \t\n  b\n",
    "an escaped escape is no continuation": "RUN a \\\\\nRUN b\nRUN c \\\\\\\nRUN d",
    "a continuation alone": "\\\nRUN a\n\\\n",
    "a comment that looks like one ends none": "RUN a\n# c \\\nRUN b",
    "escape directive": "# escape=`\nFROM a\nRUN a `\n  b \\\nRUN c ``\nCMD d",
    "escape after another comment is a comment": "# c\n# escape=`\nRUN a \\\nb",
    "two escape directives": "# escape=`\n# escape=`\nFROM a",
    "bad escape directive": "# escape=x\nFROM a",
    "syntax directive, then escape": "#syntax=a/b\n#ESCAPE = `\nRUN a `\nb",
    "byte order mark": "\ufeff# escape=`\nRUN a `\nb",
    "CRLF": "FROM a\r\nRUN a \\\r\n  b\r\nRUN cat <<EOF\r\nx\r\nEOF\r\n",
    "lower case": "from a as b\nrun --mount=type=bind,source=. c\n",
    "flags": "RUN --a=\"b c\" --d='e' --f=\\g -- h\nCOPY --from=a --chown=b c d\nRUN --\nRUN --x",
    "exec form": 'RUN ["a", \\\n "b\\u0063\\ud83d\\ude00\\"" ]\nCMD []\nENTRYPOINT [ ]',
    "lone surrogate": 'RUN ["\\ud800", "\\udc00x"]',
    "exec form that is none": "RUN ['a']\nRUN [\"a\",]\nRUN [NaN]\nRUN [ a ]\nCMD [[\n",
    "exec form of other things": 'RUN ["a", 1]',
    "a control character is no JSON": 'RUN ["a\tb"]',
    "several heredocs": "RUN <<A <<-'B' cat\na\nA\n\tb\n\tB\nCOPY <<\"C D\" <<E /x\nC D\ne\nE\n",
    "heredoc terminators": "RUN <<-EOF\n EOF\n\tEOF \nEOF\nRUN <<EOF\n\tEOF\nEOF\n",
    "heredoc without an end": "FROM a\nRUN <<EOF\nRUN x",
    "heredoc operators that are none": "RUN cat<<A\nRUN 'x <<B'\nRUN \"x <<C\nRUN a <<<D\nRUN <<",
    "odd names": "RUN <<EOF;\nx\nEOF;\nRUN (cat 3<<EOF)\nx\nEOF)\nRUN cat <<\\E\nE\n",
    "heredocs elsewhere": "CMD <<EOF\nENV a=<<b\nONBUILD RUN <<EOF\nx\nEOF\n"
    "ONBUILD COPY <<EOF /\nEOF\n",
    "heredoc after a continuation": "RUN cat <<EOF \\\n# c\n && b\nbody\nEOF\n",
    "variables in the way": "RUN a ${b:-<<EOF} c\nEOF}\nRUN ${a <<EOF\nRUN $<<EOF\n"
    "RUN a ${b:=<<E}\nE}",
    "pairs": 'ENV a=b "c d"=e f=\'g h\' i=\\\nj\nENV a  b  c \nLABEL a="b\\"c" d=\\ e\nENV a=\\',
    "bad pairs": "ENV a=b c",
    "a name alone": "ENV a",
    "arguments": 'ARG a b=c "d e"\nARG\nEXPOSE 1  2\nVOLUME a b\nVOLUME ["a"]\nUSER a  b',
    "health": 'HEALTHCHECK NONE\nHEALTHCHECK --interval=1s CMD a  b\nHEALTHCHECK CMD ["a"]\n'
    "HEALTHCHECK\nHEALTHCHECK CMD",
    "ONBUILD": "ONBUILD RUN a\nONBUILD\nonbuild copy --from=a b c\nONBUILD ENV a=b\nONBUILD X y",
    "unknown": "FOO bar\nFROMa\n}\n",
    "empty": "",
    "only comments": "# a\n\n# b",
    "odd blanks": "RUN\ta\x0bb\x0cc\n\x0bCMD x\nRUN \u00a0a\u2003\n",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_reads_as_buildkit_does(text: str) -> None:
    assert conformance.difference(text) == ""


WORDS = st.one_of(
    st.sampled_from(
        ["nft", "add", "a=b", '"a b"', "'c'", "\\", "`", "$X", "${Y:-z}", "&&", "é", "\t"]
    ),
    st.sampled_from(["<<EOF", "<<-'END'", '<<"EOF"', "3<<EOF", "<<", '["a", "b"]', '["a"']),
    st.sampled_from(["--x=y", "--", "#", "=", '"', "'"]),
)
KEYWORDS = st.one_of(
    st.sampled_from(["RUN", "run", "COPY", "ADD", "CMD", "ENTRYPOINT", "HEALTHCHECK CMD"]),
    st.sampled_from(["ONBUILD RUN", "ENV", "LABEL", "ARG", "FROM", "SHELL", "ONBUILD", "FOO", ""]),
)
ENDS = st.sampled_from(["\n", "\n", "\n", " \\\n", "\\ \n", " `\n", "\\\\\n", "\n\n"])
LINE = st.one_of(
    st.builds(lambda key, words: " ".join([key, *words]), KEYWORDS, st.lists(WORDS, max_size=6)),
    st.lists(WORDS, max_size=4).map("  ".join),
    st.sampled_from(
        ["# comment", "  # nftlint: x", "EOF", "\tEOF", "END", "\t\tEND", "", "  ", "\\"]
    ),
)
FILE = st.builds(
    lambda head, lines: head + "".join(line + end for line, end in lines),
    st.sampled_from(["", "# escape=`\n", "# syntax=x\n# escape=\\\n", "\ufeff", "\n"]),
    st.lists(st.tuples(LINE, ENDS), max_size=10),
)


@settings(max_examples=800, deadline=None, derandomize=True)
@given(FILE)
@example("RUN <<EOF \\\n# x\n\nEOF\nEOF\n")
def test_reads_any_soup_as_buildkit_does(text: str) -> None:
    found = conformance.difference(text)
    assert found == "" or conformance.excuse(text), found


def test_blanks_before_a_heredoc_name_count_where_a_line_ends_it() -> None:
    """As in Dockerfile syntax 1.11 and later; older parsers see no heredoc there."""
    source = root(
        Artifact("Dockerfile", "RUN cat << EOF\na\nEOF\nRUN : $((1 << 3))\n"), "dockerfile"
    )
    parsed = parse(source)
    assert [item.values for item in parsed.instructions] == [("cat << EOF",), (": $((1 << 3))",)]
    assert [heredoc.body.of(source.text) for heredoc in parsed.instructions[0].heredocs] == ["a\n"]
    assert not parsed.faults
