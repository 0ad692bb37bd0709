"""What of an interface's IPv6 side no message can say -> written to /proc/sys, before the messages go out."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from topo.kernel.linux import link_messages, settings, sysctls
from topo.kernel.linux.link_messages import Interface
from topo.kernel.linux.place import Place
from topo.objects.settings import Settings

_MODE = "net.ipv6.conf.default.addr_gen_mode"


def prepare(place: Place, old: Interface, new: Interface) -> None:
    """Before the one becomes the other. Raises OSError where it is refused."""
    switch(place, old.name, old.settings, new.settings)
    if link_messages.gains_ipv6(old, new):
        _born_anew(place, new.settings)


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
    return True if place.indexes.new and not sysctls.marks(str(place.name)) else None


def _born_anew(place: Place, new: Settings | None) -> None:
    """The IPv6 side of an interface is made as its MTU grows to 1280: with the namespace's default for addresses of its own,
    and, when the interface is up, such an address at once (addrconf_notify). So the default is another one until then."""
    if new is None or not settings.has_ipv6():
        return
    mode = str(settings.MODES.index(new.addr_gen_mode))
    with place.entered():
        usual = sysctls.read(_MODE)
        if usual == mode:
            return
        sysctls.write(_MODE, mode)
    place.later(partial(_put_back, place, usual))


def _put_back(place: Place, mode: str) -> None:
    with place.entered():
        sysctls.write(_MODE, mode)
