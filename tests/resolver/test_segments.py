from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import pytest

from tests.resolver.given import resolved
from topo.document import loading, schema
from topo.networks import Driver, Port, Segment
from topo.objects import Object
from topo.resolver import segments

OPTIONS = {
    "colour": {"type": "string", "default": "red", "description": "a colour", "examples": ["red"]},
    "size": {"type": "integer", "description": "a size", "examples": [1]},
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """What a driver with options is given: of its network, then of each attachment."""
    calls: list[tuple[str, dict[str, object]]] = []

    def attached(segment: Segment, port: Port) -> tuple[Object, ...]:
        calls.append((port.container, dict(port.options)))
        return ()

    tube = Driver("tube", "a test's own", attachment_options=OPTIONS, attached=attached)
    drivers = MappingProxyType({**segments.DRIVERS, "tube": tube})
    for module in ("resolver.segments", "resolver.seats", "resolver.subnets"):
        monkeypatch.setattr(f"topo.{module}.DRIVERS", drivers)
    for module in ("schema", "assembly.networks", "assembly.attachments"):
        monkeypatch.setattr(f"topo.document.{module}.DRIVERS", drivers)
    caches = (schema.document_schema, loading._shapes)
    for cache in caches:
        cache.cache_clear()
    yield calls
    for cache in caches:
        cache.cache_clear()


def test_a_driver_is_given_what_an_attachment_says_and_the_defaults_of_what_it_does_not(
    seen: list[tuple[str, dict[str, object]]],
) -> None:
    resolved("""\
        networks: {n: {driver: tube}}
        containers:
          a: {networks: [n]}
          b: {networks: [{network: n, colour: blue, size: 3}]}
        """)
    assert seen == [("a", {"colour": "red"}), ("b", {"colour": "blue", "size": 3})]
