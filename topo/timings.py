"""the stages of a command -> how long each of them took; nothing is measured until somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter

STAGES = ("start", "load", "validate", "resolve", "observe", "plan", "apply", "verify", "wait", "print", "rest")
"""In the order in which a command comes to them. `rest` is what is in none of them: arguments, late imports."""


class Watch:
    """Measures stages. One within another interrupts it, so that no time is counted twice, and the sum is the whole."""

    def __init__(self, start: float) -> None:
        self._spent = dict.fromkeys(STAGES, 0.0) | {"start": start}
        self._open = ["rest"]
        self._turned = perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """While it is entered, the time that passes is that of this stage."""
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def read(self) -> dict[str, float]:
        """stage -> seconds so far, of those that took any time."""
        self._turn()
        return {name: seconds for name, seconds in self._spent.items() if seconds}

    def _turn(self) -> None:
        now = perf_counter()
        self._spent[self._open[-1]] += now - self._turned
        self._turned = now


_watch: Watch | None = None
_NOBODY_ASKS = nullcontext()


def stage(name: str) -> AbstractContextManager[None]:
    """`with stage("plan"):` around what belongs to a stage, one of STAGES."""
    return _watch.stage(name) if _watch else _NOBODY_ASKS


def begin(start: float = 0.0) -> None:
    """From now on stages are measured. start: seconds that were spent before."""
    global _watch
    _watch = Watch(start)


def end() -> dict[str, float]:
    """stage -> seconds since `begin`, of those that took any; then nothing is measured any more."""
    global _watch
    found, _watch = _watch.read() if _watch else {}, None
    return found
