"""Places: the namespaces that one piece of work has open, each once; closed together at its end."""

from __future__ import annotations

import os
from typing import Self

from topo.kernel.linux import namespaces
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.place import OWN, Place

# A process has 1024 file descriptors by default (getrlimit(2)), and a lab may have more containers.
_MANY = 200


class Places:
    """`known` outlives it: namespace -> what is known of its interfaces."""

    def __init__(self, lab: str, known: dict[str | None, Indexes]) -> None:
        self._lab = lab
        self._known = known
        self._open: dict[str | None, Place] = {}

    def __call__(self, name: str | None) -> Place:
        """The namespace; None is the host's. Raises OSError when it is not there, or may not be opened."""
        if name not in self._open:
            fd = os.open(OWN, os.O_RDONLY | os.O_CLOEXEC) if name is None else namespaces.open(name)
            self._open[name] = Place(name, self._lab, fd, self._known.setdefault(name, Indexes()), self)
        return self._open[name]

    def forget(self) -> None:
        """What is known of interfaces proved wrong, or may be: it is read again before it is used."""
        for indexes in self._known.values():
            indexes.forget()

    @property
    def many(self) -> bool:
        """Whether it is time to close those that are not needed any more."""
        return len(self._open) > _MANY

    def close(self, keep: Place | None = None) -> None:
        """Closes all but one."""
        for name, place in list(self._open.items()):
            if place is not keep:
                del self._open[name]
                place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
