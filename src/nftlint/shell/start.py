"""What is known of a script's variables and functions where it begins."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping

from nftlint.fragment import Fragment
from nftlint.shell.anywhere import assigned_anywhere, assigned_in_functions, functions_of
from nftlint.shell.braces import is_bash
from nftlint.shell.library import set_by_functions
from nftlint.shell.nodes import nodes
from nftlint.shell.tree import Function, Script, Simple
from nftlint.shell.values import Env, Known


def environment(fragment: Fragment, script: Script) -> Env:
    """Return the environment of a script's first command, which knows what is set anywhere."""
    given = fragment.context.variables
    functions = functions_of(script)
    assigned = assigned_anywhere(script)
    return Env(
        script.text,
        scalars={name: Known((value,), exact=True) for name, value in given.items()},
        functions=functions,
        anywhere=assigned.values,
        constants={} if _sources(script) else _certain(assigned.constants, fragment),
        texts_anywhere=assigned.texts,
        heredocs=script.heredocs,
        bash=is_bash(script.text),
        shared=_assigned_by(functions.values(), script),
        own=sys.maxsize if script.library is None else script.library.own,
    )


def _certain(constants: Mapping[str, Known], fragment: Fragment) -> Mapping[str, Known]:
    """Return the constants that no script sets anew which reads this file in."""
    sourced = fragment.context.sourced
    if sourced is None:
        return constants
    return {name: known for name, known in constants.items() if name not in sourced.set_by_users}


def _assigned_by(functions: Collection[Function], script: Script) -> frozenset[str]:
    return assigned_in_functions(functions, script.text) | set_by_functions(script, functions)


def _sources(script: Script) -> bool:
    """Tell whether another file, or a string, is run as a part of the script."""
    return any(
        isinstance(node, Simple)
        and node.words
        and node.words[0].span.of(script.text) in ("source", ".", "eval")
        for node in nodes(script.body)
    )
