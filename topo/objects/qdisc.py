"""The queueing discipline of an interface: what becomes of the packets that it sends. Delay, loss, rate."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import LINK, Key, Kind, Names, Token
from topo.objects.queue import HANDLE, HTB, SPELLED, Queue, behind, command

ROOT = "queue"
"""(ROOT, namespace, interface): only occupied: what all packets that the interface sends go through."""
CLASSES = "classes"
"""(CLASSES, namespace, interface): a queue that parts what it sends: see pair.py."""


class Qdisc(Queue, frozen=True, kw_only=True):
    """The root one: all that the interface sends goes through it."""

    kind = "qdisc"
    kept = frozenset({"handle"})
    interface: str
    handle: int = HANDLE

    @property
    def key(self) -> Key:
        own = () if self.handle == HANDLE else (f"{self.handle:#x}",)
        return ("qdisc", str(self.namespace), self.interface, *own)

    @property
    def address(self) -> str:
        own = "" if self.handle == HANDLE else f"/{self.handle >> 16:x}"
        return f"{self.owner}/{self.interface}/qdisc{own}"


def _requires(thing: Qdisc) -> tuple[Token, ...]:
    return ((LINK, str(thing.namespace), thing.interface),)


def _provides(thing: Qdisc) -> tuple[Token, ...]:
    return ((CLASSES, str(thing.namespace), thing.interface),) if thing.discipline == HTB and thing.owned else ()


def _occupies(thing: Qdisc) -> tuple[Token, ...]:
    return ((ROOT, str(thing.namespace), thing.interface),)


def _renamed(thing: Qdisc, names: Names) -> Qdisc:
    name = names.get((str(thing.namespace), thing.interface))
    return replace(thing, interface=name) if name else thing


def _words(before: Qdisc | None, after: Qdisc | None) -> str:
    thing = after or before
    assert thing is not None
    where = f"dev {thing.interface} root"
    if after is None:
        return f"tc -n {thing.namespace} qdisc delete {where}"
    verb = "change" if before else "add"
    whole = f"tc -n {thing.namespace} qdisc {verb} {where} handle {after.handle >> 16:x}: {command(after)}"
    return whole + behind(before, after, f"dev {thing.interface}", after.handle)


KIND = Kind(
    name="qdisc",
    type=Qdisc,
    summary="what becomes of the packets that an interface sends: delay, loss, rate",
    requires=_requires,
    provides=_provides,
    occupies=_occupies,
    replaced={"discipline": "a queue of one kind cannot become one of another: what waits in it is lost"},
    renamed=_renamed,
    spelled=SPELLED,
    words=_words,
)
