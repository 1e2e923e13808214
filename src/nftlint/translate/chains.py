"""Chain commands: ``-N``, ``-P``, ``-F``, ``-X``, ``-E``."""

from __future__ import annotations

from collections.abc import Callable

from nftlint.applicability import Applicability
from nftlint.argv import Arg
from nftlint.iptables.model import IptablesCommand
from nftlint.nft.command import Chain, Command, Hook
from nftlint.nft.expression import Literal, Name
from nftlint.translate.chain_names import check_chain_name
from nftlint.translate.context import Context, cannot, needless
from nftlint.translate.result import Translation
from nftlint.translate.write import table_words

_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50}
_PRIORITIES |= {"srcnat": 100}
_POLICIES = {"accept": "ACCEPT", "drop": "DROP"}


def chain(command: Command, name: Name, ctx: Context) -> Translation:
    """Translate a command about one chain.

    Raises:
        CannotError: iptables cannot say it.

    """
    check_chain_name(name)
    translate = _VERBS.get(command.verb.text)
    if translate is None:
        cannot(command.verb, f"`{command.verb.text} chain` has no translation")
    return translate(command, name, ctx)


def _add(command: Command, name: Name, ctx: Context) -> Translation:
    """Translate ``add chain`` and ``create chain``, with or without a hook and a policy."""
    content = command.body if isinstance(command.body, Chain) else None
    if content is not None and content.flags:
        cannot(content, "iptables chains have no flags")
    if ctx.builtin:
        return _policy(command, content, name, ctx)
    if content is not None and (content.hook is not None or content.policy is not None):
        cannot(
            content.hook or content.policy or content,
            "iptables has base chains of its own alone, and a policy for those: "
            "use one of them, or jump from it to this chain",
        )
    new = _command(ctx, "-N", name)
    if command.verb.text == "create":
        return _safe(new)
    return _unsafe(f"`-N` fails where `{name.text}` is there already, and `add` does not", new)


def _policy(command: Command, content: Chain | None, name: Name, ctx: Context) -> Translation:
    if command.verb.text == "create":
        cannot(command.verb, f"iptables makes {name.text} by itself")
    if content is not None and content.hook is not None:
        _check_hook(content.hook, name, ctx)
    policy = content.policy if content is not None else None
    if policy is None and content is not None and content.hook is not None:
        return needless(command, f"iptables makes {name.text} by itself: no command is needed")
    if policy is None:
        return cannot(command, f"iptables makes {name.text} by itself, and never without its hook")
    if not isinstance(policy, Literal) or policy.text not in _POLICIES:
        return cannot(policy, "a policy is `accept` or `drop`")
    word = Arg(_POLICIES[policy.text], policy.span)
    return _safe(_command(ctx, "-P", name, word))


def _check_hook(hook: Hook, name: Name, ctx: Context) -> None:
    """Make sure that the chain hangs where iptables' own hangs.

    Raises:
        CannotError: it does not, or it cannot be told.

    """
    kind = "nat" if ctx.table == "nat" else "filter"
    kind = "route" if (ctx.table, name.text) == ("mangle", "OUTPUT") else kind
    own = (kind, name.text.lower())
    if (hook.type, hook.hook) != own or hook_priority(hook) != _own_priority(name, ctx):
        cannot(
            hook,
            f"iptables' {name.text} has type {own[0]}, hook {own[1]} and priority "
            f"{_own_priority(name, ctx)}: with others iptables cannot use the chain",
        )


def hook_priority(hook: Hook) -> int | None:
    """Return the priority as a number, ``None`` where it is not known."""
    text = hook.priority.text if isinstance(hook.priority, Literal) else ""
    base = _PRIORITIES.get(text)
    try:
        return (int(text) if base is None else base) + int(hook.offset or "0")
    except ValueError:
        return None


def _own_priority(name: Name, ctx: Context) -> int:
    if ctx.table != "nat":
        return _PRIORITIES[ctx.table]
    late = name.text in {"INPUT", "POSTROUTING"}
    return _PRIORITIES["srcnat" if late else "dstnat"]


def _flush(command: Command, name: Name, ctx: Context) -> Translation:
    del command
    return _safe(_command(ctx, "-F", name))


def _delete(command: Command, name: Name, ctx: Context) -> Translation:
    """Translate ``delete chain``, which takes the rules with it."""
    del command
    if ctx.builtin:
        cannot(name, f"{name.text} is a built-in chain, which iptables does not delete")
    return _unsafe(
        "where a rule still leads to the chain nft deletes nothing, and iptables its rules",
        _command(ctx, "-F", name),
        _command(ctx, "-X", name),
    )


def _rename(command: Command, name: Name, ctx: Context) -> Translation:
    new = command.name
    if new is None or ctx.builtin:
        return cannot(name, "iptables does not rename this chain")
    check_chain_name(new)
    return _safe(_command(ctx, "-E", name, Arg(new.text, new.span)))


def _refuse(reason: str) -> Callable[[Command, Name, Context], Translation]:
    def refuse(command: Command, name: Name, ctx: Context) -> Translation:
        del name, ctx
        return cannot(command.verb, reason)

    return refuse


def _command(ctx: Context, option: str, name: Name, *more: Arg) -> IptablesCommand:
    words = (*table_words(ctx), Arg(option), Arg(name.text, name.span), *more)
    return IptablesCommand(ctx.program, words)


def _safe(*commands: IptablesCommand) -> Translation:
    return Translation(commands, Applicability.SAFE, ())


def _unsafe(reason: str, *commands: IptablesCommand) -> Translation:
    return Translation(commands, Applicability.UNSAFE, (reason,))


_VERBS: dict[str, Callable[[Command, Name, Context], Translation]] = {
    "add": _add,
    "create": _add,
    "flush": _flush,
    "delete": _delete,
    "destroy": _delete,
    "rename": _rename,
    "list": _refuse("it changes nothing; iptables lists a chain by `-S` and `-L`"),
    "reset": _refuse("iptables sets the counters of a chain to zero by `-Z`"),
}
