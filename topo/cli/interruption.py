"""Ctrl-C, SIGTERM -> the end of the command, or, once something is being changed, a flag."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

from topo.cli import output


class Interruption:
    """While it is entered, Ctrl-C raises KeyboardInterrupt until `hold` is called; from then on it says `words`, and is kept.
    So does SIGTERM, which is how a CI system says the same."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._held = False
        self._asked = False
        self._before: dict[int, Any] = {}

    def hold(self) -> None:
        """From now on Ctrl-C only sets the flag."""
        self._held = True

    def asked(self) -> bool:
        """Whether Ctrl-C came since then."""
        return self._asked

    def __enter__(self) -> Interruption:
        # A command in the background of a script ignores Ctrl-C already, and only the main thread may say what it does.
        ours = threading.current_thread() is threading.main_thread()
        for number in (signal.SIGINT, signal.SIGTERM) if ours else ():
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def _came(self, _number: int, _frame: FrameType | None) -> None:
        if not self._held:
            raise KeyboardInterrupt
        if not self._asked:
            output.tell(self._words)
        self._asked = True
