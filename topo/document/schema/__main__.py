"""python -m topo.document.schema [FILE] -> the schema, on standard output or in a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from topo.document.schema import document_schema


def written() -> str:
    """The text of `schemas/topo.schema.json`."""
    return json.dumps(document_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(written(), encoding="utf-8")
    else:
        sys.stdout.write(written())
