"""Links of containers -> the names of the host's interfaces that they stand on."""

from __future__ import annotations

from topo.kernel.linux import dumps, links
from topo.kernel.linux.links import Link
from topo.kernel.linux.places import Places


class Parents:
    """The names of the host's interfaces, read when the first link is asked about."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._names: dict[int, str] = {}
        self._nsids: dict[str, int] = {}

    def name(self, link: Link) -> str | None:
        """The interface of the host's namespace that a link stands on; None when it stands on none there."""
        if link.nsid is None:
            return None
        if not self._names:
            self._names = {found.index: found.name for found in self._places(None).links()}
        return self._names.get(link.peer) if link.nsid == self._host(link.namespace) else None

    def _host(self, namespace: str) -> int:
        """The id that a namespace has for the host's."""
        if namespace not in self._nsids:
            try:
                self._nsids[namespace] = dumps.nsids(self._places(namespace), [self._places(None)])[0]
            except FileNotFoundError:  # deleted since it was read
                return links.NOBODY
        return self._nsids[namespace]
