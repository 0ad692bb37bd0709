"""The rooms are entered from one side only, and only the kernel's room has a door."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.source import ROOMS, imports, modules, room, tree

DOOR = {"socket", "ctypes", "pyroute2", "subprocess", "fcntl", "pty", "termios", "mmap", "multiprocessing", "asyncio", "cffi"}
"""Modules by which a program reaches the kernel; only topo/kernel imports them."""

OS_DOOR = {
    *("fork", "forkpty", "system", "popen", "kill", "killpg", "setns", "unshare", "posix_spawn", "posix_spawnp", "mount"),
    *("execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "execlpe", "pidfd_open", "setsid", "chroot"),
}
"""And these of `os`."""


def test_every_room_is_known() -> None:
    assert {room(module) for module in modules()} == set(ROOMS)


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_from_its_own_room_and_those_to_the_left(module: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room(module)) + 1])
    wrong = [
        f"line {line}: {imported}"
        for imported, line in imports(module)
        if imported.partition(".")[0] == "topo" and room(imported) not in allowed
    ]
    assert not wrong


def test_no_module_imports_itself_by_way_of_others() -> None:
    # `from topo.objects import Object` inside topo/objects would be one: a package's face imports its modules.
    graph = {
        module: {name for name, _ in imports(module, at_start=True) if name in modules() and name != module}
        for module in modules()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("module", [module for module in modules() if room(module) != "kernel"])
def test_only_the_kernel_room_has_a_door(module: str) -> None:
    used = {imported.partition(".")[0] for imported, _ in imports(module)} & DOOR
    attributes = {
        node.attr
        for node in ast.walk(tree(modules()[module]))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    assert not used | attributes & OS_DOOR


@pytest.mark.parametrize("module", modules())
def test_what_is_slow_to_import_is_not_imported_at_start(module: str) -> None:
    assert not {imported.partition(".")[0] for imported, _ in imports(module, at_start=True)} & {"pyroute2", "rich"}
