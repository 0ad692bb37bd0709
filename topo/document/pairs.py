"""a map of YAML -> its keys and values: merge keys (<<) resolved, and every key only once."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from topo.document.report import Report, shown
from topo.document.scalars import unknown_tag
from topo.document.tree import PLAIN
from topo.lab import Path

MERGE = "<<"


class Pair(NamedTuple):
    """One entry of a map."""

    name: str
    key: yaml.Node
    value: yaml.Node


class TooMuch(Exception):
    """Aliases make more of a small file than any lab is."""


class Pairs:
    """Reads maps; each only once, however many aliases stand for it."""

    def __init__(self, report: Report, budget: int) -> None:
        self._report = report
        self._budget = budget
        self._done: dict[int, list[Pair]] = {}

    def spend(self, amount: int = 1) -> None:
        """Counts what is read. Raises TooMuch when aliases have multiplied it."""
        self._budget -= amount
        if self._budget < 0:
            raise TooMuch

    def of(self, node: yaml.MappingNode, path: Path) -> list[Pair]:
        """The entries of a map; a merged one stands where its `<<` does. What is wrong with keys is reported."""
        done = self._done.get(id(node))
        if done is None:
            # What a map that merges itself has of itself is nothing.
            self._done[id(node)] = []
            done = self._done[id(node)] = self._resolved(node, path)
        self.spend(len(done))
        return done

    def _resolved(self, node: yaml.MappingNode, path: Path) -> list[Pair]:
        own: dict[str, Pair] = {}
        for key, value in node.value:
            name = self._name(key, path)
            if name is None:
                continue
            first = own.setdefault(name, Pair(name, key, value))
            if first.key is not key:
                self._twice(first, key, (*path, name))
        merge = own.get(MERGE)
        if merge is None or merge.key.tag != PLAIN:
            return list(own.values())
        merged: dict[str, Pair] = {}
        for source in self._sources(merge, path):
            for pair in self.of(source, path):
                if pair.name not in own:
                    merged.setdefault(pair.name, pair)
        found: list[Pair] = []
        for pair in own.values():
            found += merged.values() if pair is merge else [pair]
        return found

    def _name(self, key: yaml.Node, path: Path) -> str | None:
        if not isinstance(key, yaml.ScalarNode):
            what = "a list" if isinstance(key, yaml.SequenceNode) else "a map"
            hint = "a text that begins with `{` or `[` goes in quotes"
            self._report.at(key.start_mark, path, f"{what} cannot be a key", hint=hint, code="key")
            return None
        if key.tag == PLAIN and not key.value:
            self._report.at(key.start_mark, path, "a key is empty", hint="write a name before the `:`", code="key")
            return None
        tag = unknown_tag(key)
        if tag:
            self._report.at(key.start_mark, path, f"unknown tag {shown(tag)}", hint="remove it", code="tag")
        return str(key.value)

    def _twice(self, first: Pair, key: yaml.Node, path: Path) -> None:
        mark = first.key.start_mark
        place = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
        hint = "remove one of them"
        if first.name == MERGE:
            hint = "write one list: <<: [*a, *b]"
        self._report.at(key.start_mark, path, f"duplicate key; it stands at {place} too", hint=hint, code="duplicate-key")

    def _sources(self, merge: Pair, path: Path) -> list[yaml.MappingNode]:
        value = merge.value
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        maps = [node for node in nodes if isinstance(node, yaml.MappingNode)]
        if len(maps) < len(nodes):
            # At the key: what an alias stands for is elsewhere, and nothing is wrong with it there.
            hint = "write <<: *NAME, with the &NAME of a map"
            self._report.at(
                merge.key.start_mark, (*path, MERGE), "`<<` takes in a map, or a list of maps", hint=hint, code="merge"
            )
        return maps

    def check_all(self, node: yaml.Node, path: Path) -> None:
        """Reports duplicate keys in what nobody else reads (x-*)."""
        waiting, seen = [node], set[int]()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                self.of(node, path)
                waiting += (value for _, value in node.value)
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
