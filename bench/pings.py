"""Pinned namespaces -> how many of them get an answer from an address, when all ask at once."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import socket
import time
from collections.abc import Mapping
from pathlib import Path

_NEWNET = 0x40000000
_REQUEST = bytes.fromhex("0800f7ff00000000")  # echo request, with its checksum
_REPLY = 0


def answers(gateways: Mapping[Path, str], within: float = 5.0) -> int:
    """Sends one echo request from each namespace (its pin -> the address), then waits for the replies, `within` seconds."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(*limits, len(gateways) + 100)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sockets = {pin: _opened_in(pin) for pin in gateways}
    try:
        for pin, address in gateways.items():
            sockets[pin].sendto(_REQUEST, (address, 0))
        return _replies(list(sockets.values()), time.monotonic() + within)
    finally:
        for each in sockets.values():
            each.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)  # the commands to come are to find what this process found


def _replies(sockets: list[socket.socket], deadline: float) -> int:
    waiting = {each.fileno(): each for each in sockets}
    poll = select.poll()
    for number in waiting:
        poll.register(number, select.POLLIN)
    while waiting and (left := deadline - time.monotonic()) > 0:
        for number, _ in poll.poll(left * 1000):
            packet = waiting[number].recv(2048)
            if packet[(packet[0] & 15) * 4] == _REPLY:
                poll.unregister(number)
                del waiting[number]
    return len(sockets) - len(waiting)


def _opened_in(pin: Path) -> socket.socket:
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(pin, os.O_RDONLY)
    try:
        _enter(there)
        try:
            return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        finally:
            _enter(own)
    finally:
        os.close(there)
        os.close(own)


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, _NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
