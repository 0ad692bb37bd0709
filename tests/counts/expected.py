"""expected.json <-> what was counted, and in words where the two differ.

{"ipv4": {COMMAND: {SUBJECT: {WHAT: "7 + 3n"}}}, "ipv6": ..., "modules": {MODULE: "up, plan"}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("expected.json")
REWRITE = "if that is meant, `python -m tests.counts` as root writes it down, and the change is to be seen in the commit"

Tree = Mapping[str, Any]


def read() -> dict[str, Any]:
    """All that is expected."""
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


def write(found: Tree) -> None:
    """From now on this is expected."""
    FILE.write_text(json.dumps(found, indent=1) + "\n")


def differences(expected: Tree, found: Tree, where: str = "") -> Iterator[str]:
    """A line for each: `up, netlink, RTM_GETLINK dump: rose from 1 + 1n to 1 + 2n`."""
    for what in [*expected, *sorted(found.keys() - expected.keys())]:
        old, new = expected.get(what, "0"), found.get(what, "0")
        name = f"{where}, {what}" if where else what
        if isinstance(old, Mapping) or isinstance(new, Mapping):
            yield from differences(old if isinstance(old, Mapping) else {}, new if isinstance(new, Mapping) else {}, name)
        elif old != new:
            yield f"{name}: {_went(old, new)} from {old} to {new}"


def _went(old: str, new: str) -> str:
    """Which way, where there are many containers; what is no number has only changed."""
    numbers = [re.fullmatch(r"(?:(-?\d+))?(?: \+ )?(?:(-?\d+)n)?", one) for one in (old, new)]
    if not all(numbers):
        return "changed"
    before, after = ([int(found[part] or 0) for part in (2, 1)] for found in numbers if found)
    return "rose" if after > before else "fell"
