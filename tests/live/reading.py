"""What iproute2 says of a namespace: the other opinion, which topo has no part in."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any


def shell(command: str) -> str:
    """The output of a command, which must succeed."""
    done = subprocess.run(["sh", "-ec", command], capture_output=True, text=True, check=False)
    assert not done.returncode, f"{command}: {done.stderr}"
    return done.stdout


def inside(container: str, command: str, lab: str = "t") -> subprocess.CompletedProcess[str]:
    """The command in the container's network, whether or not it succeeds."""
    argv = ["ip", "netns", "exec", f"topo.{lab}.{container}", *command.split()]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def ip(namespace: str, command: str) -> list[dict[str, Any]]:
    """`ip -n NAMESPACE -j -d COMMAND`, without the empty objects of iproute2."""
    return [item for item in json.loads(shell(f"ip -n {namespace} -j -d {command}") or "[]") if item]


def links(namespace: str) -> dict[str, dict[str, Any]]:
    return {link["ifname"]: link for link in ip(namespace, "link show")}


def links_of_host() -> dict[str, dict[str, Any]]:
    return {link["ifname"]: link for link in json.loads(shell("ip -j link show"))}


def addresses(namespace: str, interface: str) -> set[str]:
    (link,) = ip(namespace, f"address show dev {interface}")
    return {f"{item['local']}/{item['prefixlen']}" for item in link["addr_info"]}


def routes(namespace: str, family: str = "-4") -> set[str]:
    found = ip(namespace, f"{family} route show")
    return {" ".join(filter(None, (item["dst"], item.get("gateway"), item.get("dev")))) for item in found}


def namespaces(lab: str = "t") -> dict[str, int]:
    """The names of a lab's namespaces, with the inode that makes each the same one."""
    found = [*Path("/run/netns").glob(f"topo.{lab}"), *Path("/run/netns").glob(f"topo.{lab}.*")]
    return {path.name: os.stat(path).st_ino for path in found}


def indexes(lab: str = "t") -> dict[str, dict[str, int]]:
    """namespace -> interface -> index."""
    return {name: {link: data["ifindex"] for link, data in links(name).items()} for name in namespaces(lab)}
