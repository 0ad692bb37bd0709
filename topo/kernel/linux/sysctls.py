"""Names of sysctl(8) -> values of the calling thread's network namespace; and the marks of those that topo wrote."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from errno import ENOENT

from topo.errors import KernelError
from topo.kernel.linux import atomic, folders, namespaces
from topo.objects.names import parts
from topo.objects.settings import BASELINE

_OF_AN_INTERFACE = {
    f"ipv4.{name}": str(int(getattr(BASELINE, name))) for name in ("forwarding", "rp_filter", "promote_secondaries", "arp_notify")
} | {"ipv6.addr_gen_mode": "1"}
"""What interfaces of topo's have that differs from conf.default: see objects/settings.py."""


_FORWARD, _FORWARD_ALL = "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"


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


def attempt(name: str, value: str) -> KernelError | None:
    """Writes it where the thread is, which is to be a namespace for that -> why the kernel does not take it."""
    try:
        path = _path(name)
    except KernelError as error:
        return error
    if not os.path.isfile(path):
        return KernelError(f"this kernel has no setting {name} in a network namespace", errno=ENOENT, hint=_alike(name))
    try:
        write(name, value)
    except OSError as error:
        return KernelError(f"the kernel refuses {value!r} for {name}: {error.strerror}", errno=error.errno or 0)
    return None


def _alike(name: str) -> str:
    """What may have been meant, of what lies beside it."""
    from difflib import get_close_matches

    head, _, last = name.rpartition(".")
    with suppress(OSError, KernelError):
        if close := get_close_matches(last, os.listdir(os.path.dirname(_path(name))), n=1):
            return f"did you mean {head}.{close[0]}?"
    return "it may come with a module that is not loaded; `sysctl -aN` in a container lists what there is"


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


def other_name(name: str) -> str:
    """The other name of the same place in the kernel, where it has one (devinet_init_net); else its own."""
    return {_FORWARD: _FORWARD_ALL, _FORWARD_ALL: _FORWARD}.get(name, name)


def writes_to_interfaces(name: str) -> bool:
    """Whether the kernel changes what an interface of topo's has (see objects/settings.py) when this one is written."""
    return name in (_FORWARD, _FORWARD_ALL, *(f"net.ipv6.conf.all.{key}" for key in ("addr_gen_mode", "disable_ipv6")))


def of_interface(name: str, interface: str) -> str:
    """The same setting of one interface, of a setting of `all`."""
    words = (_FORWARD_ALL if name == _FORWARD else name).split(".")
    return ".".join((*words[:3], interface.replace(".", "/"), *words[4:]))


def overwritten_by(name: str, candidates: Collection[str]) -> tuple[str, ...]:
    """Those of the candidates that the kernel changes too when this one is written: conf.all.forwarding writes that of
    every interface (inet_forward_change), and others of `all` do likewise."""
    words = (_FORWARD_ALL if name == _FORWARD else name).split(".")
    if not _has_interface(words) or words[2:4] != ["conf", "all"]:
        return ()
    pairs = ((candidate, candidate.split(".")) for candidate in sorted(candidates))
    return tuple(candidate for candidate, its in pairs if its[:3] + its[4:] == words[:3] + words[4:] and its[3] != "all")


def having_marks(lab: str) -> tuple[str, ...]:
    """The namespaces in which topo wrote any sysctl."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return tuple(os.listdir(folders.sysctls(lab)))
    return ()


def marks(namespace: str) -> frozenset[str]:
    """The names of the sysctls that topo wrote in a namespace. What else stands in the file is nobody's."""
    lab, _ = parts(namespace) or ("", None)
    try:
        fd = os.open(f"{folders.sysctls(lab)}/{namespace}", os.O_RDONLY | os.O_CLOEXEC)
        with open(fd, errors="replace") as file:
            return frozenset(filter(_is_setting, file.read().split()))
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
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
    if not _is_setting(name):
        raise KernelError(
            f"{name} is no setting of a network namespace: only net.* is", hint="set it on the host, with sysctl -w"
        )
    return "/proc/sys/" + "/".join(_words(name))


def _is_setting(name: str) -> bool:
    words = _words(name)
    return words[0] == "net" and len(words) > 2 and name.isprintable() and not any(word in ("", ".", "..") for word in words)


def _words(name: str) -> list[str]:
    # sysctl.d(5): dots separate, and a slash stands for the dot in the name of an interface.
    return [word.replace("/", ".") for word in name.split(".")]
