"""Indexes: name -> index of the interfaces of one namespace, as far as known: no question to the kernel per operation."""

from __future__ import annotations

from collections.abc import Sequence

from topo.kernel.linux.links import LOOPBACK, Link


class Indexes:
    """What the last dump said, kept up to date by all that topo does itself.

    `new`: topo has just made the namespace, nobody else has been there, and no setting of it was changed.
    `up`: the interfaces that were up then, before topo changed anything.
    """

    def __init__(self) -> None:
        self.known = False
        self.new = False
        self.up: set[str] = set()
        self._of: dict[str, int] = {}
        self._last = LOOPBACK
        self._seen: Sequence[Link] = ()

    @classmethod
    def fresh(cls) -> Indexes:
        """Those of a namespace that was just made."""
        found = cls()
        found.known, found.new, found._of = True, True, {"lo": LOOPBACK}
        return found

    def learn(self, seen: Sequence[Link]) -> None:
        """Takes the links of a dump for all that there is, when that is first of use: mostly it never is."""
        self.known, self.new, self._seen = True, False, seen

    def settle(self) -> None:
        """What was learnt is there to be asked for."""
        if self._seen:
            self._of = {link.name: link.index for link in self._seen}
            self.up = {link.name for link in self._seen if link.up}
            self._last, self._seen = max(self._of.values()), ()

    def forget(self) -> None:
        """What is known proved wrong: it is read again before it is used."""
        self.known = False

    def __contains__(self, name: str) -> bool:
        return name in self._of

    def __getitem__(self, name: str) -> int:
        return self._of[name]

    def add(self, name: str, index: int) -> None:
        """An interface that somebody else has made meanwhile."""
        self._of[name] = index

    def take(self, name: str, wanted: int | None = None) -> int:
        """The index for an interface that is about to be made: the one wanted or, when that is taken, the next free one;
        else one more than the last. So the same file gives the same indexes."""
        self.discard(name)
        index = self._last + 1 if wanted is None else wanted
        taken = set(self._of.values()) if wanted is not None else ()
        while index in taken:
            index += 1
        self._of[name] = index
        self._last = max(self._last, index)
        return index

    def rename(self, old: str, new: str) -> None:
        """An interface is about to have another name."""
        if old in self._of:
            self._of[new] = self._of.pop(old)
        if old in self.up:
            self.up = self.up - {old} | {new}

    def discard(self, name: str) -> None:
        """An interface is about to go."""
        self._of.pop(name, None)
        self.up.discard(name)
