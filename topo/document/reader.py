"""YAML nodes, by a shape -> plain values, each the one that its place asks for; all that is wrong goes to the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from topo.document import mistakes, scalars
from topo.document.formats import Wrong
from topo.document.pairs import Pair, Pairs
from topo.document.report import Places, Report, shown
from topo.document.shapes import Entries, Fields, Items, Scalar, Shape
from topo.document.suggest import about_choice, about_key
from topo.lab import Path


class Broken:
    """Stands for a value that was reported, so that nothing is said of it twice."""


BROKEN = Broken()


class Reader:
    """Reads the tree of one document, from the root down."""

    def __init__(self, places: Places, report: Report, pairs: Pairs) -> None:
        self._places = places
        self._report = report
        self._pairs = pairs

    def read(self, node: yaml.Node, shape: Shape, path: Path, key: yaml.Node) -> Any:
        """The value of `node`, or BROKEN. `key`: the node that names it (itself in a list)."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, shape, path, key)
        self._places.record(path, key.start_mark, node.start_mark)
        tag = scalars.unknown_tag(node)
        if tag:
            return self._tagged(tag, path)
        if isinstance(node, yaml.SequenceNode):
            return self._list(node, shape.items, path) if shape.items else self._kind(node, shape, path)
        assert isinstance(node, yaml.MappingNode)
        return self._map(node, shape, path)

    def _wrong(self, path: Path, message: str, hint: str | None, code: str = "value") -> Broken:
        self._report.add(path, message, hint=hint, code=code)
        return BROKEN

    def _tagged(self, tag: str, path: Path) -> Broken:
        return self._wrong(path, f"unknown tag {shown(tag)}", "remove it", "tag")

    def _kind(self, node: yaml.Node, shape: Shape, path: Path) -> Broken:
        return self._wrong(path, *mistakes.kind(node, shape, path), "type")

    def _list(self, node: yaml.SequenceNode, items: Items, path: Path) -> Any:
        self._pairs.spend(len(node.value))
        values = [self.read(item, items.each, (*path, index), item) for index, item in enumerate(node.value)]
        if len(values) < items.least or (items.most is not None and len(values) > items.most):
            return self._wrong(path, *mistakes.count(len(values), items), "type")
        return values

    def _map(self, node: yaml.MappingNode, shape: Shape, path: Path) -> Any:
        if shape.scalars and len(node.value) == 1 and (other := mistakes.spaced(node, shape) or mistakes.keyed(node, shape)):
            return self._wrong(path, *other, "type")
        if shape.fields:
            return self._fields(self._pairs.of(node, path), shape.fields, path)
        if shape.entries:
            return self._entries(self._pairs.of(node, path), shape.entries, path)
        return self._kind(node, shape, path)

    def _entries(self, pairs: Mapping[str, Pair], entries: Entries, path: Path) -> dict[str, Any]:
        self._pairs.spend(len(pairs))
        values: dict[str, Any] = {}
        for name, (key, value) in pairs.items():
            below = (*path, name)
            values[name] = self.read(value, entries.each, below, key)
            try:
                if entries.check:
                    entries.check(name)
            except Wrong as wrong:
                self._report.add(below, wrong.message, hint=wrong.hint, key=True, code="name", harmless=True)
        return values

    def _fields(self, pairs: Mapping[str, Pair], fields: Fields, path: Path) -> dict[str, Any]:
        self._pairs.spend(len(pairs))
        case = self._case(pairs, fields) if fields.cases else {}
        shapes = {**fields.always, **case} if case else fields.always
        values: dict[str, Any] = {}
        for name, (key, value) in pairs.items():
            below = (*path, name)
            if name in shapes:
                values[name] = self.read(value, shapes[name], below, key)
            elif name.startswith("x-"):
                self._pairs.check_all(value, below)
            else:
                self._places.record(below, key.start_mark, value.start_mark)
                if name in fields.known:
                    self._not_of_this_case(name, fields, below)
                elif meant := self._unknown(name, fields, case, below):
                    self._report.lose((*path, meant))
                    values.setdefault(meant, BROKEN)
        for name in (*fields.required, *fields.needed.get(self._named_case(pairs, fields), ())):
            if name not in values:
                self._report.add(path, f"`{name}` is missing", hint=mistakes.missing(name, fields), code="missing")
                values[name] = BROKEN
        return values

    def _case(self, pairs: Mapping[str, Pair], fields: Fields) -> Mapping[str, Shape]:
        """The keys that a network's driver brings; of an unknown driver, those of all."""
        named = self._named_case(pairs, fields)
        if named in fields.cases:
            return fields.cases[named]
        return {key: shape for options in fields.cases.values() for key, shape in options.items()}

    def _named_case(self, pairs: Mapping[str, Pair], fields: Fields) -> str:
        pair = pairs.get(fields.discriminator)
        named = pair[1].value if pair else fields.default_case
        return named if isinstance(named, str) else ""

    def _unknown(self, name: str, fields: Fields, case: Any, path: Path) -> str | None:
        """The key that was meant, when that is known."""
        advice = about_key(name, fields.part, {**fields.always, **case})
        self._report.add(path, advice.message, hint=advice.hint, key=True, code=advice.code, harmless=True)
        return advice.meant

    def _not_of_this_case(self, name: str, fields: Fields, path: Path) -> None:
        drivers = [f"`{driver}`" for driver, options in fields.cases.items() if name in options]
        self._report.add(
            path,
            f"only networks of the driver {' and '.join(drivers)} have this key",
            hint="remove it",
            key=True,
            code="unknown-key",
            harmless=True,
        )

    def _scalar(self, node: yaml.ScalarNode, shape: Shape, path: Path, key: yaml.Node) -> Any:
        text: str = node.value
        plain = node.tag in scalars.NOT_TEXT
        if plain and text in scalars.NULLS:
            self._places.record(path, key.start_mark, key.start_mark)
            return None if shape.empty else self._wrong(path, *mistakes.nothing(shape), "type")
        self._places.record(path, key.start_mark, node.start_mark)
        if not plain and (tag := scalars.unknown_tag(node)):
            return self._tagged(tag, path)
        return self._value(node, text, plain, shape, path) if shape.scalars else self._kind(node, shape, path)

    def _value(self, node: yaml.ScalarNode, text: str, plain: bool, shape: Shape, path: Path) -> Any:
        if "${" in text:
            return self._wrong(path, "variables are not supported yet", "write the value itself", "not-supported")
        for scalar in shape.scalars:
            if scalar.only is not None and plain and scalars.boolean(text) is scalar.only:
                return scalar.only
        wanted = shape.scalars[0]
        value = _typed(wanted, text, plain)
        if value is None:
            return self._wrong(path, *mistakes.scalar(node, wanted), "type")
        if wanted.choices and value not in wanted.choices:
            return self._wrong(path, *about_choice(text, wanted.choices, wanted.title))
        try:
            value = wanted.check(value) if wanted.check else value
        except Wrong as wrong:
            return self._wrong(path, wrong.message, wrong.hint or mistakes.better(text, shape) or mistakes.example(wanted.title))
        out = None if isinstance(value, str) else mistakes.out_of_range(value, text, wanted)
        return self._wrong(path, *out) if out else value


def _typed(wanted: Scalar, text: str, plain: bool) -> Any:
    """The text as what its place wants: a text where a text may stand, whatever it looks like."""
    if "string" in wanted.types:
        return text
    if not plain:
        return None
    if "boolean" in wanted.types:
        return scalars.boolean(text)
    return scalars.integer(text) if "integer" in wanted.types else scalars.number(text)
