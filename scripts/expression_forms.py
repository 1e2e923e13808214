"""The forms of nft's manual page with their examples, and whether the real nft takes those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nftlint.prove.world import World

EXAMPLES = Path(__file__).with_name("expressions.txt")
SETUP = EXAMPLES.with_suffix(".nft")
OBJECTS = """
add ct helper ip mangle h1 { type "ftp" protocol tcp; }
add ct timeout ip mangle t1 { protocol tcp; policy = { established : 120 }; }
add ct expectation ip mangle e1 { protocol tcp; dport 9876; timeout 2m; size 12; }
add flowtable ip filter ft { hook ingress priority filter; devices = { lo }; }
"""
"""What not every kernel has: an example that needs one of these is marked, where it is refused."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, its example as nft takes it, and why the real nft does not (mostly empty)."""

    section: str
    name: str
    nft: str
    refused: str = ""


def forms() -> list[Form]:
    """Return the forms of scripts/expressions.txt."""
    found: list[Form] = []
    section = words = refused = ""
    for line in EXAMPLES.read_text("utf-8").splitlines():
        mark, _, text = line.partition(" ")
        if mark == "##":
            section = text
        elif mark == "@":
            words = text
        elif mark == "!":
            refused = text
        elif mark not in {"", "#"}:
            name, _, body = line.partition(" | ")
            found.append(Form(section, name, f"{words} {body}", refused))
            refused = ""
    return found


def disagreements() -> Iterator[str]:
    """Yield the examples that the real nft does not take, though they are not marked."""
    unmarked = [form for form in forms() if not form.refused]
    with World() as world:
        code, said = world.call("run", argv=["nft", "-f", "-"], stdin=SETUP.read_text("utf-8"))
        if code:
            raise RuntimeError(said)
        for line in OBJECTS.strip().splitlines():
            world.call("run", argv=["nft", "-f", "-"], stdin=line)
        rules = [form for form in unmarked if form.nft.startswith("add rule")]
        together = "".join(f"{form.nft}\n" for form in rules)
        accepted = not world.call("run", argv=["nft", "-c", "-f", "-"], stdin=together)[0]
        for form in unmarked:
            if not accepted or form not in rules:
                code, said = world.call("run", argv=["nft", "-c", "-f", "-"], stdin=form.nft + "\n")
                if code:
                    yield f"{form.nft}: {said.splitlines()[0]}"
