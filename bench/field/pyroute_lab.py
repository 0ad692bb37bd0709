"""A gateway and the addresses of containers -> the lab, by pyroute2, until a line comes. Runs with the Python that has it."""

from __future__ import annotations

import sys

from pyroute2 import NetNS, netns  # type: ignore[import-not-found,import-untyped,unused-ignore]


def inside(name: str, address: str, gateway: str) -> None:
    """What one container has."""
    with NetNS(name) as ip:
        index = ip.link_lookup(ifname="eth0")[0]
        ip.link("set", index=ip.link_lookup(ifname="lo")[0], state="up")
        ip.addr("add", index=index, address=address, prefixlen=20)
        ip.link("set", index=index, state="up")
        ip.route("add", dst="default", gateway=gateway)


def main() -> None:
    """Builds, says so, waits, takes down."""
    gateway, *addresses = sys.argv[1:]
    names = [f"c{each}" for each in range(len(addresses))]
    for name in ["fabric", *names]:
        netns.create(name)
    with NetNS("fabric") as ip:
        ip.link("add", ifname="br0", kind="bridge")
        bridge = ip.link_lookup(ifname="br0")[0]
        ip.addr("add", index=bridge, address=gateway, prefixlen=20)
        ip.link("set", index=bridge, state="up")
        for name, address in zip(names, addresses, strict=True):
            ip.link("add", ifname=name, kind="veth", peer={"ifname": "eth0", "net_ns_fd": name})
            ip.link("set", index=ip.link_lookup(ifname=name)[0], master=bridge, state="up")
            inside(name, address, gateway)
    print("up", flush=True)
    sys.stdin.readline()
    for name in [*names, "fabric"]:
        netns.remove(name)


main()
