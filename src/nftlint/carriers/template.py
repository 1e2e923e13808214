"""Templates of shell scripts, nft scripts, units: ``fw.sh.j2``, ``fw.sh.tftpl``, ``fw.sh.erb``.

What the template engine puts in becomes a hole, what only steers it a blank, and the rest is
read as the language that the name has without the template's extension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from nftlint.carriers.registry import Reader, kind_of
from nftlint.found import Found
from nftlint.fragment import STEERING, VERBATIM, Builder, Fragment
from nftlint.patterns import compiled
from nftlint.span import Span

ORDER = 10
_ENGINES = {
    ".j2": "jinja",
    ".jinja": "jinja",
    ".jinja2": "jinja",
    ".tftpl": "terraform",
    ".tpl": "terraform",
    ".erb": "erb",
}
_INNER = ("shell", "nft", "cron", "systemd-unit")
_ESCAPED = compiled(r"\$\$\{|%%\{")
_ERB = compiled(r"<%.*?%>", re.DOTALL)


def matches(path: PurePosixPath, head: str) -> str | None:
    """Return the engine and the language of a template's name, for the languages read here."""
    engine = _ENGINES.get(path.suffix)
    if engine is None:
        return None
    inner = kind_of(path.with_suffix(""), head)
    return f"{engine} {inner}" if inner in _INNER else None


def _spans(engine: str, text: str) -> Iterator[Span]:
    if engine == "erb":
        return (Span(*match.span()) for match in _ERB.finditer(text))
    from nftlint.yaml.mask import jinja, terraform

    if engine == "jinja":
        return jinja(text)
    escaped = (Span(*match.span()) for match in _ESCAPED.finditer(text))
    return iter(sorted((*terraform(text), *escaped)))


def mask(builder: Builder, text: str, spans: Iterable[Span]) -> None:
    """Add all of ``text`` to ``builder``: what lies in ``spans`` as holes, statements as blanks."""
    from nftlint.yaml.mask import steers

    at = 0
    for span in spans:
        builder.copy(Span(at, span.start))
        raw = span.of(text)
        if _ESCAPED.fullmatch(raw):
            builder.put(raw[1:], span)
        elif (raw.startswith("<%") and not raw.startswith("<%=")) or steers(raw):
            builder.put(" ", span, STEERING)
        else:
            builder.hole(span, raw.strip("{}$<>%=- \n\t"))
        at = span.end
    builder.copy(Span(at, len(text)))


def _reader(engine: str, inner: str) -> Reader:
    def read(fragment: Fragment) -> Iterator[Found]:
        builder = Builder(fragment.text, fragment, VERBATIM)
        mask(builder, fragment.text, _spans(engine, fragment.text))
        yield builder.build(inner, path=fragment.path, context=fragment.context)

    return read


LANGUAGES: dict[str, Reader] = {
    f"{engine} {inner}": _reader(engine, inner)
    for engine in sorted(set(_ENGINES.values()))
    for inner in _INNER
}
