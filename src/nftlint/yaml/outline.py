"""Every scalar of a YAML text, by which a fix proves that it changed no other."""

from __future__ import annotations

from nftlint.found import Problem
from nftlint.fragment import Fragment, Refusal
from nftlint.yaml.mask import MASK
from nftlint.yaml.nodes import Alias, Node, Scalar, Sequence, Stream
from nftlint.yaml.parse import parse
from nftlint.yaml.scalar import read

_COMMANDS = ("[]", ".argv", ".command", ".args")
"""How paths to the words of a command end: of cloud-init, of Ansible, of a container."""


def outline(fragment: Fragment) -> list[str]:
    """Return ``path: value`` for every scalar, command list, empty collection and alias, in order.

    A path is the keys that lead to the value, with ``[]`` for each list (``runcmd[]: reboot``),
    so that a value that moves to another place shows too. Holes stand as they are written.
    Empty where the text cannot be parsed.
    """
    stream = parse(fragment)
    if isinstance(stream, Problem):
        return []
    found: list[str] = []
    ahead = [(f"{number}", root) for number, root in enumerate(stream.roots)]
    ahead.reverse()
    while ahead:
        path, node = ahead.pop()
        below = _below(stream, path, node)
        if below and not _is_command(path, node):
            ahead.extend(reversed(below))
        else:
            found.append(f"{path}: {_value(stream, node)}")
    return found


def _below(stream: Stream, path: str, node: Node) -> list[tuple[str, Node]]:
    if isinstance(node, Scalar | Alias):
        return []
    if isinstance(node, Sequence):
        return [(f"{path}[]", item) for item in node.items]
    found = []
    for key, value in node.pairs:
        if isinstance(key, Scalar):
            found.append((f"{path}.{_value(stream, key)}", value))
        else:
            found += [(f"{path}.?", key), (f"{path}.?:", value)]
    return found


def _is_command(path: str, node: Node) -> bool:
    """Tell whether a list is the words of one command: those change together."""
    if not isinstance(node, Sequence) or not path.endswith(_COMMANDS):
        return False
    return all(isinstance(item, Scalar | Alias) for item in node.items)


def _value(stream: Stream, node: Node) -> str:
    """Return a value with its style's kind, so that ``22`` and ``"22"`` differ."""
    if isinstance(node, Alias):
        return f"*{node.name}"
    if isinstance(node, Sequence):
        return "[" + "\0".join(_value(stream, item) for item in node.items) + "]"
    if not isinstance(node, Scalar):
        return "{}"
    kind = f"{node.tag} " if node.tag else ""
    plain = "" if node.style == "plain" else "="
    return f"{kind}{plain}{_text(stream, node)}"


def _text(stream: Stream, node: Scalar) -> str:
    """Return the scalar's text with each template as it is written."""
    if not MASK.search(node.value) and not stream.fragment.holes:
        return node.value
    fragment = read(stream, node, "")
    if isinstance(fragment, Refusal):
        return node.span.of(stream.fragment.text)
    holes = fragment.holes
    return "".join(holes[char].raw if char in holes else char for char in fragment.text)
