"""``dataclasses`` for a program that is started often: what a class needs is made at its first use.

The standard module writes and compiles up to seven functions for each class when it is defined;
for the hundreds of classes here that took as long as everything else of a start, and most of them
are of no use to a run. The interface is the same, for as much of it as is used here. To the type
checker these are the standard ones: so it is the checker that keeps ``frozen`` records from being
changed, and no code does at run time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass, field, replace
    from typing import Any

__all__ = ["as_mapping", "dataclass", "field", "is_record", "names_of", "replace"]

_DEFAULTS = "__record_defaults__"
_UNSET = object()
_SIGNS = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
_ORDER = [name for name in _SIGNS if name != "__eq__"]


class _Field:
    """What ``field`` says of one."""

    __slots__ = ("compare", "default", "factory")

    def __init__(self, default: Any, factory: Any, *, compare: bool) -> None:
        self.default = default
        self.factory = factory
        self.compare = compare


def is_record(kind: type) -> bool:
    """Tell whether it is a class of records."""
    return hasattr(kind, _DEFAULTS)


def names_of(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a class of records, in order; none for another class."""
    names: tuple[str, ...] = getattr(kind, "__match_args__", ()) if is_record(kind) else ()
    return names


def as_mapping(record: object) -> dict[str, Any]:
    """Return the values of a record's fields by their names; what is in them is left as it is."""
    return {name: getattr(record, name) for name in names_of(record.__class__)}


if not TYPE_CHECKING:

    def dataclass(
        *, frozen: bool = False, slots: bool = True, eq: bool = True, order: bool = False
    ) -> Callable[[type], type]:
        """Make a class with annotations a class of records, with slots.

        Classes of records have no base that is one. ``frozen`` ones have a hash.
        """
        del slots

        def made(kind: type) -> type:
            return _slotted(kind, frozen=frozen, eq=eq, order=order)

        return made

    def field(
        *, default: Any = _UNSET, default_factory: Any = None, compare: bool = True
    ) -> _Field:
        """Return what is said of a field: its default, and whether it counts in comparisons."""
        return _Field(default, default_factory, compare=compare)

    def replace(record: Any, /, **changes: Any) -> Any:
        """Return a record of the same class, with some fields changed. Raises ``TypeError``."""
        kind = record.__class__
        for name in kind.__match_args__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return kind(**changes)


def _slotted(kind: type, *, frozen: bool, eq: bool, order: bool) -> type:
    names = tuple(kind.__annotations__)
    space = dict(kind.__dict__)
    space[_DEFAULTS] = {name: space.pop(name) for name in names if name in space}
    space.pop("__dict__", None)
    space.pop("__weakref__", None)
    space["__slots__"] = space["__match_args__"] = names
    space.setdefault("__repr__", _repr)
    made = ["__init__"]
    made += ["__eq__"] if eq else []
    made += ["__hash__"] if eq and frozen else []
    made += _ORDER if order else []
    for name in made:
        if name not in space:
            space[name] = _at_first_use(name)
    new = type(kind)(kind.__name__, kind.__bases__, space)
    new.__qualname__ = kind.__qualname__
    return new


def _at_first_use(name: str) -> Any:
    """Return a method that makes the right one when it is called first, and takes its place."""

    def stand_in(self: Any, *args: Any, **named: Any) -> Any:
        kind = self.__class__
        method = _made(kind, name)
        setattr(kind, name, method)
        return method(self, *args, **named)

    return stand_in


def _made(kind: Any, name: str) -> Callable[..., Any]:
    space: dict[str, Any] = {"unset": _UNSET}
    defaults = getattr(kind, _DEFAULTS)
    if name == "__init__":
        text = _init(kind.__match_args__, defaults, space)
    else:
        fields = [one for one in kind.__match_args__ if _is_compared(defaults.get(one))]
        mine, theirs = (f"({''.join(f'{of}.{one}, ' for one in fields)})" for of in ("a", "b"))
        text = f"def {name}(a):\n return hash({mine})\n"
        if name != "__hash__":
            text = f"def {name}(a, b):\n return {mine} {_SIGNS[name]} {theirs} "
            text += "if b.__class__ is a.__class__ else NotImplemented\n"
    exec(text, space)  # noqa: S102 - as dataclasses does; all of the text is written here
    method: Callable[..., Any] = space[name]
    method.__qualname__ = f"{kind.__qualname__}.{name}"
    return method


def _is_compared(default: object) -> bool:
    return default.compare if isinstance(default, _Field) else True


def _init(names: tuple[str, ...], defaults: Mapping[str, Any], space: dict[str, Any]) -> str:
    """Return the text of an ``__init__``; what it speaks of besides its arguments is put in."""
    heads, body = ["self"], []
    for name in names:
        default = defaults.get(name, _UNSET)
        value = name
        if isinstance(default, _Field) and default.factory is not None:
            space[f"make_{name}"] = default.factory
            value = f"make_{name}() if {name} is unset else {name}"
            heads.append(f"{name}=unset")
        else:
            default = default.default if isinstance(default, _Field) else default
            space[f"default_{name}"] = default
            heads.append(name if default is _UNSET else f"{name}=default_{name}")
        body.append(f" self.{name} = {value}\n")
    return f"def __init__({', '.join(heads)}):\n{''.join(body) or ' pass'}"


def _repr(self: object) -> str:
    values = ", ".join(f"{name}={value!r}" for name, value in as_mapping(self).items())
    return f"{self.__class__.__qualname__}({values})"
