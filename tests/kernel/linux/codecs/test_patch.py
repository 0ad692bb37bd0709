"""A cable to a bridge of the host's: what is against it is known before anything is touched."""

from __future__ import annotations

import pytest

from tests.live.reading import shell
from topo.kernel.linux.codecs.patch import CODEC
from topo.objects.patch import Patch

pytestmark = pytest.mark.live


def wrong(bridge: str, mtu: int = 1500) -> list[str]:
    """What the codec says of a cable to it, with the hints."""
    thing = Patch(owner="networks/n", fabric="topo.t", name="n.host", mark=0x74000001, far="topo.t.n", bridge=bridge, mtu=mtu)
    assert CODEC.check
    return [f"{error.message}; {error.hint}" for error in CODEC.check([thing]).values()]


def test_only_a_bridge_that_is_there_and_up_will_do() -> None:
    shell("ip link add br9 type bridge mcast_snooping 0; ip link add v9 type veth peer name v8; ip link set v9 up")
    try:
        assert "has no interface br8" in wrong("br8")[0]
        assert "br9 is down; ip link set br9 up" in wrong("br9")[0]
        assert "v9 is no bridge; its bridges: " in wrong("v9")[0]
        shell("ip link set br9 up")
        assert not wrong("br9")
        assert "write mtu: 1500, or less" in wrong("br9", 9000)[0]
    finally:
        shell("ip link delete br9; ip link delete v9")
    assert not CODEC.check or not CODEC.check([])
