"""Text -> a file of a lab that is there whole or not at all, whenever the command is killed."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from topo.kernel.linux import folders


def write(lab: str, path: Path, content: str) -> None:
    """Writes a file below the lab's folder of objects. What is half written is a note, which `down` removes."""
    half = folders.notes(lab) / f"half-written-{threading.get_native_id()}"
    for folder in (path.parent, half.parent):
        folder.mkdir(parents=True, exist_ok=True)
    half.write_text(content, errors="surrogateescape")
    half.replace(path)


def remove(lab: str, path: Path) -> None:
    """Removes a file, where there is one, and the folders that are empty without it, up to that of the objects."""
    path.unlink(missing_ok=True)
    with suppress(OSError):  # the first one that is not empty
        for folder in path.parents:
            folder.rmdir()
            if folder == folders.objects(lab):
                break
