"""A kind of link -> whether this kernel has it."""

from __future__ import annotations

import subprocess
from functools import cache


@cache
def has(kind: str) -> bool:
    """Without a parent none is made: the kernel says what it lacks, or that it knows no such kind."""
    done = subprocess.run(["ip", "link", "add", "able0", "type", kind], capture_output=True, text=True, check=False)
    if not done.returncode:
        subprocess.run(["ip", "link", "del", "able0"], check=True)
    return "Unknown device type" not in done.stderr and "not supported" not in done.stderr
