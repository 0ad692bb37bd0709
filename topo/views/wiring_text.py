"""the wiring -> text, in the words of `ip address`, with both ends of each cable."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from topo.objects.publication import place
from topo.views.paint import paint

_MADE_BY = {2: "the kernel", 3: "boot", 4: "an administrator", 116: "topo"}
_HOST = "the host's own namespace"
_FOREIGN = "  (not topo's)"
_AGEING = 300
_LOOPBACKS = ("127.0.0.1/8", "::1/128")
"""The kernel puts them on lo when it comes up."""


def wiring_text(data: dict[str, Any], *, colour: bool = False) -> str:
    """The containers, then the fabric that they are plugged into, then the ways out of it."""
    rooms = [(f"container {room['name']}", room) for room in data["containers"]]
    blocks = [_room(title, room, colour) for title, room in rooms]
    blocks += [_pairs(name, list(pairs), colour) for name, pairs in groupby(data["pairs"], key=itemgetter("network"))]
    if data["fabric"]:
        blocks.append(_room(f"fabric of {data['lab']}", data["fabric"], colour))
    texts = ["\n".join(block) + "\n" for block in blocks]
    if any(data["outside"].values()):
        from topo.views.outside_text import outside_text  # few labs have a way out

        texts.append(outside_text(data["lab"], data["outside"], colour=colour))
    return "\n".join(texts)


def _pairs(network: str | None, pairs: list[dict[str, Any]], colour: bool) -> Iterator[str]:
    yield paint(f"pairs on network {network}", "bold", colour=colour)
    for pair in pairs:
        one, other = (end["container"] or end["port"] or "?" for end in (pair["from"], pair["to"]))
        yield f"  {one} -> {other}: {', '.join(_said(pair['queue'])) or 'nothing'}"


def _said(queue: dict[str, Any]) -> list[str]:
    return [f"{name} {value}" for name, value in queue.items() if name not in ("discipline", "owned")]


def _room(title: str, room: dict[str, Any], colour: bool) -> Iterator[str]:
    where = f"namespace {room['namespace']}" if room["namespace"] else _HOST
    yield f"{paint(title, 'bold', colour=colour)}  {where}"
    for interface in room["interfaces"]:
        yield from _interface(interface)
    if room["routes"]:
        yield "  routes"
    for route in room["routes"]:
        yield f"      {_route(route)}"
    if room["neighbours"]:
        yield "  neighbours"
    for neighbour in room["neighbours"]:
        foreign = "" if neighbour["owned"] else _FOREIGN
        yield f"      {neighbour['ip']} lladdr {neighbour['mac']} dev {neighbour['interface']}{foreign}"
    if room["ports"]:
        yield "  published on the host"
    for port in room["ports"]:
        hosts = ", ".join(place(host, port["port"]) for host in port["hosts"])
        yield f"      {hosts} -> {place(port['to'], port['target'])}/{port['protocol']}"


def _interface(data: dict[str, Any]) -> Iterator[str]:
    peer, port = data["peer"], data["port"]
    at = f"@if{peer['index']}" if peer else ""
    mtu = f"  mtu {data['mtu']}" if data["mtu"] else ""
    mac = f"  mac {data['mac']}" if data["mac"] else ""
    foreign = "" if data["owned"] else _FOREIGN
    yield f"  {data['index']}: {data['name']}{at}  {data['kind']} {'up' if data['up'] else 'down'}{mtu}{mac}{foreign}"
    if peer:
        netns = "" if peer["netns_id"] is None else f"  netns id {peer['netns_id']}"
        yield f"      peer {peer['name']}@if{data['index']} (index {peer['index']}) in {peer['namespace'] or _HOST}{netns}"
    if data["parent"]:
        yield f"      on the host's {data['parent']}  mode {data['mode']}"
    if port:
        state = f"  {port['state']}" if port["state"] else ""
        flags = "".join(f"  {flag}" for flag in ("isolated", "hairpin") if port[flag])
        vlans = f"  vlans {port['vlans']}" if port["vlans"] else ""
        yield f"      port {port['name']} of bridge {port['bridge']}{state}{flags}{vlans}"
    if queue := data["queue"]:
        yield f"      sends by {_queue(queue)}"
    for address in data["addresses"]:
        broadcast = f" broadcast {address['broadcast']}" if address["broadcast"] else ""
        foreign = "" if address["owned"] or address["ip"] in _LOOPBACKS else _FOREIGN
        yield f"      {_family(address['ip'])} {address['ip']}{broadcast}{foreign}"
    if data["bridge"] and (options := _options(data["bridge"])):
        yield f"      options {', '.join(options)}"
    if data["ports"]:
        yield f"      ports {', '.join(data['ports'])}"


def _options(bridge: dict[str, Any]) -> list[str]:
    """Those that are not as the file has them when it says nothing."""
    ageing = [] if bridge["ageing_time"] == _AGEING else [f"ageing_time {bridge['ageing_time']}"]
    return [*(name for name in ("stp", "multicast_snooping", "vlan_filtering") if bridge[name]), *ageing]


def _queue(queue: dict[str, Any]) -> str:
    words = ", ".join(_said(queue))
    return f"{queue['discipline']}{': ' if words else ''}{words}{'' if queue['owned'] else _FOREIGN}"


def _family(ip: str) -> str:
    return "inet6" if ":" in ip else "inet"


def _route(route: dict[str, Any]) -> str:
    kind = "" if route["type"] == "unicast" else f"{route['type']} "
    to = route["to"] + (" (IPv6)" if route["to"] == "default" and route["family"] == "ipv6" else "")
    via = f" via {route['via']}" if route["via"] else ""
    dev = f" dev {route['interface']}" if route["interface"] else ""
    source = f" src {route['source']}" if route["source"] else ""
    metric = f" metric {route['metric']}" if route["metric"] else ""
    maker = "" if route["owned"] else f"  (by {_MADE_BY.get(route['protocol'], 'protocol ' + str(route['protocol']))})"
    return f"{kind}{to}{via}{dev}{source}{metric}{maker}"
