"""Mininet, with a Linux bridge and no controller: see mininet_lab.py."""

from __future__ import annotations

from pathlib import Path

from bench.field.rival import GATEWAY, Rival, address, talking

_PYTHON = "/usr/bin/python3"

MININET = Rival(
    "Mininet",
    ["mn", "brctl", "ifconfig", _PYTHON],
    lambda place, containers: talking(
        _PYTHON, "-P", Path(__file__).with_name("mininet_lab.py"), GATEWAY, *(address(each) for each in range(containers))
    ),
    most=100,
)
