"""The words of `uplink` -> Way: how a network reaches the outside, if it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from topo.networks.driver import Complaint, Segment

NONE, NAT, ROUTED = "none", "nat", "routed"
_MODES = (NONE, NAT, ROUTED)

UPLINK: Mapping[str, Any] = {
    "title": "an uplink",
    "anyOf": [
        {"enum": list(_MODES), "title": "an uplink"},
        {
            "type": "object",
            "title": "`none`, `nat` or `routed`, or a map with `mode` or `bridge`",
            "properties": {
                "mode": {
                    "enum": list(_MODES),
                    "title": "an uplink",
                    "description": "how it reaches the outside",
                    "examples": ["nat"],
                },
                "open_forward": {
                    "type": "boolean",
                    "default": True,
                    "description": "where a chain of others (Docker's, firewalld's) drops what the host forwards: whether two"
                    " rules of topo's in it let the lab through; they go with the lab",
                    "examples": [False],
                },
                "bridge": {
                    "type": "string",
                    "title": "a bridge's name like br-lan",
                    "format": "topo-interface",
                    "pattern": r"^[^\s/:%]{1,15}$",
                    "description": "a bridge of the host's, into which the network is plugged; it must be there, and up",
                    "examples": ["br-lan"],
                },
            },
            "patternProperties": {"^x-": True},
            "additionalProperties": False,
        },
    ],
    "default": NONE,
    "description": "how it reaches the outside: nat: by way of the host, with the host's address; routed: with its own addresses,"
    " to which others must know the way; {bridge: br-lan}: plugged into a bridge of the host's; {mode: nat, open_forward: false}:"
    " without rules of topo's in a chain of others that drops what the host forwards",
    "examples": [NAT, {"mode": NAT, "open_forward": False}, {"bridge": "br-lan"}],
}


class Way(Struct, frozen=True):
    """mode: none, nat or routed. bridge: the host's into which the network is plugged, or "". open_forward: None unless said."""

    mode: str = NONE
    bridge: str = ""
    open_forward: bool | None = None

    @property
    def routes(self) -> bool:
        """Whether the lab's way out is its way."""
        return self.mode != NONE

    @property
    def leads_out(self) -> bool:
        """Whether it is on its own in the lab no more."""
        return self.routes or bool(self.bridge)


def way_of(options: Mapping[str, Any]) -> Way:
    """What the options of a network say of it."""
    said = options.get("uplink", NONE)
    if isinstance(said, str):
        return Way(said)
    mode, bridge, opened = said.get("mode"), said.get("bridge"), said.get("open_forward")
    # What is wrong with one of them was told when it was read.
    return Way(
        mode if isinstance(mode, str) else NONE,
        bridge if isinstance(bridge, str) else "",
        opened if isinstance(opened, bool) else None,
    )


def complaints(segment: Segment, earlier: Sequence[Segment]) -> Iterator[Complaint]:
    """What of an `uplink` does not go together."""
    way, name = way_of(segment.options), segment.name
    said = segment.options.get("uplink", NONE)
    if isinstance(said, Mapping) and not {"mode", "bridge"} & said.keys():
        yield Complaint(
            None, "uplink", f"network {name} has an uplink of no kind", "write mode: nat, mode: routed, or bridge: br-lan"
        )
    if way.bridge and isinstance(said, Mapping) and len(said) > 1 and {"mode", "open_forward"} & said.keys():
        message = f"network {name} is plugged into {way.bridge}, where the host does not route"
        yield Complaint(None, "uplink", message, "leave out `mode` and `open_forward`, or `bridge`")
    for other in earlier if way.open_forward is not None else ():
        theirs = way_of(other.options).open_forward
        if theirs is not None and theirs != way.open_forward:
            message = f"networks {other.name} and {name} have one way out, and say `open_forward` of it differently"
            yield Complaint(None, "uplink", message, "say the same for both, or for one only")
