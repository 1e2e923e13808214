"""Lists of commands: lines, ``&&``, ``||``, pipelines, and what a mistake in them skips."""

from __future__ import annotations

from nftlint.patterns import compiled
from nftlint.shell.cursor import Cursor, ShellError
from nftlint.shell.heredocs import read_bodies
from nftlint.shell.tree import AndOr, Body, Command, Function, Mistake, Pipeline
from nftlint.span import Span

_KEYWORD = compiled(
    r"(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|function|coproc|time|in"
    r"|[{}!]|\[\[)(?=[\s;&|<>()]|\Z)"
)
CLOSERS = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_OPERATOR = compiled(r";;&|;;|;&|;|&&|&(?!>)|\|\||\|&|\||\n|\)")
_TOKEN = compiled(r"\w+|\S")
_TIME_OPTION = compiled(r"-p\b[ \t]*")
_COPROC = compiled(r"[A-Za-z_]\w*[ \t]+(?=[{(])")


def token(cursor: Cursor) -> str:
    """Return what stands here, for a message."""
    match = _TOKEN.match(cursor.text, cursor.at)
    return match[0] if match else "end of the script"


def recover(cursor: Cursor, error: ShellError, start: int) -> None:
    """Note a mistake, and go on after the line that it stands in."""
    end = cursor.text.find("\n", max(error.at, cursor.at, start))
    cursor.at = len(cursor.text) if end < 0 else end + 1
    cursor.mistakes.append(Mistake(Span(start, cursor.at), str(error)))
    if cursor.pending:
        read_bodies(cursor)


def at_keyword(cursor: Cursor) -> str:
    """Return the reserved word that stands here, or ``""``."""
    match = _KEYWORD.match(cursor.text, cursor.at)
    return match[0] if match else ""


def at_operator(cursor: Cursor) -> str:
    """Return the control operator that stands here, or ``""``."""
    match = _OPERATOR.match(cursor.text, cursor.at)
    return match[0] if match else ""


def newlines(cursor: Cursor) -> None:
    """Go past blanks, comments and line ends, reading the heredocs that wait."""
    while True:
        cursor.skip_blanks()
        if not cursor.text.startswith("\n", cursor.at):
            return
        cursor.at += 1
        if cursor.pending:
            read_bodies(cursor)


def read_list(cursor: Cursor, closers: frozenset[str]) -> Body:
    """Read commands up to ``)``, ``;;``, one of ``closers`` or the end."""
    items: list[AndOr] = []
    while True:
        newlines(cursor)
        if _ends_body(cursor, closers):
            return Body(tuple(items))
        start = cursor.at
        try:
            item = _and_or(cursor)
            cursor.skip_blanks()
            items.append(_terminate(cursor, item))
        except ShellError as error:
            recover(cursor, error, start)


def _ends_body(cursor: Cursor, closers: frozenset[str]) -> bool:
    if cursor.at >= len(cursor.text):
        return True
    operator = at_operator(cursor)
    if operator == ")" or operator.startswith((";;", ";&")):
        return True
    keyword = at_keyword(cursor)
    return keyword in closers or (not closers and keyword in CLOSERS and keyword != "in")


def _terminate(cursor: Cursor, item: AndOr) -> AndOr:
    operator = at_operator(cursor)
    if operator == "&":
        cursor.at += 1
        return AndOr(item.span, item.pipelines, item.operators, background=True)
    if operator == ";":
        cursor.at += 1
    elif not operator and cursor.at < len(cursor.text) and not at_keyword(cursor):
        raise cursor.fail(f"unexpected `{token(cursor)}`")
    return item


def _and_or(cursor: Cursor) -> AndOr:
    pipelines = [_pipeline(cursor)]
    operators: list[str] = []
    while True:
        cursor.skip_blanks()
        operator = at_operator(cursor)
        if operator not in ("&&", "||"):
            span = pipelines[0].span.cover(pipelines[-1].span)
            return AndOr(span, tuple(pipelines), tuple(operators))
        cursor.at += 2
        operators.append(operator)
        newlines(cursor)
        pipelines.append(_pipeline(cursor))


def _pipeline(cursor: Cursor) -> Pipeline:
    start = cursor.at
    negated = False
    while (keyword := at_keyword(cursor)) in ("!", "time", "coproc"):
        negated ^= keyword == "!"
        cursor.at += len(keyword)
        cursor.skip_blanks()
        if keyword == "time" and (flag := _TIME_OPTION.match(cursor.text, cursor.at)):
            cursor.at = flag.end()
        if keyword == "coproc" and (name := _COPROC.match(cursor.text, cursor.at)):
            cursor.at = name.end()
    if (negated or cursor.at > start) and (at_operator(cursor) or cursor.at >= len(cursor.text)):
        return Pipeline(Span(start, cursor.at), negated, ())
    commands = [cursor.parse_command(cursor)]
    while True:
        cursor.skip_blanks()
        if at_operator(cursor) not in ("|", "|&"):
            end = end_of(commands[-1])
            return Pipeline(Span(start, end), negated, tuple(commands))
        cursor.at += len(at_operator(cursor))
        newlines(cursor)
        commands.append(cursor.parse_command(cursor))


def end_of(command: Command) -> int:
    """Return where a command ends, its redirects included."""
    redirects = () if isinstance(command, Function) else command.redirects
    return max([command.span.end, *(redirect.span.end for redirect in redirects)])


def expect(cursor: Cursor, keyword: str) -> None:
    """Go past a keyword; at the end of the script note that it is missing."""
    cursor.skip_blanks()
    found = cursor.text.startswith(keyword, cursor.at)
    if found and (keyword == ")" or at_keyword(cursor) == keyword):
        cursor.at += len(keyword)
    elif cursor.at >= len(cursor.text):
        at = Span(cursor.at, cursor.at)
        cursor.mistakes.append(Mistake(at, f"`{keyword}` is missing"))
    else:
        raise cursor.fail(f"`{keyword}` is missing before `{token(cursor)}`")
