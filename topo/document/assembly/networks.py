"""`networks` of a document -> Network, one by one; and what a name of a network means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from topo.document.assembly.families import unique
from topo.document.assembly.values import known, mapping
from topo.document.formats.names import is_name
from topo.document.reader import Broken
from topo.document.report import Report, shown
from topo.document.schema import DEFAULT_DRIVER
from topo.document.suggest import Nearest
from topo.lab import DEFAULT_NETWORK, Container, Network, Path
from topo.networks import DRIVERS, Driver


class Networks:
    """The networks that a document declares, and those that every lab has."""

    def __init__(self, value: Any, report: Report) -> None:
        self._report = report
        # What is not even a map of networks says nothing about the names that are used elsewhere.
        self._all_known = not isinstance(value, Broken)
        self.declared = {name: _network(name, mapping(entry), report) for name, entry in mapping(value).items()}
        reserved = {name: Network(name, driver=name, declared=False) for name, driver in DRIVERS.items() if driver.reserved}
        self._implied = {DEFAULT_NETWORK: Network(DEFAULT_NETWORK, declared=False), **reserved}
        self.names = list(dict.fromkeys([*self.declared, DEFAULT_NETWORK]))
        self._nearest = Nearest([*self.declared, *self._implied])

    def exists(self, name: str) -> bool:
        """Whether there is such a network, as far as the document can be understood."""
        return name in self.declared or name in self._implied or not self._all_known

    def check(self, name: str, path: Path) -> None:
        """Reports a name that no network has."""
        if self.exists(name):
            return
        otherwise = f"declare it: networks: {{{name}: }}" if is_name(name) else f"the networks are {', '.join(self.names)}"
        hint = self._nearest.hint(name, otherwise)
        self._report.add(path, f"no network is called {shown(name)}", hint=hint, code="unknown-network")

    def driver(self, name: str) -> Driver | None:
        """The driver of a network, or None when the name or the driver is unknown."""
        network = self.declared.get(name) or self._implied.get(name)
        return DRIVERS.get(network.driver) if network else None

    def known_to(self, container: Container) -> Container:
        """The container without its places on networks that there are not; the others keep their numbers."""
        if None not in [self.driver(attachment.network) for attachment in container.attachments]:
            return container
        numbered = enumerate(container.attachments)
        given = ((at, attachment) for at, attachment in numbered if self.driver(attachment.network))
        named = (replace(attachment, interface=attachment.interface or f"eth{at}") for at, attachment in given)
        return replace(container, attachments=tuple(named))

    def used(self, containers: Iterable[Container]) -> tuple[Network, ...]:
        """All that are declared, and of the others those that a container is on; an implied `default` comes first."""
        names = {attachment.network for container in containers for attachment in container.attachments}
        implied = [network for name, network in self._implied.items() if name in names and name not in self.declared]
        first = [network for network in implied if network.name == DEFAULT_NETWORK]
        return (*first, *self.declared.values(), *(network for network in implied if network not in first))


def _network(name: str, entry: Mapping[str, Any], report: Report) -> Network:
    path = ("networks", name)
    driver = known(entry.get("driver")) or DEFAULT_DRIVER
    options = DRIVERS[driver].options if driver in DRIVERS else {}
    return Network(
        name,
        driver=driver,
        subnets=unique(entry.get("subnet"), (*path, "subnet"), report),
        gateway=_gateway(known(entry.get("gateway")), (*path, "gateway"), report),
        mtu=known(entry.get("mtu")),
        mac=known(entry.get("mac")),
        options=MappingProxyType({key: entry[key] for key in options if known(entry.get(key)) is not None}),
    )


def _gateway(value: Any, path: Path, report: Report) -> tuple[str, ...] | None:
    if value is None or value is False:
        return None if value is None else ()
    return unique(value, path, report)
