"""Every container finds the others on its networks, at the address on the first network that both are on."""

from __future__ import annotations

from pathlib import Path

import pytest

from topo.kernel.linux import folders, names

LAB = "shop"

FILES = {
    "hosts/front": "10.0.0.2\tweb www\t# 0\nfd00::2\tweb www\t# 0\n10.0.0.3\tdb\t# 1\n",
    "hosts/back": "10.1.0.2\tdb sql\t# 0\n10.1.0.3\tweb\t# 1\n10.1.0.4\tjob\t# 0\n",
    "containers/web/hosts": "192.0.2.1\tregistry\n192.168.0.1\tdb\n",
    "containers/job/hostname": "job.example\n",
}


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_RUN", tmp_path)
    for name, content in FILES.items():
        write(name, content)


def write(name: str, content: str) -> None:
    path = folders.objects(LAB) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def hosts(container: str) -> list[tuple[str, ...]]:
    lines = [tuple(line.split()) for line in names.hosts(LAB, container).splitlines()]
    assert lines[:2] == [("127.0.0.1", "localhost"), ("::1", "localhost", "ip6-localhost", "ip6-loopback")]
    return lines[2:]


def test_the_first_shared_network_gives_the_address() -> None:
    assert hosts("web") == [
        ("10.0.0.2", "web", "www"),
        ("fd00::2", "web", "www"),
        ("10.0.0.3", "db"),
        ("10.1.0.2", "sql"),
        ("10.1.0.4", "job"),
        ("192.0.2.1", "registry"),
    ]


def test_each_has_its_own_order() -> None:
    assert hosts("db")[:3] == [("10.1.0.2", "db", "sql"), ("10.1.0.3", "web"), ("10.1.0.4", "job")]


def test_who_shares_no_network_is_not_known() -> None:
    assert all("www" not in line for line in hosts("job"))


def test_a_hostname_of_its_own_is_at_the_own_address() -> None:
    assert names.hostname(LAB, "job") == "job.example"
    assert hosts("job")[2] == ("10.1.0.4", "job.example", "job")


def test_without_a_network_the_own_name_is_at_home() -> None:
    assert names.hostname(LAB, "alone") == "alone"
    assert hosts("alone") == [("127.0.1.1", "alone")]


def test_of_two_places_on_one_network_the_first_counts() -> None:
    write("hosts/front", "10.0.0.9\tweb late\t# 3\n10.0.0.2\tweb\t# 0\n10.0.0.5\tapi\t# 0\n")
    assert hosts("api") == [("10.0.0.9", "late"), ("10.0.0.2", "web"), ("10.0.0.5", "api")]


def test_a_container_in_the_host_s_namespace_has_the_host_s_names() -> None:
    write("containers/probe/host", "")
    write("containers/probe/hosts", "192.0.2.1\tregistry\n")
    text = names.hosts(LAB, "probe")
    assert text.startswith(Path("/etc/hosts").read_text().rstrip("\n"))
    assert "192.0.2.1\tregistry\n" in text
