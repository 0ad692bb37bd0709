"""data -> JSON text: the same data gives the same bytes."""

from __future__ import annotations

import json
from typing import Any


def json_text(data: Any, *, ordered: bool = False) -> str:
    """Indented, keys sorted unless `ordered`, in ASCII (it survives every terminal), with a newline at the end."""
    return json.dumps(data, indent=2, sort_keys=not ordered) + "\n"
