"""The name of a distribution -> the table by which netem draws delays: deviations from the mean, each as likely as any other."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

_SIZE = 4096
_ONE = 8192
"""NETEM_DIST_SCALE: what a deviation of one `jitter` is in a table."""
_MOST = 32767


@cache
def table(name: str) -> bytes:
    """What TCA_NETEM_DELAY_DIST is told, for those of tc(8): normal, pareto, paretonormal; and uniform, which the kernel has
    by itself, but does not go back to once it was told another one."""
    deviation = _BY_NAME[name]
    steps = (deviation((step + 0.5) / _SIZE) for step in range(_SIZE))
    return array("h", (max(-_MOST, min(_MOST, round(step * _ONE))) for step in steps)).tobytes()


def _uniform(chance: float) -> float:
    return 2 * chance - 1


@cache
def _quantile() -> Callable[[float], float]:
    from statistics import NormalDist

    return NormalDist().inv_cdf


def _normal(chance: float) -> float:
    value: float = _quantile()(chance)
    return value


def _pareto(chance: float) -> float:
    """Of shape 3, whose mean is 3/2, in units of 3/4."""
    return (math.pow(1 - chance, -1 / 3) - 1.5) * 4 / 3


def _paretonormal(chance: float) -> float:
    return _normal(chance) / 4 + _pareto(chance) * 3 / 4


_BY_NAME: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {"uniform": _uniform, "normal": _normal, "pareto": _pareto, "paretonormal": _paretonormal}
)
