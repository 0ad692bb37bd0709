"""The rooms are entered from one side only, and only the kernel's room has a door."""

from __future__ import annotations

import pytest

from tests.house.rules import RULES, circle
from tests.house.source import ROOMS, house, modules, room


def test_every_room_is_known() -> None:
    assert {room(module) for module in modules()} == set(ROOMS)


@pytest.mark.parametrize("rule", RULES)
def test_every_module_keeps_the_rule(rule: str) -> None:
    broken = [f"{module.name}: {words}" for module in house().values() for words in RULES[rule](house(), module)]
    assert not broken, RULES[rule].__doc__


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert not circle(house())
