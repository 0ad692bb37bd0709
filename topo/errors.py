"""Every error that topo raises, with who must act, where, and what to type next.

TopoError
├── DocumentError        the file is wrong                      exit 3
│   └── DocumentErrors   all that is wrong with it, at once     exit 3
├── UsageError           the command or its input is wrong      exit 3
├── KernelError          the kernel refused an operation        exit 1
├── ConflictError        something that is not topo's is in the way   exit 4
├── StalePlanError       the kernel changed since the plan was made   exit 4
├── LockTimeoutError     another topo works on this lab         exit 5
├── VerificationError    applied, but what was read back differs      exit 6
└── Interrupted          stopped between two operations         exit 130
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct


class Where(Struct, frozen=True, order=True):
    """A place in a file; `line` and `column` count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class TopoError(Exception):
    """The root of the tree. `where` is the place in the file and `hint` what to do, when either is known."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: Where | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.report: object | None = None
        """What was done before it, when something may have been: a topo.applier.Report."""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class DocumentError(TopoError):
    """One thing that is wrong with a file. `path` is its place in the document: `networks.lan.subnet`."""

    exit_code = 3

    def __init__(
        self, message: str, *, where: Where | None = None, hint: str | None = None, path: str = "", code: str = "document"
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.path = path
        self.code = code

    def __str__(self) -> str:
        return ": ".join(str(part) for part in (self.where, self.path, self.message) if part)


class DocumentErrors(DocumentError):
    """Everything that is wrong with a file, in the order of the file."""

    def __init__(self, errors: Sequence[DocumentError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


class UsageError(TopoError):
    """The command line, or what it names (a file, a lab, a container), is not right."""

    exit_code = 3


class KernelError(TopoError):
    """The kernel refused: `errno` is its number, and the message holds its extended-ack text."""

    def __init__(self, message: str, *, errno: int = 0, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.errno = errno


class ConflictError(TopoError):
    """An object that topo did not create stands where a desired one must be. Nothing was changed."""

    exit_code = 4


class StalePlanError(TopoError):
    """The plan was made against another state than the kernel holds now. Nothing was changed."""

    exit_code = 4


class LockTimeoutError(TopoError):
    """Another process held the lab's lock for longer than the caller would wait."""

    exit_code = 5


class VerificationError(TopoError):
    """Every operation was accepted, and what was read back is still not what the file asks for."""

    exit_code = 6


class Interrupted(TopoError):
    """The user stopped the command between two operations."""

    exit_code = 130
