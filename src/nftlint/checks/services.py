"""What is asked of a service, in the words of any service manager."""

from __future__ import annotations

from collections.abc import Sequence

_NAME_FIRST = frozenset({"service", "invoke-rc.d", "rc-service"})


def service_of(words: Sequence[str], name: str) -> str:
    """Return the action that a command line asks of the service ``name``, empty if none.

    ``systemctl enable --now`` is the action ``enable --now``.
    """
    program = words[0].rpartition("/")[2]
    operands = [word for word in words[1:] if not word.startswith("-")]
    if words[0].startswith("/etc/init.d/"):
        return operands[0] if operands and program == name else ""
    if program in _NAME_FIRST:
        return operands[1] if operands[:1] == [name] and len(operands) > 1 else ""
    if program != "systemctl" or not operands:
        return ""
    named = any(word in (name, f"{name}.service") for word in operands[1:])
    now = " --now" if "--now" in words and operands[0] in ("enable", "disable") else ""
    return operands[0] + now if named else ""
