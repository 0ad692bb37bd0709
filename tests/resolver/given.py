"""text of a document -> what the resolver makes of it, in a form that tests can read."""

from __future__ import annotations

from textwrap import dedent
from typing import TypeVar

import pytest

from topo.document import loads
from topo.errors import DocumentError, DocumentErrors
from topo.objects import Object, State
from topo.objects.address import Address
from topo.objects.veth import End, Veth
from topo.resolver import resolve, warnings

T = TypeVar("T", bound=Object)


def resolved(text: str, *, name: str = "t") -> State:
    """The state of a document."""
    return resolve(loads(dedent(text), "lab.yaml", name=name))


def warned(text: str) -> tuple[str, ...]:
    """The warnings about a document."""
    lab = loads(dedent(text), "lab.yaml", name="t")
    return warnings(lab, resolve(lab))


def errors(text: str) -> tuple[DocumentError, ...]:
    """What the resolver says is wrong with a document that can be read."""
    lab = loads(dedent(text), "lab.yaml", name="t")
    with pytest.raises(DocumentErrors) as caught:
        resolve(lab)
    return caught.value.errors


def told(text: str) -> list[tuple[str, str]]:
    """The same, as (line:column, code)."""
    return [(f"{error.where.line}:{error.where.column}", error.code) for error in errors(text) if error.where]


def by_address(state: State) -> dict[str, Object]:
    """plan address -> object."""
    return {thing.address: thing for thing in state.objects.values()}


def found(state: State, address: str, kind: type[T]) -> T:
    """The object with this name in a plan."""
    thing = by_address(state)[address]
    assert isinstance(thing, kind)
    return thing


def end(state: State, container: str, interface: str) -> End:
    """One end of a veth."""
    ends = (end for thing in state.objects.values() if isinstance(thing, Veth) for end in (thing.end, thing.peer))
    return next(end for end in ends if (end.namespace, end.name) == (f"topo.{state.lab}.{container}", interface))


def addresses(state: State, container: str, interface: str = "eth0", *, all_of_them: bool = False) -> list[str]:
    """The addresses of an interface, without fe80:: unless asked for."""
    return [
        thing.ip
        for thing in state.objects.values()
        if isinstance(thing, Address)
        and (thing.namespace, thing.interface) == (f"topo.{state.lab}.{container}", interface)
        and (all_of_them or not thing.ip.startswith("fe80:"))
    ]
