"""Ports that are to be published -> which of them somebody else has, and who."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from errno import EADDRINUSE, EADDRNOTAVAIL
from pathlib import Path
from typing import NamedTuple

from topo.errors import KernelError
from topo.kernel.linux import attributes, forwarders, inet
from topo.kernel.linux.forwarder.ports import NAME, listening, no_ipv6
from topo.kernel.linux.messages import Rtm
from topo.kernel.linux.sockets import RouteSocket
from topo.objects import Object
from topo.objects.names import parts
from topo.objects.publication import LOOPBACK, Publication, overlap, place

_TABLES = "/proc/thread-self/net"
_LISTEN = "0A"
"""TCP_LISTEN, as proc(5) has it. A socket of UDP that is bound is in no such state."""
_FEW = 8


class Holder(NamedTuple):
    """A socket that is bound: where, and the kernel's number of it."""

    address: str
    inode: str


def check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """plan address -> why a port cannot be published: tried, so that nothing is guessed. What this lab publishes is no reason."""
    wrong_ = {thing.address: wrong(thing) for thing in things if isinstance(thing, Publication)}
    return {address: error for address, error in wrong_.items() if error}


def wrong(thing: Publication) -> KernelError | None:
    """The reason, of one."""
    for host in thing.hosts:
        try:
            listening(thing.protocol, host, thing.port).close()
        except OSError as error:
            if error.errno == EADDRINUSE:
                if taken := _taken(thing, host):
                    return taken
            elif error.errno == EADDRNOTAVAIL and host not in LOOPBACK:
                return KernelError(f"the host has no address {host}", errno=EADDRNOTAVAIL, hint=_own())
            elif not (thing.hosts == LOOPBACK and ":" in host and no_ipv6(error)):
                return KernelError(f"cannot listen on {place(host, thing.port)}: {error.strerror}", errno=error.errno or 0)
    return None


def _taken(thing: Publication, host: str) -> KernelError | None:
    holders = list(_holders(thing, host))
    whose = [_whose(thing, holder) for holder in holders]
    others = [words for words in whose if words]
    if holders and not others:
        return None
    words, hint = others[0] if others else ("another program has it", "ss -lntup shows who listens")
    what = f"port {thing.port}" + ("/udp" if thing.protocol == "udp" else "")
    return KernelError(f"{what} of the host's {host} is taken: {words}", errno=EADDRINUSE, hint=hint)


def _holders(thing: Publication, host: str) -> Iterator[Holder]:
    """Who is bound to that port in a way that leaves no room for this address. `::` is most often of both families."""
    for table in (thing.protocol, f"{thing.protocol}6"):
        for one, port, state in _bound(table):
            heard = port == thing.port and (thing.protocol == "udp" or state == _LISTEN)
            if heard and (overlap([host], [one.address]) or (":" not in host and one.address in ("::", f"::ffff:{host}"))):
                yield one


def _bound(table: str) -> Iterator[tuple[Holder, int, str]]:
    with suppress(FileNotFoundError):  # a kernel without IPv6
        for line in Path(_TABLES, table).read_text().splitlines()[1:]:
            _, local, _, state, *others = line.split()
            address, port = local.split(":")
            # Words of 32 bits in the order of this machine (%08X of proc(5)).
            raw = b"".join(int(address[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(address), 8))
            yield (
                Holder(socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw), others[5]),
                int(port, 16),
                state,
            )


def _whose(thing: Publication, holder: Holder) -> tuple[str, str] | None:
    """(who it is, what to do); None for this lab's own forwarder."""
    at = place(holder.address, thing.port)
    for pid in _pids_of(holder.inode):
        name, lab = _named(pid)
        if lab is None:
            return f"{name} listens on {at} (process {pid})", f"stop it (kill {pid}), or publish another port"
        if lab == (parts(str(thing.namespace)) or ("",))[0]:
            return None
        owner = _owner(lab, thing)
        return f"the lab {lab} publishes {at}{owner} (process {pid})", f"publish another port, or topo down {lab}"
    return f"something that is no process of this machine listens on {at}", "ss -lntup shows who listens"


def _pids_of(inode: str) -> Iterator[int]:
    for entry in os.listdir("/proc"):
        with suppress(OSError):  # it has ended
            if entry.isdecimal() and any(_is_socket(one.path, inode) for one in os.scandir(f"/proc/{entry}/fd")):
                yield int(entry)


def _is_socket(path: str, inode: str) -> bool:
    with suppress(OSError):  # it was closed since it was listed
        return os.readlink(path) == f"socket:[{inode}]"
    return False


def _named(pid: int) -> tuple[str, str | None]:
    """The name of a program; and of a forwarder its lab."""
    name = Path(f"/proc/{pid}/comm").read_text().strip()
    if name != NAME:
        return name, None
    fabric = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").rpartition(b"\0")[2].decode()
    return name, (parts(fabric) or (None,))[0]


def _owner(lab: str, thing: Publication) -> str:
    with suppress(OSError, KernelError):
        for protocol, port, *_, owner in forwarders.listed(lab):
            if (protocol, port) == (thing.protocol, str(thing.port)):
                return f" for its container {owner.partition('/')[2]}"
    return ""


def _own() -> str:
    """The addresses that the host has."""
    route = RouteSocket()
    try:
        found = [_address(reply) for reply in route.dump(Rtm.RTM_GETADDR, bytes(8))]
    finally:
        route.close()
    more = ", ..." if len(found) > _FEW else ""
    return f"it has {', '.join(found[:_FEW])}{more}" if found else "it has none"


def _address(reply: bytes) -> str:
    family, *_ = inet.IFADDRMSG.unpack_from(reply)
    said = attributes.read(reply, inet.IFADDRMSG.size)
    return inet.text(family, said.get(2) or said[1])
