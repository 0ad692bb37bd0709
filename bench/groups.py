"""The commands of one turn, measured one after the other -> their seconds, MiB and counts, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench import pings
from bench.documents import Shape
from bench.processes import left_behind
from bench.tools import Tools

Numbers = dict[str, float]

SMALL = Shape(2)
"""What a command costs that has next to nothing to do."""


@dataclass(frozen=True)
class Bench:
    """What every group is given. containers: of the labs of the table, 1000 unless it is scaled down."""

    tools: Tools
    containers: int


@dataclass(frozen=True)
class Group:
    """What is measured in one turn, so that all of it meets the same machine. once: however many turns there are."""

    turn: Callable[[Bench], Numbers]
    once: bool = False


def built(bench: Bench, shape: Shape, *, looks: Callable[[Bench, Shape], Numbers] = lambda bench, shape: {}) -> Numbers:
    """One lab by the floor and by topo, up to down. looks: what else to measure while topo's is there."""
    tools, numbers = bench.tools, dict[str, float]()
    for command in ("up", "dump", "down"):
        numbers[f"floor {command}"] = tools.floor(command, shape).seconds
    up = tools.topo("up", "-q", tools.lab("bench", shape))
    numbers |= {"up": up.seconds, "peak": up.peak}
    numbers |= looks(bench, shape)
    down = tools.topo("down", "-q", "--name", "bench").seconds
    going = tools.still_going()
    return numbers | {"down": down + going, "down's rest": going}


def _looked_at(bench: Bench, shape: Shape) -> Numbers:
    tools, numbers = bench.tools, {"left": float(left_behind())}
    lab, small = tools.lab("bench", shape), tools.lab("small", SMALL)
    plan = tools.topo("plan", lab)
    if "No changes" not in plan.out:
        raise SystemExit(f"bench: a plan after `up` is not empty:\n{plan.out[:2000]}")
    numbers |= {"plan": plan.seconds, "start": tools.topo("plan", small).seconds}
    numbers["config"] = tools.topo("config", lab).seconds
    for command in ("ps", "show"):
        numbers[command] = tools.topo(command, "--json", "--name", "bench").seconds
    numbers["answers"] = pings.answers({Path(f"/run/netns/topo.bench.c{each}"): "10.0.0.1" for each in range(shape.containers)})
    edited = replace(shape, moved={shape.containers // 2: shape.containers})
    numbers["edit"] = tools.topo("up", "-q", tools.lab("bench", edited)).seconds
    return numbers


def lab(bench: Bench) -> Numbers:
    """The lab of the table: on one bridge, IPv4."""
    return built(bench, Shape(bench.containers), looks=_looked_at)


def lab_ipv6(bench: Bench) -> Numbers:
    """The same with addresses of both families."""
    return built(bench, Shape(bench.containers, ipv6=True))


def large(bench: Bench) -> Numbers:
    """Four times as many containers, on eight bridges."""
    return built(bench, Shape(4 * bench.containers, bridges=8))


def memory(bench: Bench) -> Numbers:
    """Peaks of `up`, by the size of the lab."""
    numbers = dict[str, float]()
    for name, containers in (("small", 2), ("half", bench.containers // 2), ("whole", bench.containers)):
        numbers[name] = bench.tools.topo("up", "-q", bench.tools.lab("bench", Shape(containers))).peak
        bench.tools.topo("down", "-q", "--name", "bench")
    return numbers


def start(bench: Bench) -> Numbers:
    """Commands that do next to nothing, and what they are held to."""
    tools = bench.tools
    return {
        "minimal": tools.reference(tools.folder / "minimal.py", "--help").seconds,
        "help": tools.topo("--help").seconds,
        "imports": tools.reference("-c", "import typer, yaml, jsonschema").seconds,
        "plan": tools.topo("plan", tools.lab("small", SMALL)).seconds,
    }


def files(bench: Bench) -> Numbers:
    """A plan between two files, ten containers of which have another address."""
    shape = Shape(bench.containers)
    edited = replace(shape, moved={each * shape.containers // 10: shape.containers for each in range(10)})
    old, new = bench.tools.lab("bench", shape), bench.tools.lab("edited", edited)
    return {"plan": bench.tools.topo("plan", "--from", old, new).seconds}


GROUPS: Mapping[str, Group] = {
    "lab": Group(lab),
    "ipv6": Group(lab_ipv6),
    "large": Group(large),
    "memory": Group(memory, once=True),
    "start": Group(start),
    "files": Group(files),
}
