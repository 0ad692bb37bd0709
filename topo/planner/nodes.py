"""fates -> nodes: every step of a change, with what it does to tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import astuple

from topo.kernel.world import tokens_of
from topo.objects import KINDS, Object, Token
from topo.objects.kind import Tokens
from topo.planner.fate import Fate

_NONE: tuple[Token, ...] = ()
_NOTHING = Tokens(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)
"""What is said of no object."""


class Node(Struct, frozen=True, gc=False):
    """One step of a fate. after_previous: it comes after the step before it in the list.

    gains: what is said of the object from then on. loses: what no longer is. follows: all that is better made before.
    stands: all that it required before. drops: what others lose by it.
    """

    fate: Fate
    namespace: str | None
    before: Object | None
    after: Object | None
    after_previous: bool
    gains: Tokens
    loses: Tokens
    follows: tuple[Token, ...]
    stands: tuple[Token, ...]
    drops: tuple[Token, ...]


class Nodes:
    """Remembers what it was asked: an order is made of the same fates again and again, until the rehearsal is as it should be."""

    def __init__(self) -> None:
        self._tokens: dict[int, tuple[Object, Tokens]] = {}
        self._of: dict[int, list[Node]] = {}

    def tokens(self, thing: Object) -> Tokens:
        """What its kind says of an object. It is known by its id, and kept, so that no other one gets that."""
        known = self._tokens.get(id(thing))
        if known is None:
            known = self._tokens[id(thing)] = (thing, tokens_of(thing))
        return known[1]

    def of(self, fates: Iterable[Fate]) -> list[Node]:
        """All steps of all fates. A fate is known by its id, too, and kept by its steps."""
        nodes: list[Node] = []
        for fate in fates:
            known = self._of.get(id(fate))
            if known is None:
                known = self._made(fate)
                if known:
                    self._of[id(fate)] = known
            nodes += known
        return nodes

    def basis(self, fate: Fate) -> Iterator[Token]:
        """All that the object of a change requires or is lost with, before or after it."""
        for thing in (fate.change.before, fate.goal):
            if thing is not None:
                tokens = self.tokens(thing)
                yield from tokens.requires
                yield from tokens.lost_with

    def _made(self, fate: Fate) -> list[Node]:
        made = []
        for row in fate.steps():
            later, new = False, _NOTHING
            for namespace, before, after in row:
                # Within a row, the object before a step is the one after the previous step.
                old = _NOTHING if before is None else new if later else self.tokens(before)
                new = _NOTHING if after is None else tokens_of(after)
                gains, loses, drops = new, old, _NONE
                if before is not None and after is not None:
                    gains, loses = _apart(new, old)
                    drops = KINDS[after.kind].drops(before, after)
                made.append(Node(fate, namespace, before, after, later, gains, loses, new.follows, old.requires, drops))
                later = True
        return made


def _apart(some: Tokens, others: Tokens) -> tuple[Tokens, Tokens]:
    """What is said of one form of an object and not of the other, and the other way round."""
    one, other = [], []
    for mine, theirs in zip(astuple(some), astuple(others), strict=True):
        alike = mine == theirs
        one.append(_NONE if alike else tuple([token for token in mine if token not in theirs]))
        other.append(_NONE if alike else tuple([token for token in theirs if token not in mine]))
    return Tokens(*one), Tokens(*other)
