"""State: all objects of one lab, as desired by a file or as found in the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from topo.errors import Where
from topo.objects.host import UNKNOWN, Host, Outlet
from topo.objects.kind import Key, Object
from topo.record import Record

LIVE_RENAME = "live-rename"
"""The kernel renames an interface that is up (Linux 6.2 and newer)."""

REMARK = "re-marking of addresses"
"""The kernel marks an IPv4 address that is there (Linux 6.4 and newer)."""

ALL_FEATURES = frozenset({LIVE_RENAME, REMARK})


class State(Record, frozen=True):
    """The one type of what is wanted and what is there.

    objects: by key; a desired state's are in the order of the document, the order in which a plan lists them.
    features: what the kernel can do that not every kernel can.
    origins: plan address -> the place in the file that asks for the object (desired states only).
    outlet: what the file says of the way out, if there is one (desired states). host: what that is made from (actual ones).
    """

    shown = frozenset({"origins", "outlet", "host"})
    lab: str
    objects: Mapping[Key, Object] = {}
    features: frozenset[str] = ALL_FEATURES
    origins: Mapping[str, Where] = {}
    outlet: Outlet | None = None
    host: Host = UNKNOWN

    @classmethod
    def of(cls, lab: str, objects: Iterable[Object], **more: object) -> State:
        """A state of these objects. Raises ValueError when two of them have one key."""
        table: dict[Key, Object] = {}
        for thing in objects:
            if table.setdefault(thing.key, thing) is not thing:
                raise ValueError(f"{thing.address} and {table[thing.key].address} have the key {thing.key}")
        return cls(lab, table, **more)  # type: ignore[arg-type]
