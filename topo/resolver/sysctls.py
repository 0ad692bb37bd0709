"""A container's sysctls -> Sysctl objects, and the settings that they imply for each of its interfaces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from topo.lab import Container, Path
from topo.objects.namespace import namespace_of
from topo.objects.settings import BASELINE, Settings
from topo.objects.sysctl import Sysctl
from topo.resolver.problems import Problems

_GEN_MODES = {"0": "eui64", "1": "none", "2": "stable-privacy", "3": "random"}


def _switch(value: str) -> bool:
    return value != "0"


def _count(value: str) -> int:
    if not value.isdecimal() or len(value) > 9:
        raise ValueError(value)
    return int(value)


_FIELDS: Mapping[tuple[str, str], tuple[str, Callable[[str], Any]]] = {
    ("ipv4", "forwarding"): ("forwarding", _switch),
    ("ipv4", "rp_filter"): ("rp_filter", _count),
    ("ipv4", "promote_secondaries"): ("promote_secondaries", _switch),
    ("ipv4", "arp_notify"): ("arp_notify", _switch),
    ("ipv6", "disable_ipv6"): ("ipv6", {"0": True, "1": False}.__getitem__),
    ("ipv6", "addr_gen_mode"): ("addr_gen_mode", _GEN_MODES.__getitem__),
}
"""(family, key of net.FAMILY.conf.INTERFACE) -> the field of Settings that is the same thing, and how it reads a value."""

_SAME = ("net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding")
"""Two names of one place in the kernel (devinet_init_net: both are ipv4_devconf.data of `all`)."""

SettingsOf = Callable[[str], Settings]
"""The settings of an interface, by its name."""


def settings_of(container: Container) -> SettingsOf:
    """What a container's sysctls make of the baseline: `default` and `all` for every interface, then its own.

    The baseline is set for each interface when it is brought up, so what a file asks for by a sysctl must be in it as well.
    """
    if not container.sysctls:
        return _baseline
    general: dict[str, Any] = {}
    own: dict[str, dict[str, Any]] = {}
    for name, value in sorted(container.sysctls.items(), key=lambda item: ".conf.default." not in item[0]):
        found = _setting(name, value)
        if found:
            interface, setting, wanted = found
            (general if interface is None else own.setdefault(interface, {}))[setting] = wanted
    return lambda interface: replace(BASELINE, **(general | own.get(interface, {})))


def _baseline(_: str) -> Settings:
    return BASELINE


def _setting(name: str, value: str) -> tuple[str | None, str, Any] | None:
    """(interface or None for every one, field, value) of a sysctl that is a setting too."""
    if name == _SAME[0]:
        name = _SAME[1]
    parts = name.split(".")
    if len(parts) != 5 or parts[0] != "net" or parts[2] != "conf" or (parts[1], parts[4]) not in _FIELDS:
        return None
    setting, read = _FIELDS[parts[1], parts[4]]
    # conf.all of these is a switch beside each interface's own (IN_DEV_MAXCONF), but these, which it writes into each.
    if parts[3] == "all" and setting not in ("forwarding", "addr_gen_mode", "ipv6"):
        return None
    try:
        interface = None if parts[3] in ("all", "default") else parts[3].replace("/", ".")
        return interface, setting, read(value.strip())
    except (ValueError, KeyError):
        return None  # The kernel says what is wrong with it, when it is written.


def sysctls_of(lab: str, container: Container) -> Iterator[tuple[Sysctl, Path]]:
    """The objects, and where the document asks for each: one for each place in the kernel, so that no two undo each other.

    What is a setting of one interface is part of that interface, and no object of its own.
    """
    for thing, path in _all(lab, container):
        found = _setting(thing.name, thing.value)
        if found is None or found[0] is None:
            yield thing, path


def _all(lab: str, container: Container) -> Iterator[tuple[Sysctl, Path]]:
    written = {_SAME[0] if name == _SAME[1] else name: name for name in container.sysctls}
    for name, as_written in written.items():
        thing = Sysctl(
            namespace=namespace_of(lab, container.name),
            owner=f"containers/{container.name}",
            name=name,
            value=" ".join(container.sysctls[as_written].split()),
        )
        yield thing, (*container.path, "sysctls", as_written)


def _without_ipv6(thing: Sysctl) -> str | None:
    """Where a sysctl switches IPv6 off: on an interface, in `all` or in `default`."""
    parts = thing.name.split(".")
    switch = len(parts) == 5 and parts[:3] == ["net", "ipv6", "conf"] and parts[4] == "disable_ipv6"
    return parts[3] if switch and thing.value != "0" else None


def check_sysctls(container: Container, interfaces: Collection[str], with_ipv6: Collection[str], problems: Problems) -> None:
    """Every one is of an interface that is there, and leaves IPv6 on where there are addresses of it."""
    values = {name: container.sysctls.get(name) for name in _SAME}
    if None not in values.values() and len(set(values.values())) > 1:
        message = f"{' and '.join(_SAME)} are the same setting, with two values"
        path = (*container.path, "sysctls", _SAME[1])
        problems.add(path, message, code="sysctl-twice", hint="remove one of the two", key=True)
    dotted = [interface for interface in interfaces if "." in interface]
    for thing, path in _all("", container):
        meant = next((name for name in dotted if f".{name}." in thing.name), None)
        if meant and thing.interface:
            hint = f"write {thing.name.replace(f'.{meant}.', '.' + meant.replace('.', '/') + '.')}"
            message = f"a `.` within an interface's name is `/` here: the interface is {meant}"
            problems.add(path, message, code="unknown-interface", hint=hint, key=True)
        elif thing.interface and thing.interface not in interfaces:
            hint = f"its interfaces: {', '.join(interfaces)}"
            message = f"{container.name} has no interface {thing.interface}"
            problems.add(path, message, code="unknown-interface", hint=hint, key=True, given=[container.path])
        elif (scope := _without_ipv6(thing)) is not None:
            lost = with_ipv6 if scope in ("all", "default") else [thing.interface] if thing.interface in with_ipv6 else []
            if lost:
                message = f"{', '.join(map(str, lost))} of {container.name} has IPv6 addresses"
                problems.add(path, message, code="ipv6-disabled", hint="remove the IPv6 subnet or this sysctl", key=True)
