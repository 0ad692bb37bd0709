"""Sysctl <-> a value in /proc/sys/net of a namespace, and the mark that says that topo wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain

from topo.errors import KernelError
from topo.kernel.linux import forwarding, links, namespaces, sysctls
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
from topo.objects.names import owner_of
from topo.objects.sysctl import Sysctl


def _perform(operation: Operation, place: Place) -> None:
    thing = operation.thing
    assert isinstance(thing, Sysctl)
    assert place.name is not None
    place.touched()
    name = thing.name
    if operation.after is None:
        # Under its other name it may be topo's by now.
        if sysctls.other_name(name) not in sysctls.marks(place.name) - {name}:
            with place.entered(), suppress(FileNotFoundError):  # it went with its interface
                _write(place, name, sysctls.fresh_value(name))
        sysctls.mark(place.name, name, present=False)
        return
    # The mark comes first: a command killed in between leaves a value that the next one knows to be topo's to change.
    sysctls.mark(place.name, name, present=True)
    with place.entered():
        _write(place, name, thing.value)


def _write(place: Place, name: str, value: str) -> None:
    """Writes the value, and puts back what the kernel overwrites with it of what is topo's: other sysctls, and the settings of
    interfaces."""
    others = sysctls.overwritten_by(name, sysctls.marks(str(place.name)) | _of_interfaces(place, name))
    values = {other: now for other in others if (now := _value(other)) is not None}
    sysctls.write(name, value)
    for other, old in values.items():
        if _value(other) not in (old, None):
            sysctls.write(other, old)


def _of_interfaces(place: Place, name: str) -> set[str]:
    """The settings of that name of the interfaces that have settings of topo's: a port of a bridge has none."""
    if not sysctls.writes_to_interfaces(name):
        return set()
    has_settings = (
        link
        for link in links.dump(place.socket, str(place.name))
        if link.flags & links.IFF_LOOPBACK or (mark.is_ours(link.group) and not link.master)
    )
    return {sysctls.of_interface(name, link.name) for link in has_settings}


def _value(name: str) -> str | None:
    """None where there is none: an interface may have no IPv6."""
    with suppress(FileNotFoundError):
        return sysctls.read(name)
    return None


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """Each is tried, in one namespace that nobody sees. An interface's is tried on lo: the others are not there."""
    found: dict[str, KernelError] = {}
    tried: dict[tuple[str, str], KernelError | None] = {}
    with namespaces.fresh():
        for thing in things:
            assert isinstance(thing, Sysctl)
            name = sysctls.of_interface(thing.name, "lo") if thing.interface else thing.name
            what = name, thing.value
            if what not in tried:
                tried[what] = sysctls.attempt(name, thing.value)
            if error := tried[what]:
                found[thing.address] = _renamed(error, name, thing.name)
    return found


def _renamed(error: KernelError, name: str, own: str) -> KernelError:
    """The error that was met with lo, of the interface that was meant."""
    tried, meant = (one.rpartition(".")[0] + "." for one in (name, own))
    words, hint = (said.replace(tried, meant) if said else said for said in (error.message, error.hint))
    return KernelError(words or "", errno=error.errno, hint=hint)


def _observe(view: View, places: Places) -> Iterator[Sysctl]:
    having = frozenset(sysctls.having_marks(view.lab))
    for namespace, replies in view.forwarding.items():
        marked = sysctls.marks(namespace) if namespace in having else ()
        if marked:
            yield from _marked(marked, namespace, places)
        for name, value in chain(*map(forwarding.deviations, replies)):
            if name not in marked and sysctls.other_name(name) not in marked:
                yield Sysctl(namespace=namespace, owner=owner_of(namespace), name=name, value=value)


def _marked(names: Collection[str], namespace: str, places: Places) -> Iterator[Sysctl]:
    with suppress(FileNotFoundError), places(namespace).entered():  # deleted since it was listed
        for name in sorted(names):
            with suppress(OSError):  # there is none, or it can only be written
                yield Sysctl(namespace=namespace, owner=owner_of(namespace), name=name, value=sysctls.read(name))


CODEC = Codec(perform=_perform, observe=_observe, check=_check)
