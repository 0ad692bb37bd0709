"""The house, one of its modules -> where that breaks a rule, in words. test_rooms.py asks of all, test_rules.py tries each."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.house.source import ROOMS, House, Module, imports, room

Rule = Callable[[House, Module], Iterator[str]]

DOOR = {
    *("socket", "ctypes", "pyroute2", "subprocess", "fcntl", "pty", "termios", "mmap", "multiprocessing", "asyncio", "cffi"),
    *("posix", "posixsubprocess", "posixshmem", "socketserver", "ssl", "http", "concurrent", "runpy", "importlib", "imp"),
}
"""Modules by which a program reaches the kernel, with or without the underscore of those behind them, and those by which it
gets at a module whose name is not in an import; only topo/kernel imports them."""

OS_DOOR = re.compile(
    r"fork\w*|system|popen|kill\w*|setns|unshare|mount|umount\w*|posix_spawn\w*|spawn\w+|exec[vl]\w*|pidfd_open|setsid|chroot"
    r"|mknod|mkfifo|openpty|memfd_create|eventfd|__dict__"
)
"""And these of `os`."""

LISTING = {"topo.objects", "topo.networks", "topo.kernel.linux.codec"}
"""What lists a folder of drawers, and imports by name for that."""

SEAMS = {"topo.kernel.protocol", "topo.kernel.world", "topo.kernel.fake"}
"""What other rooms may know of the kernel's."""

KERNEL_FILES = re.compile(r"/(proc|sys|run|var/run)(/|$)")

SLOW = {"pyroute2", "rich"}

BLIND = ("topo.planner", "topo.kernel.world", "topo.kernel.fake")
"""What knows kinds of objects by their records alone."""


def rooms(house: House, module: Module) -> Iterator[str]:
    """A module imports from its own room and those to the left."""
    allowed = set(ROOMS[: ROOMS.index(module.room) + 1])
    for imported, line in imports(house, module):
        if imported.partition(".")[0] == "topo" and room(imported) not in allowed:
            yield f"line {line}: {imported} is of a room to the right"


def face_of_itself(house: House, module: Module) -> Iterator[str]:
    """A package's face imports its modules, so they do not import the face. Nothing imports a __main__."""
    if module.name.endswith(".__main__"):
        return
    parts = module.name.split(".")
    above = {".".join(parts[:count]) for count in range(2, len(parts))}
    for imported, line in imports(house, module):
        if imported in above:
            yield f"line {line}: {imported} is the package that it is in"


def door(house: House, module: Module) -> Iterator[str]:
    """Only the kernel's room has a door."""
    if module.room == "kernel":
        return
    for imported, line in imports(house, module):
        listing = module.name in LISTING and imported == "importlib"
        if imported.partition(".")[0].lstrip("_") in DOOR and not listing and imported != "importlib.metadata":
            yield f"line {line}: {imported}"
    yield from _of_os(module)
    for node in module.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("__import__", "eval", "exec"):
            yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and KERNEL_FILES.match(node.value):
            yield f"line {node.lineno}: {node.value!r}"


def imported_by_name(house: House, module: Module) -> Iterator[str]:
    """In the kernel's room, too, only what lists a folder imports by name: other imports must be seen."""
    if module.room == "kernel" and module.name not in LISTING:
        for imported, line in imports(house, module):
            if imported.partition(".")[0] == "importlib":
                yield f"line {line}: {imported}"


def _of_os(module: Module) -> Iterator[str]:
    names = set()
    for node in module.nodes:
        if isinstance(node, ast.Import):
            bound = ((name.asname or name.name.partition(".")[0], name.name) for name in node.names)
            names |= {name for name, whole in bound if whole.partition(".")[0] in ("os", "sys")}
        elif isinstance(node, ast.ImportFrom) and node.module in ("os", "sys"):
            for name in node.names:
                if name.name in ("*", "modules") or OS_DOOR.fullmatch(name.name):
                    yield f"line {node.lineno}: {node.module}.{name.name}"
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            if OS_DOOR.fullmatch(node.attr) or node.attr == "modules":
                yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "vars"):
            yield from (f"line {node.lineno}: {ast.unparse(node)}" for each in node.args[:1] if ast.unparse(each) in names)


def seam(house: House, module: Module) -> Iterator[str]:
    """Other rooms know the kernel's by its protocol; the face takes the real one, to hand it on."""
    for imported, line in imports(house, module):
        inside = imported == "topo.kernel" or imported.startswith("topo.kernel.")
        if module.room == "kernel" or not inside or imported in SEAMS:
            continue
        if (module.name, imported) != ("topo", "topo.kernel.linux"):
            yield f"line {line}: {imported} is behind the door"
    if module.name == "topo":
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "topo.kernel.linux":
                yield from (f"line {node.lineno}: {name.name}" for name in node.names if name.name != "LinuxKernel")


def slow(house: House, module: Module) -> Iterator[str]:
    """What is slow to import is not imported at start-up."""
    for imported, line in imports(house, module, at_start=True):
        if imported.partition(".")[0] in SLOW:
            yield f"line {line}: {imported}"


def blind(house: House, module: Module) -> Iterator[str]:
    """Planner, model and fake kernel know no kind of object."""
    if not any(module.name == name or module.name.startswith(f"{name}.") for name in BLIND):
        return
    for imported, line in imports(house, module):
        if imported in house and house[imported].drawer:
            yield f"line {line}: {imported} is a kind"
    kinds = {name.rpartition(".")[2] for name, other in house.items() if other.drawer}
    for node in module.nodes:
        if isinstance(node, ast.Compare):
            said = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
            if kind := any(".kind" in ast.unparse(part) for part in (node.left, *node.comparators)) and said & kinds:
                yield f"line {node.lineno}: asks for {kind}"


def face(house: House, module: Module) -> Iterator[str]:
    """topo/__init__.py holds its functions and their names, and says nothing else."""
    if module.name != "topo":
        return
    public: set[str] = set()
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            public = set(ast.literal_eval(node.value))
    for node in module.tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
        function = isinstance(node, ast.FunctionDef) and (node.name in public or node.name.startswith("_"))
        if not (docstring or names or function or isinstance(node, ast.Import | ast.ImportFrom)):
            yield f"line {node.lineno}: {ast.unparse(node).splitlines()[0]}"


RULES: Mapping[str, Rule] = {
    rule.__name__: rule for rule in (rooms, face_of_itself, door, imported_by_name, seam, slow, blind, face)
}


def circle(house: House) -> list[str]:
    """The modules of a circle of imports, those inside functions and for types included; [] when there is none."""
    graph = {
        name: {imported for imported, _ in imports(house, module) if imported in house and imported != name}
        for name, module in house.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
