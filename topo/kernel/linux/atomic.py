"""Text -> a file of a lab that is there whole or not at all, whenever the command is killed."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from topo.kernel.linux import folders, hints


def write(lab: str, path: Path, content: str) -> None:
    """Writes a file below the lab's folder of objects. What is half written is a note, which `down` removes."""
    _make_way(lab, path)
    half = folders.notes(lab) / f"half-written-{threading.get_native_id()}"
    for folder in (path.parent, half.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with hints.about(half):
        half.write_text(content, errors="surrogateescape")
    half.replace(path)


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


def _make_way(lab: str, path: Path) -> None:
    """What somebody has put in the place of the file, or of a folder that it is in, goes: all in here is the lab's."""
    if path.is_dir() and not path.is_symlink():
        delete(path)
    inside = path.relative_to(folders.objects(lab)).parts[:-1]
    folder = folders.objects(lab)
    for name in ("", *inside):
        folder = folder / name
        if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
            folder.unlink()
