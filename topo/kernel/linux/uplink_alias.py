"""What topo made of the host <-> the alias of an uplink's host end, which says it as long as it is so."""

from __future__ import annotations

from msgspec import Struct

_WORD = "topo"


class Memory(Struct, frozen=True):
    """outer: the interfaces that did not forward before a lab needed it."""

    lab: str
    outer: tuple[str, ...] = ()


def text(memory: Memory) -> str:
    """`topo shop: eth0 tun0`."""
    return f"{_WORD} {memory.lab}:" + "".join(f" {name}" for name in memory.outer)


def parsed(alias: str) -> Memory | None:
    """None for an alias that says something else."""
    head, colon, names = alias.partition(":")
    word, _, lab = head.partition(" ")
    return Memory(lab, tuple(names.split())) if word == _WORD and colon and lab else None
