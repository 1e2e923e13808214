"""Kubernetes manifests: what containers run, where their pod has the network of its node.

A pod with ``hostNetwork: true`` writes to the node's own tables, if its container may (it is
privileged, or has the capability NET_ADMIN). Without, it has a network namespace of its own. Charts
and other templates are read as far as they are YAML; scripts in ConfigMaps are not read, since
nothing here tells which container mounts them, and how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nftlint.carriers import YAML_ENDINGS
from nftlint.found import Found, NftCall, Problem, ProgramRun
from nftlint.fragment import Fragment, Refusal
from nftlint.patterns import compiled
from nftlint.record import replace

if TYPE_CHECKING:
    from nftlint.yaml.nodes import Node, Stream

_VERSION = compiled(r"(?m)^apiVersion:[ \t]*\S")
_KIND = compiled(
    r"(?m)^kind:[ \t]*[\"']?(?:Pod|DaemonSet|Deployment|StatefulSet|ReplicaSet|Job|CronJob|List)\b"
)
_CAPABILITIES = frozenset({"NET_ADMIN", "CAP_NET_ADMIN", "ALL"})
_TRUE = frozenset({"true", "True", "TRUE"})
OF_THE_IMAGE = "the container's image needs an iptables, and one that speaks to nf_tables"
OF_THE_POD = "the pod's own network namespace"


def matches(path: PurePosixPath, head: str) -> str | None:
    """Know a manifest by its first words, whatever its name."""
    if path.suffix not in YAML_ENDINGS or not _VERSION.search(head):
        return None
    return "kubernetes" if _KIND.search(head) else None


def read(fragment: Fragment) -> Iterable[Found]:
    """Yield what the containers of each pod run."""
    from nftlint.yaml.comments import directives
    from nftlint.yaml.parse import parse

    stream = parse(fragment)
    if isinstance(stream, Problem):  # a chart, before anybody filled it in
        return
    yield from directives(stream)
    for root in stream.roots:
        for pod in _pods(root):
            yield from _pod(stream, pod)


def _pods(root: Node) -> Iterator[Node]:
    """Yield every specification of a pod in a document, at whatever depth."""
    from nftlint.yaml.nodes import Sequence, entries, follow, get, items

    ahead, seen = [root], set()
    while ahead:
        node = follow(ahead.pop())
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(follow(get(node, "containers")), Sequence):
            yield node
        ahead += [value for _, value in entries(node)]
        ahead += items(node)


def _pod(stream: Stream, pod: Node) -> Iterator[Found]:
    from nftlint.yaml.nodes import get, items, text_of

    elsewhere = "" if text_of(get(pod, "hostNetwork")) in _TRUE else OF_THE_POD
    for key in ("initContainers", "containers"):
        for container in items(get(pod, key)):
            if _may(container):
                yield from (_within(item, elsewhere) for item in _container(stream, container))


def _within(item: Found, elsewhere: str) -> Found:
    """Return what a container runs, with what is to be said of where that is."""
    if isinstance(item, NftCall | ProgramRun):
        caveats = (*item.caveats, OF_THE_IMAGE)
        return replace(item, caveats=caveats, elsewhere=item.elsewhere or elsewhere)
    if isinstance(item, Fragment):
        context = item.context
        caveats = (*context.caveats, OF_THE_IMAGE)
        context = replace(context, caveats=caveats, elsewhere=context.elsewhere or elsewhere)
        return replace(item, context=context)
    return item


def _may(container: Node) -> bool:
    """Tell whether a container may write rules at all."""
    from nftlint.yaml.nodes import get, items, text_of

    security = get(container, "securityContext")
    added = {text_of(item) for item in items(get(get(security, "capabilities"), "add"))}
    return text_of(get(security, "privileged")) in _TRUE or bool(added & _CAPABILITIES)


def _container(stream: Stream, container: Node) -> Iterator[Found]:
    """Yield what the words of ``command`` and ``args`` together run."""
    from nftlint.commands.read import read_command
    from nftlint.yaml.command_list import command_line, more_items
    from nftlint.yaml.nodes import Sequence, follow, get

    lists = [follow(get(container, key)) for key in ("command", "args")]
    given = [node for node in lists if isinstance(node, Sequence) and node.items]
    if not given:
        return
    words = tuple(item for node in given for item in node.items)
    whole = Sequence(given[0].span.cover(given[-1].span), words, flow=given[0].flow)
    line = command_line(stream, whole, more_items(stream, Sequence(whole.span, ())))
    if not isinstance(line, Refusal):
        yield from read_command(line)


def outline(fragment: Fragment) -> list[str]:
    """Return every value of a manifest."""
    from nftlint.yaml.outline import outline as yaml_outline

    return yaml_outline(fragment)


LANGUAGES = {"kubernetes": read}
OUTLINES = frozenset({"kubernetes"})
