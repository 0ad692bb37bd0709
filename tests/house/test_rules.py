"""A rule that nothing can break holds nothing: here each one is broken."""

from __future__ import annotations

import ast

import pytest

from tests.house.rules import RULES, circle
from tests.house.source import House, Module, house

BAD = [
    ("rooms", "topo.lab", "import topo.planner"),
    ("rooms", "topo.planner.order", "def lazy():\n    from topo.cli import up"),
    ("rooms", "topo.kernel.fake", "from ..planner import order"),
    ("face_of_itself", "topo.objects.route", "from topo.objects import State"),
    ("face_of_itself", "topo.objects.route", "from . import KINDS"),
    ("face_of_itself", "topo.document.schema.words", "import topo.document"),
    *(
        ("door", "topo.planner.order", text)
        for text in (
            "from os import fork",
            "from os import *",
            "import os\nos.execvp",
            "import os as _os\n_os.fork",
            "import os.path\nos.system('x')",
            "import os\ngetattr(os, 'fork')",
            "import os\nvars(os)['fork']",
            "import posix",
            "import socket",
            "import _socket",
            "from _posixsubprocess import fork_exec",
            "def lazy():\n    import ctypes.util",
            "from importlib import import_module",
            "import importlib\nimportlib.import_module('socket')",
            "__import__('socket')",
            "import sys\nsys.modules['socket']",
            "from sys import modules",
            "open('/proc/sys/net/ipv4/ip_forward')",
            "open(f'/run/{name}')",
            "Path('/sys')",
        )
    ),
    ("door", "topo.objects", "import _socket"),
    ("imported_by_name", "topo.kernel.linux.place", "from importlib import import_module"),
    ("seam", "topo.planner.order", "from topo.kernel.linux import syscalls"),
    ("seam", "topo.applier.running", "from topo.kernel.linux import LinuxKernel"),
    ("seam", "topo.cli.up", "import topo.kernel.linux.place"),
    ("seam", "topo.cli.up", "from topo import kernel"),
    ("seam", "topo", "from topo.kernel.linux import syscalls"),
    ("seam", "topo", "from topo.kernel.linux import LinuxKernel, other"),
    ("slow", "topo.cli.progress", "import rich.live"),
    ("slow", "topo.kernel.linux.sockets", "try:\n    from pyroute2 import IPRoute\nexcept ImportError:\n    pass"),
    ("blind", "topo.planner.order", "from topo.objects.veth import Veth"),
    ("blind", "topo.kernel.world", "from topo.objects import address"),
    ("blind", "topo.kernel.fake", "def lazy():\n    import topo.objects.bridge"),
    ("blind", "topo.planner", "x = thing.kind == 'veth'"),
    ("blind", "topo.planner", "x = thing.kind in ('veth', 'bridge')"),
    ("face", "topo", "__all__ = []\nextra = 1"),
    ("face", "topo", "__all__ = ['plan']\ndef plan(): ...\ndef other(): ..."),
    ("face", "topo", "__all__ = []\nclass Other: ..."),
]

GOOD = [
    ("door", "topo.planner.order", "import os\nos.environ\nos.path.join('/usr')\nfrom importlib.metadata import version"),
    ("door", "topo.networks", "from importlib import import_module"),
    ("door", "topo.kernel.linux.place", "import socket\nopen('/proc/self/ns/net')"),
    ("face_of_itself", "topo.objects.veth", "from topo.objects import mark"),
    ("face_of_itself", "topo.cli.up", "import topo"),
    ("seam", "topo.planner.order", "from topo.kernel.protocol import Operation\nfrom topo.kernel import fake, world"),
    ("seam", "topo", "def _kernel():\n    from topo.kernel.linux import LinuxKernel"),
    ("slow", "topo.cli.progress", "def lazy():\n    import rich.live"),
    ("blind", "topo.planner.order", "from topo.objects import KINDS\nfrom topo.objects.kind import Kind"),
    ("blind", "topo.views.wiring", "from topo.objects.veth import Veth"),
    ("face", "topo", '"""Words."""\n__all__ = ["plan"]\ndef plan(): ...\ndef _other(): ...'),
]


def _with(name: str, text: str) -> House:
    packages = {module for module, known in house().items() if known.package}
    return {**house(), name: Module(name, ast.parse(text), name in packages)}


@pytest.mark.parametrize(("rule", "name", "text"), BAD)
def test_who_breaks_it_is_caught(rule: str, name: str, text: str) -> None:
    changed = _with(name, text)
    assert list(RULES[rule](changed, changed[name]))


@pytest.mark.parametrize(("rule", "name", "text"), GOOD)
def test_who_keeps_it_is_not(rule: str, name: str, text: str) -> None:
    changed = _with(name, text)
    assert not list(RULES[rule](changed, changed[name]))


def test_no_rule_is_left_out() -> None:
    assert {rule for rule, _, _ in BAD} == set(RULES)


@pytest.mark.parametrize(
    "text",
    ["from topo.planner import order", "def lazy():\n    from topo.planner.order import ordered"],
)
def test_a_circle_is_caught(text: str) -> None:
    assert not circle(house())
    assert set(circle(_with("topo.planner.fate", text))) >= {"topo.planner.fate", "topo.planner.order"}
