"""Random YAML around random scalars, by construction: text together with the values in it."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.text("abcé:#'\"\\-{}[],&*!|>%@ \t{}$", min_size=0, max_size=8)
PLAIN_WORD = st.text("abxé-.=/'\"\\$", min_size=1, max_size=6).map(lambda text: "w" + text)
BLANKS = st.integers(0, 2)


@st.composite
def plain(draw: st.DrawFn, indent: int) -> str:
    words = draw(st.lists(PLAIN_WORD, min_size=1, max_size=6))
    return _joined(draw, words, indent)


@st.composite
def single(draw: st.DrawFn, indent: int) -> str:
    words = [word.replace("'", "''") for word in draw(st.lists(WORDS, max_size=5))]
    return "'" + _joined(draw, words, indent) + "'"


ESCAPES = st.sampled_from(
    [
        r"\"",
        r"\\",
        r"\n",
        r"\t",
        r"\x41",
        r"\u00e9",
        r"\U0001F600",
        r"\ ",
        r"\/",
        r"\e",
        r"\0",
        r"\_",
    ]
)


@st.composite
def double(draw: st.DrawFn, indent: int) -> str:
    plain_text = WORDS.map(lambda text: text.replace("\\", "\\\\").replace('"', '\\"'))
    continued = st.just("\\\n" + " " * indent)
    pieces = draw(st.lists(st.one_of(plain_text, ESCAPES, continued), max_size=6))
    return '"' + _joined(draw, pieces, indent) + '"'


def _joined(draw: st.DrawFn, words: list[str], indent: int) -> str:
    gap = st.one_of(
        st.sampled_from([" ", "  "]),
        BLANKS.map(lambda more: "\n" * (more + 1) + " " * indent),
        BLANKS.map(lambda more: "  \n" * (more + 1) + " " * (indent + more)),
    )
    parts = words[:1]
    for word in words[1:]:
        parts += [draw(gap), word]
    return "".join(parts)


@st.composite
def block(draw: st.DrawFn, indent: int) -> str:
    """A block scalar whose lines are indented by ``indent`` plus some."""
    more = draw(st.integers(0, 3))
    # Alone at the top a block needs no indentation; all blocks here are inside something.
    lines = draw(st.lists(st.one_of(WORDS, st.just("")), max_size=6))
    leads = lines and (lines[0][:1] in {" ", "\t"} or not lines[0].strip())
    kept = draw(st.booleans()) or bool(leads)
    indicator = str(more + 1) if kept else ""
    chomp = draw(st.sampled_from(["", "-", "+"]))
    header = draw(st.sampled_from(["|", ">"])) + draw(
        st.sampled_from([indicator + chomp, chomp + indicator])
    )
    comment = draw(st.sampled_from(["", " # note"]))
    pad = " " * (indent + more)
    body = "\n".join(pad + line if line or draw(st.booleans()) else line for line in lines)
    return f"{header}{comment}\n{body}"


def in_block(indent: int) -> st.SearchStrategy[str]:
    """Any scalar, for a place where lines are indented by at least ``indent`` blanks."""
    return st.one_of(plain(indent), single(indent), double(indent), block(indent))


def in_flow(indent: int) -> st.SearchStrategy[str]:
    quoted = st.one_of(single(indent), double(indent))
    word = st.text("abx-./=", min_size=1, max_size=6).map(lambda text: "w" + text)
    return st.one_of(quoted, word)


@st.composite
def node(draw: st.DrawFn, depth: int, indent: int) -> str:
    """A value: what follows ``key:`` or ``-`` in a collection indented by ``indent - 1``."""
    kind = draw(st.sampled_from(["scalar", "scalar", "flow", "sequence", "mapping"]))
    prop = draw(st.sampled_from(["", "", "&anchor ", "!tag ", "!!str &a "]))
    if kind == "scalar" or depth == 0:
        return " " + prop + draw(in_block(indent))
    if kind == "flow":
        parts = draw(st.lists(in_flow(indent), max_size=4))
        gap = draw(st.sampled_from([", ", ",\n" + " " * indent]))
        return " " + prop + "[" + gap.join(parts) + "]"
    pad = " " * (indent + draw(st.integers(0, 2)))
    count = draw(st.integers(1, 3))
    parts = []
    for number in range(count):
        head = "-" if kind == "sequence" else f"k{number}:"
        inner = draw(node(depth - 1, len(pad) + 1))
        parts.append(f"{pad}{head}{inner}")
    return " " + prop.strip() + "\n" + "\n".join(parts)


@st.composite
def document(draw: st.DrawFn) -> str:
    parts = [f"key{number}:{draw(node(3, 1))}\n" for number in range(draw(st.integers(1, 3)))]
    text = "".join(parts)
    return draw(st.sampled_from(["", "# head\n", "---\n"])) + text
