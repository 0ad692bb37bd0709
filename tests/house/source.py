"""The files of topo, and what their syntax trees say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOPO = ROOT / "topo"

ROOMS = (
    *("record", "timings", "errors", "lab", "objects", "kernel", "networks", "document", "resolver", "observer", "planner"),
    *("applier", "views", "topo", "cli"),
)
"""Left to right: a room imports from those to its left. `topo` is `topo/__init__.py`, the face."""


@dataclass(frozen=True)
class Module:
    """`name` is dotted: `topo.objects` for objects/__init__.py, `topo.objects.veth` for objects/veth.py."""

    name: str
    tree: ast.Module
    package: bool = False

    @property
    def room(self) -> str:
        """`kernel` of `topo.kernel.linux.veth`."""
        return room(self.name)

    @property
    def drawer(self) -> bool:
        """Whether it is a kind of object or of network: a file with a record in it, found by listing the folder."""
        return bool({"KIND", "DRIVER"} & {name.id for name in self._assigned()})

    def _assigned(self) -> Iterator[ast.Name]:
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            yield from (target for target in targets if isinstance(target, ast.Name))

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)


House = Mapping[str, Module]
"""All modules of topo by name."""


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file."""
    found = {}
    for path in sorted(TOPO.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


@cache
def house() -> House:
    """topo as it is."""
    return {name: Module(name, tree(path), path.name == "__init__.py") for name, path in modules().items()}


def room(module: str) -> str:
    """`kernel` of `topo.kernel.linux.veth`, `topo` of `topo` itself; `python -m topo` is the command line."""
    parts = [*module.split("."), "topo"]
    return parts[1].replace("__main__", "cli")


def imports(house: House, module: Module, *, at_start: bool = False) -> Iterator[tuple[str, int]]:
    """(imported module, line), of the project and of others. at_start: only what runs when the module is imported."""
    for node in _nodes(module.tree, at_start):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            for name in node.names:
                whole = f"{base}.{name.name}"
                yield (whole if whole in house else base), node.lineno


def _nodes(node: ast.AST, at_start: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if at_start and (isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or _for_types(child)):
            continue
        yield child
        yield from _nodes(child, at_start)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.package else module.name.split(".")[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, *([node.module] if node.module else [])])
