"""What labs share in the host's namespace: which of them need it, a file each; the last one that lets go takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from topo.kernel.linux import folders, link_messages, links, locks
from topo.kernel.linux.links import Link
from topo.kernel.linux.sockets import RouteSocket
from topo.objects import mark


def hold(lab: str, name: str) -> None:
    """The lab needs this interface. Said before it is made, so that a killed command leaves nothing that nobody knows; and under
    locks.alone(), so that nobody takes it away in between."""
    folders.parents(lab).mkdir(parents=True, exist_ok=True)
    (folders.parents(lab) / name).touch()


def held(lab: str) -> Iterator[str]:
    """What the lab needs."""
    folder = folders.parents(lab)
    yield from sorted(path.name for path in folder.iterdir()) if folder.is_dir() else ()


def let_go(lab: str, name: str, socket: RouteSocket) -> None:
    """The lab does not need it any more. Raises OSError where it cannot be taken away. `socket`: in the host's namespace."""
    with locks.alone():
        seen = find(socket, name)
        if seen and seen.group == mark_of(name) and not _others(lab, name):
            refusals = socket.send([link_messages.delete(seen.index)])
            for refusal in refusals.values():
                raise OSError(refusal.errno, str(refusal))
        (folders.parents(lab) / name).unlink(missing_ok=True)


def let_go_all(lab: str) -> Iterator[str]:
    """A lab ends: the names of what it needed, each before it is let go."""
    socket = RouteSocket()
    try:
        for name in held(lab):
            yield name
            let_go(lab, name, socket)
    finally:
        socket.close()


def mark_of(name: str) -> int:
    """The IFLA_GROUP of one that topo has made, for whichever lab."""
    return mark.group(f"parent:{name}")


def find(socket: RouteSocket, name: str) -> Link | None:
    """The interface of the host's that is called so."""
    return next((link for link in links.dump(socket, "") if link.name == name), None)


def _others(lab: str, name: str) -> list[Path]:
    own = folders.parents(lab) / name
    return [path for path in folders.labs().glob(f"*/{own.parent.name}/{name}") if path != own]
