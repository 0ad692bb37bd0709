"""A macvlan, on an interface of the host's."""

from __future__ import annotations

from collections.abc import Mapping

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import Attributes
from topo.kernel.linux.uppers import Form, codec_of
from topo.objects.macvlan import PASSTHRU, Macvlan

_MODE = 1
_MODES = {"private": 1, "vepa": 2, "bridge": 4, PASSTHRU: 8, "source": 16}
_WORDS = {number: word for word, number in _MODES.items()}


def _options(thing: Macvlan) -> bytes:
    return attributes.u32(_MODE, _MODES[thing.mode])


def _read(data: Attributes) -> Mapping[str, object]:
    mode = _WORDS.get(attributes.number(data.get(_MODE, b"")), "")
    return {"mode": mode, "passthru": mode == PASSTHRU}


CODEC = codec_of(Form(Macvlan, _options, _read))
