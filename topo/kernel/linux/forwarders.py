"""A lab -> its forwarder, the process that serves its published ports: found, started, asked, ended."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import ECANCELED, EEXIST, ETIMEDOUT
from pathlib import Path

from topo.errors import KernelError
from topo.kernel.linux import folders
from topo.kernel.linux.forwarder.ports import NAME
from topo.objects.names import fabric_of

_PROGRAM = "import sys; sys.path.append(sys.argv[1]); from forwarder.main import main; main(*sys.argv[2:])"
"""It is imported without topo, whose imports take ten times its memory."""
_STARTER = 3
_HIGH = 10
"""A file descriptor that is not one of those which the program is to have."""
_PATIENCE = 5.0
"""Seconds for an answer: it is at nothing else for longer than a moment."""
_WAIT = struct.pack("ll", int(_PATIENCE), 0)
_ENDS_IN = 2.0
_PIECE = 65536

_ATTEMPTS = 3

Words = tuple[str, ...]


class Ended(KernelError):
    """It has ended before it answered: it had nothing to serve, or was killed."""


class Forwarder:
    """One that runs: a connection to it."""

    def __init__(self, lab: str, one: socket.socket) -> None:
        self._lab, self._socket = lab, one
        one.settimeout(_PATIENCE)

    def ask(self, *words: str) -> list[Words]:
        """The lines of its answer. Raises OSError where it could not do it, KernelError where it says nothing."""
        try:
            self._socket.sendall("\t".join(words).encode() + b"\n")
            *lines, last = self._answer().decode().splitlines()
        except TimeoutError:
            raise self._silent() from None
        except (ConnectionResetError, BrokenPipeError):
            raise self._ended() from None
        if last != "ok":
            _, number, text = last.split("\t")
            raise OSError(int(number), text)
        return [tuple(line.split("\t")) for line in lines]

    def _answer(self) -> bytes:
        data = b""
        while not (data.endswith(b"\n") and data.splitlines()[-1].split(b"\t")[0] in (b"ok", b"error")):
            piece = self._socket.recv(_PIECE)
            if not piece:
                raise self._ended()
            data += piece
        return data

    def _ended(self) -> Ended:
        return Ended(f"the forwarder of the lab {self._lab} has ended", errno=ECANCELED, hint="try again")

    def _silent(self) -> KernelError:
        pid = self.pid
        if foreign := _foreign(self._lab, pid):
            return foreign
        hint = f"see what it waits for: ps -fp {pid}; or end it, and `topo up` starts another one: kill -9 {pid}"
        return KernelError(f"the forwarder of the lab {self._lab} does not answer: process {pid}", errno=ETIMEDOUT, hint=hint)

    @property
    def pid(self) -> int:
        """Of the process that listens there (SO_PEERCRED of unix(7)); 0 for one of another PID namespace."""
        return int(struct.unpack("3i", self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])

    @property
    def has_ended(self) -> bool:
        """Whether the other end is closed."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return any(events & select.POLLHUP for _, events in poll.poll(0))

    def close(self) -> None:
        """Lets go of the connection."""
        self._socket.close()


def listed(lab: str) -> list[Words]:
    """What it serves, each in the words that asked for it."""
    return _asked(lab, "list") or []


def serve(lab: str, words: Words) -> None:
    """Adds a port, or changes where one goes. Starts the forwarder where there is none. Raises OSError, KernelError."""
    if _asked(lab, "add", *words) is not None:
        return
    one = _start(lab)
    try:
        one.ask("add", *words)
    finally:
        one.close()


def stop(lab: str, words: Words) -> None:
    """Removes a port. Nothing to do where nobody serves it."""
    with suppress(FileNotFoundError):
        _asked(lab, "remove", *words)


def _asked(lab: str, *words: str) -> list[Words] | None:
    """Its answer; None where there is none, or no more: one that ends when its last port goes can still be found, and takes
    nobody's question."""
    for attempt in range(_ATTEMPTS):
        with _found(lab) as one:
            if one is None:
                return None
            try:
                return one.ask(*words)
            except Ended:
                if attempt == _ATTEMPTS - 1:
                    raise
    return None


def end(lab: str) -> int:
    """Ends it, with all that is connected; its id, or 0 where there was none. Returns when it has ended."""
    with _found(lab) as one:
        if one is None or not (pid := one.pid):
            return 0
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            return 0
        try:
            if not one.has_ended:  # else the number may be another process's by now
                if foreign := _foreign(lab, pid):
                    raise foreign
                _kill(handle)
        finally:
            os.close(handle)
    return pid


def _foreign(lab: str, pid: int) -> KernelError | None:
    """What is said of a process that somebody else has put there; None for a forwarder, or for one that has ended."""
    with suppress(OSError):
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        if name != NAME:
            what = f"process {pid} ({name}) listens on {folders.forwarder(lab)}, and is no forwarder of topo's"
            return KernelError(what, errno=EEXIST, hint=f"let it listen elsewhere; if nobody needs it: kill {pid}")
    return None


def _kill(handle: int) -> None:
    """Nothing of it needs time: sockets are closed by the kernel."""
    signal.pidfd_send_signal(handle, signal.SIGKILL)
    select.select([handle], [], [], _ENDS_IN)


@contextmanager
def _found(lab: str) -> Iterator[Forwarder | None]:
    """The one that runs, if there is one."""
    one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _WAIT)  # of a place in its queue (unix_stream_connect)
    try:
        one.connect(os.fspath(folders.forwarder(lab)))
    except (FileNotFoundError, ConnectionRefusedError):
        one.close()
        yield None
        return
    except BlockingIOError:
        one.close()
        path = folders.forwarder(lab)
        hint = f"see who listens there: ss -lxp src {path}"
        raise KernelError(f"nobody answers on {path}", errno=ETIMEDOUT, hint=hint) from None
    found = Forwarder(lab, one)
    try:
        yield found
    finally:
        found.close()


def _start(lab: str) -> Forwarder:
    """A new one, that serves nothing yet, and ends when nobody asks it to. Raises OSError, KernelError."""
    ours, theirs = socket.socketpair()
    high = fcntl.fcntl(theirs, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    theirs.close()
    try:
        folders.lab(lab).mkdir(parents=True, exist_ok=True)
        status = os.waitpid(_spawned(lab, high), 0)[1]
    finally:
        os.close(high)
    if status:
        ours.close()
        raise KernelError(f"the forwarder of the lab {lab} could not be started", errno=ECANCELED, hint="see dmesg")
    return Forwarder(lab, ours)


def _spawned(lab: str, descriptor: int) -> int:
    """The id of the process that starts it. It has our environment: by that one sees whose it is."""
    paths = (Path(__file__).parent, folders.forwarder(lab), folders.namespaces(), fabric_of(lab))
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-I", "-S", "-c", _PROGRAM, *map(str, paths)],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2),
            (os.POSIX_SPAWN_DUP2, descriptor, _STARTER),
        ],
        setsigmask=[],
        setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
    )
