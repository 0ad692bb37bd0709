"""A container and a command -> this process becomes the command, inside the container."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from topo.errors import UsageError
from topo.kernel.linux import folders, hints, labs, names, nameservers, namespaces, pins, syscalls
from topo.objects.names import namespace_of

_NO_NAMESERVER = "# The lab has no way out. Its names are in /etc/hosts.\n"
_HOSTS = Path("/etc/hosts")
_KEPT_IN_SYS = ("/sys/fs/cgroup", "/sys/fs/bpf")
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


def enter(lab: str, container: str, argv: Sequence[str]) -> NoReturn:
    """Becomes the command, with the container's network, names and hostname, in a mount and UTS namespace of its own.

    Standard streams, terminal, signals and exit code are the command's, for no process stands between. Ends with 127 when
    there is no such command, and with 126 when it cannot be executed. Raises UsageError and KernelError before that.
    """
    if not argv:
        raise UsageError("no command to execute", hint=f"topo exec {container} -- COMMAND")
    with hints.doing(f"enter {container} of lab {lab}"):
        _check(lab, container)
        on_host = labs.on_host(lab, container)
        files = _files(lab, container, on_host=on_host)
        if not on_host:
            syscalls.setns(namespaces.open(namespace_of(lab, container)))
        syscalls.unshare(syscalls.CLONE_NEWNS | syscalls.CLONE_NEWUTS)
        # Slave, not private: when the lab goes, the copies of its pins in here go too, else they would keep its namespaces.
        syscalls.mount("", "/", None, syscalls.MS_REC | syscalls.MS_SLAVE)
        Path("/proc/sys/kernel/hostname").write_text(names.hostname(lab, container))
        _lay_over(files)
        if not on_host:
            _mount_sys()
    if not on_host:
        os.environ[pins.INSIDE] = namespace_of(lab, container)
    _restore_signals()
    _become(argv)


def _check(lab: str, container: str) -> None:
    """Raises UsageError when there is no such container."""
    if lab not in labs.labs():
        raise UsageError(f"there is no lab {lab}", hint="topo ls shows the labs; topo up makes one")
    known = labs.containers(lab)
    if container not in known:
        raise UsageError(f"lab {lab} has no container {container}", hint=f"it has {', '.join(known)}" if known else None)


def _files(lab: str, container: str, *, on_host: bool) -> Mapping[Path, str]:
    """path -> what the command is to see there."""
    files = {_HOSTS: names.hosts(lab, container), Path("/etc/hostname"): names.hostname(lab, container) + "\n"}
    if not on_host:
        goes_out = labs.goes_out(lab, container)
        files[Path("/etc/resolv.conf")] = (nameservers.of_host() if goes_out else "") or _NO_NAMESERVER
        # Whatever asks the host's resolver (systemd's, a cache, mDNS) would not look into this /etc/hosts.
        with suppress(OSError):
            switch = Path("/etc/nsswitch.conf")
            files[switch] = re.sub(r"(?m)^hosts:.*$", "hosts: files dns", switch.read_text())
    return files


def _lay_over(files: Mapping[Path, str]) -> None:
    """Binds files over those of the host, from a file system in memory that nobody else sees.

    It is mounted for a moment over a folder that is there while the lab is. When it is detached, the binds keep it.
    """
    folder = folders.namespaces()
    syscalls.mount("topo", folder, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC, "size=1m,mode=0755")
    try:
        for path, content in files.items():
            source = folder / path.name
            source.write_text(content, errors="surrogateescape")
            source.chmod(0o644)
            # Where the host has none, or a symbolic link to nothing, there is nothing to lay it over.
            if path.exists() or path == _HOSTS:
                syscalls.mount(source, path, flags=syscalls.MS_BIND)
    finally:
        syscalls.umount(folder)


def _mount_sys() -> None:
    """sysfs shows the network namespace of whoever mounts it. The trees of other kinds in it are bound back in."""
    kept = []
    for path in filter(os.path.ismount, _KEPT_IN_SYS):
        kept.append((os.open(path, os.O_PATH | os.O_CLOEXEC), path))
    syscalls.mount("sysfs", "/sys", "sysfs", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC)
    for fd, path in kept:
        syscalls.mount(f"/proc/self/fd/{fd}", path, flags=syscalls.MS_BIND | syscalls.MS_REC)
        os.close(fd)


def _restore_signals() -> None:
    """Python ignores these two at its start, and what is ignored stays so over execve(2). Handlers do not."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _become(argv: Sequence[str]) -> NoReturn:
    try:
        os.execvp(argv[0], list(argv))
    except OSError as error:
        missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
        print(f"topo: {argv[0]}: {'not found' if missing else error.strerror}", file=sys.stderr)
        raise SystemExit(_NOT_FOUND if missing else _NOT_EXECUTABLE) from None
