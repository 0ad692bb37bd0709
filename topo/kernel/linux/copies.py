"""Links that carry one mark, routes of one key -> which of them is the object, and which are copies of it."""

from __future__ import annotations

from collections.abc import Hashable


class Copies:
    """The first one that is shown, in the kernel's order, is the object itself."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()

    def of(self, name: str, *what: Hashable) -> str:
        """The `copy` of one of that name which stands for `what`: "" for the first, its name for any other."""
        return "" if self.is_first(*what) else name

    def is_first(self, *what: Hashable) -> bool:
        """Whether none was seen before that stands for `what`."""
        if what in self._seen:
            return False
        self._seen.add(what)
        return True
