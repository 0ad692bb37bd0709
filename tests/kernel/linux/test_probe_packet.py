"""The packet that tries a way out is one that nobody has a reason to refuse: its lengths and checksums are right."""

from __future__ import annotations

import pytest

from topo.kernel.linux.probe_packet import frame

MACS = "02:00:00:00:00:01", "02:00:00:00:00:02"


def total(data: bytes) -> int:
    """RFC 1071: of what holds its own right checksum, 0xffff."""
    words = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while words >> 16:
        words = (words & 0xFFFF) + (words >> 16)
    return words


@pytest.mark.parametrize(
    ("source", "destination", "kind", "head", "addresses"),
    [
        ("198.18.0.2", "192.0.32.8", "0800", 20, slice(12, 20)),
        ("fd74::2", "2620:0:2d0:200::8", "86dd", 40, slice(8, 40)),
    ],
)
def test_it_is_as_a_container_would_send_it(source: str, destination: str, kind: str, head: int, addresses: slice) -> None:
    data = frame(MACS, source, destination, b"\x01\x02\x03\x04")
    assert data[:14].hex() == f"020000000002020000000001{kind}"
    packet, segment = data[14:], data[14 + head :]
    assert head == 40 or (total(packet[:head]) == 0xFFFF and int.from_bytes(packet[2:4], "big") == len(packet))
    assert head == 20 or int.from_bytes(packet[4:6], "big") == len(segment)
    pseudo = packet[addresses] + len(segment).to_bytes(4, "big") + (6).to_bytes(4, "big")
    assert total(pseudo + segment) == 0xFFFF
    assert segment[4:8] == b"\x01\x02\x03\x04"
    assert segment[13] == 2, "SYN, and nothing else"
