"""Text -> a file of a lab that is there whole or not at all, whenever the command is killed."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from topo.kernel.linux import folders, hints


def write(lab: str, path: Path, content: str) -> None:
    """Writes a file below the lab's folder of objects. What is half written is a note, which `down` removes."""
    target, notes = os.fspath(path), os.fspath(folders.notes(lab))
    _make_way(os.fspath(folders.objects(lab)), target)
    half = f"{notes}/half-written-{threading.get_native_id()}"
    _make_folder(notes)
    with hints.about(half), open(half, "wb") as file:
        file.write(content.encode(errors="surrogateescape"))
    os.replace(half, target)


def remove(lab: str, path: Path) -> None:
    """Removes a file, where there is one, and the folders that are empty without it, up to that of the objects."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()
    with suppress(OSError):  # the first one that is not empty
        for folder in path.parents:
            folder.rmdir()
            if folder == folders.objects(lab):
                break


def delete(path: Path) -> None:
    """Removes a file, or a folder with all that is in it."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for inside in path.iterdir():
        delete(inside)
    path.rmdir()


def _make_way(objects: str, path: str) -> None:
    """The folders that the file is in are there. What somebody has put in the place of one, or of the file, goes: all in here is
    the lab's."""
    at = len(objects)
    while at > 0:
        _make_folder(path[:at])
        at = path.find("/", at + 1)
    with suppress(FileNotFoundError):
        if S_ISDIR(os.lstat(path).st_mode):
            delete(Path(path))


def _make_folder(folder: str) -> None:
    """To look first is a tenth of the time of making one that is there."""
    try:
        if S_ISDIR(os.lstat(folder).st_mode):
            return
        os.unlink(folder)
    except FileNotFoundError:
        pass
    os.makedirs(folder, exist_ok=True)
