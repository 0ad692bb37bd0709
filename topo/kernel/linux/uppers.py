"""Links of containers that stand on interfaces of the host's <-> the messages about them, whatever their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from msgspec import Struct

from topo.kernel.linux import attributes, footing, links, single
from topo.kernel.linux import link_messages as messages
from topo.kernel.linux.attributes import Attributes
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.copies import Copies
from topo.kernel.linux.links import Link
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
from topo.objects.names import owner_of
from topo.objects.upper import Upper

One = TypeVar("One", bound=Upper)


class Form(Struct, Generic[One], frozen=True):
    """How one kind is said. `options`: what is particular to it, as IFLA_INFO_DATA holds it; `read`: that -> its fields."""

    of: type[One]
    options: Callable[[One], bytes]
    read: Callable[[Attributes], Mapping[str, Any]]

    def info(self, thing: One) -> bytes:
        """The attribute that says the kind and what is particular to it."""
        kind, data = attributes.text(links.IFLA_INFO_KIND, thing.kind), attributes.raw(links.IFLA_INFO_DATA, self.options(thing))
        return attributes.nested(links.IFLA_LINKINFO, kind, data)


def codec_of(form: Form[One]) -> Codec:
    """The codec of such a kind."""
    return Codec(
        encode=partial(_encode, form),
        links=partial(_links, form),
        check=lambda things: footing.check(_only(form.of, things)),
        advice=lambda things: footing.advice(_only(form.of, things)),
    )


def _only(of: type[One], things: Sequence[Object]) -> list[One]:
    return [thing for thing in things if isinstance(thing, of)]


def _encode(form: Form[One], operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(after, form.of):
        if isinstance(before, form.of):
            alike = form.options(before) == form.options(after)
            return single.change(before, after, place, [] if alike else [form.info(after)])
        return _create(after, place, form.info(after))
    assert isinstance(before, form.of)
    return single.delete(before.name, place)


def _create(thing: Upper, place: Place, info: bytes) -> Iterator[bytes]:
    """One message, in the namespace of the parent. It does not say the new link's index: that would be looked for here, too."""
    there = place.other(str(thing.namespace))
    there.indexes.forget()  # the kernel chooses one
    yield messages.create(
        0,
        attributes.text(links.IFLA_IFNAME, thing.name),
        attributes.u32(links.IFLA_LINK, links.find(place.socket, thing.parent)),
        attributes.mac(links.IFLA_ADDRESS, thing.mac) if thing.mac else b"",
        attributes.u32(links.IFLA_MTU, thing.mtu),
        attributes.u32(links.IFLA_GROUP, thing.mark),
        attributes.u32(links.IFLA_NET_NS_FD, there.fd),
        info,
    )


def _links(form: Form[One], view: View) -> Iterator[One]:
    copies = Copies()
    for link in (link for some in view.links.values() for link in some):
        ours = link.kind == form.of.kind and mark.is_ours(link.group) and link.namespace != view.fabric
        parent = view.parent_of(link) if ours else None
        if parent is not None:
            view.claim(link)
            yield _seen(form, link, parent, copies.of(link.name, link.namespace, link.group))


def _seen(form: Form[One], link: Link, parent: str, copy: str) -> One:
    return form.of(
        namespace=link.namespace,
        owner=owner_of(link.namespace),
        name=link.name,
        mark=link.group,
        parent=parent,
        mac=link.mac,
        mtu=link.mtu,
        up=link.up,
        settings=link.settings,
        index=link.index,
        copy=copy,
        **form.read(link.data),
    )
