"""A container is told of the host's servers that it can reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from topo.kernel.linux import nameservers


@pytest.mark.parametrize(
    ("hosts", "behind", "told"),
    [
        ("# mine\nnameserver 192.0.2.53\nsearch example\n", "", "nameserver 192.0.2.53\nsearch example\n"),
        ("nameserver 127.0.0.53\n", "nameserver 192.0.2.53\noptions edns0\n", "nameserver 192.0.2.53\noptions edns0\n"),
        ("nameserver 127.0.0.1\nnameserver 2001:db8::53\n", "nameserver 192.0.2.53\n", "nameserver 2001:db8::53\n"),
        ("nameserver ::1\nnameserver fe80::1%eth0\nnameserver\nnameserver x\n", "", ""),
        (None, None, ""),
    ],
)
def test_who_is_asked(tmp_path: Path, hosts: str | None, behind: str | None, told: str) -> None:
    for name, text in (("hosts", hosts), ("behind", behind)):
        if text is not None:
            (tmp_path / name).write_text(text)
    assert nameservers.of_host(tmp_path / "hosts", tmp_path / "behind") == told


def test_their_addresses(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("search x\nnameserver 127.0.0.53\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n")
    assert nameservers.addresses(tmp_path / "hosts") == ("192.0.2.53", "2001:db8::53")
