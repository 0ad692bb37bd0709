"""The schema of what a link does to packets: the same keys on a link, in one direction of it, and on an attachment."""

from __future__ import annotations

from typing import Any

from topo.document.formats import quantities
from topo.document.schema.words import Schema, fields, text
from topo.objects.queue import DISTRIBUTIONS


def _time(description: str, form: str, *examples: str) -> Schema:
    return text("a time like 10ms", form, pattern=quantities.TIME, description=description, examples=list(examples))


def _share(description: str, *examples: str, **more: Any) -> Schema:
    return text("a share like 0.1%", "share", pattern=quantities.SHARE, description=description, examples=list(examples), **more)


def _number(title: str, form: str, pattern: str, description: str, *examples: Any, **more: Any) -> Schema:
    """What may be written with a unit, or as a number alone."""
    kinds: Schema = {"type": ["string", "integer"], "title": title, "format": f"topo-{form}", "pattern": pattern}
    return {**kinds, "description": description, "examples": list(examples), **more}


BURSTS = fields(
    "a share like 0.1%, or a map with `p` and `r`",
    {
        "p": _share("the chance, with each packet, that the good state ends", "1%"),
        "r": _share("the chance, with each packet, that the bad state ends", "10%"),
        "h": _share("what arrives in the bad state", "30%", default="0%"),
        "k": _share("what arrives in the good state", "99.9%", default="100%"),
    },
    required=("p", "r"),
)

IMPAIRMENT: Schema = {
    "delay": _time("how long each packet is under way", "time", "10ms", "1.5s", "250us"),
    "jitter": _time("by how much `delay` varies, up and down", "jitter", "2ms"),
    "distribution": {
        "enum": list(DISTRIBUTIONS),
        "title": "a distribution",
        "default": DISTRIBUTIONS[0],
        "description": "how the delays lie about their mean, `jitter` being one deviation",
        "examples": ["normal"],
    },
    "loss": {
        "anyOf": [_share("what gets lost", "0.1%"), {"$ref": "#/$defs/bursts"}],
        "description": "what gets lost: a share, or a map for losses that come in bursts (Gilbert and Elliott)",
        "examples": ["0.1%", {"p": "1%", "r": "10%"}],
    },
    "duplicate": _share("what arrives twice", "0.1%"),
    "corrupt": _share("what arrives with a bit turned", "0.01%"),
    "reorder": _share("what does not wait for the `delay`, and overtakes", "25%"),
    "rate": text(
        "a rate like 100mbit",
        "rate",
        pattern=quantities.RATE,
        description="bits a second: kbit, mbit and gbit are 10^3, 10^6 and 10^9",
        examples=["100mbit", "1.5gbit"],
    ),
    "burst": _number(
        "a size like 32kb",
        "size",
        quantities.SIZE,
        "of a `rate`: what may be sent at once; kb is 1024 bytes",
        "32kb",
        default="2 ms of the rate, two packets at least",
    ),
    "limit": _number(
        "a number of packets, or a size like 64kb",
        "limit",
        quantities.SIZE,
        "what may wait, before more is dropped: packets, or of a `rate` alone also a size",
        100,
        "64kb",
        minimum=1,
        default="100 ms of a rate alone; else 1000 packets, and what rate and delay keep under way",
    ),
}

DIRECTION = fields("a map of delay, loss, rate and the like", IMPAIRMENT)

_DIRECTIONS: Schema = {
    **IMPAIRMENT,
    "forward": {
        "$ref": "#/$defs/direction",
        "description": "from the first to the second: what stands here goes before the keys above",
        "examples": [{"delay": "20ms"}],
    },
    "reverse": {
        "$ref": "#/$defs/direction",
        "description": "from the second to the first",
        "examples": [{"rate": "1mbit"}],
    },
}

OF_A_LINK: Schema = {
    **_DIRECTIONS,
    "up": {
        "type": "boolean",
        "default": True,
        "description": "false pulls the cable: both ends are down, and what is routed over them is away",
        "examples": [False],
    },
}

_MEMBER = text("a container like hq", description="a container on this network; with replicas, each of them", examples=["hq"])

PAIR = fields(
    "a pair of containers",
    {
        "between": {
            "type": "array",
            "title": "a list of two containers",
            "items": _MEMBER,
            "minItems": 2,
            "maxItems": 2,
            "description": "two containers on this network: what they send each other; with replicas, each with each",
            "examples": [["hq", "alpha"]],
        },
        "from": {**_MEMBER, "description": "instead of `between`, one way only: the container that sends"},
        "to": {**_MEMBER, "description": "the container that receives", "examples": ["alpha"]},
        **_DIRECTIONS,
    },
)

IMPAIR: Schema = {
    "type": "array",
    "title": "a list of pairs",
    "items": {"$ref": "#/$defs/pair"},
    "description": "pairs of containers on this network, and what becomes of packets between them, and of no others",
    "default": [],
    "examples": [[{"between": ["hq", "alpha"], "delay": "15ms", "loss": "1%"}, {"from": "hq", "to": "bravo", "rate": "2mbit"}]],
}
