"""munet, with a file of its own: see munet_lab.py."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from bench.field.rival import GATEWAY, PYTHON, Place, Rival, address, talking


def _lab(place: Place, containers: int) -> AbstractContextManager[None]:
    lines = ["version: 1", "topology:", "  networks:", f"    - {{name: net0, ip: {GATEWAY}/20}}", "  nodes:"]
    for each in range(containers):
        lines.append(f"    - {{name: c{each}, connections: [{{to: net0, name: eth0, ip: {address(each)}/20}}]}}")
    config = place.folder / "munet.yaml"
    config.write_text("\n".join(lines) + "\n")
    return talking(PYTHON, "-P", Path(__file__).with_name("munet_lab.py"), config, place.folder / "run")


MUNET = Rival("munet", [PYTHON.parent / "munet"], _lab, most=100)
