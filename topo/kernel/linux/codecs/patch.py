"""A cable from a network's bridge to a bridge of the host's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from errno import EEXIST, EINVAL, ENODEV, ENOTUNIQ

from topo.errors import KernelError
from topo.kernel.linux import attributes, footing, link_messages, links, settings
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import IFLA_ADDRESS, IFLA_GROUP, IFLA_IFNAME, IFLA_MASTER, IFLA_MTU, IFLA_NET_NS_FD
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.names import network_of
from topo.objects.patch import Patch
from topo.objects.settings import BASELINE


def _perform(operation: Operation, place: Place) -> None:
    before, after = operation.before, operation.after
    if not isinstance(after, Patch):
        assert isinstance(before, Patch)
        place.indexes.discard(before.far)
        there = place.other(before.fabric)
        index = there.index(before.name)
        there.indexes.discard(before.name)
        _send(there, link_messages.delete(index))
        return
    if not isinstance(before, Patch):
        _make(after, place)
    if after.bridge and not (isinstance(before, Patch) and before.bridge == after.bridge):
        _keep_mac(after.bridge, place)
    there = place.other(after.fabric)
    near, far = there.index(after.name), place.index(after.far)
    mtu = [attributes.u32(IFLA_MTU, after.mtu)] if isinstance(before, Patch) and before.mtu != after.mtu else []
    for where, index, master, more in ((there, near, after.master, mtu), (place, far, after.bridge, [])):
        bridge = where.index(master) if master else 0
        _send(where, link_messages.change(index, attributes.u32(IFLA_MASTER, bridge), *more))
        _send(where, link_messages.change(index, up=after.up))


def _make(thing: Patch, place: Place) -> None:
    """Both ends, down. The host's has the MTU of its bridge: a smaller one would soon be the bridge's (br_mtu_auto_adjust)."""
    there = place.other(thing.fabric)
    near, far = thing.macs
    size = next((link.mtu for link in place.links() if link.name == thing.bridge), thing.mtu)
    other = _properties(thing.far, far, size, thing.mark)
    info = link_messages.cable(link_messages.body(0, *other, attributes.u32(IFLA_NET_NS_FD, place.fd)))
    made = link_messages.create(there.indexes.take(thing.name), *_properties(thing.name, near, thing.mtu, thing.mark), info)
    refusals = there.socket.send([made])
    place.indexes.forget()
    for refusal in refusals.values():
        there.indexes.forget()
        if refusal.errno == EEXIST:
            raise KernelError(f"{thing.far} or {thing.name} is there already", errno=ENOTUNIQ, hint="see whose it is: ip link")
        raise OSError(refusal.errno, str(refusal))
    _send(place, link_messages.change(place.index(thing.far), settings.encode(BASELINE, size)))


def _keep_mac(bridge: str, place: Place) -> None:
    """A bridge without a port would take the MAC of this one, and have none when it goes: unless it was told one, which may be
    its own (NET_ADDR_SET, br_stp_recalculate_bridge_id)."""
    seen = place.links()
    there = next((link for link in seen if link.name == bridge), None)
    if there and not any(link.master == there.index for link in seen):
        _send(place, link_messages.change(there.index, attributes.mac(IFLA_ADDRESS, there.mac)))


def _properties(name: str, mac: str, mtu: int, mark: int) -> tuple[bytes, ...]:
    return (
        attributes.text(IFLA_IFNAME, name),
        attributes.mac(IFLA_ADDRESS, mac),
        attributes.u32(IFLA_MTU, mtu),
        attributes.u32(IFLA_GROUP, mark),
    )


def _send(place: Place, message: bytes) -> None:
    for refusal in place.socket.send([message]).values():
        raise OSError(refusal.errno, str(refusal))


def _observe(view: View, places: Places) -> Iterator[Patch]:
    seen = {link.index: link for link in places(None).links()} if view.patches else {}
    for link in view.patches:
        far = seen.get(link.peer)
        if far is None:  # it went since the fabric was read
            continue
        master, bridge = view.names(view.fabric).get(link.master), seen.get(far.master)
        yield Patch(
            owner=f"networks/{network_of(master or link.name.removesuffix('.host'))}",
            fabric=view.fabric,
            name=link.name,
            mark=link.group,
            far=far.name,
            mtu=link.mtu,
            master=master,
            bridge=bridge.name if bridge else None,
            up=link.up and far.up,
            index=link.index,
            far_index=far.index,
        )


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    socket = RouteSocket()
    try:
        seen = {link.name: link for link in links.dump(socket, "")}
    finally:
        socket.close()
    wrong = {thing.address: _wrong(thing, seen) for thing in things if isinstance(thing, Patch)}
    return {address: error for address, error in wrong.items() if error}


def _wrong(thing: Patch, seen: Mapping[str, links.Link]) -> KernelError | None:
    name = str(thing.bridge)
    if error := footing.not_there(name, seen):
        return error
    if seen[name].kind != "bridge":
        bridges = ", ".join(link.name for link in seen.values() if link.kind == "bridge")
        hint = f"its bridges: {bridges}" if bridges else f"a network with `parent: {name}` needs no bridge"
        return KernelError(f"the host's interface {name} is no bridge", errno=ENODEV, hint=hint)
    if seen[name].mtu < thing.mtu:
        message = f"an MTU of {thing.mtu} on the host's bridge {name}, which has {seen[name].mtu}"
        return KernelError(message, errno=EINVAL, hint=f"write mtu: {seen[name].mtu}, or less")
    return None


def _advice(things: Sequence[Object]) -> Iterable[str]:
    from topo.kernel.linux import bridged  # few labs have any

    return bridged.advice({str(thing.bridge) for thing in things if isinstance(thing, Patch)})


CODEC = Codec(perform=_perform, observe=_observe, check=_check, advice=_advice)
