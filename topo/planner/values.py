"""object -> values -> object: the form in which a plan is saved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from topo.objects import KINDS, Object
from topo.record import is_record, saved


def values(thing: Object) -> dict[str, Any]:
    """What is compared, whose it is, and what its name needs: nested, of JSON's types. No index, no counter."""
    plain: dict[str, Any] = _plain(thing)
    return plain


def object_from(kind: str, values: Mapping[str, Any]) -> Object:
    """The object again. Raises ValueError for a kind, a field or a type that there is not."""
    if kind not in KINDS:
        raise ValueError(f"there is no kind of object called {kind!r}")
    thing: Object = _made(KINDS[kind].type, values, kind)
    return thing


def _plain(value: Any) -> Any:
    if is_record(value):
        return {name: _plain(getattr(value, name)) for name in saved(value.__class__)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _made(hint: Any, value: Any, path: str) -> Any:
    if get_origin(hint) in (Union, UnionType):
        choices = [choice for choice in get_args(hint) if choice is not type(None)]
        return None if value is None else _made(choices[0], value, path)
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_made(get_args(hint)[0], one, f"{path}[{number}]") for number, one in enumerate(value))
    if isinstance(hint, type) and issubclass(hint, Struct) and isinstance(value, Mapping):
        hints = _hints(hint)
        if unknown := value.keys() - hints.keys():
            raise ValueError(f"{path}: there is no field {', '.join(sorted(unknown))}")
        try:
            return hint(**{name: _made(hints[name], one, f"{path}.{name}") for name, one in value.items()})
        except TypeError as error:
            raise ValueError(f"{path}: {error}") from None
    if not isinstance(hint, type) or type(value) is not hint:
        raise ValueError(f"{path}: {value!r} is not what stands there")
    return value


@cache
def _hints(of: Any) -> Mapping[str, Any]:
    hints = get_type_hints(of)
    return {name: hints[name] for name in of.__struct_fields__}
