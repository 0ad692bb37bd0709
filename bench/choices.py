"""The floor with one choice at a time made the other way -> what each of them buys."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.documents import Shape
from bench.tools import Tools

CHOICES: Mapping[str, Sequence[str]] = {
    "as it is": (),
    "a port is on its bridge from birth, before it is up": ("early=1",),
    "the bridge snoops multicast": ("snooping=1",),
    "an end of a veth has one queue, as topo's": ("queues=1",),
    "the kernel gives each interface an fe80:: address": ("fe80=1",),
    "every message is acknowledged": ("acks=1",),
    "a send and an answer for each message": ("batch=1",),
}

AFTER = 3.0
"""Seconds after `up` in which the kernel may still be busy with it."""

_KERNEL = 2  # kthreadd, the parent of the kernel's own threads


def _kernel_seconds() -> float:
    """Processor time that the kernel's own threads have spent so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[1]) == _KERNEL:
            ticks += int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _busy_after() -> float:
    before = _kernel_seconds()
    time.sleep(AFTER)
    return _kernel_seconds() - before


def table(tools: Tools, containers: int, runs: int, tell: Callable[[str], None]) -> Sequence[Sequence[str]]:
    """A head, and a row for each choice, in turns: the least, since some percent drown in the medians of a busy machine.

    What the kernel does after `up` is looked at once.
    """
    ups: dict[str, list[float]] = {name: [] for name in CHOICES}
    downs: dict[str, list[float]] = {name: [] for name in CHOICES}
    after = dict[str, float]()
    for turn in range(runs + 1):
        for name, words in CHOICES.items():
            tell(f"{name}, {turn} of {runs}")
            up = tools.floor("up", Shape(containers), *words).seconds
            if turn == 0:
                after[name] = _busy_after()
            down = tools.floor("down", Shape(containers), *words).seconds
            if turn:
                ups[name].append(up)
                downs[name].append(down)
    tell("")
    return _rows({name: (min(ups[name]), min(downs[name]), after[name]) for name in CHOICES})


def _rows(measured: Mapping[str, Sequence[float]]) -> Sequence[Sequence[str]]:
    base_up, base_down, _ = next(iter(measured.values()))
    head = ["the floor", "up", "ratio", "down at once", "ratio", f"the kernel's threads in the {AFTER:.0f} s after up"]
    return [head] + [
        [name, f"{up:.3f} s", f"{up / base_up:.2f}", f"{down:.3f} s", f"{down / base_down:.2f}", f"{after:.2f} s"]
        for name, (up, down, after) in measured.items()
    ]
