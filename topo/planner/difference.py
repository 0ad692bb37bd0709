"""desired object, actual object -> the fields in which they differ, and whether the kernel can change these in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from topo.objects import KINDS, Object
from topo.record import compared, is_record


def differences(after: Object, before: Object) -> tuple[str, ...]:
    """Paths of the fields that are asked for and differ: ("mtu", "end.mac"), in the order of the fields."""
    if after == before:
        return ()
    return tuple(_differing(after, before, "", KINDS[after.kind].exact))


def filled(after: Object, before: Object) -> Object:
    """The desired object with what it does not ask for as it is."""
    whole: Object = _filled(after, before, "", KINDS[after.kind].exact)
    return whole


def forced(paths: tuple[str, ...], kind: str, features: frozenset[str]) -> dict[str, str]:
    """Of these paths, those that no message changes in place, and why."""
    table = KINDS[kind]
    reasons = {path: table.replaced[path] for path in paths if path in table.replaced}
    for path in paths:
        feature = table.if_able.get(path)
        if feature is not None and feature not in features:
            reasons[path] = f"this kernel cannot change it in place (no {feature})"
    return reasons


def _differing(after: Any, before: Any, prefix: str, exact: frozenset[str]) -> Iterator[str]:
    for name in compared(after.__class__):
        new, old, path = getattr(after, name), getattr(before, name), prefix + name
        if new == old or (new is None and path not in exact):
            continue
        if is_record(new) and type(new) is type(old):
            yield from _differing(new, old, f"{path}.", exact)
        else:
            yield path


def _filled(after: Any, before: Any, prefix: str, exact: frozenset[str]) -> Any:
    changed = {}
    for name in compared(after.__class__):
        new, old, path = getattr(after, name), getattr(before, name), prefix + name
        if new is None and path not in exact:
            changed[name] = old
        elif is_record(new) and type(new) is type(old):
            changed[name] = _filled(new, old, f"{path}.", exact)
    changed = {name: value for name, value in changed.items() if value is not getattr(after, name)}
    return replace(after, **changed) if changed else after
