"""The files of names of a lab -> what one container sees as /etc/hosts and as its hostname."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from topo.kernel.linux import folders, labs

_LOCALHOST = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"


class _Line(Struct, frozen=True):
    """An address and its names, the container's own first. `position` of the network in that container's list."""

    address: str
    names: tuple[str, ...]
    position: int = 0


def hostname(lab: str, container: str) -> str:
    """What the file asks for, else the container's name."""
    return _text(folders.containers(lab) / container / "hostname").strip() or container


def hosts(lab: str, container: str) -> str:
    """The text of /etc/hosts: localhost; who shares a network, at the address on the first shared one; what is particular.

    A container in the host's namespace has the host's names instead of localhost.
    """
    head = _text(Path("/etc/hosts")) if labs.on_host(lab, container) else _LOCALHOST
    if head and not head.endswith("\n"):
        head += "\n"
    lines = list(_lines(lab, container))
    own = hostname(lab, container)
    lines = [_with(line, own) if line.names[0] == container else line for line in lines]
    if not any(own in line.names for line in lines):
        # No network gives it an address: as Debian does it, for programs that look up their own name.
        lines.append(_Line("127.0.1.1", tuple(dict.fromkeys((own, container)))))
    return head + "".join(f"{line.address}\t{' '.join(line.names)}\n" for line in lines)


def _lines(lab: str, container: str) -> Iterator[_Line]:
    seen: set[str] = set()
    for lines in [*_shared(lab, container), _parse(_text(folders.containers(lab) / container / "hosts"))]:
        first = _first_positions(lines)
        for line in lines:
            names = tuple(name for name in line.names if name not in seen and first[name] == line.position)
            if names:
                yield _Line(line.address, names, line.position)
        seen |= set(first)


def _shared(lab: str, container: str) -> list[list[_Line]]:
    """The lines of each network that the container is on, in the order of its own list."""
    found: list[tuple[int, str, list[_Line]]] = []
    for path in labs.entries(folders.hosts(lab)):
        lines = _parse(_text(folders.hosts(lab) / path))
        own = [line.position for line in lines if line.names[0] == container]
        if own:
            found.append((min(own), path, lines))
    return [lines for _, _, lines in sorted(found, key=lambda item: item[:2])]


def _first_positions(lines: list[_Line]) -> dict[str, int]:
    """name -> the first place on this network that has it: a container may be on one network twice."""
    found: dict[str, int] = {}
    for line in lines:
        for name in line.names:
            found[name] = min(found.get(name, line.position), line.position)
    return found


def _parse(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for line in text.splitlines():
        said, _, position = line.partition("#")
        address, *names = said.split() or [""]
        if names:
            lines.append(_Line(address, tuple(names), int(position) if position.strip().isdecimal() else 0))
    return lines


def _with(line: _Line, name: str) -> _Line:
    return line if name in line.names else _Line(line.address, (name, *line.names), line.position)


def _text(path: Path) -> str:
    with suppress(FileNotFoundError, NotADirectoryError):
        return path.read_text(errors="surrogateescape")
    return ""
