"""JSON Schema -> shapes: the same rules, by what kind of YAML node may stand where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from topo.document.formats import FORMATS

Schema = Mapping[str, Any]

_TITLES = {"boolean": "true or false", "integer": "a whole number", "number": "a number", "string": "a text"}
_SCALARS = frozenset(_TITLES)


class Scalar(Struct):
    """A value that is one text in the file. `types`: what it may be read as; `check`: the format, text -> canonical value."""

    types: frozenset[str]
    title: str
    check: Callable[[str], Any] | None = None
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    only: bool | None = None
    """The one boolean that may stand here: `gateway: false`."""


class Items(Struct):
    """A list."""

    title: str
    each: Shape
    least: int = 0
    most: int | None = None


class Fields(Struct):
    """A map of known keys. `cases`: the value of the key `driver` -> the keys that go with it; `needed`: those it cannot be
    without."""

    part: str
    known: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    cases: Mapping[str, Mapping[str, Shape]] = field(default_factory=dict)
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default_case: str = ""
    discriminator: str = ""
    always: Mapping[str, Shape] = field(default_factory=dict)
    """The keys that go with every case."""


class Entries(Struct):
    """A map from names to things of one kind."""

    each: Shape
    check: Callable[[str], Any] | None


class Shape(Struct):
    """All that may stand in one place. `empty`: nothing may be written after the key."""

    title: str = ""
    scalars: tuple[Scalar, ...] = ()
    items: Items | None = None
    fields: Fields | None = None
    entries: Entries | None = None
    empty: bool = False


class Shapes:
    """The shapes of one schema: made when first asked for, each definition once."""

    def __init__(self, schema: Schema) -> None:
        self._definitions = schema["$defs"]
        self._made: dict[str, Shape] = {}
        self.root = self._shape(schema, "lab")

    def _shape(self, schema: Schema, part: str = "") -> Shape:
        if "$ref" in schema:
            return self._defined(schema["$ref"].rpartition("/")[2])
        if "anyOf" in schema:
            return _joined([self._shape(branch) for branch in schema["anyOf"]], schema)
        declared = schema.get("type", "boolean" if "const" in schema else "string")
        types = frozenset([declared] if isinstance(declared, str) else declared)
        shape = Shape(_title(schema, types), empty="null" in types)
        if types & _SCALARS:
            shape.scalars = (_scalar(schema, types & _SCALARS, shape.title),)
        if "array" in types:
            shape.items = Items(shape.title, self._shape(schema["items"]), schema.get("minItems", 0), schema.get("maxItems"))
        if "properties" in schema:
            shape.fields = self._fields(schema, part)
        elif "object" in types:
            check = FORMATS.get(schema.get("propertyNames", {}).get("format", ""))
            shape.entries = Entries(self._shape(schema["additionalProperties"]), check)
        return shape

    def _defined(self, name: str) -> Shape:
        if name not in self._made:
            self._made[name] = self._shape(self._definitions[name], name)
        return self._made[name]

    def _fields(self, schema: Schema, part: str) -> Fields:
        found = Fields(part, self._all(schema["properties"]), tuple(schema.get("required", ())))
        for case in schema.get("allOf", ()):
            ((key, value),) = case["if"]["properties"].items()
            found.cases = {**found.cases, value["const"]: self._all(case["then"]["properties"])}
            found.needed = {**found.needed, value["const"]: tuple(case["then"].get("required", ()))}
            found.discriminator = key
            if "required" not in case["if"]:
                found.default_case = value["const"]
        cased = {key for keys in found.cases.values() for key in keys}
        found.always = {key: shape for key, shape in found.known.items() if key not in cased}
        return found

    def _all(self, properties: Schema) -> dict[str, Shape]:
        return {key: self._shape(schema) for key, schema in properties.items()}


def _title(schema: Schema, types: frozenset[str]) -> str:
    return str(schema.get("title") or next((_TITLES[name] for name in sorted(types) if name in _TITLES), "a value"))


def _scalar(schema: Schema, types: frozenset[str], title: str) -> Scalar:
    check = FORMATS.get(schema.get("format", ""))
    choices = tuple(schema.get("enum", ()))
    return Scalar(types, title, check, choices, schema.get("minimum"), schema.get("maximum"), schema.get("const"))


def _joined(branches: list[Shape], schema: Schema) -> Shape:
    """One shape of several that differ in their kind of node: the node tells which of them is meant."""
    whole = Shape(schema.get("title") or branches[0].title)
    for branch in branches:
        whole.scalars += branch.scalars
        whole.items = whole.items or branch.items
        whole.fields = whole.fields or branch.fields
        whole.entries = whole.entries or branch.entries
        whole.empty = whole.empty or branch.empty
    return whole
