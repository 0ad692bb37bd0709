"""An ipvlan, on an interface of the host's."""

from __future__ import annotations

from collections.abc import Mapping

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import Attributes
from topo.kernel.linux.uppers import Form, codec_of
from topo.objects.ipvlan import Ipvlan

_MODE = 1
_MODES = ("l2", "l3", "l3s")


def _options(thing: Ipvlan) -> bytes:
    return attributes.u16(_MODE, _MODES.index(thing.mode))


def _read(data: Attributes) -> Mapping[str, object]:
    return {"mode": _MODES[attributes.number(data.get(_MODE, b""))]}


CODEC = codec_of(Form(Ipvlan, _options, _read))
