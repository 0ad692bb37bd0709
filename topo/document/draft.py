"""Draft: what could be read of a document, and what is wrong with it."""

from __future__ import annotations

from msgspec import Struct

from topo.errors import DocumentError, DocumentErrors
from topo.lab import Lab, Path


class Draft(Struct, frozen=True):
    """A document after one look at it.

    lab: made of what is right. errors: all that is wrong, in the order of the file. broken: the places where something that
    the document says, or was to say, did not reach the lab: who argues from what the lab lacks there is wrong.
    """

    lab: Lab
    errors: tuple[DocumentError, ...] = ()
    broken: frozenset[Path] = frozenset()

    def whole(self) -> Lab:
        """The lab. Raises DocumentErrors when anything is wrong."""
        if self.errors:
            raise DocumentErrors(self.errors)
        return self.lab
