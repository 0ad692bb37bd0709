"""Whose is what lies on an interface: the codec that knows the interface says it, and nobody else."""

from __future__ import annotations

import pytest

from topo.kernel.linux import attributes, links, observing
from topo.kernel.linux.codec import Codec, all_codecs
from topo.kernel.linux.codecs import address
from topo.kernel.linux.links import IFF_LOOPBACK, IFINFOMSG, IFLA_IFNAME, IFLA_INFO_KIND, IFLA_LINKINFO, Link
from topo.kernel.linux.view import View
from topo.objects.address import Address
from topo.objects.interface import Interface

FABRIC, WEB = "topo.shop", "topo.shop.web"
ADDRESS = bytes((2, 24, 0x80, 0, 7, 0, 0, 0)) + attributes.raw(1, bytes((10, 0, 0, 1))) + attributes.raw(2, bytes((10, 0, 0, 1)))
"""10.0.0.1/24 on interface 7."""


def link(namespace: str, index: int, name: str, kind: str = "dummy", flags: int = 0) -> Link:
    info = attributes.nested(IFLA_LINKINFO, attributes.text(IFLA_INFO_KIND, kind))
    return links.link(IFINFOMSG.pack(0, 0, index, flags, 0) + attributes.text(IFLA_IFNAME, name) + info, namespace)


def view(*seen: Link) -> View:
    found = View("shop", FABRIC)
    for one in seen:
        found.links.setdefault(one.namespace, []).append(one)
    return found


def test_who_claims_a_link_says_whose_it_is() -> None:
    tunnel, lo = link(FABRIC, 7, "vx0"), link(FABRIC, 1, "lo", flags=IFF_LOOPBACK)
    seen = view(lo, tunnel, link(FABRIC, 8, "stray"), link(WEB, 2, "eth0"), link(WEB, 3, "eth1"))
    seen.claim(tunnel, "networks/far")
    seen.claim(lo, "lab")
    seen.claim(seen.links[WEB][0])
    assert seen.owners(FABRIC) == {1: "lab", 7: "networks/far", 8: "lab/links"}
    assert seen.owners(WEB) == {2: "containers/web", 3: "containers/web"}


def test_a_new_kind_of_link_needs_nothing_but_its_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its name: what lies on links is decoded when all codecs have claimed theirs, `interface` is what is left."""

    def claim(view: View) -> list[Interface]:
        for one in view.links[FABRIC]:
            if one.kind == "vxlan":
                view.claim(one, "networks/far")
        return []

    codecs = {**all_codecs(), "zzz": Codec(links=claim)}
    monkeypatch.setattr(observing, "all_codecs", lambda: codecs)
    seen = view(link(FABRIC, 7, "vx0", "vxlan"), link(FABRIC, 8, "stray"))
    seen.addresses[FABRIC] = [ADDRESS]
    found = {thing.address for thing in observing._decoded(seen)}
    assert found == {"networks/far/10.0.0.1/24", "lab/links/stray"}


def test_an_address_on_a_stray_link_of_the_fabric_is_named_by_the_link() -> None:
    seen = view(link(FABRIC, 7, "firewall"))
    seen.addresses[FABRIC] = [ADDRESS]
    assert address.CODEC.decode is not None
    (thing,) = address.CODEC.decode(seen)
    assert isinstance(thing, Address)
    assert thing.address == "lab/links/firewall/10.0.0.1/24"
