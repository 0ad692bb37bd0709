"""A lab's way out -> what on the host drops a packet that takes it: one is sent, and traced, and never leaves the host."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from ipaddress import ip_address, ip_network

from topo.errors import KernelError
from topo.kernel.linux import attributes, inet, openings, outside, probe_packet
from topo.kernel.linux.nftables.foreign import Chain
from topo.kernel.linux.nftables.tracing import Step, Trace
from topo.kernel.linux.outside import Outside
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.objects.host import IPV6, PREFIX
from topo.objects.uplink import Uplink

_ELSEWHERE = {4: "192.0.32.8", 6: "2620:0:2d0:200::8"}
"""Somebody far away, where a default route leads (IANA)."""
_TRIES = 3
_PATIENCE = 0.3
"""Seconds for which a packet is waited for that goes through in one of a thousand."""
_DST, _OIF = 1, 4


def tried(uplink: Uplink) -> list[KernelError]:
    """What keeps packets of the lab on the host, with what to type; none where they get out, or where that cannot be found out
    (no route leads out, or this kernel does not trace)."""
    lab = uplink.table.removeprefix(PREFIX)
    found: dict[str, KernelError] = {}
    with Places(lab, {}) as places:
        host = places(None)
        seen = outside.read(host, lab)
        for source, destination in _ways(uplink, seen):
            error = _tried(uplink, places, source, destination)
            if error:
                found.setdefault(error.message, error)
    return list(found.values())


def _ways(uplink: Uplink, seen: Outside) -> Iterator[tuple[str, str]]:
    """(from, to): as what leaves by masquerade, and as what keeps its own address."""
    sources = [words.partition(" ")[0] for words in uplink.neighbours]
    sources += [str(ip_network(words.partition(" ")[0])[1]) for words in uplink.routes]
    to = {version: _beyond(seen, version) for version in {ip_address(source).version for source in sources}}
    for source in sources:
        destination = to[ip_address(source).version]
        if destination:
            yield source, destination


def _beyond(seen: Outside, version: int) -> str | None:
    """An address that the host reaches by the first of its interfaces that lead out."""
    prefix, family = (IPV6, socket.AF_INET6) if version == 6 else ("", socket.AF_INET)
    outer = [one.name.removeprefix(IPV6) for one in seen.host(0).outer if one.name.startswith(IPV6) == bool(prefix)]
    index = next((link.index for link in seen.dump.links if outer and link.name == outer[0]), 0)
    networks = []
    for reply in seen.dump.routes:
        said = attributes.read(reply, inet.RTMSG.size)
        length = inet.RTMSG.unpack_from(reply)[1]
        if reply[0] == family and attributes.number(said.get(_OIF, b"")) == index:
            if not length:
                return _ELSEWHERE[version]
            networks.append(f"{inet.text(family, said[_DST])}/{length}")
    return next((address for network in networks if (address := _free(network, seen))), None)


def _free(network: str, seen: Outside) -> str | None:
    """An address there that is not the host's own."""
    own = {attributes.read(reply, inet.IFADDRMSG.size).get(1) for reply in seen.dump.addresses}
    whole = ip_network(network)
    if whole.is_link_local or whole.is_multicast:
        return None
    last = whole.num_addresses - 1
    few = (whole[at] for at in range(max(last - 1, 0), max(last - 9, -1), -1))
    return next((str(one) for one in few if one.packed not in own), None)


def _tried(uplink: Uplink, places: Places, source: str, destination: str) -> KernelError | None:
    steps: list[Step] = []
    sequence = os.urandom(4)
    frame = probe_packet.frame((uplink.peer.mac, uplink.end.mac), source, destination, sequence)
    host, fabric = places(None), places(uplink.peer.namespace)
    try:
        with host.entered():
            trace = Trace(f"topo_probe_{uplink.table.removeprefix(PREFIX)}", uplink.end.name, sequence)
        with closing(trace):
            for _ in range(_TRIES):
                _send(fabric, uplink.peer.name, frame)
                for step in trace.steps(_PATIENCE):
                    steps.append(step)
                    if step.drops:
                        return _judged(uplink, host, steps, destination)
    except OSError:  # this kernel does not, or a rule of another process's may not be looked at
        return None
    return _judged(uplink, host, steps, destination)


def _send(place: Place, interface: str, frame: bytes) -> None:
    """Past the rules of the fabric: what those do is no secret."""
    with place.entered(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0) as raw:
        raw.sendto(frame, (interface, 0))


def _judged(uplink: Uplink, host: Place, steps: Iterable[Step], destination: str) -> KernelError | None:
    steps = list(steps)
    end = next((step for step in steps if step.drops), None)
    if not steps or (end and end.out):
        return None
    name = uplink.end.name
    if end is None:
        last = steps[-1].words
        message = (
            f"nothing gets out of the lab to {destination}: the host loses it after the chain {last}, by no rule of nftables"
        )
        return KernelError(message, hint=f"look at: iptables-legacy -S FORWARD; ip route get {destination} iif {name}")
    chain = next((one for one in openings.forwarding(host) if end.words in map(one.words, one.rules)), None)
    what = f"rule with handle {end.handle} of the chain {end.words}" if end.handle else f"policy of the chain {end.words}"
    if chain and not end.handle:
        what += f" (handle {chain.handle})"
    message = f"nothing gets out of the lab: on the host the {what} drops it"
    return KernelError(message, hint=_hint(host.lab, name, end, chain))


def _hint(lab: str, name: str, end: Step, chain: Chain | None) -> str:
    if end.table == "firewalld":
        return f"type: firewall-cmd --zone=trusted --add-interface={name}"
    mine = openings.mark(lab)
    where = f"{end.words} handle {end.handle}" if end.handle else chain.words(chain.door) if chain else end.words
    able = chain and chain.drops and chain.free and not any(rule.comment == mine for rule in chain.rules[chain.door])
    return (
        f"type: nft insert rule {where} iifname {name} accept; nft insert rule {where} oifname {name} accept"
        f"{'; or let topo do it: leave out `open_forward: false`' if able else ''}"
    )
