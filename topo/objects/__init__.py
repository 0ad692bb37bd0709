"""What a kernel can hold, one file per kind; a file with a `KIND` in it is a kind, and nothing else names it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from topo.objects.kind import Key, Kind, Object, Step, Token
from topo.objects.state import State

__all__ = ["KINDS", "Key", "Kind", "Object", "State", "Step", "Token"]


def _found() -> Mapping[str, Kind]:
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    kinds = (module.KIND for module in modules if hasattr(module, "KIND"))
    return MappingProxyType({kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.name)})


KINDS: Mapping[str, Kind] = _found()
