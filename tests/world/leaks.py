"""The world before and after a test -> what the test left behind, and what of others' it touched."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.world import canary
from tests.world.unshared import MARK

GRACE = 10.0
"""Seconds in which the kernel may let go of what a test ended."""

_NOISY = ("/netfilter/nf_conntrack_count", "/nf_conntrack_buckets")
_ALLOWED = {"/run/netns"}  # the folder itself and its mount on itself stay, as iproute2's do

Snapshot = dict[str, frozenset[str]]


def snapshot() -> Snapshot:
    """All of this world that a lab could touch, by subject."""
    return {
        "files": frozenset(_files()),
        "mounts": frozenset(_mounts()),
        "processes": frozenset(_processes()),
        "open namespaces": frozenset(_open_namespaces()),
        "network": frozenset(canary.network(None)),
        **{f"foreign, {name}": frozenset(canary.network(name)) for name in canary.NAMESPACES},
        "namespace ids": frozenset(_lines("ip", "netns", "list-id")),
        "sysctls": frozenset(_sysctls()),
    }


_rest: list[Snapshot] = []
"""The world as it was after the last test that left nothing behind."""


def settled() -> Snapshot:
    """The world before a test: what an earlier one ended may still be going, so it is looked at until it stays the same."""
    one = _rest.pop() if _rest else snapshot()
    for _ in range(100):
        other = snapshot()
        if one == other:
            return one
        one = other
    raise AssertionError("the world does not come to rest")


def remaining(before: Snapshot) -> list[str]:
    """What differs from `before`, once the kernel had its time."""
    deadline = time.monotonic() + GRACE
    while problems := _differences(before, snapshot()):
        if time.monotonic() > deadline:
            return problems
        time.sleep(0.01)
    _rest[:] = [before]
    return []


def _differences(before: Snapshot, after: Snapshot) -> list[str]:
    left = [f"left behind, {name}: {item}" for name in before for item in sorted(after[name] - before[name])]
    return left + [f"gone, {name}: {item}" for name in before for item in sorted(before[name] - after[name])]


def clean() -> None:
    """Takes away what a failed test left, so that the next one starts well."""
    for process in _processes():
        with suppress(ProcessLookupError):
            os.kill(int(process.split()[0]), signal.SIGKILL)
    for name in Path("/run/netns").glob("topo.*"):
        subprocess.run(["ip", "netns", "delete", name.name], check=False, capture_output=True)
        name.unlink(missing_ok=True)
    subprocess.run(["rm", "-rf", "/run/topo"], check=True)


def _files() -> Iterator[str]:
    for path in Path("/run").rglob("*"):
        if str(path) in _ALLOWED:
            continue
        content = ""
        with suppress(OSError):  # a folder, or a pinned namespace
            content = f" {path.read_bytes()!r}"
        yield f"{path}{content}"


def _mounts() -> Iterator[str]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        _, _, device, root, where, *_ = line.split()
        if where not in _ALLOWED:
            yield f"{where} of {root} on {device}"


def _processes() -> Iterator[str]:
    """Processes of this world other than this one and its lasting servants, by the mark in their environment."""
    mark = f"{MARK}={os.environ[MARK]}".encode()
    spared = {os.getpid(), *SERVANTS}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(folder.name) not in spared and mark in (folder / "environ").read_bytes().split(b"\0"):
                yield f"{folder.name} {(folder / 'cmdline').read_bytes().replace(bytes(1), b' ').decode()}"


SERVANTS: set[int] = set()
"""Processes that outlive a test on purpose."""


def _open_namespaces() -> Iterator[str]:
    for folder in ("/proc/self/fd", "/proc/thread-self/ns"):
        for entry in os.listdir(folder):
            with suppress(OSError):
                target = os.readlink(f"{folder}/{entry}")
                if target.startswith("net:") or "/netns/" in target:
                    yield f"{folder} {target}"


def _sysctls() -> Iterator[str]:
    for folder, _, names in os.walk("/proc/sys/net"):
        for name in names:
            if not (path := f"{folder}/{name}").endswith(_NOISY):
                yield f"{path}={_text(path)}"


def _text(path: str) -> str:
    """pathlib would double the time of a thousand files."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        return os.read(opened, 4096).decode().strip()
    except OSError:
        return ""
    finally:
        os.close(opened)


def _lines(*argv: str) -> list[str]:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
