"""Compound commands: groups, branches, loops, tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from nftlint.patterns import compiled
from nftlint.shell.brackets import arithmetic_end
from nftlint.shell.cursor import Cursor
from nftlint.shell.lists import at_keyword, at_operator, expect, newlines, read_list, token
from nftlint.shell.scan import scan_quoted, scan_word
from nftlint.shell.simple import ends_simple, function_keyword, redirects
from nftlint.shell.tree import Body, Case, Command, For, Group, If, Test, While, Word
from nftlint.span import Span

_FOR_ARITHMETIC = compiled(r"(?:[ \t]|\\\n)*(?=\(\()")
_TEST_OPERATOR = compiled(r"&&|\|\||[()<>]|!(?=\s)")
_REGEX = compiled(r"=~[ \t]+")
_REGEX_PART = compiled(r"\\.|'[^']*'|\"(?:[^\"\\]|\\.)*\"|\([^()]*\)|[^\s\\'\"]", re.DOTALL)


def group(cursor: Cursor, closer: str = "}") -> Group:
    """Read ``{ … }``, or ``( … )`` where ``closer`` says so."""
    start = cursor.at
    cursor.at += 1
    body = read_list(cursor, frozenset({closer}))
    expect(cursor, closer)
    span = Span(start, cursor.at)
    return Group(span, cursor.text[start], body, redirects(cursor))


def _if(cursor: Cursor) -> If:
    start = cursor.at
    branches: list[tuple[Body, Body]] = []
    last: Body | None = None
    while (keyword := at_keyword(cursor)) in ("if", "elif"):
        cursor.at += len(keyword)
        condition = read_list(cursor, frozenset({"then"}))
        expect(cursor, "then")
        branches.append((condition, read_list(cursor, frozenset({"elif", "else", "fi"}))))
    if keyword == "else":
        cursor.at += len(keyword)
        last = read_list(cursor, frozenset({"fi"}))
    expect(cursor, "fi")
    span = Span(start, cursor.at)
    return If(span, tuple(branches), last, redirects(cursor))


def _do(cursor: Cursor) -> Body:
    """Read ``do … done``, or the braces that bash takes instead after ``for``."""
    newlines(cursor)
    if at_operator(cursor) == ";":
        cursor.at += 1
        newlines(cursor)
    if at_keyword(cursor) == "{":
        return group(cursor).body
    expect(cursor, "do")
    body = read_list(cursor, frozenset({"done"}))
    expect(cursor, "done")
    return body


def _while(cursor: Cursor) -> While:
    start = cursor.at
    cursor.at += len("while")
    condition = read_list(cursor, frozenset({"do"}))
    body = _do(cursor)
    span = Span(start, cursor.at)
    return While(span, condition, body, redirects(cursor))


def _for(cursor: Cursor) -> For:
    start = cursor.at
    cursor.at += len(at_keyword(cursor))
    name, words = "", None
    if arithmetic := _FOR_ARITHMETIC.match(cursor.text, cursor.at):
        cursor.at = arithmetic_end(cursor, arithmetic.end())
        if cursor.at < 0:
            cursor.at = start
            raise cursor.fail("`((` is not closed")
    else:
        cursor.skip_blanks()
        name = scan_word(cursor).span.of(cursor.text)
        newlines(cursor)
        words = _for_words(cursor)
    body = _do(cursor)
    span = Span(start, cursor.at)
    return For(span, name, words, body, redirects(cursor))


def _for_words(cursor: Cursor) -> tuple[Word, ...] | None:
    if at_keyword(cursor) != "in":
        return None
    cursor.at += len("in")
    words: list[Word] = []
    cursor.skip_blanks()
    while not ends_simple(cursor):
        words.append(scan_word(cursor))
        cursor.skip_blanks()
    return tuple(words)


def _case(cursor: Cursor) -> Case:
    start = cursor.at
    cursor.at += len("case")
    cursor.skip_blanks()
    word = scan_word(cursor)
    newlines(cursor)
    expect(cursor, "in")
    arms: list[tuple[tuple[Word, ...], Body]] = []
    newlines(cursor)
    while cursor.at < len(cursor.text) and at_keyword(cursor) != "esac":
        arms.append(_arm(cursor))
        newlines(cursor)
    expect(cursor, "esac")
    span = Span(start, cursor.at)
    return Case(span, word, tuple(arms), redirects(cursor))


def _arm(cursor: Cursor) -> tuple[tuple[Word, ...], Body]:
    if cursor.text.startswith("(", cursor.at):
        cursor.at += 1
    patterns: list[Word] = []
    while True:
        newlines(cursor)
        patterns.append(scan_word(cursor))
        newlines(cursor)
        if not cursor.text.startswith("|", cursor.at):
            break
        cursor.at += 1
    expect(cursor, ")")
    body = read_list(cursor, frozenset({"esac"}))
    operator = at_operator(cursor)
    if operator.startswith((";;", ";&")):
        cursor.at += len(operator)
    elif cursor.at < len(cursor.text) and at_keyword(cursor) != "esac":
        raise cursor.fail(f"unexpected `{token(cursor)}`")
    return tuple(patterns), body


def _test(cursor: Cursor) -> Test:
    start = cursor.at
    cursor.at += len("[[")
    words: list[Word] = []
    while True:
        newlines(cursor)
        if cursor.text.startswith("]]", cursor.at):
            cursor.at += 2
            return Test(Span(start, cursor.at), tuple(words), redirects(cursor))
        if match := _REGEX.match(cursor.text, cursor.at):
            cursor.at = match.end()
            words += _regex(cursor)
        elif match := _TEST_OPERATOR.match(cursor.text, cursor.at):
            cursor.at = match.end()
        elif cursor.at >= len(cursor.text):
            cursor.at = start
            raise cursor.fail("`[[` is not closed")
        else:
            words.append(scan_word(cursor))


def _regex(cursor: Cursor) -> Iterator[Word]:
    """Yield what runs commands in the regular expression after ``=~``, and go past it.

    Parentheses in it are its own.
    """
    depth = 0
    while match := _REGEX_PART.match(cursor.text, cursor.at):
        if cursor.text.startswith(("$(", "`", '"'), cursor.at):
            yield scan_quoted(cursor)
            continue
        depth += (match[0] == "(") - (match[0] == ")")
        if depth < 0:
            return
        cursor.at = match.end()
    if depth > 0 and cursor.text[cursor.at : cursor.at + 1] in (" ", "\t"):
        cursor.at += 1
        yield from _regex(cursor)


COMPOUND: Mapping[str, Callable[[Cursor], Command]] = {
    "if": _if,
    "for": _for,
    "select": _for,
    "while": _while,
    "until": _while,
    "case": _case,
    "function": function_keyword,
    "{": group,
    "[[": _test,
}
