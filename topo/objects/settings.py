"""Settings: what topo sets on every interface of its own, so that a lab is the same whatever the host's sysctls."""

from __future__ import annotations

from msgspec import Struct


class Settings(Struct, frozen=True):
    """The baseline of an interface, read by rtnetlink (IFLA_AF_SPEC) and set by it, but for `ipv6`.

    A new namespace inherits the *host's* IPv4 settings, so each is said. `forwarding` off: a container is no router unless
    asked. `rp_filter` off: asymmetric paths are normal in a lab. `promote_secondaries`: removing an address keeps the others.
    `arp_notify`: neighbours learn a changed MAC at once. `addr_gen_mode` none: the fe80:: address is an object of ours.
    `ipv6` on: an interface that has it off (disable_ipv6) loses its IPv6 addresses and takes none.
    """

    forwarding: bool = False
    rp_filter: int = 0
    promote_secondaries: bool = True
    arp_notify: bool = True
    addr_gen_mode: str = "none"
    ipv6: bool = True


BASELINE = Settings()
"""What an interface has of which no file says otherwise."""
