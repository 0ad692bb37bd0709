"""The few shapes that the schema is made of, as JSON Schema says them."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_ADDRESS = "[0-9A-Fa-f:.]+"


def text(title: str, form: str | None = None, **more: Any) -> Schema:
    """A string. `title`: what it is, in a message; `form`: the name of the format that checks it."""
    return {"type": "string", "title": title, **({"format": f"topo-{form}"} if form else {}), **more}


def one_or_list(item: Schema, **more: Any) -> Schema:
    """One thing, or a list of such things."""
    return {"anyOf": [item, {"type": "array", "title": f"a list, each {item['title']}", "items": item, "minItems": 1}], **more}


def fields(title: str, properties: Schema, required: tuple[str, ...] = (), **more: Any) -> Schema:
    """A map of known keys; `x-*` is anybody's own."""
    return {
        "type": "object",
        "title": title,
        "properties": properties,
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
        **({"required": list(required)} if required else {}),
        **more,
    }


def named(title: str, name: Schema, value: Schema, **more: Any) -> Schema:
    """A map from names to things of one kind."""
    return {"type": "object", "title": title, "propertyNames": name, "additionalProperties": value, **more}


def nullable(schema: Schema) -> Schema:
    """What may also stand there with nothing written after its key."""
    return {**schema, "type": [schema["type"], "null"]}


def address(description: str, *examples: Any) -> Schema:
    """One address, or a list of them."""
    item = text("an address like 10.0.0.2", "address", pattern=f"^{_ADDRESS}$")
    return one_or_list(item, description=description, examples=list(examples))


def subnet(description: str, *examples: Any) -> Schema:
    """One subnet, or a list of them."""
    item = text("a subnet like 10.0.0.0/24", "subnet", pattern=f"^{_ADDRESS}/[0-9]{{1,3}}$")
    return one_or_list(item, description=description, examples=list(examples))


def mtu(description: str) -> Schema:
    """What a Linux device takes: IPv4 needs 68, and a packet's length has 16 bits."""
    return {
        "type": "integer",
        "title": "an MTU",
        "minimum": 68,
        "maximum": 65535,
        "description": description,
        "examples": [1400, 9000],
    }
