"""The interfaces of the host that forward for labs: switched on one by one, remembered, put back by the last lab that goes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from topo.kernel.linux import attributes, link_messages, outside, sysctls, uplink_alias
from topo.kernel.linux.outside import Outside
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.uplink_alias import Memory
from topo.objects.host import IPV6

_IFLA_IFALIAS = 20


def switch(place: Place, lab: str, index: int, wanted: Sequence[str]) -> None:
    """These forward from now on, and others that the lab made forward do not, unless another lab needs them.

    The alias is written first: a command killed in between leaves an interface remembered that has not changed.
    """
    seen = outside.read(place, lab)
    mine = {name for memory in seen.memories.values() if memory.lab == lab for name in memory.outer}
    others = seen.remembered(without=lab)
    new = tuple(sorted(name for name in wanted if name not in seen.forwarding or name in mine or name in others))
    _remember(place, index, Memory(lab, tuple(sorted(mine.union(new)))))
    with place.entered():
        for name in new:
            if name not in seen.forwarding:
                sysctls.write(_setting(name), "1")
        _put_back(sorted(mine - others - set(new)))
    _remember(place, index, Memory(lab, new))


def restore(place: Place, lab: str, seen: Outside) -> None:
    """What the lab made forward is as it was before, unless another lab needs it."""
    mine = {name for memory in seen.memories.values() if memory.lab == lab for name in memory.outer}
    with place.entered():
        _put_back(sorted(mine - seen.remembered(without=lab)))


def _put_back(names: Sequence[str]) -> None:
    """Where the host as a whole forwards by now, somebody else has need of it, and it stays so."""
    for name in names:
        with suppress(FileNotFoundError):  # the interface is gone
            if name.startswith(IPV6) or sysctls.read("net.ipv4.ip_forward") == "0":
                sysctls.write(_setting(name), "0")


def _remember(place: Place, index: int, memory: Memory) -> None:
    said = attributes.text(_IFLA_IFALIAS, uplink_alias.text(memory))
    _must(place.socket, link_messages.change(index, said))


def _must(socket: RouteSocket, message: bytes) -> None:
    for refusal in socket.send([message]).values():
        raise OSError(refusal.errno, str(refusal))


def _setting(name: str) -> str:
    interface = name.removeprefix(IPV6).replace(".", "/")
    if name.startswith(IPV6):  # IPv6 forwards on all interfaces or, from Linux 6.17 on, on those that are forced to
        return f"net.ipv6.conf.{interface}.force_forwarding"
    return f"net.ipv4.conf.{interface}.forwarding"
