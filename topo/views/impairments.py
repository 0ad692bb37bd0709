"""Impairment -> the keys of a document that say it."""

from __future__ import annotations

from typing import Any

from topo.lab import Impairment, Pair
from topo.objects.queue import SPELLED
from topo.objects.units import share_words, size_words


def directions_keys(forward: Impairment | None, reverse: Impairment | None) -> dict[str, Any]:
    """Of a link: those of both directions, where they are equal."""
    one, other = impairment_keys(forward), impairment_keys(reverse)
    if one == other:
        return one
    return {way: keys for way, keys in (("forward", one), ("reverse", other)) if keys}


def pair_keys(pair: Pair) -> dict[str, Any]:
    """Of one direction between two containers of a network. What impairs nothing has no keys, and is not said."""
    keys = impairment_keys(pair.impairment)
    return {"from": pair.sender, "to": pair.receiver} | keys if keys else {}


def impairment_keys(given: Impairment | None) -> dict[str, Any]:
    """Of one direction, or of an attachment: what is not as it is without."""
    if given is None:
        return {}
    said: dict[str, Any] = {name: spell(value) for name, spell in SPELLED.items() if (value := getattr(given, name))}
    if given.gilbert:
        del said["gilbert"]
        said["loss"] = {name: share_words(share) for name, share in zip("prhk", given.gilbert, strict=True)}
    if given.jitter:
        said["distribution"] = given.distribution
    said.pop("room", None)
    if given.limit or given.room:
        said["limit"] = given.limit or size_words(given.room)
    return said
