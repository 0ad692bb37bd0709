"""Wrong: one text is not what belongs there."""

from __future__ import annotations


class Wrong(Exception):
    """`message` says what is wrong, `hint` what to write."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
