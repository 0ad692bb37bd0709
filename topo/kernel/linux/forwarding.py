"""A namespace -> what is set of it as a whole, and not as in a new one, of how it forwards; asked in two short messages."""

from __future__ import annotations

from functools import cache
from socket import AF_INET, AF_INET6

from topo.kernel.linux import attributes
from topo.kernel.linux.messages import Rtm, message

_IFINDEX = 1
_ALL = 0xFFFFFFFF  # NETCONFA_IFINDEX_ALL, -1
_FORWARDING = 2
_RP_FILTER = 3

_ASKED = {
    int(AF_INET): {_FORWARDING: "net.ipv4.ip_forward", _RP_FILTER: "net.ipv4.conf.all.rp_filter"},
    int(AF_INET6): {_FORWARDING: "net.ipv6.conf.all.forwarding"},
}
"""In a new namespace all are 0: see baseline.py."""

QUESTIONS = [message(Rtm.RTM_GETNETCONF, 0, bytes((family, 0, 0, 0)) + attributes.u32(_IFINDEX, _ALL)) for family in _ASKED]
"""One of each family; a kernel without IPv6 refuses the second. In /proc/sys it would take five times as long."""


@cache
def deviations(reply: bytes) -> tuple[tuple[str, str], ...]:
    """(name of the sysctl, value). Namespaces by the hundred say the same."""
    said, names = attributes.read(reply, 4), _ASKED[reply[0]]
    values = ((name, attributes.signed(said.get(kind, b""))) for kind, name in names.items())
    return tuple((name, str(value)) for name, value in values if value)
