"""A statically linked busybox -> a file system that a container can run from, as a tar file."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path


def busybox(folder: Path) -> Path:
    """/bin with busybox in it, as `sleep` too."""
    program = shutil.which("busybox")
    assert program
    image = folder / "image.tar"
    with tarfile.open(image, "w") as tar:
        tar.add(program, "bin/busybox")
        link = tarfile.TarInfo("bin/sleep")
        link.type, link.linkname = tarfile.SYMTYPE, "busybox"
        tar.addfile(link)
    return image
