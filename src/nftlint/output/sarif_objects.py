"""sarif-om's objects as JSON values.

sarif-om's own serialiser leaves out what equals the schema's default, ``level: "warning"`` among
it, so that a rule's default level would win; and it takes a millisecond a result.
"""

from __future__ import annotations

from typing import Any, cast

_ALWAYS = frozenset({"level"})


def to_json(value: Any) -> object:
    """Return a sarif-om object, list, mapping or plain value as JSON values."""
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if not hasattr(value, "__attrs_attrs__"):
        return cast("object", value)
    return dict(_members(value))


def _members(value: Any) -> list[tuple[str, object]]:
    members = []
    for field in value.__attrs_attrs__:
        member = getattr(value, field.name)
        if field.name in _ALWAYS or member != field.default:
            members.append((field.metadata["schema_property_name"], to_json(member)))
    return members
