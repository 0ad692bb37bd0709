"""Codec: how one kind of object is spoken to the kernel, and heard from it; one file of codecs/ per kind."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from topo.kernel.linux import codecs
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation, Scope
from topo.objects import Object

if TYPE_CHECKING:
    from topo.kernel.linux.view import View


@dataclass(frozen=True, slots=True)
class Codec:
    """What a kind can do of these; either `encode` or `perform`.

    encode: the rtnetlink messages of an operation (see messages.message). They go out in one send with those of other
        operations; the place is the operation's namespace. Raises OSError: the operation failed before it was sent.
    perform: executes the operation itself. Raises OSError (its errno is treated as the kernel's answer) or KernelError.
    accepted: told of an operation that the kernel has accepted (an address is announced).
    decode: the objects of this kind in what the dumps of all namespaces of a lab said.
    observe: the objects that no rtnetlink dump shows. Called once for every namespace that is read, with the calling
        thread inside it, and once for the host's (`place.name` is None).
    """

    encode: Callable[[Operation, Place], Iterable[bytes]] | None = None
    perform: Callable[[Operation, Place], None] | None = None
    accepted: Callable[[Operation, Place], None] | None = None
    decode: Callable[[View], Iterable[Object]] | None = None
    observe: Callable[[Place, Scope], Iterable[Object]] | None = None


@cache
def all_codecs() -> Mapping[str, Codec]:
    """kind -> its codec, found by listing the folder codecs/."""
    names = sorted(module.name for module in pkgutil.iter_modules(codecs.__path__))
    return MappingProxyType({name: import_module(f"{codecs.__name__}.{name}").CODEC for name in names})
