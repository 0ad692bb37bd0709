"""The shape of a lab -> its YAML: the labs that floor.c builds, with the same addresses, each of them written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """As the options of floor.c. `moved`: container -> how many places its first IPv4 address is further than usual."""

    containers: int
    bridges: int = 1
    networks: int = 1
    ipv6: bool = False
    routes: int = 0
    moved: Mapping[int, int] = field(default_factory=dict)

    def words(self) -> list[str]:
        """For the command line of the floor."""
        return [f"{name}={int(getattr(self, name))}" for name in ("containers", "bridges", "networks", "ipv6", "routes")]

    def document(self) -> str:
        """For topo."""
        lines = ["networks:"]
        for number in range(self.bridges):
            subnets = [f"{_ipv4(number, 0)}/20", *([f"fd00:{number:x}::/64"] if self.ipv6 else [])]
            lines.append(f"  n{number}: {{subnet: [{', '.join(map(_quoted, subnets))}]}}")
        lines.append("containers:")
        for container in range(self.containers):
            lines += self._container(container)
        return "\n".join(lines) + "\n"

    def _container(self, container: int) -> list[str]:
        first = container * self.bridges // self.containers
        lines = [f"  c{container}:", "    networks:"]
        for each in range(self.networks):
            network = (first + each) % self.bridges
            host = container + 2 + (self.moved.get(container, 0) if each == 0 else 0)
            addresses = [_ipv4(network, host), *([f"fd00:{network:x}::{host:x}"] if self.ipv6 else [])]
            written = _quoted(addresses[0]) if len(addresses) == 1 else f"[{', '.join(map(_quoted, addresses))}]"
            lines += [f"      - network: n{network}", f"        address: {written}"]
        if container == 0 and self.routes:
            lines.append("    routes:")
            gateway = _ipv4(first, 1)
            lines += [f"      - {{to: 100.{each >> 8}.{each & 255}.0/24, via: {gateway}}}" for each in range(self.routes)]
        return lines


def _ipv4(network: int, host: int) -> str:
    number = 10 << 24 | network << 12 | host
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def _quoted(text: str) -> str:
    return f'"{text}"' if ":" in text else text
