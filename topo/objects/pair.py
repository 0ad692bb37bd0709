"""A pair on a bridge: what becomes of all that one port sends because another one received it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from topo.objects.kind import LINK, Key, Kind, Names, Object, Token
from topo.objects.qdisc import CLASSES
from topo.objects.queue import HANDLE, NETEM, SPELLED, Queue, behind, command

MARKS = 0x3FFF
"""Of them there are so many: half of the handles of tc that it does not give by itself, which begin with 8000:."""
_OWN = HANDLE >> 17
"""The one whose leaves would have the handle of the root."""

NO_FILTER = "no filter"
OTHER_CLASS = "other class"
OTHER_QUEUE = "other queue"


class Pair(Queue, frozen=True, kw_only=True):
    """`interface`: the port in the fabric that sends, to the container that receives. `source`: the port that received it, from
    the container that sent; "" where the kernel knows it no more. mark: the number of the class on `interface`, and the
    preference of the filter that fills it.

    extras, besides those of a queue: NO_FILTER, when there is none; OTHER_CLASS, OTHER_QUEUE, when the class is not as
    topo makes them, or the qdisc in it is another one.
    """

    kind = "pair"
    interface: str
    source: str
    mark: int

    @property
    def key(self) -> Key:
        return ("pair", str(self.namespace), self.interface, f"{self.mark:04x}")

    @property
    def address(self) -> str:
        source = self.source or f"{HANDLE >> 16:x}:{self.mark:x}"
        return f"{self.owner}/impair/{source}->{self.interface}"

    @property
    def leaf(self) -> int:
        """The handle of its queue. Each discipline has one of its own: so one queue takes the place of another."""
        return self.mark << 17 | (self.discipline == NETEM) << 16


def is_mark(number: int) -> bool:
    """Whether a pair can have it."""
    return 0 < number <= MARKS and number != _OWN


def _requires(thing: Pair) -> tuple[Token, ...]:
    place = str(thing.namespace)
    here = (LINK, place, thing.interface), (CLASSES, place, thing.interface)
    return (*here, (LINK, place, thing.source)) if thing.source else here


def _renamed(thing: Pair, names: Names) -> Pair:
    place = str(thing.namespace)
    interface, source = (names.get((place, name), name) for name in (thing.interface, thing.source))
    same = (interface, source) == (thing.interface, thing.source)
    return thing if same else replace(thing, interface=interface, source=source)


def _left(thing: Pair, lost: Collection[Token]) -> Object | None:
    """The kernel keeps a filter for what came by an interface that is gone; by no other it finds anything."""
    return None if any(token in lost for token in _requires(replace(thing, source=""))) else replace(thing, source="")


def _words(before: Pair | None, after: Pair | None) -> str:
    return " && ".join(_commands(before, after))


def _commands(before: Pair | None, after: Pair | None) -> Iterator[str]:
    thing = after or before
    assert thing is not None
    tc, handle = f"tc -n {thing.namespace}", f"{HANDLE >> 16:x}"
    device, number = f"dev {thing.interface}", f"{handle}:{thing.mark:x}"
    chosen = f"{device} parent {handle}: prio {thing.mark}"
    if before and has_filter(before) and (after is None or before.source != after.source):
        yield f"{tc} filter delete {chosen}"
    if after is None:
        yield f"{tc} class delete {device} classid {number}"
        return
    if before is None or OTHER_CLASS in before.extras:
        yield f"{tc} class replace {device} parent {handle}: classid {number} htb rate 8tbit quantum 64kb"
    queue = f"{tc} qdisc replace {device} parent {number} handle {after.leaf >> 16:x}: {command(after)}"
    yield queue + behind(before, after, device, after.leaf)
    if needs_filter(before, after):
        yield f"{tc} filter add {chosen} protocol all u32 match u32 0 0 indev {after.source} classid {number}"


def has_filter(thing: Pair) -> bool:
    """Whether there is one, be it right or not."""
    return NO_FILTER not in thing.extras


def needs_filter(before: Pair | None, after: Pair) -> bool:
    """Whether it is to be made."""
    return before is None or not has_filter(before) or before.source != after.source


KIND = Kind(
    name="pair",
    type=Pair,
    summary="on a bridge, what becomes of the packets from one container to another",
    requires=_requires,
    renamed=_renamed,
    left=_left,
    together=True,
    spelled=SPELLED,
    words=_words,
)
