"""Calls of a script's own functions: where a rule comes from the call's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nftlint.argv import Arg
from nftlint.commands.words import Word
from nftlint.edits import Edit
from nftlint.found import Kept, Part
from nftlint.fragment import Fragment, Refusal
from nftlint.patterns import compiled
from nftlint.record import dataclass, replace
from nftlint.shell.scene import Site
from nftlint.shell.tree import Function, Group, Simple
from nftlint.shell.values import Env
from nftlint.shell.write import write_words

_PARAMETER = compiled(r"\$\{?([A-Za-z_]\w*|[1-9@*])")
_READS_INPUT = compiled(
    r"(?i)nft\w*\}?[\"']?\s(?:.*\s)?(?:-f|--file)[ =]?(?:-|/dev/stdin)(?=\s|\Z)"
)
_HEAD = 5
_FAMILIES = frozenset({"ip", "ip6", "inet", "arp", "bridge", "netdev"})
_NFT_WORD = compiled(r"(?i)[\"']?(?:\S*/)?nft[\"']?\Z|[\"']?\$\{?\w*nft\w*(?:\[@\])?\}?[\"']?\Z")


@dataclass(frozen=True, slots=True)
class Frame:
    """A call of a function: ``words`` are the call's, as the function gets them."""

    site: Site
    words: tuple[Word, ...]
    function: Function
    parent: Frame | None = None

    def depth(self) -> int:
        """Return how many calls lead here."""
        return 1 + (self.parent.depth() if self.parent is not None else 0)

    def calls(self, name: str) -> bool:
        """Tell whether a function of that name is being called."""
        return self.function.name == name or (self.parent is not None and self.parent.calls(name))

    def env(self) -> Env:
        """Return the environment that the function starts with."""
        env = in_call(self.site.env, self.words)
        library = self.site.scene.script.library
        env.given = library.given_at(self.function.span) if library is not None else env.given
        return env


def in_call(env: Env, words: Sequence[Word]) -> Env:
    """Return the environment that a function starts with which is called by ``words``."""
    call = env.call or words[0].span
    env = replace(env.copy(), positional=tuple(words[1:]), call=call, chosen={})
    env.inside = True
    for name in env.shared:
        env.scalars.pop(name, None)
    return env


def is_derived(site: Site) -> bool:
    """Tell whether a command is made of a parameter of the function that it stands in.

    Of ``tee`` it is the words of its pipeline that count.
    """
    text = site.env.text
    pipeline, span = site.scene.pipeline, site.simple.span
    if pipeline is not None and site.simple.words[0].span.of(text) == "tee":
        span = pipeline.span
    return _has_parameter(span.of(text), site.env) or any(
        _has_parameter(body, site.env) for body in _heredocs(site)
    )


def _has_parameter(text: str, env: Env) -> bool:
    for match in _PARAMETER.finditer(text):
        known = env.get(match[1])
        if match[1] in ("@", "*") or env.is_given(match[1]):
            return True
        if known is not None and known.positional:
            return True
    return False


def _heredocs(site: Site) -> Iterator[str]:
    for redirect in site.simple.redirects:
        heredoc = site.env.heredocs.get(redirect.span.start)
        if heredoc is not None and not heredoc.quoted:
            yield heredoc.body.of(site.env.text)


def reads_input(site: Site) -> bool:
    """Tell whether a command hands its standard input to nft."""
    return _READS_INPUT.search(site.simple.span.of(site.env.text)) is not None


def is_fed(site: Site) -> bool:
    """Tell whether a command is given a standard input of its own."""
    return site.scene.position > 0 or any(item.operator[0] == "<" for item in site.simple.redirects)


def needs_call(site: Site) -> bool:
    """Tell whether only a call says which chain is written to, or what the rule is.

    So it is where the words up to the chain hold a function's parameter, or all are ``"$@"``; and
    for a script on standard input where that is the call's, or its statements begin so.
    """
    if reads_input(site):
        given = [item.target for item in site.simple.redirects if item.operator == "<<<"]
        texts = [*_heredocs(site), *(word.span.of(site.env.text) for word in given)]
        heads = (" ".join(line.split()[:_HEAD]) for text in texts for line in text.split("\n"))
        return (not is_fed(site)) or any(_has_parameter(head, site.env) for head in heads)
    text, env = site.env.text, site.env
    raw = [word.span.of(text) for word in site.simple.words]
    at = next((index for index, word in enumerate(raw) if _NFT_WORD.match(word)), -1)
    rest = " ".join(raw[at + 1 :])
    tokens = [token for token in rest.split() if not token.startswith("-")]
    names = 5 if len(tokens) > 2 and tokens[2].strip("\"'") in _FAMILIES else 4
    place = " ".join(tokens[:names])
    for match in _PARAMETER.finditer(rest if at >= 0 else " ".join(raw)):
        known = env.get(match[1])
        if match[1] in ("@", "*"):
            return True
        handed = (known is not None and known.positional) or env.is_given(match[1])
        if handed and (at < 0 or match[0] in place):
            return True
    return False


def frame_write(
    frame: Frame,
    words: Sequence[Word],
    at: tuple[int, int],
    script: Fragment,
    parts: Sequence[Part],
) -> tuple[Edit, ...] | Refusal:
    """Write a call of a function anew: its own words, or all of it where nothing else is done."""
    first, last = at
    if frame.parent is not None:
        return Refusal(f"nft is called through several functions, the last is `{_name(frame)}`")
    if frame.words[0].span.start > frame.site.simple.words[0].span.start:
        return Refusal(f"the function `{_name(frame)}` is called by one of another file")
    passed = _passed_on(frame, words[first : last + 1])
    if passed is not None:
        return write_words(frame.site, frame.words[passed[0] : passed[1]], script, parts)
    if not _only_runs_it(frame):
        return Refusal(f"the function `{_name(frame)}` does more than to run nft")
    prefix = [word.text for word in words[:first]]
    if any(isinstance(part, Kept) for part in parts):
        return Refusal(f"a part of it has to stay in the function `{_name(frame)}`")
    whole = [
        (*(Arg(text) for text in prefix), *part) for part in parts if not isinstance(part, Kept)
    ]
    return write_words(frame.site, frame.words, script, whole)


def _name(frame: Frame) -> str:
    return frame.function.name


def _passed_on(frame: Frame, words: Sequence[Word]) -> tuple[int, int] | None:
    """Return which words of the call are these, where the function hands them on as they are."""
    for start in range(1, len(frame.words)):
        end = start + len(words)
        if all(a is b for a, b in zip(frame.words[start:end], words, strict=False)):
            return (start, end) if end == len(frame.words) else None
    return None


def _only_runs_it(frame: Frame) -> bool:
    body = frame.function.body
    if not isinstance(body, Group) or body.redirects or len(body.body.items) != 1:
        return False
    item = body.body.items[0]
    pipeline = item.pipelines[0]
    if len(item.pipelines) > 1 or item.background or pipeline.negated:
        return False
    only = pipeline.commands[0]
    if len(pipeline.commands) > 1 or not isinstance(only, Simple):
        return False
    return not only.assignments and not only.redirects
