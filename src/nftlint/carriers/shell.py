"""Shell scripts: by their first line, their extension, or a name that only a script has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from nftlint.found import Found
from nftlint.fragment import Fragment
from nftlint.patterns import compiled

_SHEBANG = compiled(
    r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*/)?"
    r"(?:(?:ba|da|a|k|mk|z|ya)?sh|bats|openrc-run|runscript)\b"
)
ENDINGS = frozenset({".sh", ".bash", ".ash", ".dash", ".ksh", ".mksh", ".bats"})
NAMES = frozenset(
    {".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile"}
    | {".kshrc", ".mkshrc", ".shrc", ".envrc", "bashrc", "profile", "rc.local", "rc.firewall"}
    | {"PKGBUILD", "APKBUILD"}
)
_DIRECTORIES = compiled(
    r"(?:^|/)etc/(?:profile\.d|cron\.(?:hourly|daily|weekly|monthly)|init\.d|rc\.d"
    r"|network/if-[\w-]+\.d|NetworkManager/dispatcher\.d(?:/[\w-]+\.d)?)/[^/.]+$"
)


def matches(path: PurePosixPath, head: str) -> str | None:
    """Return ``shell`` for what a shell runs: a first line that says so counts before a name."""
    if head.startswith("#!"):
        return "shell" if _SHEBANG.match(head) else None
    if path.suffix in ENDINGS or path.name in NAMES:
        return "shell"
    return "shell" if _DIRECTORIES.search(path.as_posix()) else None


def _read(fragment: Fragment) -> Iterable[Found]:
    from nftlint.shell.read import read

    return read(fragment)


LANGUAGES = {"shell": _read}
