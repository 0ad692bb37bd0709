"""This process -> this process in a network and mount namespace of its own, with an empty /run."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

MARK = "TOPO_TEST_WORLD"
"""In the environment of every process that a test starts, however it hides: its value is this world's."""

PROGRAMS = ("ip", "bridge", "nft", "ping", "ss", "strace", "sysctl", "unshare")

_NEWNS, _NEWNET = 0x00020000, 0x40000000
_MS_REC, _MS_PRIVATE, _MNT_DETACH = 16384, 1 << 18, 2


def leave() -> str | None:
    """Leaves the machine's network and mounts, for this thread and all that it starts. Returns why not, if not."""
    if sys.platform != "linux":
        return f"live tests need Linux, not {sys.platform}"
    if os.geteuid() != 0:
        return "live tests need root"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        return f"live tests need {', '.join(missing)} (scripts/test installs what is missing)"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEWNS | _NEWNET):
        return f"live tests need network namespaces: unshare(2) says {os.strerror(ctypes.get_errno())}"
    _checked(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))
    for where in reversed([line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]):
        if where.startswith("/run/"):  # the machine's own pinned namespaces: hidden below, but still listed
            libc.umount2(where.encode(), _MNT_DETACH)
    _checked(libc.mount(b"tmpfs", b"/run", b"tmpfs", 0, b"mode=755"))
    os.environ[MARK] = uuid.uuid4().hex
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return None


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
