"""All that is wrong with the meaning of a document, collected -> DocumentErrors, in the order of the file."""

from __future__ import annotations

from topo.document.report import spelled
from topo.errors import DocumentError, DocumentErrors, Where
from topo.lab import Lab, Path


class Problems:
    """Rooms add to it and go on; `raise_all` ends the resolution when there is anything in it."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._found: dict[tuple[Where | Path, str], DocumentError] = {}

    def add(self, path: Path, message: str, *, code: str, hint: str | None = None, key: bool = False) -> None:
        """One problem; the same one again (of each replica of a container, of what an alias repeats) is not said twice."""
        where = self._lab.where(path, key=key)
        error = DocumentError(message, where=where, hint=hint, path=spelled(path), code=code)
        self._found.setdefault((where or path, message), error)

    def item(self, path: Path, position: int) -> Path:
        """The path of an entry of a list that the document may also spell as the bare entry."""
        inside = (*path, position)
        return inside if inside in self._lab.places else path

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
