"""Draft's broken places -> which parts of a lab lack something: nothing can be concluded from what is not in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from topo.lab import Container, Lab, Link, Network, Path

_OF_RANGES = ("driver", "subnet")
_OF_ONE_INTERFACE = ("aliases", "mac", "mtu")


class Doubts:
    """Networks: whether all of their subnets are known. Links: the same. Containers: all of their interfaces and addresses."""

    def __init__(self, lab: Lab, broken: Collection[Path]) -> None:
        self._broken = frozenset(broken)
        self._above = {path[:length] for path in broken for length in range(len(path) + 1)}
        self._parts: set[Path] = set(self._of(lab)) if broken else set()

    def lost(self, path: Path) -> bool:
        """Whether what stands at `path` did not reach the lab: it was reported, alone or as part of something."""
        return bool(self._broken) and any(path[:length] in self._broken for length in range(len(path) + 1))

    def about(self, path: Path) -> bool:
        """Whether a network, container or link lacks something; of any other place, whether anything there was lost."""
        return path in self._parts or (not _is_part(path) and (path in self._above or self.lost(path)))

    def _of(self, lab: Lab) -> Iterator[Path]:
        choices = any(_decides_choices(path) for path in self._broken)
        networks = {network.name for network in lab.networks if self._network(network, choices)}
        yield from (("networks", name) for name in networks)
        links = [link for link in lab.links if self._touched((*link.path, "subnet"))]
        yield from (link.path for link in links)
        known = {link.path for link in lab.links}
        lost = ("networks",) in self._broken or any(path[:1] == ("links",) and path[:2] not in known for path in self._broken)
        shaky = {end.container for link in lab.links if self._addresses(link) for end in link.endpoints}
        for container in lab.containers:
            joined = any(attachment.network in networks for attachment in container.attachments)
            if lost or joined or container.name in shaky or self._container(container):
                yield container.path

    def _network(self, network: Network, choices: bool) -> bool:
        path = ("networks", network.name)
        return (choices and not network.subnets) or any(self._touched((*path, key)) for key in _OF_RANGES)

    def _addresses(self, link: Link) -> bool:
        ends = ((*end.path, "address") for end in link.endpoints)
        return any(map(self._touched, ((*link.path, "subnet"), *ends)))

    def _container(self, container: Container) -> bool:
        networks = (*container.path, "networks")
        depth = len(networks) + 1
        inside = (path for path in self._broken if path[: len(networks)] == networks) if networks in self._above else ()
        of_interfaces = any(len(path) <= depth or path[depth] not in _OF_ONE_INTERFACE for path in inside)
        return of_interfaces or self.lost(networks) or self._touched((*container.path, "replicas"))

    def _touched(self, path: Path) -> bool:
        return path in self._above or self.lost(path)


def _is_part(path: Path) -> bool:
    return len(path) == 2 and path[0] in ("networks", "containers", "links")


def _decides_choices(path: Path) -> bool:
    """Whether what is lost there may have a say in which subnet a network has that names none."""
    if path[:1] == ("networks",):
        return len(path) < 3 or path[2] in _OF_RANGES
    return path[:1] == ("links",) or len(path) < 3 or path[2] == "loopback" or path[2:] == ("networks",)
