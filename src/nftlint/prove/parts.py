"""Condition by condition: what x_tables matches say, each shown by packets in a rule of its own.

Where no packet can show a whole rule to decide (it asks for what no packet is, or what no packet
here can be), its conditions can still be shown one by one. Each ``-m`` of the iptables commands is
loaded alone, beside an nft rule that asks what its bytes were read to mean, and both are sent
packets to. What the whole rules then do is compared by logic, where conditions are a conjunction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from nftlint.prove.fields import HELD_FLOW, HELD_SOCKET
from nftlint.prove.load import PROGRAMS
from nftlint.prove.model import Argv, Pair, Verdict
from nftlint.prove.wording import text
from nftlint.prove.xt.exact import OUTWARDS, exact
from nftlint.prove.xt.matches import match_name
from nftlint.record import dataclass, field

PROTOCOL, TARGETS = {"-p"}, {"-j", "-g"}
ELSEWHERE = {"-t", "-A", "-I", "-s", "-d", "-i", "-o", "-c"}
# Matches that read the transport header, so that they need their protocol beside them.
BOUND = frozenset(
    {"multiport", "icmp", "icmp6", "tcp", "udp", "sctp", "dccp", "esp", "ah", "ecn", "tcpmss"}
)
BUT_FRAGMENTS = "but for packets too short for their own transport header, and later fragments"
NATIVE = frozenset({"comment", "limit"})


@dataclass(frozen=True, slots=True)
class Part:
    """One match as it stands in a command, in the chain where it is tried."""

    program: str
    protocol: Argv
    match: Argv

    @property
    def argv(self) -> Argv:
        """The command that tries it."""
        return (*self.bare, "-j", "ACCEPT")

    @property
    def bare(self) -> Argv:
        """The command without a target."""
        return (self.program, "-A", self.chain, *self.protocol, *self.match)

    @property
    def chain(self) -> str:
        """Where it is tried."""
        return "OUTPUT" if self.match[1] in OUTWARDS else "INPUT"


@dataclass(slots=True)
class Known:
    """What has been found out about parts, to be kept while many pairs are proved.

    ``whole`` is that packets are sent through whole rules first, and their parts are asked only
    where that does not decide; the other way round is quicker where there are many.
    """

    whole: bool = True
    parts: dict[Part, frozenset[bytes] | str] = field(default_factory=dict)


Loader = Callable[[Argv], "tuple[bytes, ...] | str"]
"""Loads one command and returns the matches in its rule, or why it could not be loaded."""


def unshown(
    known: Known,
    pair: Pair,
    wanted: frozenset[bytes],
    load: Loader,
    prove: Callable[[Pair], Verdict],
) -> str:
    """Name the first match that packets have not shown to say what it was read to say."""
    shown: set[bytes] = set()
    reasons: list[str] = []
    for part in dict.fromkeys(part for argv in pair.iptables for part in parts(argv)):
        if part not in known.parts:
            known.parts[part] = _shown(part, load, prove)
        said = known.parts[part]
        if isinstance(said, str):
            reasons.append(f"{' '.join(part.match)} by itself: {said}")
        else:
            shown |= said
    missing = sorted(map(match_name, wanted - shown))
    return (reasons or [f"match {missing[0]} by itself"])[0] if missing else ""


def _shown(part: Part, load: Loader, prove: Callable[[Pair], Verdict]) -> frozenset[bytes] | str:
    """Prove one match by itself; return its bytes, or why that was not possible."""
    matches = load(part.argv)
    if isinstance(matches, str):
        return matches
    if not matches:
        return frozenset()  # iptables says it in nf_tables' own expressions
    nft = nft_rule(part, matches)
    if nft is None:
        return "no nft rule is known for it"
    verdict = prove(Pair(f"{nft} accept", (part.argv,)))
    return frozenset(matches) if verdict.outcome == "equal" else verdict.detail


def nft_rule(part: Part, matches: Sequence[bytes]) -> str | None:
    """Return the nft rule, without verdict, that asks what these matches were read to ask."""
    family = PROGRAMS[part.program]
    said = [exact(family, data) or [] for data in matches]
    texts = [text(family, one) for all_ in said for one in all_ if one.field not in _HELD]
    if not all(said) or not all(texts):
        return None
    asked = " ".join(filter(None, texts))
    return f"add rule {family} filter {part.chain} {_protocol(part)}{asked}"


_HELD = {HELD_FLOW, HELD_SOCKET}


def _protocol(part: Part) -> str:
    """Return ``-p`` in nft's words."""
    if not part.protocol:
        return ""
    negated = "!= " if "!" in part.protocol else ""
    return f"meta l4proto {negated}{part.protocol[-1]} "


def parts(argv: Argv) -> Iterator[Part]:
    """Yield the matches of a command, each with its options and the protocol that it needs."""
    protocol: Argv = ()
    groups: list[list[str]] = [[]]
    words = list(argv)
    at = 1
    while at < len(words) and words[at] not in TARGETS:
        negated = words[at] == "!"
        option = words[at + negated] if at + negated < len(words) else ""
        if option in PROTOCOL:
            protocol = tuple(words[at : at + negated + 2])
        elif option == "-m":
            groups.append([])
        if option in PROTOCOL | ELSEWHERE:
            at += negated + 2 + (option == "-c")
            continue
        groups[-1].append(words[at])
        at += 1
    groups[0] = _of_protocol(protocol, groups[0])
    for group in groups:
        if group[1] not in NATIVE and len(group) > 2:
            yield Part(argv[0], protocol if group[1] in BOUND else (), tuple(group))


def _of_protocol(protocol: Argv, words: list[str]) -> list[str]:
    """Return the options that stand without ``-m``, with the match that they belong to."""
    options = words[1:] if words[:1] and words[0].isdigit() else words
    name = protocol[-1] if protocol else ""
    return ["-m", {"ipv6-icmp": "icmp6"}.get(name, name), *options] if options else ["-m", ""]
