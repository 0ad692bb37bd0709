"""Publication <-> a port that the forwarder of the lab serves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from errno import EADDRINUSE, EADDRNOTAVAIL

from topo.errors import KernelError
from topo.kernel.linux import folders, pins
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.publication import Publication


def _perform(operation: Operation, place: Place) -> None:
    from topo.kernel.linux import forwarders, taken

    thing, after = operation.thing, operation.after
    assert isinstance(thing, Publication)
    if not isinstance(after, Publication):
        forwarders.stop(place.lab, _key(thing))
        return
    words = (*_key(after), str(after.namespace), after.to, str(after.target), after.owner)
    try:
        forwarders.serve(place.lab, words)
    except OSError as error:
        if error.errno in (EADDRINUSE, EADDRNOTAVAIL) and (why := taken.wrong(after)):  # since it was looked up
            raise why from error
        raise


def _key(thing: Publication) -> tuple[str, str, str]:
    return thing.protocol, str(thing.port), ",".join(thing.hosts)


def _observe(view: View, places: Places) -> Iterator[Publication]:
    if not os.path.exists(folders.forwarder(view.lab)):
        return
    from topo.kernel.linux import forwarders  # which few labs need

    for protocol, port, hosts, namespace, to, target, owner in forwarders.listed(view.lab):
        # Of a namespace that is not to be read nothing is said; of one that is gone, it is.
        if namespace in view.links or pins.inode(namespace) is None:
            yield Publication(
                namespace=namespace,
                owner=owner,
                protocol=protocol,
                port=int(port),
                hosts=tuple(hosts.split(",")),
                to=to,
                target=int(target),
            )


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    from topo.kernel.linux import taken

    return taken.check(things)


CODEC = Codec(perform=_perform, observe=_observe, check=_check)
