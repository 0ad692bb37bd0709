"""What a command asks of the kernel is a number, and it is written down: no timed test, and none that a slow machine fails."""

from __future__ import annotations

import pytest

from tests.counts import expected
from tests.counts.measuring import COMMANDS, FAMILIES, SIZES, measured
from tests.counts.tracing import counts


@pytest.mark.live
@pytest.mark.parametrize("family", FAMILIES)
def test_what_it_costs(family: str) -> None:
    """Of a command, and of each container. Counted again where it differs: a dump that something interrupts is made again."""
    written = expected.read()[family]
    for _ in range(2):
        found, runs = measured(family)
        changed = list(expected.differences(written, found, family))
        if not changed:
            break
    else:
        pytest.fail("\n".join([*changed, expected.REWRITE]), pytrace=False)
    for command in COMMANDS:  # by both counts, from within and from without: there is no other road to the kernel
        told = runs[command].counts
        assert sum(times for what, times in told["netlink"].items() if what.startswith("sends")) == told["calls"]["send"] > 0


def test_every_number_is_of_a_command_or_of_a_container() -> None:
    assert not [line for line in expected.FILE.read_text().splitlines() if f" for {SIZES[0]} " in line]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("7 + 3n", "7 + 4n", "rose"),
        ("7 + 3n", "9 + 2n", "fell"),
        ("7", "8", "rose"),
        ("2n", "1 + 2n", "rose"),
        ("up", "up, plan", "changed"),
    ],
)
def test_what_has_changed_is_said(old: str, new: str, said: str) -> None:
    assert list(expected.differences({"up": {"x": old}}, {"up": {"x": new}})) == [f"up, x: {said} from {old} to {new}"]


def test_what_is_new_or_gone_is_said() -> None:
    assert list(expected.differences({"old": "2n"}, {"new": "1"})) == ["old: fell from 2n to 0", "new: rose from 0 to 1"]


TRACE = """\
7 openat(AT_FDCWD</tmp>, "/usr/lib/python3/enum.py", O_RDONLY|O_CLOEXEC) = 3</usr/lib/python3/enum.py>
7 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</usr/lib/python3/enum.py>, 0) = 0x7f0000000000
7 openat(AT_FDCWD</tmp>, "/proc/thread-self/ns/net", O_RDONLY|O_CLOEXEC) = 3<net:[4026531840]>
7 newfstatat(AT_FDCWD</tmp>, "/run/netns/topo.t.a", {st_mode=S_IFREG|0444, ...}, AT_SYMLINK_NOFOLLOW) = 0
7 newfstatat(5</run/netns/topo.t.a>, "", {st_mode=S_IFREG|0444, ...}, AT_EMPTY_PATH) = 0
7 newfstatat(5</run/topo/t/objects/hosts/lan>, "", {st_mode=S_IFREG|0644, ...}, AT_EMPTY_PATH) = 0
7 newfstatat(AT_FDCWD</tmp>, "/run/topo/t/objects", {st_mode=S_IFDIR|0755, ...}, 0) = 0
7 read(5</run/topo/t/objects/hosts/lan>, "10.0.0.2 a", 11) = 10
7 unshare(CLONE_NEWNET) = 0
7 openat(AT_FDCWD</tmp>, "/proc/sys/net/ipv4/conf/all/rp_filter", O_WRONLY|O_CLOEXEC) = 5</proc/sys/net/ipv4/conf/all/rp_filter>
7 write(5</proc/sys/net/ipv4/conf/all/rp_filter>, "0", 1) = 1
8 openat(AT_FDCWD</tmp>, "/proc/meminfo", O_RDONLY|O_CLOEXEC) = 6</proc/meminfo>
7 mount("/proc/thread-self/ns/net", "/run/netns/topo.t.a", NULL, MS_BIND, NULL) = 0
7 write(5</proc/sys/net/ipv4/ip_forward>, "0", 1) = ? ERESTARTNOINTR (To be restarted)
7 openat(AT_FDCWD</tmp>, "/proc/sys/net/ipv4/ip_forward", O_WRONLY|O_CLOEXEC <unfinished ...>
8 sendto(6<socket:[1]>, [{nlmsg_len=20}], 20, 0, NULL, 0) = 20
7 <... openat resumed>) = 5</proc/sys/net/ipv4/ip_forward>
7 recvfrom(6<socket:[1]>, [{nlmsg_len=20}], 65536, 0, NULL, NULL) = 20
7 readlink("/proc/99/ns/net", "net:[4026531840]", 128) = 16
7 unlinkat(AT_FDCWD</tmp>, "/run/topo/t", AT_REMOVEDIR) = 0
7 getpid() = 7
7 +++ exited with 0 +++
"""


def test_what_the_machine_decides_is_not_counted() -> None:
    lab, elsewhere = counts(TRACE.splitlines())
    assert lab == {"open": 2, "stat": 2, "unshare": 1, "mount": 1, "send": 1, "rmdir": 1}
    assert elsewhere == {"open": 1, "stat": 1, "getpid": 1}
