"""File <-> a file in the lab's folder of objects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from topo.errors import KernelError
from topo.kernel.linux import atomic, folders
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.file import File


def _perform(operation: Operation, place: Place) -> None:
    thing = operation.thing
    assert isinstance(thing, File)
    folder = folders.objects(place.lab)
    path = folder / thing.path
    if ".." in path.parts or folder not in path.parents:
        raise KernelError(f"{thing.path} is not a file of the lab {place.lab}")
    if operation.after is None:
        atomic.remove(place.lab, path)
    else:
        atomic.write(place.lab, path, thing.content)


def _observe(view: View, places: Places) -> Iterator[File]:
    folder, sysctls = folders.objects(view.lab), folders.sysctls(view.lab)
    for root, _, names in os.walk(folder):
        if Path(root) != sysctls:
            for path in (Path(root, name) for name in names):
                with suppress(FileNotFoundError):
                    if path.is_file():  # reading a pipe would wait for ever
                        yield _read(path, folder)


def _read(path: Path, folder: Path) -> File:
    inside = path.relative_to(folder)
    owner = "/".join(inside.parts[:2]) if inside.parts[0] == "containers" else "lab"
    return File(owner=owner, path=str(inside), content=path.read_text(errors="surrogateescape"))


CODEC = Codec(perform=_perform, observe=_observe)
