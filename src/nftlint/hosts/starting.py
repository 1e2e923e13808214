"""The text of a first ``nftlint.toml``: what the tree shows, and what to fill in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from nftlint.hosts.listing import Listing
from nftlint.results import Host

_SHOWN = 20

_TOP = """\
# Configuration of nftlint; paths are relative to this file, globs as in .gitignore.
"""

_HEAD = """\
# Which hosts run what. nftlint finds out much by itself (`nftlint hosts` shows what, and by which
# lines). Tag here what it cannot know, or what it gets wrong:
#
#   [[hosts]]
#   tag = "kube-router"           # or k3s, k0s, docker, …; "none" for hosts with none of these
#   paths = ["provision/**"]      # files that run on such hosts
#   except = ["provision/lb.sh"]  # but not these
#   groups = ["k3s_cluster"]      # groups of the Ansible inventory
#   kube-router = "2.1"           # the version there, where it is known
#   iptables = "1.8.9"            # or that of iptables
"""

_KEYS = """\

# Tags from configuration and comments alone, none from what the tree shows:
# evidence = false

# Leave paths out:
# exclude = ["vendor/**"]
"""


def starting(found: Listing, directory: Path) -> str:
    """Return the configuration's text. All of it is valid TOML, tags that are guesses commented."""
    return _TOP + _KEYS + "\n" + "\n".join((_HEAD, *_shown(found, directory))).rstrip() + "\n"


def _shown(found: Listing, directory: Path) -> Iterator[str]:
    told = [row for row in found.rows if row.hosts and row.writes]
    if told:
        yield "# What the tree shows already, so that nothing has to be said of it:"
        for row in told[:_SHOWN]:
            tags = ", ".join(tag for host in row.hosts for tag in host.tags)
            why = _why(row.hosts[0])
            yield f"#   {_relative(row.place.uri, directory)}: {_plain(tags)} ({_plain(why)})"
        yield ""
    rest = sorted(
        {
            _relative(row.place.uri, directory)
            for row in found.rows
            if row.writes and not row.hosts and not row.settled
        }
    )
    if rest:
        yield "# These write nft rules, and nothing tells where they run. Take the `#` off if they"
        yield "# run on kube-router nodes, or say another tag:"
        yield "# [[hosts]]"
        yield '# tag = "kube-router"'
        yield f"# paths = [{_quoted(rest)}]"


def _why(host: Host) -> str:
    """Return what tells of the host itself, rather than who runs the file."""
    every = [item.why for item in host.evidence]
    return next((why for why in every if why.startswith("it ")), every[-1] if every else "")


def _quoted(paths: Iterable[str]) -> str:
    return ", ".join(
        '"' + _plain(path).replace("\\", "\\\\").replace('"', '\\"') + '"' for path in paths
    )


def _plain(text: str) -> str:
    """Keep a comment on its line, whatever a file is called."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _relative(uri: str, directory: Path) -> str:
    return Path(os.path.relpath(uri, directory)).as_posix()
