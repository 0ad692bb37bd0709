"""pyroute2, as its documentation shows it: see pyroute_lab.py."""

from __future__ import annotations

from pathlib import Path

from bench.field.rival import GATEWAY, PYTHON, Rival, address, talking

PYROUTE = Rival(
    "pyroute2",
    [PYTHON],
    lambda place, containers: talking(
        PYTHON, "-P", Path(__file__).with_name("pyroute_lab.py"), GATEWAY, *(address(each) for each in range(containers))
    ),
)
