"""objects, step -> objects: what a kernel makes of one step, and what it drops along, from the tokens of the kinds alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from topo.objects import KINDS, Key, Object, Token
from topo.objects.kind import LINK, Names, Tokens, first, original, swapped
from topo.record import compared, is_record


class Loss(Struct, frozen=True):
    """An object that went because of something else, or (`left`) what the kernel left of it."""

    thing: Object
    left: Object | None = None


def tokens_of(thing: Object) -> Tokens:
    """What its kind says of an object."""
    return KINDS[thing.kind].tokens(thing)


class World:
    """Objects by key, and who gives, needs and holds which token. Planner and fake kernel share it, so they agree.

    tokens: what the kind of an object says of it; for those who ask of the same objects again and again, and keep the answers.
    near: the namespaces in which anything is lost. Who gives, needs and holds what is known there only, which is much less work
        when a step is in one of a thousand. Where what is lost stands in another namespace as well, it was not enough.
    far: more objects, in none of these namespaces and not copies of anything.
    """

    def __init__(
        self,
        objects: Iterable[Object] = (),
        tokens: Callable[[Object], Tokens] = tokens_of,
        near: Collection[str] | None = None,
        far: Mapping[Key, Object] = MappingProxyType({}),
    ) -> None:
        self.objects: dict[Key, Object] = dict(far)
        self.changed: set[Key] = set()
        self._near = None if near is None else frozenset(near)
        self._tokens = tokens
        self._givers: dict[Token, dict[Key, None]] = defaultdict(dict)
        self._needers: dict[Token, dict[Key, None]] = defaultdict(dict)
        self._holders: dict[Token, dict[Key, None]] = defaultdict(dict)
        self._copies: dict[Key, dict[Key, None]] = {}
        for thing in objects:
            self._add(thing)
        self.changed.clear()

    def missing(self, thing: Object) -> tuple[Token, ...]:
        """What the object requires and nobody gives."""
        return tuple(token for token in self._tokens(thing).requires if not self._givers.get(token))

    def unwanted(self, thing: Object) -> tuple[Token, ...]:
        """What the object avoids and somebody gives."""
        return tuple(token for token in self._tokens(thing).avoids if self._givers.get(token))

    def in_the_way(self, thing: Object, before: Object | None = None) -> Object | None:
        """Another object than it was `before` that holds what this one occupies; itself, when it has two ends that do."""
        tokens = self._tokens(thing).occupies
        if len(set(tokens)) < len(tokens):
            return thing
        meant = self._meant(before) if before else None
        same = (thing.key, meant.key if meant else thing.key)
        for token in tokens:
            for key in self._holders.get(token, ()):
                if key not in same:
                    return self.objects[key]
        return None

    def recount(self) -> None:
        """Where the first of several went, the next one is the first: so they are told apart when they are observed."""
        for key, others in tuple(self._copies.items()):
            if key not in self.objects and others:
                copy = self.objects[next(iter(others))]
                self._discard(copy)
                self._add(first(copy))

    def step(self, before: Object | None, after: Object | None) -> tuple[Loss, ...]:
        """Makes the one the other, without a question asked, and returns what the kernel dropped, in that order. What is not
        there is not changed, and not deleted."""
        if before is None:
            if after is not None:
                self._add(after)
            return ()
        current = self._meant(before)
        if current is None:
            return ()
        return tuple(self._delete(current) if after is None else self._change(current, patched(current, before, after)))

    def _meant(self, before: Object) -> Object | None:
        """The object of this key; of copies, which have theirs only by the order in which they were found, the most alike."""
        base = original(before) if self._copies else before.key
        if others := self._copies.get(base):
            found = [self.objects[key] for key in (base, *others) if key in self.objects]
            best = min(found, key=lambda thing: (_unlike(before, thing), thing.key != before.key))
            if best.key != before.key and (holder := self.objects.get(before.key)):
                for thing in (best, holder):
                    self._discard(thing)
                for thing in swapped(best, holder):
                    self._add(thing)
        return self.objects.get(before.key)

    def _delete(self, thing: Object) -> Iterator[Loss]:
        self._discard(thing)
        yield from self._lose(self._tokens(thing).provides)

    def _change(self, old: Object, new: Object) -> Iterator[Loss]:
        given = self._tokens(old).provides
        self._discard(old)
        self._add(new)
        if given != self._tokens(new).provides and (names := renames(old, new)):
            self._rename(given, names)
        yield from self._lose(given)
        for token in KINDS[new.kind].drops(old, new):
            yield from self._drop(token)

    def _rename(self, tokens: Iterable[Token], names: Names) -> None:
        for thing in [self.objects[key] for token in tokens for key in self._needers.get(token, ())]:
            if thing.key in self.objects:
                self._discard(thing)
                self._add(KINDS[thing.kind].renamed(thing, names))

    def _lose(self, tokens: Iterable[Token]) -> Iterator[Loss]:
        """What cannot be without a token that nobody gives any more goes, with all that it gave."""
        for token in tokens:
            if not self._givers.get(token):
                yield from self._drop(token)

    def _drop(self, token: Token) -> Iterator[Loss]:
        for key in tuple(self._needers.get(token, ())):
            if (thing := self.objects.get(key)) is None:
                continue
            left = KINDS[thing.kind].left(thing, (token,))
            yield Loss(thing, left)
            if left is None:
                yield from self._delete(thing)
            else:
                self._discard(thing)
                self._add(left)

    def _is_far(self, thing: Object) -> bool:
        return self._near is not None and self._near.isdisjoint(KINDS[thing.kind].namespaces(thing))

    def _add(self, thing: Object) -> None:
        key = thing.key
        self.objects[key] = thing
        self.changed.add(key)
        if getattr(thing, "copy", ""):
            self._copies.setdefault(original(thing), {})[key] = None
        if self._is_far(thing):
            return
        tokens = self._tokens(thing)
        for token in tokens.provides:
            self._givers[token][key] = None
        for token in tokens.requires:
            self._needers[token][key] = None
        for token in tokens.lost_with:
            self._needers[token][key] = None
        for token in tokens.occupies:
            self._holders[token][key] = None

    def _discard(self, thing: Object) -> None:
        key = thing.key
        del self.objects[key]
        self.changed.add(key)
        if getattr(thing, "copy", ""):
            del self._copies[original(thing)][key]
        if self._is_far(thing):
            return
        tokens = self._tokens(thing)
        for token in tokens.provides:
            self._givers[token].pop(key, None)
        for token in tokens.requires:
            self._needers[token].pop(key, None)
        for token in tokens.lost_with:
            self._needers[token].pop(key, None)
        for token in tokens.occupies:
            self._holders[token].pop(key, None)


def renames(old: Object, new: Object) -> Names:
    """The interfaces of one link that have another name in its other form: {(namespace, old name): new name}."""
    provides = KINDS[old.kind].provides
    before, after = ([token for token in provides(thing) if token[0] == LINK] for thing in (old, new))
    pairs = zip(before, after, strict=False)
    return {(was[1], was[2]): now[2] for was, now in pairs if was[1] == now[1] and was[2] != now[2]}


def _unlike(one: Any, other: Any) -> int:
    """In how many compared fields two objects differ."""
    if one == other:
        return 0
    if not is_record(one) or type(one) is not type(other):
        return 1
    return sum(_unlike(getattr(one, name), getattr(other, name)) for name in compared(one.__class__))


def patched(current: Any, before: Any, after: Any) -> Any:
    """The current object with only those fields set in which `before` and `after` differ, as a kernel's message sets them."""
    changed = {}
    for name in after.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old is not new and old != new:
            now = getattr(current, name)
            nested = is_record(old) and is_record(new) and is_record(now)
            changed[name] = patched(now, old, new) if nested else new
    return replace(current, **changed) if changed else current
