"""Whatever topo sends to rtnetlink in a lab's life has been compared with pyroute2's bytes for the same.

A part of a message is its type, its flags, its family and one attribute, with those that it is in: all of them must have been
in messages that tests/kernel/linux/test_messages.py compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.counts.measuring import ROOT, Run, name, run, split
from tests.kernel.linux import test_messages as messages
from tests.live.labs import shop
from tests.live.reading import shell
from topo.kernel.linux import attributes
from topo.kernel.linux.messages import HEADER, NLM_F_ACK

Way = tuple[int, ...]
Part = tuple[str, str, int, Way]

BODIES = {16: 16, 20: 8, 24: 12, 28: 12, 80: 4, 88: 4}
"""The first type of four -> the bytes of its fixed part."""

NESTS: dict[Way, int] = {
    **dict.fromkeys([(18,), (18, 2), (26,), (26, 2), (26, 2, 1), (26, 10)], 0),  # IFLA_LINKINFO; IFLA_AF_SPEC, INET_CONF
    (18, 2, 1): 16,  # VETH_INFO_PEER
}
"""Attributes of links that hold attributes -> how far in they begin."""


def parts(message: bytes) -> Iterator[Part]:
    _, kind, flags, _, _ = HEADER.unpack_from(message)
    body = BODIES[kind & ~3]
    head = name(message), f"{flags & ~NLM_F_ACK:#x}", message[16]
    yield *head, ()
    yield from ((*head, path) for path in _paths(message[16 + body :], (), links=kind & ~3 == 16))


def _paths(data: bytes, where: Way, *, links: bool) -> Iterator[Way]:
    for kind, value in attributes.each(data):
        path = (*where, kind)
        yield path
        if links and path in NESTS:
            yield from _paths(value[NESTS[path] :], path, links=True)


def compared() -> set[Part]:
    for test in messages.COMPARISONS:
        test()
    return {part for message in messages.COMPARED for part in parts(message)}


def edited() -> dict[str, Any]:
    """An edit of every kind, of `shop`."""
    lab = shop()
    lab["networks"]["front"] |= {"mtu": 9000, "ageing_time": 60}
    lab["networks"] |= {"third": {"subnet": "fd00:3::/64", "mac": "02:00:00:00:03:01"}}
    lab["networks"]["back"] |= {"mac": "02:00:00:00:01:01"}
    web = lab["containers"]["web"]
    addresses = {"address": ["10.0.0.11", "fd00::11"], "mac": "02:00:00:00:00:07"}
    web["networks"] = [{"network": "front", "interface": "lan0", **addresses}]
    web |= {"loopback": ["10.255.0.2/32", "fd00:ff::1/128"], "sysctls": {"net.ipv4.ip_forward": 1}}
    web["routes"] = [
        {"to": "198.51.100.0/24", "via": "10.0.0.22"},
        {"to": "203.0.113.0/24", "type": "unreachable", "metric": 7},
        {"to": "fd09::/64", "via": "fd00::21"},
        {"to": "192.0.2.0/24", "interface": "lan0"},
    ]
    lab["containers"] |= {"new": {"networks": ["third"]}}
    del lab["containers"]["two"]
    lab["links"] = [{"endpoints": ["web:p1", "new:p0"], "subnet": ["10.2.0.0/31", "fd00:2::/127"], "mtu": 9000}]
    return lab


MARKING = f"ip netns exec topo.t.web {sys.executable} {ROOT / 'tests' / 'live' / 'marking.py'}"
DRIFT = (
    "ip -n topo.t.web route replace default via 10.0.0.22 proto 116",
    "ip -n topo.t.web -6 route replace default via fd00::22 proto 116",
    "ip -n topo.t.web route add 192.0.2.0/25 via 10.0.0.1 proto 116",
    "ip -n topo.t.web link set lo down",
    f"{MARKING} lo 10.255.0.1/32 0",
    f"{MARKING} eth0 10.0.0.99/24 116",
    "ip -n topo.t.web address delete fd00::2/64 dev eth0; ip -n topo.t.web address add fd00::2/64 dev eth0 nodad",
    "ip -n topo.t.db neighbour replace 10.0.0.1 lladdr 02:00:00:00:00:99 nud permanent dev eth0",
    "ip -n topo.t link set one.eth0 nomaster",
    "ip -n topo.t link delete two.eth0",
    "ip -n topo.t link set back type bridge ageing_time 1000",
    "ip -n topo.t link set front down",
    "ip -n topo.t.web link add x type veth peer name y && ip -n topo.t.web link set x group 1946157058",
)


def lives(folder: Path) -> Iterator[Run]:
    first, second = (json.dumps(each) for each in (shop(), edited()))
    (folder / "t.yaml").write_text(first)
    yield run("up", "t.yaml", folder=str(folder))
    for line in DRIFT:
        shell(line)
    yield run("plan", "t.yaml", folder=str(folder))
    yield run("up", "t.yaml", folder=str(folder))
    (folder / "t.yaml").write_text(second)
    yield run("plan", "t.yaml", folder=str(folder))
    yield run("up", "t.yaml", folder=str(folder))
    yield run("show", "--name", "t", folder=str(folder))
    (folder / "t.yaml").write_text(first)
    yield run("up", "t.yaml", folder=str(folder))
    yield run("down", "--name", "t", folder=str(folder))


@pytest.mark.live
def test_nothing_is_sent_that_is_not_compared(tmp_path: Path) -> None:
    try:
        sent = [message for done in lives(tmp_path) for message in done.messages]
    finally:
        run("down", "--name", "t", "--timeout", "1")
    known = compared()
    found = {part for message in sent for part in parts(message)}
    assert len({part[0] for part in found}) > 12, "the life of this lab says little"
    unknown = sorted(found - known)
    assert not unknown, f"to be compared with pyroute2's in tests/kernel/linux/test_messages.py: {unknown}"


def test_a_part_that_is_not_compared_is_seen() -> None:
    known = compared()
    message = messages.ours(None, messages.VETH, messages.place(messages.FABRIC))[0]
    assert set(parts(message)) <= known
    longer = HEADER.pack(len(message) + 8, *HEADER.unpack_from(message)[1:]) + message[16:] + attributes.u32(99, 1)
    assert set(parts(longer)) - known == {("RTM_NEWLINK", "0x601", 0, (99,))}
    assert list(split(message + longer)) == [message, longer]
