"""What this machine allows -> errors with what to do about it, before the kernel says no half way."""

from __future__ import annotations

import os
import re
from errno import EACCES, EMFILE, EOPNOTSUPP, EPERM

from topo.errors import KernelError

_OLDEST = (5, 18)
_RENAMES = (6, 2)

_HINTS = {
    EPERM: "run it as root, for example with sudo",
    EACCES: "run it as root, for example with sudo",
    EMFILE: "allow more open files: ulimit -n 4096",
    EOPNOTSUPP: "the kernel was built without this, or its module is not loaded",
}


def hint_of(errno: int) -> str | None:
    """What a user can do about an errno, where there is something."""
    return _HINTS.get(errno)


def check_kernel() -> None:
    """Raises KernelError on a kernel that cannot keep the mark of an address (IFA_PROTO came with Linux 5.18)."""
    if release() < _OLDEST:
        found = os.uname().release
        raise KernelError(f"Linux {found} is too old: topo needs 5.18 or newer", hint="boot a newer kernel")


def renames_live() -> bool:
    """Whether the kernel renames an interface that is up (dev_change_name, Linux 6.2)."""
    return release() >= _RENAMES


def release() -> tuple[int, int]:
    """(6, 18) of `6.18.44-generic`."""
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def error_of(error: OSError, what: str) -> KernelError:
    """The error for something of the machine that could not be done: `what` is `open the namespace topo.shop`."""
    number = error.errno or 0
    return KernelError(f"cannot {what}: {error.strerror or error}", errno=number, hint=hint_of(number))
