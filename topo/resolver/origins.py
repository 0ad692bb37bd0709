"""objects and the paths that ask for them -> plan address -> the place in the file, found when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from topo.errors import Where
from topo.lab import Lab, Path
from topo.objects import Object

Placed = tuple[Object, Path]
"""An object, and where the document asks for it."""


class Origins(Mapping[str, Where]):
    """Only the objects of a plan's changes are ever asked for, and most plans have few or none."""

    def __init__(self, lab: Lab, placed: Iterable[Placed]) -> None:
        self._lab = lab
        self._placed = placed
        self._places: dict[Path, Where | None] = {}

    @cached_property
    def _paths(self) -> Mapping[str, Path]:
        return {thing.address: path for thing, path in self._placed}

    def __getitem__(self, address: str) -> Where:
        where = self._where(self._paths[address])
        if where is None:
            raise KeyError(address)
        return where

    def get(self, address: str, default: Any = None) -> Any:
        """A change is made for each object of a new lab, and Mapping's own `get` takes three calls for each."""
        path = self._paths.get(address)
        where = None if path is None else self._places[path] if path in self._places else self._where(path)
        return default if where is None else where

    def _where(self, path: Path) -> Where | None:
        """Many objects are from one place: each is looked up once."""
        if path not in self._places:
            self._places[path] = self._lab.where(path, key=len(path) == 2)  # a network or container is where its name stands
        return self._places[path]

    def __iter__(self) -> Iterator[str]:
        return (address for address in self._paths if address in self)

    def __len__(self) -> int:
        return len(list(iter(self)))
