"""Object, Kind: what every object has, and what a kind says of its objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from topo.record import Record

Token = tuple[str, ...]
"""Something that one object gives and another needs or excludes: `("link", "topo.shop", "front")`. The second word is a
namespace, "" the host's."""

NAMESPACE = "namespace"
"""(NAMESPACE, its name): a network namespace."""
LINK = "link"
"""(LINK, namespace, name): an interface of that name, up or not. Addresses and sysctls of an interface stand on it."""
UP = "up"
"""(UP, namespace, name): that interface, administratively up. Routes stand on it."""
NEIGHBOURS = "neighbours"
"""(NEIGHBOURS, namespace, interface): its neighbour table, which the kernel flushes when the MAC changes."""
ADDRESSES = "addresses"
"""(ADDRESSES, namespace, interface): an address of either family on it, and so a connected network."""
IPV4 = "ipv4"
IPV6 = "ipv6"
"""(IPV4, namespace, interface): an address of this family on it."""
IP = "ip"
"""(IP, namespace, address without prefix length): an address of the namespace, whichever interface it is on. An fe80:: address
is one of its interface only: (IP, namespace, address, interface)."""
IPV6_ON = "ipv6-on"
"""(IPV6_ON, namespace, name): that interface, with IPv6 not switched off. What is IPv6 and on it stands on it."""
FIREWALL = "firewall"
"""(FIREWALL, namespace): the rules that keep networks apart."""
SYSCTLS = "sysctls"
"""(SYSCTLS, namespace): the settings that interfaces get as they come."""
NAME = "name"
"""(NAME, namespace, name): only occupied: a name or another name of an interface."""
ADDRESS = "address"
"""(ADDRESS, namespace, interface, address without prefix length): only occupied: an address that can be there once."""

Key = tuple[str, ...]
"""What makes two objects the same one, in the file and in the kernel. The first part is the kind's name."""


Names = Mapping[tuple[str, str], str]
"""(namespace, interface) -> what that interface is called from now on."""


class Object(Record, frozen=True, kw_only=True):
    """One thing that a kernel holds, desired or actual.

    namespace: the kernel's name of the network namespace it is in; None for the host's.
    owner: whose it is in the plan: `containers/web`, `networks/front`, `lab`. Not compared.
    owned: whether it carries topo's mark. A desired object always does.

    What a kind has to show is named in `shown`, what is saved with a plan and not compared in `kept` (see Record).
    A field that is None in a desired object is not asked for, and not compared.
    `copy`, where a kind has it, is "" for the first object of a key, and tells others apart that the kernel holds beside it.
    """

    kind: ClassVar[str]
    kept = frozenset({"owner"})
    namespace: str | None = None
    owner: str = "lab"
    owned: bool = True

    @property
    def key(self) -> Key:
        """Unique in a State."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """The object's name in a plan: `containers/web/eth0/172.17.0.2/16`."""
        raise NotImplementedError


def original(thing: Any) -> Key:
    """The key of what the object is a copy of; its own when it is none, or of a kind that has none."""
    return first(thing).key


def first(thing: Any) -> Object:
    """The same object as if it were no copy."""
    one: Object = replace(thing, copy="") if getattr(thing, "copy", "") else thing
    return one


def swapped(one: Any, other: Any) -> tuple[Object, Object]:
    """Two objects that are equal up to `copy`, each with the other's."""
    return replace(one, copy=other.copy), replace(other, copy=one.copy)


Step = tuple[str | None, Object | None, Object | None]
"""(the namespace in which it is executed, the object before, the object after): None before creates, None after deletes."""


def no_tokens(thing: Any) -> tuple[Token, ...]:
    """The answer of a kind that needs, gives or excludes nothing."""
    return ()


def no_losses(before: Any, after: Any) -> tuple[Token, ...]:
    """The answer of a kind whose changes take nothing else along."""
    return ()


def ip_token(namespace: str | None, bare: str, interface: str | None) -> Token:
    """The token of an address without its prefix length."""
    if bare.startswith("fe80:"):
        return (IP, str(namespace), bare, str(interface))
    return (IP, str(namespace), bare)


def own_namespace(thing: Any) -> tuple[str, ...]:
    """The namespaces of a kind whose objects are in one."""
    return () if thing.namespace is None else (thing.namespace,)


def one_step(before: Any, after: Any) -> tuple[Step, ...]:
    """The steps of a kind that the kernel creates, changes and deletes in one operation."""
    return (((after or before).namespace, before, after),)


def not_affected(thing: Any, names: Names) -> Any:
    """The answer of a kind that does not follow the interface that it is on when that is renamed."""
    return thing


def nothing(thing: Any, lost: Collection[Token]) -> Object | None:
    """The answer of a kind of which nothing is left when something that it requires goes."""
    return None


def never(thing: Any) -> bool:
    """The answer of a kind whose objects are all made by somebody."""
    return False


class Tokens(Struct, frozen=True, gc=False):
    """What a kind says of one object; each field is explained at Kind."""

    requires: tuple[Token, ...]
    lost_with: tuple[Token, ...]
    follows: tuple[Token, ...]
    avoids: tuple[Token, ...]
    provides: tuple[Token, ...]
    occupies: tuple[Token, ...]


class Kind(Struct, frozen=True):
    """All that planner, fake kernel and documentation know of one kind of object.

    requires: what must be there before the object is created; the object is lost when that goes.
    lost_with: what the object can be created without, but is dropped by the kernel when the last giver of it goes.
    follows: what, if the same plan makes it, is made first. An order only: broken where it would make a circle.
    avoids: what nobody may give any more when the object is created: the kernel would refuse it, or make another thing of it.
    provides: what the object gives to others.
    occupies: what only one object can have at a time (a name in a namespace): freed before it is taken. The first word of the
        token says what it is to somebody whose own object has it.
    namespaces: the names of the namespaces that an object is, or stands in: those that its tokens name, and no other.
    place: where it stands; an unmarked object of this kind in the place of a desired one is replaced by it. None: a conflict.
    drops(before, after): what others lose though the object stays (neighbours, when the MAC changes).
    steps(before, after): the operations that make the one the other, in order.
    replaced: path of a field -> why the kernel cannot change it in place. Every other compared field changes in place.
    unmarking: paths of fields that whoever changes them by hand cannot but take the mark along: no sign of another object.
    if_able: path of a field -> the feature of State.features without which it cannot change in place.
    exact: paths of fields of which None in a desired object means "none", and is compared.
    renamed(object, names): the same object after interfaces that it is on were renamed.
    left(object, tokens): what is left of it when these, which it requires, go. None: it is lost.
    marking(object, token): what one would type to give a link that has this name of the object its mark back. None: it has none.
    aside(object, token, name): the object while it lets go of a name that another one waits for. None: it cannot.
    folds: deleting one is one change, with all that requires what it gives; what else requires something that stays (the
        other end of a link) is deleted by an operation of its own, because the kernel is in no hurry to.
    together: whether the kernel is asked beforehand (Kernel.check) about all that are to be, once one of them changes: what
        it takes depends on the others.
    automatic: whether an object is made and taken away by the kernel alone: nobody misses it.
    spelled: path of a field -> its value as people write it, where that is not the value itself (a number of nanoseconds).
    words(before, after): the change, close to what one would type with iproute2.
    """

    name: str
    type: type[Object]
    summary: str
    requires: Callable[[Any], tuple[Token, ...]] = no_tokens
    lost_with: Callable[[Any], tuple[Token, ...]] = no_tokens
    follows: Callable[[Any], tuple[Token, ...]] = no_tokens
    avoids: Callable[[Any], tuple[Token, ...]] = no_tokens
    provides: Callable[[Any], tuple[Token, ...]] = no_tokens
    occupies: Callable[[Any], tuple[Token, ...]] = no_tokens
    namespaces: Callable[[Any], tuple[str, ...]] = own_namespace
    place: Callable[[Any], Token] | None = None
    drops: Callable[[Any, Any], tuple[Token, ...]] = no_losses
    steps: Callable[[Any, Any], tuple[Step, ...]] = one_step
    replaced: Mapping[str, str] = MappingProxyType({})
    unmarking: frozenset[str] = frozenset()
    if_able: Mapping[str, str] = MappingProxyType({})
    exact: frozenset[str] = frozenset()
    renamed: Callable[[Any, Names], Any] = not_affected
    left: Callable[[Any, Collection[Token]], Object | None] = nothing
    aside: Callable[[Any, Token, str], Object] | None = None
    marking: Callable[[Any, Token], str] | None = None
    folds: bool = False
    together: bool = False
    automatic: Callable[[Any], bool] = never
    spelled: Mapping[str, Callable[[Any], str]] = MappingProxyType({})
    words: Callable[[Any, Any], str] = lambda before, after: f"{'change' if before else 'create'} {(after or before).address}"

    def tokens(self, thing: Object) -> Tokens:
        """All that this kind says of one object alone."""
        return Tokens(
            self.requires(thing),
            self.lost_with(thing),
            self.follows(thing),
            self.avoids(thing),
            self.provides(thing),
            self.occupies(thing),
        )
