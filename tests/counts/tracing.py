"""What strace wrote of a command -> how often it made each system call, where that is the same on every machine.

Two sorts of calls are told apart:

- those that are about a lab: on sockets, namespaces, sysctls, on files of labs and of pins. All of them are counted;
- those elsewhere, of which only the number per container says something: how many files Python opens on its way to topo is its
  own affair, and how often its pathlib looks at a file before it does what it is asked to.

Not counted is what depends on the machine: the baseline (as many writes as the host has settings that differ), looks at its
processes, in how many pieces an answer comes, memory, clocks, and how Python's files read and ask for their size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

ABOUT_A_LAB = re.compile(
    r'["<]/run/(topo|netns)\b|["<]/proc/([^"<>]*/ns/net|sys/net/[^"<>]*)[">]|<net:\[|<socket:|<(NETLINK|PACKET|UNIX)[:\[>-]'
)
ALWAYS = frozenset({"socket", "unshare", "setns", "mount", "umount"})
PIECES = frozenset({"recvfrom", "recvmsg", "poll", "ppoll", "getdents64", "read", "lseek", "fcntl"})
"""One call for each piece of an answer or of a file, or for each time that something was waited for."""
OF_PYTHON = frozenset(
    {
        *("brk", "mmap", "munmap", "mremap", "madvise", "mprotect", "futex", "sched_yield", "getrandom", "write"),
        *("clock_gettime", "clock_nanosleep", "gettimeofday", "time", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn"),
    }
)

_SAME = {
    "openat": "open",
    "openat2": "open",
    "mkdirat": "mkdir",
    "unlinkat": "unlink",
    "renameat": "rename",
    "renameat2": "rename",
    "readlinkat": "readlink",
    "umount2": "umount",
    "sendto": "send",
    "sendmsg": "send",
    "lstat": "stat",
    "fstat": "stat",
    "newfstatat": "stat",
    "statx": "stat",
    "faccessat": "access",
    "faccessat2": "access",
    "fchmodat": "chmod",
}
"""One call by its names on this processor and that, of this C library and that."""

_CALL = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<rest>.*)")
_OTHER_FILES = re.compile(r'["<]/(?!proc/|sys/|run/topo/)')
_LOOKS_AT_FILES = re.compile(r'[^"]*"/run/topo/')
_AGAIN = " = ? ERESTART"
"""The kernel was busy with another namespace, and makes the call once more by itself (rtnl_trylock, restart_syscall)."""
_HERE = re.compile(r"AT_FDCWD<[^>]*>")
_OF_PROCESSES = re.compile(r'"/proc/\d+/|"/proc"')
_SIZE_OF_OPEN_FILE = re.compile(r'\d+<(?!/run/netns/)[^>]*>, (""|\{|0x)')


def counts(lines: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """(calls about a lab, calls elsewhere), by name; lines are those of `strace -f -y`."""
    lab: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    new: set[str] = set()
    for line in lines:
        call = _CALL.match(line)
        if not call or _AGAIN in line:
            continue
        thread, rest = call["thread"], _HERE.sub("", call["rest"])
        name = "rmdir" if "AT_REMOVEDIR" in rest else _SAME.get(call["name"], call["name"])
        if name in ("mount", "setns"):
            new.discard(thread)
        if not _depends(name, rest, baseline=thread in new):
            looks = name == "stat" and _LOOKS_AT_FILES.match(rest)
            if name in ALWAYS or (ABOUT_A_LAB.search(rest) and not looks):
                lab[name] += 1
            elif name not in OF_PYTHON and not _OTHER_FILES.search(rest):
                elsewhere[name] += 1
        if name == "unshare":
            new.add(thread)
    return lab, elsewhere


def _depends(name: str, rest: str, *, baseline: bool) -> bool:
    """Whether the machine, or Python, has a say in whether this call is made. baseline: in a namespace without a name."""
    return bool(
        name in PIECES
        or (baseline and "/proc/sys/" in rest)
        or _OF_PROCESSES.search(rest)
        or "TCGETS" in rest
        or (name == "stat" and _SIZE_OF_OPEN_FILE.match(rest))
    )
