"""The host's resolv.conf -> that of a container that reaches what the host reaches: its servers, but for those on the host."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

_FILES = tuple(
    Path(name)
    for name in (
        "/etc/resolv.conf",
        "/run/systemd/resolve/resolv.conf",
        "/run/NetworkManager/no-stub-resolv.conf",
        "/run/dnsmasq/resolv.conf",
    )
)
"""The host's, and where that names only a server of the host's own: those that it asks in turn (systemd-resolved.service(8);
NetworkManager.conf(5), dns; resolvconf(8))."""


def of_host(*files: Path) -> str:
    """What of the first file with a server elsewhere holds for a container; "" when none has one."""
    for path in files or _FILES:
        lines: list[str] = []
        with suppress(OSError):
            lines = path.read_text(errors="replace").splitlines()
        kept = [line for line in lines if line.split()[:1] != ["nameserver"] or _is_elsewhere(line)]
        if any(line.split()[:1] == ["nameserver"] for line in kept):
            return "".join(f"{line}\n" for line in kept if line.strip() and line.lstrip()[0] not in "#;")
    return ""


def addresses(*files: Path) -> tuple[str, ...]:
    """The addresses of these servers."""
    lines = (line.split() for line in of_host(*files).splitlines())
    return tuple(words[1].partition("%")[0] for words in lines if words[0] == "nameserver")


def _is_elsewhere(line: str) -> bool:
    """Whether the server of a line is not the machine itself: a container's 127.0.0.53 is its own."""
    with suppress(ValueError, IndexError):
        address = ip_address(line.split()[1].partition("%")[0])
        return not address.is_loopback and not address.is_unspecified and not address.is_link_local
    return False
