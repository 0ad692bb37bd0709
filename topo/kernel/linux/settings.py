"""Settings <-> IFLA_AF_SPEC: the baseline of an interface as rtnetlink carries it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from socket import AF_INET, AF_INET6
from struct import Struct

from topo.kernel.linux import attributes
from topo.objects.settings import Settings

IFLA_AF_SPEC = 26
_IFLA_INET_CONF = 1
_IFLA_INET6_CONF = 2
_IFLA_INET6_ADDR_GEN_MODE = 8

# linux/ip.h, IPV4_DEVCONF_*: set one by one, dumped as an array in which the first stands at 0.
_FORWARDING = 1
_RP_FILTER = 8
_PROMOTE_SECONDARIES = 20
_ARP_NOTIFY = 22

# linux/ipv6.h, DEVCONF_DISABLE_IPV6, of an array in which the first stands at 0. No message sets it: see ipv6.py.
_DISABLE_IPV6 = slice(26 * 4, 27 * 4)

_FAMILIES = (int(AF_INET), int(AF_INET6))
_OF_IPV6 = (_IFLA_INET6_ADDR_GEN_MODE, _IFLA_INET6_CONF)

MODES = ("eui64", "none", "stable-privacy", "random")
_NO_IPV6 = "none"
_CONF = Struct(f"={_ARP_NOTIFY}I")

IPV6_MIN_MTU = 1280
"""Below it an interface has no IPv6 side at all (addrconf_notify), and refuses settings of one."""


@cache
def encode(settings: Settings, mtu: int) -> bytes:
    """The attribute that sets all of them on an interface with this MTU. Not for a creating message (EAFNOSUPPORT)."""
    ipv4 = (
        attributes.u32(_FORWARDING, settings.forwarding),
        attributes.u32(_RP_FILTER, settings.rp_filter),
        attributes.u32(_PROMOTE_SECONDARIES, settings.promote_secondaries),
        attributes.u32(_ARP_NOTIFY, settings.arp_notify),
    )
    families = [attributes.nested(AF_INET, attributes.nested(_IFLA_INET_CONF, *ipv4))]
    if mtu >= IPV6_MIN_MTU and has_ipv6():
        mode = attributes.u8(_IFLA_INET6_ADDR_GEN_MODE, MODES.index(settings.addr_gen_mode))
        families.append(attributes.nested(AF_INET6, mode))
    return attributes.nested(IFLA_AF_SPEC, *families)


def decode(value: bytes) -> Settings:
    """What an interface has. One that is too small for IPv6 generates no addresses, and has it not switched off."""
    ipv4, ipv6 = attributes.read(value).several(_FAMILIES)
    mode, conf = attributes.read(ipv6).several(_OF_IPV6)
    return _settings(ipv4, mode, conf[_DISABLE_IPV6])


@cache
def _settings(ipv4: bytes, mode: bytes, off: bytes) -> Settings:
    """Interfaces by the hundred have the same ones: they share the object."""
    conf = attributes.read(ipv4).get(_IFLA_INET_CONF, bytes(_CONF.size))
    values = (0, *_CONF.unpack(conf[: _CONF.size]))
    return Settings(
        forwarding=bool(values[_FORWARDING]),
        rp_filter=values[_RP_FILTER],
        promote_secondaries=bool(values[_PROMOTE_SECONDARIES]),
        arp_notify=bool(values[_ARP_NOTIFY]),
        addr_gen_mode=MODES[mode[0]] if mode else _NO_IPV6,
        ipv6=not any(off),
    )


@cache
def has_ipv6() -> bool:
    """Whether this kernel speaks IPv6 at all (ipv6.disable=1 on its command line, or built without)."""
    return Path("/proc/sys/net/ipv6").exists()
