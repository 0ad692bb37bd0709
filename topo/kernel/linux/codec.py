"""Codec: how one kind of object is spoken to the kernel, and heard from it; one file of codecs/ per kind."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from topo.errors import KernelError
from topo.kernel.linux import codecs
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects import Object

if TYPE_CHECKING:
    from topo.kernel.linux.places import Places
    from topo.kernel.linux.view import View


class Codec(Struct, frozen=True):
    """What a kind can do of these; either `encode` or `perform`.

    encode: the rtnetlink messages of an operation (see messages.message). They go out in one send with those of other
        operations; the place is the operation's namespace. Raises OSError: the operation failed before it was sent.
    perform: executes the operation itself. Raises OSError (its errno is treated as the kernel's answer) or KernelError.
    accepted: told of an operation that the kernel has accepted (an address is announced).
    links: the objects of this kind that are interfaces, of what the dumps of all namespaces of a lab said. Each of them is
        claimed (see View.claim): an interface that no kind has claimed is of the kind `interface`.
    decode: the other objects of this kind in these dumps, when all that is claimed is known.
    observe: the objects that no rtnetlink dump shows, of the namespaces in `view.links`. What it opens, a thousand times, takes
        a while: where a file or a folder says which namespaces have any, it looks there.
    check: of objects that are to be: plan address -> what this kernel has against it, found without touching the lab.
    advice: of all objects that a lab is to have: sentences on what of this machine will surprise whoever has them.
    """

    encode: Callable[[Operation, Place], Iterable[bytes]] | None = None
    perform: Callable[[Operation, Place], None] | None = None
    accepted: Callable[[Operation, Place], None] | None = None
    links: Callable[[View], Iterable[Object]] | None = None
    decode: Callable[[View], Iterable[Object]] | None = None
    observe: Callable[[View, Places], Iterable[Object]] | None = None
    check: Callable[[Sequence[Object]], Mapping[str, KernelError]] | None = None
    advice: Callable[[Sequence[Object]], Iterable[str]] | None = None


@cache
def all_codecs() -> Mapping[str, Codec]:
    """kind -> its codec, found by listing the folder codecs/."""
    names = sorted(module.name for module in pkgutil.iter_modules(codecs.__path__))
    return MappingProxyType({name: import_module(f"{codecs.__name__}.{name}").CODEC for name in names})
