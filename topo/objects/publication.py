"""A published port: what listens in the host's namespace for a container, and where in it that leads."""

from __future__ import annotations

from collections.abc import Iterable

from topo.objects.kind import IP, NAMESPACE, Key, Kind, Object, Step, Token

LOOPBACK = ("127.0.0.1", "::1")
"""The addresses of the host on which a port is published that names none: the world sees nothing of it."""
EVERY = ("0.0.0.0", "::")
"""All addresses of a family."""
TCP = "tcp"

PUBLISHED = "port of the host"
"""(PUBLISHED, "", "tcp/127.0.0.1:8080"): that port of an address of the host."""


class Publication(Object, frozen=True, kw_only=True):
    """`hosts` are addresses of the host, `port` that of the host's; `to` an address in the container, `target` the port there."""

    kind = "publication"
    protocol: str = TCP
    port: int
    hosts: tuple[str, ...] = LOOPBACK
    to: str
    target: int

    @property
    def key(self) -> Key:
        return ("publication", self.owner, self.protocol, str(self.port), *self.hosts)

    @property
    def address(self) -> str:
        where = str(self.port) if self.hosts == LOOPBACK else ",".join(place(host, self.port) for host in self.hosts)
        return f"{self.owner}/ports/{where}" + (f"/{self.protocol}" if self.protocol != TCP else "")


def place(host: str, port: int) -> str:
    """`127.0.0.1:8080`, `[::1]:8080`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def overlap(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether nobody can listen on one port of both: they have an address in common, or one is every address of a family."""
    mine, theirs = set(one), set(other)
    return not mine.isdisjoint(theirs) or any(
        every in some and any((":" in address) == (":" in every) for address in others)
        for every in EVERY
        for some, others in ((mine, theirs), (theirs, mine))
    )


def _requires(thing: Publication) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _follows(thing: Publication) -> tuple[Token, ...]:
    return ((IP, str(thing.namespace), thing.to),)


def _provides(thing: Publication) -> tuple[Token, ...]:
    return tuple((PUBLISHED, "", f"{thing.protocol}/{place(host, thing.port)}") for host in thing.hosts)


def _steps(before: Publication | None, after: Publication | None) -> tuple[Step, ...]:
    """In the host's namespace: there it listens."""
    return ((None, before, after),)


def _words(before: Publication | None, after: Publication | None) -> str:
    thing = after or before
    assert thing is not None
    where = ", ".join(place(host, thing.port) for host in thing.hosts)
    if after is None:
        return f"listen on {thing.protocol} {where} no more"
    return f"listen on {thing.protocol} {where} for {place(thing.to, thing.target)} in {thing.namespace}"


KIND = Kind(
    name="publication",
    type=Publication,
    summary="a published port: what listens on the host for a container",
    requires=_requires,
    follows=_follows,
    provides=_provides,
    occupies=_provides,
    steps=_steps,
    words=_words,
)
