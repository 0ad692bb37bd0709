"""The messages of queues, classes and filters against pyroute2's message classes, byte for byte."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from pyroute2.netlink import nla
from pyroute2.netlink.rtnl.tcmsg import tcmsg

from tests.kernel.linux.test_messages import FABRIC, NEW, PUT, ours, place, theirs
from topo.kernel.linux.messages import Rtm
from topo.objects.pair import NO_FILTER, OTHER_CLASS, Pair
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HTB, NETEM, TBF, burst_ticks

ROOT = 0xFFFFFFFF
PORT = Qdisc(namespace=FABRIC, interface="eth0", discipline=HTB)
PAIR = Pair(namespace=FABRIC, interface="eth0", source="hq.eth0", mark=5, discipline=TBF, rate=125_000, burst=8192, limit=30000)
RATESPEC = ("cell_log", "linklayer", "overhead", "cell_align", "mpu", "rate")
CHOSEN = {"index": 2, "parent": 0x74700000, "info": 5 << 16 | 0x300}
CLASS = {"index": 2, "handle": 0x74700005, "parent": 0x74700000}


_RATES = tuple((f"{of}_{name}", form) for of in ("rate", "ceil") for name, form in zip(RATESPEC, "BBHhHI", strict=True))
_MAP = ((1, "TCA_KIND", "asciiz"), (2, "TCA_OPTIONS", "options"))


class Tbf(tcmsg):
    """pyroute2 makes ticks and tables of what it is told, as tc(8) of old; linux/pkt_sched.h."""

    _nlmsg_base__compiled_nla = False
    nla_map = _MAP

    class options(nla):  # noqa: N801
        nla_map = ((1, "PARMS", "parms"), (6, "BURST", "uint32"))

        class parms(nla):  # noqa: N801
            fields = (*_RATES, ("limit", "I"), ("buffer", "I"), ("mtu", "I"))


class Htb(tcmsg):
    """The same of htb."""

    _nlmsg_base__compiled_nla = False
    nla_map = _MAP

    class options(nla):  # noqa: N801
        nla_map = ((1, "PARMS", "parms"), (2, "INIT", "init"), (6, "RATE64", "uint64"), (7, "CEIL64", "uint64"))

        class init(nla):  # noqa: N801
            fields = tuple((name, "I") for name in ("version", "rate2quantum", "defcls", "debug", "direct_pkts"))

        class parms(nla):  # noqa: N801
            fields = (*_RATES, *((name, "I") for name in ("buffer", "cbuffer", "quantum", "level", "prio")))


class U32(tcmsg):
    """pyroute2 takes no name of an interface; linux/pkt_cls.h."""

    _nlmsg_base__compiled_nla = False
    nla_map = _MAP

    class options(nla):  # noqa: N801
        nla_map = ((1, "CLASSID", "uint32"), (5, "SEL", "sel"), (8, "INDEV", "asciiz"))

        class sel(nla):  # noqa: N801
            names = ("flags", "offshift", "nkeys", "pad", "offmask", "off", "offoff", "hoff", "hmask")
            fields = tuple(zip(names, "BBBBHHhhI", strict=True))


def tc(kind: Rtm, how: int, name: str, options: list[tuple[str, Any]], **fields: int) -> bytes:
    made = {"": tcmsg, TBF: Tbf, HTB: Htb, "u32": U32}[name]()
    said = [("TCA_KIND", name), ("TCA_OPTIONS", {"attrs": options})] if name else []
    return theirs(made, kind, how, said, **fields)


def leaf(thing: Pair, handle: int) -> bytes:
    ticks = burst_ticks(thing.rate, thing.burst)
    parameters = {"rate_rate": thing.rate, "rate_linklayer": 1, "limit": thing.limit, "buffer": ticks}
    options = [("PARMS", parameters), ("BURST", thing.burst)]
    return tc(Rtm.RTM_NEWQDISC, PUT, TBF, options, index=2, handle=handle, parent=0x74700005)


def test_the_root_parts_and_does_nothing_else() -> None:
    options = [("INIT", {"version": 3, "rate2quantum": 10})]
    assert ours(None, PORT, place(FABRIC)) == [tc(Rtm.RTM_NEWQDISC, NEW, HTB, options, index=2, handle=0x74700000, parent=ROOT)]
    assert ours(PORT, None, place(FABRIC)) == [tc(Rtm.RTM_DELQDISC, 1, "", [], index=2, parent=ROOT)]


def open_class() -> bytes:
    most = {"rate_rate": 0xFFFFFFFF, "ceil_rate": 0xFFFFFFFF, "rate_linklayer": 1, "ceil_linklayer": 1}
    parameters = {**most, "buffer": 1 << 20, "cbuffer": 1 << 20, "quantum": 1 << 16}
    rates = [("RATE64", 10**12), ("CEIL64", 10**12)]
    return tc(Rtm.RTM_NEWTCLASS, 0x401, HTB, [("PARMS", parameters), *rates], **CLASS)


def chosen(source: str) -> bytes:
    options = [("CLASSID", 0x74700005), ("SEL", {"flags": 1}), ("INDEV", source)]
    return tc(Rtm.RTM_NEWTFILTER, NEW, "u32", options, **CHOSEN)


def test_a_pair_is_led_to_when_it_is_whole_and_no_more_when_it_goes() -> None:
    assert ours(None, PAIR, place(FABRIC)) == [open_class(), leaf(PAIR, 0xA0000), chosen("hq.eth0")]
    away = [tc(Rtm.RTM_DELTFILTER, 1, "", [], **CHOSEN), tc(Rtm.RTM_DELTCLASS, 1, "", [], **CLASS)]
    assert ours(PAIR, None, place(FABRIC)) == away
    assert ours(replace(PAIR, extras=(NO_FILTER,)), None, place(FABRIC)) == away[1:]


def test_an_edit_is_of_its_queue_alone() -> None:
    slow = replace(PAIR, rate=12_500, burst=4096)
    assert ours(PAIR, slow, place(FABRIC)) == [leaf(slow, 0xA0000)]
    wire = replace(PAIR, discipline=NETEM, delay=10**6, rate=0, burst=0, limit=1000)
    (became,) = ours(PAIR, wire, place(FABRIC))
    assert (wire.leaf, became[24:28]) == (0xB0000, (0xB0000).to_bytes(4, "little"))


def test_what_is_wrong_is_mended_and_no_more() -> None:
    unfiltered = tc(Rtm.RTM_DELTFILTER, 1, "", [], **CHOSEN)
    stale = replace(PAIR, source="")
    assert ours(stale, PAIR, place(FABRIC)) == [unfiltered, leaf(PAIR, 0xA0000), chosen("hq.eth0")]
    assert ours(replace(stale, extras=(NO_FILTER,)), PAIR, place(FABRIC)) == [leaf(PAIR, 0xA0000), chosen("hq.eth0")]
    assert ours(replace(PAIR, extras=(OTHER_CLASS,)), PAIR, place(FABRIC)) == [open_class(), leaf(PAIR, 0xA0000)]
