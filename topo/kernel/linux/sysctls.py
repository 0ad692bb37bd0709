"""Names of sysctl(8) -> values of the calling thread's network namespace; and the marks of those that topo wrote."""

from __future__ import annotations

import os

from topo.errors import KernelError
from topo.kernel.linux import atomic, folders, namespaces
from topo.objects.namespace import parts
from topo.objects.settings import BASELINE

_OF_AN_INTERFACE = {
    f"ipv4.{name}": str(int(getattr(BASELINE, name))) for name in ("forwarding", "rp_filter", "promote_secondaries", "arp_notify")
} | {"ipv6.addr_gen_mode": "1"}
"""What interfaces of topo's have that differs from conf.default: see objects/settings.py."""


def read(name: str) -> str:
    """The value, with white space folded. Raises OSError when there is none of this name, or it cannot be read."""
    with open(_path(name)) as file:
        return " ".join(file.read().split())


def write(name: str, value: str) -> None:
    """Raises OSError when there is none of this name, or it does not take the value."""
    fd = os.open(_path(name), os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, value.encode())
    finally:
        os.close(fd)


def fresh_value(name: str) -> str:
    """What it is in a new namespace; of an interface's, what a new interface of topo's has. Raises OSError as `read` does."""
    words = name.split(".")
    if _has_interface(words) and words[3] not in ("all", "default"):
        known = _OF_AN_INTERFACE.get(f"{words[1]}.{words[4]}") if words[2] == "conf" else None
        if known is not None:
            return known
        words[3] = "default" if words[2] == "conf" else "lo"  # neigh/default is there in the first namespace only
    with namespaces.fresh():
        return read(".".join(words))


def overwritten_by(name: str, candidates: frozenset[str]) -> tuple[str, ...]:
    """Those of the candidates that the kernel changes too when this one is written: conf.all.forwarding writes that of
    every interface (inet_forward_change), and others of `all` do likewise."""
    words = (name if name != "net.ipv4.ip_forward" else "net.ipv4.conf.all.forwarding").split(".")
    if not _has_interface(words) or words[2:4] != ["conf", "all"]:
        return ()
    pairs = ((candidate, candidate.split(".")) for candidate in sorted(candidates))
    return tuple(candidate for candidate, its in pairs if its[:3] + its[4:] == words[:3] + words[4:] and its[3] != "all")


def marks(namespace: str) -> frozenset[str]:
    """The names of the sysctls that topo wrote in a namespace."""
    lab, _ = parts(namespace) or ("", None)
    try:
        return frozenset((folders.sysctls(lab) / namespace).read_text().split())
    except FileNotFoundError:
        return frozenset()


def mark(namespace: str, name: str, *, present: bool) -> None:
    """Notes that a sysctl is topo's, or no longer."""
    old = marks(namespace)
    new = old | {name} if present else old - {name}
    if new == old:
        return
    lab, _ = parts(namespace) or ("", None)
    path = folders.sysctls(lab) / namespace
    if new:
        atomic.write(lab, path, "".join(f"{name}\n" for name in sorted(new)))
    else:
        atomic.remove(lab, path)


def _has_interface(words: list[str]) -> bool:
    return len(words) == 5 and words[0] == "net" and words[2] in ("conf", "neigh")


def _path(name: str) -> str:
    # sysctl.d(5): dots separate, and a slash stands for the dot in the name of an interface.
    words = [word.replace("/", ".") for word in name.split(".")]
    if words[0] != "net" or any(word in ("", ".", "..") for word in words):
        raise KernelError(
            f"{name} is no setting of a network namespace: only net.* is", hint="set it on the host, with sysctl -w"
        )
    return "/proc/sys/" + "/".join(words)
