from __future__ import annotations

from tests.resolver.given import by_address, resolved
from topo.document import loads
from topo.objects.file import File


def files(text: str) -> dict[str, list[str]]:
    """path -> lines."""
    things = by_address(resolved(text)).values()
    return {thing.path: thing.content.splitlines() for thing in things if isinstance(thing, File)}


def test_a_network_names_who_is_on_it_with_only_its_own_addresses() -> None:
    found = files("""\
        networks: {front: {subnet: 10.0.0.0/24}, back: {subnet: [10.1.0.0/24, "fd00:1::/64"]}}
        containers:
          web: {networks: [front, {network: back, aliases: [www, app]}]}
          db: {networks: [back]}
        """)
    assert found == {
        "hosts/front": ["10.0.0.2\tweb\t# 0"],
        "hosts/back": [
            "10.1.0.2\tweb www app\t# 1",
            "fd00:1::2\tweb www app\t# 1",
            "10.1.0.3\tdb\t# 0",
            "fd00:1::3\tdb\t# 0",
        ],
    }


def test_the_name_of_replicas_means_all_of_them() -> None:
    found = files("networks: {n: {subnet: 10.0.0.0/24}}\ncontainers: {web: {networks: [n], replicas: 2}}")
    assert found["hosts/n"] == ["10.0.0.2\tweb-1 web\t# 0", "10.0.0.3\tweb-2 web\t# 0"]


def test_what_is_particular_to_one_container() -> None:
    found = files("""\
        networks: {n: {subnet: 10.0.0.0/24}}
        containers:
          a: {networks: [n], hostname: alpha, extra_hosts: {db.example: 10.9.0.1}}
          b: {networks: [n], hostname: b}
          c: {networks: [none]}
        links:
          - {endpoints: ["a:p0", "b:p0"], subnet: 192.168.0.0/31}
          - {endpoints: ["c:p0", "a:p1"], subnet: 192.168.0.2/31}
        """)
    assert found["containers/a/hosts"] == ["10.9.0.1\tdb.example", "192.168.0.2\tc"]
    assert found["containers/c/hosts"] == ["192.168.0.3\ta"]
    assert found["containers/a/hostname"] == ["alpha"]
    assert {path for path in found if "/b/" in path} == set()


def test_two_containers_on_none_share_no_network() -> None:
    found = files("""\
        containers: {a: {networks: [none]}, b: {networks: [none]}}
        links: [{endpoints: ["a:p0", "b:p0"], subnet: 192.168.0.0/31}]
        """)
    assert found == {"containers/a/hosts": ["192.168.0.1\tb"], "containers/b/hosts": ["192.168.0.0\ta"]}


def test_a_container_on_the_host_is_marked_so() -> None:
    found = files("containers: {h: {networks: [host], extra_hosts: {db: 10.9.0.1}}}")
    assert found == {"containers/h/hosts": ["10.9.0.1\tdb"], "containers/h/host": []}


def test_a_name_may_stand_for_loopback_and_for_nothing() -> None:
    lab = loads("containers: {a: {extra_hosts: ['x:127.0.0.1', 'y:0.0.0.0', 'z:::1', 'w=[::1]']}}", "lab.yaml")
    assert lab.containers[0].extra_hosts == (("x", "127.0.0.1"), ("y", "0.0.0.0"), ("z", "::1"), ("w", "::1"))
