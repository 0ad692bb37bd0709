"""a word that is unknown -> the one that was meant: the nearest that exists, or ours for another tool's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from topo.document.report import shown

_NOT_YET = {
    "lab": "include profiles checks defaults secrets configs volumes",
    "network": "labels external vlan vni",
    "container": (
        "command image healthcheck depends_on environment env_file entrypoint restart user working_dir volumes profiles"
        " extends labels dns dns_search build runtime stdin_open tty cap_add cap_drop privileged expose devices tmpfs ulimits"
        " secrets configs stop_signal stop_grace_period init pid ipc checks delay loss rate"
    ),
    "attachment": "uplink",
    "link": "labels profiles mesh ring star between",
    "endpoint": "delay loss rate jitter",
    "route": "table src scope mtu",
}

_OURS = {
    "lab": {
        "services": "write `containers:`",
        "nodes": "write `containers:`",
        "hosts": "write `containers:`",
        "topology": "write `containers:` and `links:` at the left margin",
        "version": "remove it: a file has no version",
        "network": "write `networks:`",
        "mgmt": "remove it: there is no management network",
    },
    "network": {
        "ipam": "write `subnet:` here: subnet: 10.0.0.0/24",
        "subnets": "write `subnet:`, with a list for several",
        "cidr": "write `subnet:`",
        "ipv4_subnet": "write `subnet:`",
        "ipv6_subnet": "write `subnet:`, with a list for several",
        "ipv4-subnet": "write `subnet:`",
        "ipv6-subnet": "write `subnet:`, with a list for several",
        "internal": "remove it: a network reaches nothing outside",
        "enable_ipv6": 'remove it, and name an IPv6 subnet: subnet: [10.0.0.0/24, "fd00::/64"]',
        "enable_ipv4": "remove it: the subnets say which families there are",
        "driver_opts": "write the options of the driver as keys of the network itself",
        "attachable": "remove it: every container can join",
        "mac_address": "write `mac:`",
        "containers": "name the network in the `networks:` of each container",
        "kind": "write `driver:`",
        "type": "write `driver:`",
    },
    "container": {
        "network_mode": "write `networks: [host]`, `networks: [none]` or the name of a network",
        "network": "write `networks:`, a list",
        "ipv4_address": "write it at the network: networks: [{network: NAME, address: ADDRESS}]",
        "ipv6_address": "write it at the network: networks: [{network: NAME, address: ADDRESS}]",
        "address": "write it at the network: networks: [{network: NAME, address: ADDRESS}]",
        "mgmt-ipv4": "write it at the network: networks: [{network: NAME, address: ADDRESS}]",
        "mgmt-ipv6": "write it at the network: networks: [{network: NAME, address: ADDRESS}]",
        "mac": "write it at the network: networks: [{network: NAME, mac: MAC}]",
        "mac_address": "write it at the network: networks: [{network: NAME, mac: MAC}]",
        "mtu": "write it at the network: networks: [{network: NAME, mtu: MTU}]",
        "aliases": "write them at the network: networks: [{network: NAME, aliases: [NAME]}]",
        "interfaces": "write `networks:`, a list: the first is eth0",
        "container_name": "remove it: the key above is the container's name",
        "name": "remove it: the key above is the container's name",
        "domainname": "write it as part of `hostname:`",
        "links": 'write links at the left margin of the file: links: [{endpoints: ["a:eth1", "b:eth1"]}]',
        "scale": "write `replicas:`",
        "deploy": "write `replicas:` here",
        "gateway": "write it as a route: routes: [{to: default, via: ADDRESS}]",
        "lo": "write `loopback:`",
        "kind": "remove it: every container is a network namespace",
        "exec": "remove it, and run `topo exec NAME -- COMMAND`",
    },
    "attachment": {
        "name": "write `network:`",
        "ipv4_address": "write `address:`",
        "ipv6_address": "write `address:`, with a list for several",
        "ipv4": "write `address:`",
        "ipv6": "write `address:`, with a list for several",
        "ip": "write `address:`",
        "addresses": "write `address:`, with a list for several",
        "mac_address": "write `mac:`",
        "interface_name": "write `interface:`",
        "alias": "write `aliases:`",
        "gw_priority": "write `gateway_network: NAME` in the container",
        "priority": "remove it: the order of the list counts",
        "gateway": "write it at the network, or as a route: routes: [{to: default, via: ADDRESS}]",
    },
    "link": {
        "nodes": 'write `endpoints: ["a:eth1", "b:eth1"]`',
        "containers": 'write `endpoints: ["a:eth1", "b:eth1"]`',
        "interfaces": 'write `endpoints: ["a:eth1", "b:eth1"]`',
        "subnets": "write `subnet:`",
        "address": "write `subnet:`, or `address:` at each end",
        "bandwidth": "write `rate:`",
        "latency": "write `delay:`",
    },
    "endpoint": {
        "node": "write `container:`",
        "name": "write `container:`",
        "iface": "write `interface:`",
        "ip": "write `address:`",
        "addresses": "write `address:`, with a list for several",
        "mac_address": "write `mac:`",
    },
    "route": {
        "dst": "write `to:`",
        "destination": "write `to:`",
        "gateway": "write `via:`",
        "gw": "write `via:`",
        "nexthop": "write `via:`",
        "dev": "write `interface:`",
    },
}

_DRIVERS_NOT_YET = ("overlay", "vxlan", "vlan", "ovs", "ovs-bridge")

_CUTOFF = 0.6
_MANY = 200
_PATIENCE = 40


class Advice(NamedTuple):
    """`meant`: the key that was meant, when that is known: its value is then not missing."""

    message: str
    hint: str
    code: str
    meant: str | None


def about_key(key: str, part: str, known: Iterable[str]) -> Advice:
    """What to say of a key that a part of a lab does not have."""
    ours = _OURS.get(part, {}).get(key)
    if ours:
        meant = re.match("write `([a-z_]+):", ours)
        return Advice("unknown key", ours, "unknown-key", meant[1] if meant else None)
    if key in _NOT_YET.get(part, "").split():
        return Advice("not supported yet", f"remove it, or keep it as a note: `x-{key}:`", "not-supported", None)
    close = f"x-{key[2:]}" if key.startswith("x_") else nearest(key.lower(), known)
    hint = f"did you mean `{close}`?" if close else f"the keys here are {', '.join(known)}"
    return Advice("unknown key", hint, "unknown-key", close)


def about_choice(text: str, choices: Sequence[str], title: str) -> tuple[str, str]:
    """The same for one of a few words that may be the value of a key."""
    what = title.removeprefix("a ").removeprefix("an ")
    if what == "driver" and text in _DRIVERS_NOT_YET:
        return f"the driver {text} is not supported yet", "leave out `driver`, or remove the network"
    if what == "driver" and text in ("host", "none"):
        return f"no driver is called {shown(text)}", f"remove the network, and write networks: [{text}] in the container"
    close = nearest(text.lower(), choices)
    return f"no {what} is called {shown(text)}", f"did you mean `{close}`?" if close else f"write {_one_of(choices)}"


def _one_of(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The name that `word` is a misspelling of, if there is one."""
    found = get_close_matches(word[:80], known, 1, _CUTOFF)
    return found[0] if found else None


class Nearest:
    """The same among the names of one file, which may be thousands: after some time it no longer looks."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._patience = _PATIENCE if len(self._known) > _MANY else len(self._known) * _MANY
        self._found: dict[str, str | None] = {}

    def to(self, word: str) -> str | None:
        """The nearest name, or None."""
        if word not in self._found and self._patience > 0:
            self._patience -= 1
            self._found[word] = nearest(word, self._known)
        return self._found.get(word)

    def hint(self, word: str, otherwise: str) -> str:
        """ "did you mean", or what to do when nothing is near."""
        close = self.to(word)
        return f"did you mean `{close}`?" if close else otherwise
