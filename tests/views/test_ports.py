"""Published ports, as Docker's `ps` writes them, and as a file says them."""

from __future__ import annotations

from topo.lab import Port
from topo.views.ports import ports_keys, ports_words


def row(port: int, target: int, *hosts: str, protocol: str = "tcp") -> dict[str, object]:
    return {"protocol": protocol, "hosts": hosts or ("127.0.0.1", "::1"), "port": port, "to": "10.0.0.2", "target": target}


def test_ports_in_a_row_are_one() -> None:
    rows = [row(80, 8080), row(81, 8081), row(82, 9000), row(83, 9001, "::"), row(53, 53, protocol="udp")]
    assert ports_words(rows) == (
        "127.0.0.1:80-81->8080-8081/tcp, 127.0.0.1:82->9000/tcp, [::1]:80-81->8080-8081/tcp, [::1]:82->9000/tcp, "
        "[::]:83->9001/tcp, 127.0.0.1:53->53/udp, [::1]:53->53/udp"
    )
    assert ports_words([]) == ""


def test_the_short_form() -> None:
    ports = [Port(8080, 80), Port(53, 54, "udp", "192.0.2.1"), Port(1, 2, "tcp", "::")]
    assert ports_keys(ports) == ["8080:80", "192.0.2.1:53:54/udp", "[::]:1:2"]
