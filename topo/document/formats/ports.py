"""text -> ports that are published, as Compose writes them: `8080:80`, `127.0.0.1:8080-8085:80-85/udp`."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from topo.document.formats.wrong import Wrong
from topo.document.report import shown

_MOST = 65535
_RANGE = r"([0-9]{1,9})(?:-([0-9]{1,9}))?"
_SHORT = re.compile(r"(?:(?:(?P<host>.*):)?(?P<published>[0-9-]*):)?(?P<target>[0-9-]+)(?:/(?P<protocol>[A-Za-z0-9]+))?")
PROTOCOLS = ("tcp", "udp")


class Ports(NamedTuple):
    """As many ports of the host as of the container. host: an address of the host's, or None."""

    published: range
    target: range
    protocol: str
    host: str | None


def ports(text: str) -> Ports:
    """The short form."""
    found = _SHORT.fullmatch(text)
    if not found:
        raise Wrong(f"{shown(text)} is not a port that is published", 'write one like "8080:80", or "127.0.0.1:8080:80/udp"')
    target = port_range(found["target"])
    if not found["published"]:
        host, rest = (f"{found['host']}:" if found["host"] else ""), text.rpartition(":")[2]
        raise Wrong(
            f"{shown(text)} names no port of the host; the same file makes the same lab, so none is chosen at random",
            f'write "{host}{_free(found["target"])}:{rest}"',
        )
    if ":" in (found["host"] or "") and not found["host"].startswith("["):
        raise Wrong(
            f"{shown(text)}: where a port follows, an IPv6 address stands in brackets",
            f'write "[{found["host"]}]{text[len(found["host"]) :]}"',
        )
    published = port_range(found["published"])
    return Ports(
        *_even(published, target, text),
        protocol(found["protocol"] or "tcp"),
        host_address(found["host"]) if found["host"] is not None else None,
    )


def _free(target: str) -> str:
    """A port of the host that may be meant: those under 1024 are often taken."""
    return target if "-" in target or int(target) >= 1024 else str(8000 + int(target))


def _even(published: range, target: range, text: str) -> tuple[range, range]:
    if len(published) != len(target):
        message = f"{shown(text)} has {len(published)} of the host's ports for {len(target)} of the container"
        raise Wrong(message, "write as many of the one as of the other")
    return published, target


def port_range(text: str) -> range:
    """`80`, `3000-3005`: ports are 1 to 65535."""
    found = re.fullmatch(_RANGE, text)
    if not found:
        raise Wrong(f"{shown(text)} is not a port", "write one like 80, or several like 3000-3005")
    first, last = int(found[1]), int(found[2] or found[1])
    for number in (first, last):
        if not 1 <= number <= _MOST:
            raise Wrong(f"{number} is no port", f"ports are 1 to {_MOST}")
    if last < first:
        raise Wrong(f"{shown(text)} ends before it begins", f"write {last}-{first}")
    return range(first, last + 1)


def port(text: str) -> int:
    """One port."""
    found = port_range(text)
    if len(found) != 1:
        raise Wrong(f"{shown(text)} are several ports, and here is room for one", f"write {found[0]}")
    return found[0]


def protocol(text: str) -> str:
    """tcp or udp."""
    if text.lower() not in PROTOCOLS:
        raise Wrong(f"{shown(text)} is no protocol that can be published", f"write {' or '.join(PROTOCOLS)}")
    return text.lower()


def host_address(text: str) -> str:
    """An address of the host, IPv6 in brackets or without; 0.0.0.0 and :: are all of a family."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        found = ip_address(bare)
    except ValueError:
        hint = "write 127.0.0.1" if bare == "localhost" else "write one like 192.0.2.1, or [2001:db8::1]"
        raise Wrong(f"{shown(text)} is not an address of the host", hint) from None
    if found.is_multicast or "%" in bare:
        raise Wrong(f"{shown(text)} is no address that a port can be published on")
    return str(found)
