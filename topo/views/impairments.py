"""Impairment -> the keys of a document that say it."""

from __future__ import annotations

from typing import Any

from topo.lab import Impairment
from topo.objects.qdisc import SPELLED
from topo.objects.units import share_words, size_words


def directions_keys(forward: Impairment | None, reverse: Impairment | None) -> dict[str, Any]:
    """Of a link: those of both directions, where they are equal."""
    one, other = impairment_keys(forward), impairment_keys(reverse)
    if one == other:
        return one
    return {way: keys for way, keys in (("forward", one), ("reverse", other)) if keys}


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
    if given.limit or given.room:
        said["limit"] = given.limit or size_words(given.room)
    return said
