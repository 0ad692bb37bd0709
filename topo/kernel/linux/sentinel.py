"""Namespaces that were let go of -> the moment at which the kernel has taken their devices apart."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from topo.errors import KernelError
from topo.kernel.linux import attributes, link_messages, links, namespaces, syscalls
from topo.kernel.linux.messages import HEADER, NEW, Rtm, message
from topo.kernel.linux.sockets import RouteSocket
from topo.timings import stage

_RTMGRP_LINK = 1
_ANY = links.IFINFOMSG.pack(0, 0, 0, 0, 0)


def wait(seconds: float) -> None:
    """Returns when all namespaces that nobody holds any more have lost their devices. Raises KernelError after `seconds`.

    The kernel ends namespaces in the order in which they were let go of (cleanup_net). So one more is made and let go of,
    with a veth in it whose other end is watched from a third, which has no name either: a kill leaves nothing of them.
    """
    with stage("wait"), namespaces.returning():
        syscalls.unshare(syscalls.CLONE_NEWNET)
        with _events() as events:
            _let_go()
            deadline = time.monotonic() + seconds
            while (rest := deadline - time.monotonic()) > 0:
                events.settimeout(rest)
                try:
                    if _deleted(events.recv(65536)):
                        return
                except TimeoutError:
                    break
    raise KernelError(f"the kernel has not taken the lab's devices apart within {seconds:g} seconds")


@contextmanager
def _events() -> Iterator[socket.socket]:
    """What happens to the links of the calling thread's namespace."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as events:
        events.bind((0, _RTMGRP_LINK))
        yield events


def _let_go() -> None:
    """Makes a veth from the calling thread's namespace to a new one, and drops that."""
    route = RouteSocket()
    try:
        with namespaces.returning():
            syscalls.unshare(syscalls.CLONE_NEWNET)
            other = os.open(namespaces.OWN, os.O_RDONLY | os.O_CLOEXEC)
        try:
            refused = route.send([_veth(other)])
        finally:
            os.close(other)
    finally:
        route.close()
    if refused:
        raise KernelError(f"cannot watch the kernel take the lab apart: {refused[0]}", errno=refused[0].errno)


def _veth(namespace: int) -> bytes:
    peer = _ANY + attributes.u32(links.IFLA_NET_NS_FD, namespace)
    told = attributes.text(links.IFLA_IFNAME, "sentinel") + link_messages.cable(peer)
    return message(Rtm.RTM_NEWLINK, NEW, _ANY + told)


def _deleted(events: bytes) -> bool:
    return bool(HEADER.unpack_from(events)[1] == Rtm.RTM_DELLINK)
