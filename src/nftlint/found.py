"""What a carrier's reader can find in a fragment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nftlint.argv import Argv
from nftlint.edits import Edit
from nftlint.fragment import Fragment, Refusal
from nftlint.record import dataclass
from nftlint.span import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a fragment, with a word on what stands there.

    ``uri`` is the fragment's file, where that is another than the one that is being read.
    """

    fragment: Fragment
    span: Span
    why: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement of a call's script that stays an nft statement: its span in the script."""

    span: Span


Part = Argv | Kept
"""What one statement of an nft call becomes: a command of its own, or the statement as it was."""

Rewrite = Callable[[Sequence[Part]], tuple[Edit, ...] | Refusal]
"""Writes a call anew as the given parts, in order, so that they run as the call did."""


@dataclass(frozen=True, slots=True)
class NftCall:
    """One run of nft, or one nft script, and how to write it anew.

    ``script`` is what nft reads (language ``nft``); its parent is ``host`` or the text that
    carries it. ``span`` is the call in ``host``: from the word ``nft`` to its last argument,
    without wrappers, redirects or the commands around it. ``options`` are nft's own, in order.
    ``caveats`` are the reasons why a rewritten call may not do the same (its output is read,
    a guard looks for the rule): each makes a fix unsafe. ``via`` are places that lead here
    (the function that calls nft, the play that runs the script). ``build_time`` marks a call that
    runs while an image is built, in a network namespace that is not the node's.
    ``elsewhere`` says, where it is not empty, which other host or namespace is written to.
    """

    host: Fragment
    span: Span
    script: Fragment
    rewrite: Rewrite
    options: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    via: tuple[Place, ...] = ()
    build_time: bool = False
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """What a command reads and writes beside its words.

    ``before`` and ``after`` are the other commands of its pipeline, as written; ``reads`` and
    ``writes`` the files that its standard input and output are redirected to; ``text`` is the
    heredoc that it reads, where it reads one.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    text: str = ""


NO_FLOW = Flow()


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """One run of a program other than nft that bears on the tables (``iptables-restore``).

    ``script`` is its words from the program on, joined with blanks; ``words`` are the same one by
    one, with the hole characters of ``script``. ``span`` is where they stand in ``host``.
    The rest is as in ``NftCall``.
    """

    host: Fragment
    span: Span
    words: tuple[str, ...]
    script: Fragment
    flow: Flow
    rewrite: Rewrite
    caveats: tuple[str, ...] = ()
    build_time: bool = False
    elsewhere: str = ""

    @property
    def program(self) -> str:
        """The program's name without its directory."""
        return self.words[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Reference:
    """One text names a file: ``verb`` is runs, loads, copies, includes or sources.

    ``target`` is the name as written (with hole characters), relative to what ``base`` says:
    ``file`` (the file's own directory), ``role`` (Ansible's search path), ``host`` (a path on
    the host). ``language`` is what the target is read as (``nft``, ``shell``), empty for "by
    its content".
    ``destination`` is the path that it gets on the host, where a copy names one.
    """

    place: Place
    verb: str
    target: str
    base: str = "file"
    language: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment ``# nftlint: …``; ``text`` is what stands after the colon."""

    fragment: Fragment
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a fragment that could not be read (rule NFT001)."""

    fragment: Fragment
    span: Span
    message: str


Found = Fragment | NftCall | ProgramRun | Reference | Directive | Problem
