"""iproute2, a file of commands for `ip -batch` at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.field.rival import GATEWAY, Place, Rival, address, run


def _batch(place: Place, lines: Sequence[str], *options: str) -> None:
    commands = place.folder / "commands"
    commands.write_text("\n".join(lines) + "\n")
    run("ip", *options, "-batch", commands)


@contextmanager
def _lab(place: Place, containers: int) -> Iterator[None]:
    names = [f"c{each}" for each in range(containers)]
    _batch(place, [f"netns add {name}" for name in ["fabric", *names]])
    bridge = ["link set lo up", "link add br0 type bridge", f"address add {GATEWAY}/20 dev br0", "link set br0 up"]
    cables = [f"link add {name} type veth peer name eth0 netns {name}" for name in names]
    _batch(place, [*bridge, *cables, *(f"link set {name} master br0 up" for name in names)], "-n", "fabric")
    for number, name in enumerate(names):
        inside = ["link set lo up", f"address add {address(number)}/20 dev eth0", "link set eth0 up"]
        _batch(place, [*inside, f"route add default via {GATEWAY}"], "-n", name)
    yield
    _batch(place, [f"netns delete {name}" for name in [*names, "fabric"]])


IPROUTE = Rival("iproute2, ip -batch", ["ip"], _lab)
