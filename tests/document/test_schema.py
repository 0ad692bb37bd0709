"""The schema for editors is the one that validates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from topo.document import loads
from topo.document.formats import FORMATS
from topo.document.schema import document_schema, schema_of
from topo.document.schema.__main__ import written
from topo.document.shapes import Shapes
from topo.errors import DocumentErrors
from topo.networks import DRIVERS, Driver

ROOT = Path(__file__).parents[2]
VALID = Draft202012Validator(document_schema())


def test_the_file_is_what_the_command_writes() -> None:
    assert (ROOT / "schemas" / "topo.schema.json").read_text() == written()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(document_schema())


def keys(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for key, below in schema.items():
            if key == "properties":
                yield from ((name, value) for name, value in below.items() if "const" not in value)
            yield from keys(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from keys(below)


def test_every_key_is_described_and_has_an_example_that_holds() -> None:
    for name, schema in keys(document_schema()):
        assert schema.get("description"), name
        assert schema.get("examples"), name
        rule = Draft202012Validator({**schema, "$defs": document_schema()["$defs"]})
        for example in schema["examples"]:
            assert rule.is_valid(example), (name, example)


def test_every_format_is_checked() -> None:
    text = json.dumps(document_schema())
    named = {part.split('"')[0] for part in text.split('"format": "')[1:]}
    assert named == set(FORMATS)


WRONG = sorted((ROOT / "tests" / "errors").glob("*.yaml"))


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_what_an_editor_marks_is_wrong_for_topo_too(file: Path) -> None:
    """The other way round is not so: a schema cannot say that a name is unknown."""
    try:
        document = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    if VALID.is_valid(document):
        return
    with pytest.raises(DocumentErrors):
        loads(file.read_bytes(), "lab.yaml")


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda file: file.stem)
def test_examples_hold(example: Path) -> None:
    loads(example.read_bytes(), example.name)
    assert VALID.is_valid(yaml.load(example.read_bytes(), yaml.BaseLoader) and yaml.safe_load(example.read_bytes()))


def test_a_network_has_the_keys_of_its_driver_and_of_no_other() -> None:
    other = Driver("tube", "a test's own", options={"colour": {"enum": ["red"], "title": "a colour"}})
    schema = schema_of({**DRIVERS, "tube": other})
    rule = Draft202012Validator(schema)
    assert rule.is_valid({"networks": {"a": {"driver": "tube", "colour": "red"}, "b": {"stp": True}}})
    assert not rule.is_valid({"networks": {"a": {"driver": "tube", "stp": True}}})
    assert not rule.is_valid({"networks": {"a": {"colour": "red"}}})
    fields = Shapes(schema).root.fields
    assert fields is not None
    network = fields.known["networks"].entries
    assert network is not None
    assert network.each.fields is not None
    assert set(network.each.fields.cases) == {"tube", *(name for name, driver in DRIVERS.items() if not driver.reserved)}
