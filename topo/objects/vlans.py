"""The VLANs of a port of a bridge <-> their words: `10 pvid untagged` of one that knows none, `10, 20-30` of a trunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

PVID = 2
UNTAGGED = 4
"""BRIDGE_VLAN_INFO_PVID: what comes without a tag is in it. BRIDGE_VLAN_INFO_UNTAGGED: what goes out in it has no tag."""

DEFAULT = "1 pvid untagged"
"""What the kernel gives to every port that joins a bridge (default_pvid)."""

_FLAGS = {"pvid": PVID, "untagged": UNTAGGED}


def access(vlan: int) -> str:
    """The words of a port that is in one VLAN, and sees no tags."""
    return f"{vlan} pvid untagged"


def trunk(ranges: tuple[str, ...]) -> str:
    """The words of a port that has frames of these VLANs with their tags, and none without: of ("10", "20-30")."""
    return words({number: 0 for text in ranges for number in _numbers(text)})


def words(vlans: Mapping[int, int]) -> str:
    """VLAN -> flags, as text; the same for the same VLANs."""
    runs: list[tuple[int, int, int]] = []
    for number, flags in sorted(vlans.items()):
        if runs and runs[-1][1] == number - 1 and runs[-1][2] == flags:
            runs[-1] = (runs[-1][0], number, flags)
        else:
            runs.append((number, number, flags))
    return ", ".join(_run(*run) for run in runs) or "none"


def _run(first: int, last: int, flags: int) -> str:
    number = f"{first}" if first == last else f"{first}-{last}"
    return " ".join([number, *(word for word, flag in _FLAGS.items() if flags & flag)])


@lru_cache(maxsize=1024)
def flags(text: str) -> Mapping[int, int]:
    """VLAN -> flags, of such words; "" is what a port has of which nobody says anything."""
    found: dict[int, int] = {}
    for run in (text or DEFAULT).split(", ") if text != "none" else ():
        numbers, *names = run.split()
        found |= dict.fromkeys(_numbers(numbers), sum(_FLAGS[name] for name in names))
    return found


def _numbers(text: str) -> Iterator[int]:
    first, _, last = text.partition("-")
    yield from range(int(first), int(last or first) + 1)
