"""A world: a private network namespace with one process of ours in it."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

TIMEOUT = 60.0


class WorldError(Exception):
    """The process in the namespace failed, did not answer in time, or was refused something."""


def unshare_argv() -> list[str]:
    """Return the program that opens a private namespace: a user one too, unless we are root."""
    return ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-Urn"]


def users_unknown() -> bool:
    """Tell whether the namespace has a user namespace, in which only one user is mapped."""
    return os.geteuid() != 0


class World:
    """A handle on the process in the namespace. Use it as a context manager; it always ends."""

    __slots__ = ("devices", "process", "rest", "tuned")

    def __init__(self) -> None:
        outside = str(Path("/proc/self/ns/net").readlink())
        program = [sys.executable, "-P", "-m", "nftlint.prove", outside]
        package = str(Path(__file__).parents[2])
        self.process = subprocess.Popen(
            [*unshare_argv(), *program],
            env=os.environ | {"PYTHONPATH": package},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.rest = b""
        self.devices = {"lo": 1}
        self.tuned: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.communicate()

    def ask(self, op: str, **arguments: Any) -> None:
        """Send a request; ``answer`` reads what comes of it."""
        assert self.process.stdin  # noqa: S101 - opened as a pipe above
        try:
            self.process.stdin.write(json.dumps({"op": op, **arguments}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise WorldError(self._last_words()) from None

    def answer(self) -> Any:
        """Return the answer to the oldest open request; WorldError or OSError where it failed."""
        answer = json.loads(self._line())
        if "error" in answer:
            raise OSError(answer["errno"], answer["error"])
        return answer["ok"]

    def call(self, op: str, **arguments: Any) -> Any:
        """Send a request and return its answer."""
        self.ask(op, **arguments)
        return self.answer()

    def device(self, name: str) -> int:
        """Make sure that there is an interface of this name; return its index."""
        if name not in self.devices:
            self.devices[name] = int(self.call("tap", name=name))
        return self.devices[name]

    def lister(self, wanted: Sequence[tuple[int, bytes]]) -> list[list[bytes]]:
        """List kernel objects, as ``ruleset.dump`` wants it."""
        asked = [(kind, payload.hex()) for kind, payload in wanted]
        return [[bytes.fromhex(data) for data in one] for one in self.call("lists", wanted=asked)]

    def _line(self) -> bytes:
        assert self.process.stdout  # noqa: S101 - opened as a pipe above
        fd = self.process.stdout.fileno()
        parts = [self.rest]
        while b"\n" not in parts[-1]:
            if not select.select([fd], [], [], TIMEOUT)[0]:
                self.process.kill()
                raise WorldError(f"no answer within {TIMEOUT:.0f} s")
            part = os.read(fd, 1 << 20)
            if not part:
                raise WorldError(self._last_words())
            parts.append(part)
        line, _, self.rest = b"".join(parts).partition(b"\n")
        return line

    def _last_words(self) -> str:
        self.process.kill()
        said = self.process.communicate()[1].decode(errors="replace").strip()
        return said.splitlines()[-1] if said else "the process in the namespace ended"


def together(worlds: Sequence[World], op: str, **arguments: Any) -> list[Any]:
    """Send one request to several worlds, which work on it at the same time."""
    for world in worlds:
        world.ask(op, **arguments)
    answers = [_outcome(world) for world in worlds]
    for answer in answers:
        if isinstance(answer, OSError):
            raise answer
    return answers


def _outcome(world: World) -> Any:
    """Return the answer or the error: every world must be read from before one may fail."""
    try:
        return world.answer()
    except OSError as error:
        return error
