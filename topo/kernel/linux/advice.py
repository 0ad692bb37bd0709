"""A lab that is to be -> what of this machine will surprise whoever brings it up."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator

from topo.kernel.linux.codec import all_codecs
from topo.objects import Object, State
from topo.objects.namespace import Namespace

_SYSTEMD = "/run/systemd/system"
"""There where systemd is process 1 (sd_booted(3))."""

_MANY_MOUNTS = 500
"""From here on what systemd does of them is felt: docs/performance.md."""


def advice(desired: State) -> Iterator[str]:
    """Sentences, most often none."""
    by_kind = defaultdict[str, list[Object]](list)
    for thing in desired.objects.values():
        by_kind[thing.kind].append(thing)
    for kind, things in by_kind.items():
        if about := all_codecs()[kind].advice:
            yield from about(things)
    pins = sum(isinstance(thing, Namespace) for thing in desired.objects.values())
    if pins >= _MANY_MOUNTS and _systemd_sees():
        yield (
            f"systemd makes a unit of each of the {pins} mounts under /run/netns: `systemctl daemon-reload` and a shutdown take"
            " much longer while the lab is up; take it down before you shut the machine down"
        )


def _systemd_sees() -> bool:
    """Whether what is mounted here is mounted for process 1, and that is systemd."""
    try:
        return os.path.isdir(_SYSTEMD) and os.path.samestat(os.stat("/proc/self/ns/mnt"), os.stat("/proc/1/ns/mnt"))
    except OSError:  # an ordinary user may not look
        return False
