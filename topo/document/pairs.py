"""a map of YAML -> its keys and values: merge keys (<<) resolved, and every key only once."""

from __future__ import annotations

import yaml

from topo.document.report import Report, shown
from topo.document.scalars import unknown_tag
from topo.document.tree import PLAIN
from topo.lab import Path

MERGE = "<<"

Pair = tuple[yaml.Node, yaml.Node]
"""One entry of a map: the key and the value."""


class TooMuch(Exception):
    """Aliases make more of a small file than any lab is."""


class Pairs:
    """Reads maps; each only once, however many aliases stand for it."""

    def __init__(self, report: Report, budget: int) -> None:
        self._report = report
        self._budget = budget
        self._done: dict[int, dict[str, Pair]] = {}

    def spend(self, amount: int) -> None:
        """Counts what is read. Raises TooMuch when aliases have multiplied it."""
        self._budget -= amount
        if self._budget < 0:
            raise TooMuch

    def of(self, node: yaml.MappingNode, path: Path) -> dict[str, Pair]:
        """name -> entry of a map; a merged one stands where its `<<` does. What is wrong with keys is reported."""
        done = self._done.get(id(node))
        if done is None:
            # What a map that merges itself has of itself is nothing.
            self._done[id(node)] = {}
            done = self._done[id(node)] = self._resolved(node, path)
        self.spend(len(done))
        return done

    def _resolved(self, node: yaml.MappingNode, path: Path) -> dict[str, Pair]:
        own: dict[str, Pair] = {}
        for pair in node.value:
            key = pair[0]
            name = key.value if key.tag == PLAIN and key.value else self._name(key, path)
            if name is None:
                continue
            first = own.setdefault(name, pair)
            if first[0] is not key:
                self._twice(name, first, key, (*path, name))
        merge = own.get(MERGE)
        if merge is None or merge[0].tag != PLAIN:
            return own
        merged: dict[str, Pair] = {}
        for source in self._sources(merge, path):
            for name, pair in self.of(source, path).items():
                if name not in own:
                    merged.setdefault(name, pair)
        found: dict[str, Pair] = {}
        for name, pair in own.items():
            found |= merged if pair is merge else {name: pair}
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

    def _twice(self, name: str, first: Pair, key: yaml.Node, path: Path) -> None:
        mark = first[0].start_mark
        place = f"{mark.name}:{mark.line + 1}:{mark.column + 1}"
        hint = "remove one of them"
        if name == MERGE:
            hint = "write one list: <<: [*a, *b]"
        self._report.at(key.start_mark, path, f"duplicate key; it stands at {place} too", hint=hint, code="duplicate-key")

    def _sources(self, merge: Pair, path: Path) -> list[yaml.MappingNode]:
        key, value = merge
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        maps = [node for node in nodes if isinstance(node, yaml.MappingNode)]
        if len(maps) < len(nodes):
            # At the key: what an alias stands for is elsewhere, and nothing is wrong with it there.
            hint = "write <<: *NAME, with the &NAME of a map"
            self._report.at(key.start_mark, (*path, MERGE), "`<<` takes in a map, or a list of maps", hint=hint, code="merge")
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
