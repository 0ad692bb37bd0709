"""`python -m tests.counts.counted FILE ARGV...`: is `topo ARGV...`, and writes a file of what it said to the kernel, how many
answers it had, and which modules it has loaded.

Of topo it imports the command line, as the program does, and nothing else: what the file names is what a command needs.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

_MULTI = 0x2
_PROTOCOLS = {0: "route", 12: "nftables"}


class _Ear:
    """Hears all that goes through sockets; `sent`: (the name of the protocol, the data as hexadecimal digits)."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.answers = 0
        self._last: tuple[int, int] | None = None

    def listen(self) -> None:
        """From now on, for good."""
        for name in ("send", "sendto", "sendmsg", "sendall"):
            setattr(socket.socket, name, self._sending(getattr(socket.socket, name)))
        for name in ("recv", "recvfrom", "recvmsg", "recv_into", "recvfrom_into", "recvmsg_into"):
            setattr(socket.socket, name, self._receiving(getattr(socket.socket, name)))

    def _sending(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(sock: socket.socket, data: Any, *more: Any) -> Any:
            whole = data if isinstance(data, bytes | bytearray | memoryview) else b"".join(data)
            netlink = _PROTOCOLS.get(sock.proto, "netlink") if sock.family == socket.AF_NETLINK else "packets"
            self.sent.append((netlink, whole.hex()))
            return send(sock, data, *more)

        return sent

    def _receiving(self, receive: Callable[..., Any]) -> Callable[..., Any]:
        def received(sock: socket.socket, where: Any, *more: Any, **named: Any) -> Any:
            heard = receive(sock, where, *more, **named)
            if sock.family == socket.AF_NETLINK:
                first = where if isinstance(heard, int) else heard[0] if isinstance(heard, tuple) else heard
                self._heard(id(sock), bytes(memoryview(where[0] if isinstance(first, int) else first)[:16]))
            return heard

        return received

    def _heard(self, sock: int, header: bytes) -> None:
        """In how many pieces a dump comes is the kernel's affair (Linux 6.9 puts its end beside the rest), so all of it is one
        answer; and what nobody has asked for is none."""
        flags, sequence = (int.from_bytes(header[at:end], sys.byteorder) for at, end in ((6, 8), (8, 12)))
        goes_on = flags & _MULTI and self._last == (sock, sequence)
        self._last = sock, sequence
        self.answers += sequence != 0 and not goes_on


def _main(file: str, arguments: list[str]) -> NoReturn:
    ear, end, process = _Ear(), os._exit, os.getpid()

    def ended(code: int) -> NoReturn:
        if os.getpid() == process:
            modules = sorted(name for name, module in sys.modules.items() if module is not None)
            with open(file, "w") as out:
                json.dump({"sent": ear.sent, "answers": ear.answers, "modules": modules}, out)
        end(code)

    ear.listen()
    # The command ends by it, and nothing runs behind that.
    os._exit = ended  # type: ignore[assignment]
    sys.argv = ["topo", *arguments]
    from topo.cli import main

    main()
    raise AssertionError("the command has not ended by os._exit")


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
