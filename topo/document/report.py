"""paths of a document -> places in its file; and all that is wrong, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from topo.errors import DocumentError, DocumentErrors, Where
from topo.lab import Path

LONGEST = 60


class Places(Mapping[Path, tuple[Where, Where]]):
    """path -> (where its key stands, where its value stands), made when asked: most are never asked for."""

    def __init__(self) -> None:
        self._marks: dict[Path, tuple[Any, Any]] = {}

    def record(self, path: Path, key: Any, value: Any) -> None:
        """Notes the marks of a key and of its value; those of a list's entry are the same."""
        self._marks[path] = (key, value)

    def __getitem__(self, path: Path) -> tuple[Where, Where]:
        key, value = self._marks[path]
        return _where(key), _where(value)

    def __contains__(self, path: object) -> bool:
        return path in self._marks

    def __iter__(self) -> Iterator[Path]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)

    def nearest(self, path: Path, *, key: bool = False) -> Where:
        """The place of `path`, or of the nearest part of it that the document spells out."""
        while path not in self._marks:
            path = path[:-1]
        return self[path][0 if key else 1]


class Report:
    """Collects errors, so that a file tells all that is wrong with it at once."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._errors: dict[tuple[Where, str], DocumentError] = {}
        self._broken: set[Path] = set()

    def add(
        self,
        path: Path,
        message: str,
        *,
        hint: str | None = None,
        key: bool = False,
        code: str = "value",
        harmless: bool = False,
    ) -> None:
        """`path` is wrong, and `message` says how. `key`: it is the key that is. What aliases repeat is told once.

        harmless: nothing is lost by it, so the lab still says all that was meant.
        """
        if not harmless:
            self.lose(path)
        where = self.places.nearest(path, key=key)
        error = DocumentError(message, where=where, hint=hint, path=spelled(path), code=code)
        self._errors.setdefault((where, message), error)

    def at(self, mark: Any, path: Path, message: str, *, hint: str | None = None, code: str = "value") -> None:
        """The same, for a place that has no path of its own: the second of two equal keys."""
        self.lose(path)
        where = _where(mark)
        self._errors.setdefault((where, message), DocumentError(message, where=where, hint=hint, path=spelled(path), code=code))

    def lose(self, path: Path) -> None:
        """What the document says at `path`, or was to say there, does not reach the lab."""
        self._broken.add(path)

    @property
    def broken(self) -> frozenset[Path]:
        """Where something was lost."""
        return frozenset(self._broken)

    @property
    def errors(self) -> tuple[DocumentError, ...]:
        """What was wrong so far, in the order of the file."""
        return tuple(sorted(self._errors.values(), key=lambda error: error.where or Where("", 0, 0)))

    def give_up(self) -> NoReturn:
        """Raises DocumentErrors: what is wrong leaves nothing of a lab."""
        raise DocumentErrors(self.errors)


def spelled(path: Path) -> str:
    """("containers", "web", "networks", 0) -> `containers.web.networks[0]`."""
    words: list[str] = []
    for part in path:
        words.append(f"[{part}]" if isinstance(part, int) else f".{plain(part)}")
    return "".join(words).removeprefix(".")


def plain(text: str) -> str:
    """A text from a document as it can stand in a message: one line, printable, not too long."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
    return short if short.isprintable() else short.encode("unicode_escape").decode("ascii")


def shown(text: object) -> str:
    """The same, in backquotes."""
    return f"`{plain(str(text))}`"


def _where(mark: Any) -> Where:
    return Where(mark.name, mark.line + 1, mark.column + 1)
