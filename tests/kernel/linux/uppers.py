"""What the tests of links that stand on the host's interfaces share: a host in which every interface has the index 7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.kernel.linux.test_messages import Heard, place
from topo.kernel.linux.links import IFINFOMSG
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import Refusal
from topo.objects import KINDS
from topo.objects.upper import Upper


class _Host(Heard):
    def ask_all(self, requests: Sequence[bytes]) -> list[bytes | OSError]:
        return [IFINFOMSG.pack(0, 1, 7, 0, 0) for _ in requests]

    def send(self, requests: Sequence[bytes]) -> Mapping[int, Refusal]:
        self.heard += requests
        return {}


def host() -> Place:
    """The host's namespace."""
    found = place()
    found._socket = _Host()
    return found


def born(thing: Upper) -> Upper:
    """What its first step makes of it."""
    first = KINDS[thing.kind].steps(None, thing)[0][2]
    assert isinstance(first, Upper)
    return first


def info(kind: str, name: str, value: int) -> tuple[str, Any]:
    """What is particular to a kind, for pyroute2."""
    return "IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", kind), ("IFLA_INFO_DATA", {"attrs": [(name, value)]})]}
