"""What of an interface's IPv6 side no message can say -> written to /proc/sys, before the messages go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial

from topo.kernel.linux import link_messages, settings, sysctls
from topo.kernel.linux.link_messages import Interface
from topo.kernel.linux.messages import SETTLE
from topo.kernel.linux.place import Place
from topo.objects.settings import Settings

_MODE = "net.ipv6.conf.default.addr_gen_mode"
_OFF = "net.ipv6.conf.default.disable_ipv6"
_NOTIFY = "net.ipv6.conf.all.ndisc_notify"


def prepare(place: Place, old: Interface, new: Interface) -> Iterator[bytes]:
    """Before the one becomes the other; what it yields goes before the messages. Raises OSError where it is refused.

    A new MAC is told to the neighbours by the kernel itself, in the moment that it is set (ndisc_netdev_event), as arp_notify
    does for IPv4: whoever sends meanwhile loses nothing. To have that in every namespace from its beginning would take longer
    with each.
    """
    switch(place, old.name, old.settings, new.settings)
    grows = link_messages.gains_ipv6(old, new)
    if new.settings is None:  # a port is born anew with what its namespace has, not with what bridges need
        yield from usually(place) if grows else ()
    elif settings.has_ipv6():
        moved = [(_NOTIFY, "1")] if new.mac and old.mac != new.mac else []
        yield from _for_now(place, *(_born_anew(new.settings) if grows else ()), *moved)


def bear(place: Place, new: Settings) -> Iterator[bytes]:
    """Before a bridge is made: it has IPv6 from its birth, or not, as its settings say. In the fabric the default is not to,
    for the sake of the ports."""
    if settings.has_ipv6():
        yield from _for_now(place, (_OFF, str(int(not new.ipv6))))


def usually(place: Place) -> Iterator[bytes]:
    """Before something is made that is to have what its namespace has."""
    if place.left:
        yield SETTLE


def _for_now(place: Place, *wanted: tuple[str, str]) -> Iterator[bytes]:
    """Sysctls have these values, and no others that were to be for now, until the messages have been sent that come next."""
    if all(one in place.left for one in wanted) or not _differing(place, wanted):
        return
    yield SETTLE
    with place.entered():
        for name, value in _differing(place, wanted):
            usual = sysctls.read(name)
            sysctls.write(name, value)
            place.later((name, value), partial(_put_back, place, name, usual))


def _differing(place: Place, wanted: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    with place.entered():
        return [(name, value) for name, value in wanted if sysctls.read(name) != value]


def switch(place: Place, interface: str, old: Settings | None, new: Settings | None) -> None:
    """IPv6 goes on or off as the settings of the interface change. Raises OSError where that is refused."""
    if new is None or new == old or not settings.has_ipv6():
        return
    before = old.ipv6 if old else _usual(place)
    if new.ipv6 == before:
        return
    name, value = f"net.ipv6.conf.{interface.replace('.', '/')}.disable_ipv6", str(int(not new.ipv6))
    with place.entered(), suppress(FileNotFoundError):  # one with an MTU below 1280 has nothing to switch
        if before is not None or sysctls.read(name) != value:
            sysctls.write(name, value)


def _usual(place: Place) -> bool | None:
    """What an interface has that was just made: IPv6, in a namespace of which nobody has changed the default. None: who knows."""
    return True if place.indexes.new else None


def _born_anew(new: Settings) -> tuple[tuple[str, str], ...]:
    """The IPv6 side of an interface is made as its MTU grows to 1280: on or off as the namespace's default says, and, when the
    interface is up, with an address of its own at once (addrconf_notify). So the defaults are others until then."""
    return (_OFF, str(int(not new.ipv6))), (_MODE, str(settings.MODES.index(new.addr_gen_mode)))


def _put_back(place: Place, name: str, value: str) -> None:
    with place.entered():
        sysctls.write(name, value)
