"""Cases of a test -> the same, each so-manieth of them for the virtual machine as well, where it takes ten seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[str], every: int) -> list[Any]:
    """For parametrize."""
    return [pytest.param(name, marks=pytest.mark.vm) if not number % every else name for number, name in enumerate(cases)]
