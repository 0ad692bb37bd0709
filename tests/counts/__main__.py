"""`python -m tests.counts`: what topo asks of the kernel today, and which modules it loads -> expected.json, and what is new.

As root: it works in a throw-away world. A word (`ipv4`, `ipv6`, `modules`) writes that part only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tests.counts import expected
from tests.counts.loading import LIVE, OFFLINE, by_module, runs
from tests.counts.measuring import FAMILIES, measured
from tests.world import unshared

PARTS: dict[str, Callable[[], Mapping[str, Any]]] = {
    **{family: partial(lambda family: measured(family)[0], family) for family in FAMILIES},
    "modules": lambda: by_module(runs({**OFFLINE, **LIVE})),
}


def _main(wanted: Sequence[str]) -> str | None:
    if unknown := set(wanted) - PARTS.keys():
        return f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}"
    if reason := unshared.leave():
        return reason
    before = expected.read()
    after = before | {part: PARTS[part]() for part in wanted or PARTS}
    expected.write(after)
    print(*(list(expected.differences(before, after)) or ["nothing has changed"]), sep="\n")
    return None


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
