"""What a person reads of a plan, word for word."""

from __future__ import annotations

from msgspec.structs import replace

from tests.views.plans import ADDRESS, CONFLICT, EMPTY, NAMESPACE, PLAN, VETH, change
from topo.planner.plan import CREATE, Plan
from topo.views.plan_text import plan_text

TEXT = """\
lab
   ~ lab/firewall     firewall
       chains.0.rules:
         - ct state established accept
         + accept
   ~ lab/hosts/front  file
       content:
         - 172.17.0.3    db      # 0
         + 172.17.0.3    db www  # 0

network front
   + networks/front  bridge     mac 02:42:00:00:00:01

container web
   ~ containers/web/eth0                veth       end.mtu: 1500 -> 9000
 -/+ containers/web/eth0/172.17.0.2/16  address    broadcast: 172.17.255.255 -> none
       because broadcast: the kernel cannot
   ~ containers/web/routes/default      route      via: 172.17.0.1 -> 172.17.0.9
       ! a daemon's route goes

container old
   - containers/old  namespace

Plan: 1 to create, 4 to update, 1 to replace, 1 to delete, 12 unchanged.
"""


def test_it_is_grouped_and_says_old_and_new() -> None:
    assert plan_text(PLAN) == TEXT


def test_an_empty_plan_is_one_line() -> None:
    assert plan_text(EMPTY) == "No changes. Lab shop is as it should be: 12 objects.\n"


def test_what_is_created_shows_what_is_particular_to_it() -> None:
    made = tuple(change(None, thing, CREATE) for thing in (NAMESPACE, VETH, ADDRESS))
    lines = plan_text(Plan("shop", made, (), (), "", 0)).splitlines()
    assert lines[1:4] == [
        "   + containers/web                     namespace  name topo.shop.web",
        "   + containers/web/eth0                veth       end.mac 02:42:ac:11:00:02, peer.name web.eth0,"
        " peer.mac 02:42:00:00:00:02, peer.master front",
        "   + containers/web/eth0/172.17.0.2/16  address    broadcast 172.17.255.255",
    ]


def test_a_conflict_is_named_with_its_hint() -> None:
    lines = plan_text(replace(EMPTY, conflicts=(CONFLICT,))).splitlines()
    assert lines == [
        "   ! containers/web/eth0  interface",
        "       a foreign link has its name",
        "       hint: ip -n topo.shop.web link del eth0",
        "",
        "Plan: 0 to create, 0 to update, 0 to replace, 0 to delete, 12 unchanged. 1 in the way: nothing can be applied.",
    ]


def test_colour_is_only_added() -> None:
    coloured = plan_text(PLAN, colour=True)
    assert "\x1b[32m  +\x1b[0m" in coloured
    assert "\x1b" not in plan_text(PLAN)
