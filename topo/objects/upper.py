"""What kinds of link have in common that stand in a container's namespace, on an interface of the host's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from topo.objects.kind import IPV6_ON, LINK, NAME, NAMESPACE, NEIGHBOURS, SYSCTLS, UP, Key, Kind, Object, Step, Token
from topo.objects.names import split_tag, temporary
from topo.objects.settings import BASELINE, Settings


class Upper(Object, frozen=True, kw_only=True):
    """`parent` is the name of an interface in the host's namespace; `mark` the link's IFLA_GROUP; `mac` None: it is not asked
    for. `settings` is None only of one that was just made. `copy` tells links apart that carry one mark."""

    shown = frozenset({"index"})
    kept = frozenset({"copy"})
    name: str
    mark: int
    parent: str
    mac: str | None = None
    mtu: int = 1500
    up: bool = True
    settings: Settings | None = BASELINE
    index: int = 0
    copy: str = ""

    @property
    def key(self) -> Key:
        return (self.kind, str(self.namespace), f"{self.mark:#x}", self.copy)

    @property
    def address(self) -> str:
        return f"{self.owner}/{self.name}"


def requires(thing: Upper) -> tuple[Token, ...]:
    """Its parent is no object of a lab, unless topo makes it: that it is there is looked up before (see Kernel.check)."""
    parent = ((LINK, "", thing.parent),) if split_tag(thing.parent) else ()
    return ((NAMESPACE, str(thing.namespace)), *parent)


def follows(thing: Upper) -> tuple[Token, ...]:
    """It is born with the settings that its namespace has by then."""
    return ((SYSCTLS, str(thing.namespace)),)


def provides(thing: Upper) -> tuple[Token, ...]:
    """What every link gives."""
    here = (str(thing.namespace), thing.name)
    up = ((UP, *here),) if thing.up else ()
    ipv6 = ((IPV6_ON, *here),) if thing.settings and thing.settings.ipv6 else ()
    return ((LINK, *here), (NEIGHBOURS, *here), *up, *ipv6)


def occupies(thing: Upper) -> tuple[Token, ...]:
    """Its name."""
    return ((NAME, str(thing.namespace), thing.name),)


def drops(before: Upper, after: Upper) -> tuple[Token, ...]:
    """Another MAC flushes the neighbours."""
    return ((NEIGHBOURS, str(after.namespace), after.name),) if before.mac != after.mac else ()


def steps(before: Upper | None, after: Upper | None) -> tuple[Step, ...]:
    """Born down, out of the host's namespace, in which its parent is; then configured inside.

    Born under a name that nobody has: older kernels look whether it is taken in the namespace that they are asked in, which has
    an eth0 as well (rtnl_newlink, before Linux 6.15).
    """
    if before is None:
        assert after is not None
        name = temporary(after.key)
        born = replace(after, name=name, up=False, settings=None)
        return ((None, None, born), (after.namespace, born, after))
    return ((before.namespace, before, after),)


def aside(thing: Upper, token: Token, name: str) -> Upper:
    """The same under another name."""
    return replace(thing, name=name)


def marking(thing: Upper, token: Token) -> str:
    """How its mark is put back by hand."""
    return f"ip -n {thing.namespace} link set {thing.name} group {thing.mark}"


def words(options: Callable[[Any], str]) -> Callable[[Any, Any], str]:
    """The words of a kind: `options` says what is particular to it, as behind `type` in ip-link(8)."""

    def _words(before: Upper | None, after: Upper | None) -> str:
        if after is None:
            assert before is not None
            return f"ip -n {before.namespace} link delete {before.name}"
        if before is None:
            mac = f" address {after.mac}" if after.mac else ""
            what = f"link {after.parent} name {after.name} netns {after.namespace}{mac} mtu {after.mtu}"
            return f"ip link add {what} type {after.kind} {options(after)}"
        return f"ip -n {after.namespace} link set {before.name}{''.join(_set(before, after, options))}"

    return _words


def _set(old: Upper, new: Upper, options: Callable[[Any], str]) -> Iterator[str]:
    if old.name != new.name:
        yield f" name {new.name}"
    if new.mac and old.mac != new.mac:
        yield f" address {new.mac}"
    if old.mtu != new.mtu:
        yield f" mtu {new.mtu}"
    if old.up != new.up:
        yield " up" if new.up else " down"
    if options(old) != options(new):
        yield f" type {new.kind} {options(new)}"


def kind_of(of: type[Upper], summary: str, options: Callable[[Any], str], **more: Any) -> Kind:
    """The record of such a kind; `more` is what it has besides, or has otherwise."""
    usual: dict[str, Any] = {
        "requires": requires,
        "follows": follows,
        "provides": provides,
        "occupies": occupies,
        "drops": drops,
        "steps": steps,
        "if_able": {"name": "live-rename"},
        "aside": aside,
        "marking": marking,
        "words": words(options),
    }
    return Kind(name=of.kind, type=of, summary=summary, **(usual | more))
