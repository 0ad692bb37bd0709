"""File descriptors -> what is to be done when one is ready (epoll(7)), one after the other."""

from __future__ import annotations

import select
from collections.abc import Callable

IN, OUT = select.EPOLLIN, select.EPOLLOUT

Handler = Callable[[], None]


class Loop:
    """Level-triggered. A descriptor that waits for nothing is not in it: epoll would tell of its end again and again."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._masks: dict[int, int] = {}
        self._handlers: dict[int, Handler] = {}

    def want(self, fd: int, mask: int, handler: Handler) -> None:
        """From now on `handler` is called when the descriptor is ready for `mask`; 0: never."""
        had = self._masks.get(fd, 0)
        if not mask:
            self.forget(fd)
        elif not had:
            self._epoll.register(fd, mask)
            self._masks[fd], self._handlers[fd] = mask, handler
        elif had != mask:
            self._epoll.modify(fd, mask)
            self._masks[fd], self._handlers[fd] = mask, handler

    def forget(self, fd: int) -> None:
        """Before it is closed."""
        if self._masks.pop(fd, 0):
            self._epoll.unregister(fd)
            del self._handlers[fd]

    def turn(self, timeout: float | None) -> None:
        """Waits until one is ready, or for so many seconds, and calls the handlers of all that are."""
        for fd, _ in self._epoll.poll(timeout):
            if handler := self._handlers.get(fd):  # another one may have closed it
                handler()
