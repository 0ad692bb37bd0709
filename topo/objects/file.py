"""A file of a lab that topo reads again: the names of its containers, and what is particular to one of them."""

from __future__ import annotations

from topo.objects.kind import Key, Kind, Object


class File(Object, frozen=True, kw_only=True):
    """`path` is relative to the lab's folder of objects (/run/topo/LAB/objects); `content` is its text.

    hosts/NETWORK               a line per address: `ADDRESS<tab>NAME ALIAS...<tab># POSITION`, the position being that of
                                the network in the list of that container: a container reads the files that name it, in
                                the order of its positions, and takes from each the names that it has not yet seen
    containers/NAME/hosts       extra_hosts and the other ends of its links: `ADDRESS<tab>NAME`; they come last
    containers/NAME/hostname    only when it is not the container's name
    containers/NAME/host        empty: the container is a name for the host's own namespace
    """

    kind = "file"
    path: str
    content: str = ""

    @property
    def key(self) -> Key:
        return ("file", self.path)

    @property
    def address(self) -> str:
        return self.path if self.path.startswith("containers/") else f"lab/{self.path}"


def _words(before: File | None, after: File | None) -> str:
    return f"write {after.path}" if after else f"delete {before.path}"  # type: ignore[union-attr]


KIND = Kind(
    name="file",
    type=File,
    summary="a file of names: what a command inside a container sees as /etc/hosts and hostname",
    words=_words,
)
