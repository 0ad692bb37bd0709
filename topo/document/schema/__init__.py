"""The parts of a lab, and every driver's options -> the schema of a document, in JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from topo.document.formats.numbers import DURATION
from topo.document.schema.impairments import BURSTS, DIRECTION, PAIR
from topo.document.schema.parts import ATTACHMENT, CONTAINER, ENDPOINT, LAB, LINK, NETWORK, OF_DEVICE, OF_PORTS, PORT, ROUTE
from topo.document.schema.words import Schema, fields, nullable
from topo.networks import DRIVERS, Driver

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFAULT_DRIVER = "bridge"


@cache
def document_schema() -> Schema:
    """The schema that a document is read by, and that `schemas/topo.schema.json` holds for editors."""
    return schema_of(DRIVERS)


def schema_of(drivers: Mapping[str, Driver]) -> Schema:
    """The same, of other drivers than those that are installed."""
    return {
        "$schema": DIALECT,
        "description": "A network lab: networks, containers and links that `topo up` makes.",
        **LAB,
        "$defs": {
            "network": _network([driver for driver in drivers.values() if not driver.reserved]),
            "container": CONTAINER,
            "attachment": _attachment(drivers.values()),
            "route": ROUTE,
            "port": PORT,
            "link": LINK,
            "endpoint": ENDPOINT,
            "direction": DIRECTION,
            "bursts": BURSTS,
            "pair": PAIR,
        },
    }


def _network(drivers: list[Driver]) -> Schema:
    """A network has the keys of its driver, and of no other: `if` and `then` say so in every dialect that editors know."""
    driver = {
        "enum": [driver.name for driver in drivers],
        "title": "a driver",
        "default": DEFAULT_DRIVER,
        "description": "the kind of network: " + "; ".join(f"{driver.name}: {driver.summary}" for driver in drivers),
        "examples": [DEFAULT_DRIVER],
    }
    common = {"driver": driver, **NETWORK}
    return nullable(
        fields(
            "a network",
            {**common, **_joined(drivers)},
            description="a network: a layer 2 domain of its own",
            allOf=[_case(driver, common) for driver in drivers],
        )
    )


def _joined(drivers: list[Driver]) -> Schema:
    """The options of all drivers. One that several have, and not the same, can be whatever one of them takes."""
    having: dict[str, dict[str, Schema]] = {}
    for driver in drivers:
        for key, schema in driver.options.items():
            having.setdefault(key, {})[driver.name] = _option(schema)
    return {key: _either(schemas) for key, schemas in having.items()}


def _either(schemas: dict[str, Schema]) -> Schema:
    """driver -> its schema of a key, as one: a choice of words, where they differ."""
    one = next(iter(schemas.values()))
    if all(schema == one for schema in schemas.values()):
        return one
    return {
        **one,
        "enum": list(dict.fromkeys(word for schema in schemas.values() for word in schema["enum"])),
        "description": "; ".join(f"{name}: {schema['description']}" for name, schema in schemas.items()),
        "default": ", ".join(f"{schema['default']} ({name})" for name, schema in schemas.items()),
        "examples": [example for schema in schemas.values() for example in schema["examples"]],
    }


def _case(driver: Driver, common: Schema) -> Schema:
    """What holds for networks of one driver. Without `required`, the default one's holds also where none is named."""
    condition: Schema = {"properties": {"driver": {"const": driver.name}}}
    if driver.name != DEFAULT_DRIVER:
        condition["required"] = ["driver"]
    keys = {key: common[key] for key in (*(() if driver.lan else OF_DEVICE), *(OF_PORTS if driver.ports else ()))}
    keys |= {key: _option(schema) for key, schema in driver.options.items()}
    needed = [key for key, schema in driver.options.items() if schema.get("x-required")]
    names = [key for key in common if key not in (*OF_DEVICE, *OF_PORTS)]
    return {
        "if": condition,
        "then": {
            "properties": keys,
            "propertyNames": {"anyOf": [{"enum": [*names, *keys]}, {"pattern": "^x-"}]},
            **({"required": needed} if needed else {}),
        },
    }


def _attachment(drivers: Any) -> Schema:
    options = {key: _option(schema) for driver in drivers for key, schema in driver.attachment_options.items()}
    return fields("a network's name, or a map with `network`", {**ATTACHMENT, **options}, required=("network",))


def _option(schema: Mapping[str, Any]) -> Schema:
    """A driver's option. `x-duration`: a number of seconds that may also be written as `5m`; `x-required`: it has no default."""
    option = {key: value for key, value in schema.items() if key not in ("x-duration", "x-required")}
    if schema.get("x-duration"):
        option |= {"type": [schema["type"], "string"], "format": "topo-duration", "pattern": DURATION}
        option.setdefault("title", "a duration like 300s")
    return option
