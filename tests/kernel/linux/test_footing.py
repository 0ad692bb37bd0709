"""What of the host's interfaces makes a container's link impossible is said before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from errno import EBUSY, EINVAL, ENETDOWN, ENODEV

import pytest
from msgspec.structs import replace

from tests.live.reading import shell
from topo.kernel.linux import footing
from topo.objects.macvlan import Macvlan

pytestmark = pytest.mark.live

LINK = Macvlan(namespace="topo.t.a", owner="containers/a", name="eth0", mark=0x74000002, parent="up0", mac="02:00:00:00:00:01")


@pytest.fixture(autouse=True)
def interfaces() -> Iterator[None]:
    shell("ip link add up0 mtu 1400 type veth peer name down0; ip link set up0 up")
    yield
    shell("ip link del up0")


def test_one_that_is_there_and_up_will_do() -> None:
    assert not footing.check([replace(LINK, mtu=1400)])


@pytest.mark.parametrize(
    ("parent", "mtu", "errno", "words", "hint"),
    [
        ("up9", 1400, ENODEV, "the host has no interface up9", "its interfaces: "),
        ("down0", 1400, ENETDOWN, "the host's interface down0 is down", "ip link set down0 up"),
        ("up0", 1500, EINVAL, "an MTU of 1500 on the host's interface up0, which has 1400", "write mtu: 1400, or less"),
        ("canary0", 1500, EBUSY, "the host's interface canary0 is a port of foreign0", "use foreign0 as the parent"),
    ],
)
def test_what_is_wrong_and_what_helps(parent: str, mtu: int, errno: int, words: str, hint: str) -> None:
    (error,) = footing.check([replace(LINK, parent=parent, mtu=mtu)]).values()
    assert (error.errno, error.message) == (errno, words)
    assert str(error.hint).startswith(hint)


def test_who_talks_to_the_host_is_told_that_it_does_not_hear() -> None:
    assert not list(footing.advice([LINK]))
    shell("ip address add 192.0.2.1/24 dev up0")
    (words,) = footing.advice([LINK, replace(LINK, name="eth1")])
    assert "the host itself and the containers on up0 do not reach each other" in words
