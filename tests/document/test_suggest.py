from __future__ import annotations

from topo.document.suggest import about_choice


def test_a_driver_that_is_to_come() -> None:
    message, hint = about_choice("overlay", ("bridge",), "a driver")
    assert message == "the driver overlay is not supported yet"
    assert hint == "leave out `driver`, or remove the network"


def test_what_is_like_nothing_is_answered_with_all_there_is() -> None:
    assert about_choice("bus", ("bridge", "tube"), "a driver")[1] == "write one of bridge, tube"
    assert about_choice("xyz", ("bridge",), "a driver")[1] == "write bridge"
