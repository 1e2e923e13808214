"""Where a command stands in a script, and what goes through commands yields of each."""

from __future__ import annotations

from nftlint.fragment import Fragment
from nftlint.record import dataclass
from nftlint.shell.tree import AndOr, Command, Piece, Pipeline, Redirect, Script, Simple
from nftlint.shell.values import Env
from nftlint.span import Span

CAPTURED = "The script keeps what the command prints, and iptables prints nothing."


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a command stands: what is around it in the script.

    ``index`` is its pipeline's place in ``and_or``, ``position`` its own in ``pipeline``.
    ``condition`` says that the list is what ``if`` or ``while`` asks for. ``outer`` are the
    redirects of the compound commands around it, innermost first. ``function`` is the function
    that it stands in, ``""`` for none. ``behind`` are the commands that what is printed goes
    through in the pipelines around; ``within`` counts the ``$(…)`` around. ``caller`` is the
    call of the function that is being read, whose standard input it has. ``read_in`` are the other
    files that are being read in.
    """

    host: Fragment
    script: Script
    and_or: AndOr
    index: int = 0
    pipeline: Pipeline | None = None
    position: int = 0
    condition: bool = False
    caveats: tuple[str, ...] = ()
    outer: tuple[Redirect, ...] = ()
    function: str = ""
    behind: tuple[Command, ...] = ()
    within: int = 0
    caller: Site | None = None
    read_in: tuple[str, ...] = ()

    def at(self, and_or: AndOr, index: int, pipeline: Pipeline, position: int) -> Scene:
        """Return the scene of one command; plainly written, as every command needs one."""
        return Scene(
            self.host,
            self.script,
            and_or,
            index,
            pipeline,
            position,
            self.condition,
            self.caveats,
            self.outer,
            self.function,
            (*pipeline.commands[position + 1 :], *self.behind),
            self.within,
            self.caller,
            self.read_in,
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A simple command, and the environment that it runs in, which the next event may change."""

    simple: Simple
    env: Env
    scene: Scene


@dataclass(frozen=True, slots=True)
class Inner:
    """A stretch in backticks: a script of its own, with escapes of its own."""

    piece: Piece
    env: Env
    in_double: bool


Event = Site | Inner

NOWHERE = AndOr(Span(0, 0), (), ())
