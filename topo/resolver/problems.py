"""All that is wrong with a document, its meaning included, collected -> DocumentErrors, in the order of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from topo.document.report import spelled
from topo.errors import DocumentError, DocumentErrors, Where
from topo.lab import Lab, Path
from topo.resolver.doubts import Doubts


class Problems:
    """Rooms add to it and go on; `raise_all` ends the resolution when there is anything in it.

    known: what was wrong already before the meaning was looked at. broken: the places of which something is not in the lab.
    """

    def __init__(self, lab: Lab, known: Iterable[DocumentError] = (), broken: Collection[Path] = ()) -> None:
        self._lab = lab
        self._broken = broken
        self._doubts = Doubts(lab, broken)
        self._found: dict[tuple[Where | Path | str, str], DocumentError] = {}
        for error in known:
            self._found[error.where or error.path, error.message] = error

    def add(
        self,
        path: Path,
        message: str,
        *,
        code: str,
        hint: str | None = None,
        key: bool = False,
        given: Iterable[Path] = (),
    ) -> None:
        """One problem; the same one again (of each replica of a container, of what an alias repeats) is not said twice.

        given: the parts of the lab that it argues from: it would be a consequence only, if one of them lacks something.
        """
        if self._doubts.lost(path) or any(map(self._doubts.about, given)):
            return
        where = self._lab.where(path, key=key)
        error = DocumentError(message, where=where, hint=hint, path=spelled(path), code=code)
        self._found.setdefault((where or path, message), error)

    def doubtful(self, path: Path) -> bool:
        """Whether the document says something about `path` that is not in the lab."""
        return self._doubts.about(path)

    def item(self, path: Path, position: int) -> Path:
        """The path of an entry of a list that the document may also spell as the bare entry.

        `position`: among the entries of the list that are in the lab.
        """
        index = -1
        while position >= 0 and (*path, index + 1) in self._lab.places:
            index += 1
            position -= (*path, index) not in self._broken
        return (*path, index) if index >= 0 and position < 0 else path

    def at(self, path: Path) -> str:
        """Where `path` stands, in words for a message about another place."""
        where = self._lab.where(path)
        return str(where) if where else spelled(path)

    def raise_all(self) -> None:
        """Raises DocumentErrors when anything was added."""
        errors = list(self._found.values())
        errors.sort(key=lambda error: (error.where is None, error.where))
        if errors:
            raise DocumentErrors(errors)
