"""bytes -> YAML nodes that know their file, line and column."""

from __future__ import annotations

import codecs
import io
import re
from typing import Any

import yaml
from msgspec import Struct

from topo.document.syntax import complaint
from topo.errors import DocumentError, DocumentErrors, Where

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # a PyYAML that was built without libyaml
    from topo.document.pure import PureParser as _Parser  # type: ignore[assignment]

PLAIN = "?"
"""The tag of a scalar without quotes: what it means depends on where it stands."""
TEXT = "tag:yaml.org,2002:str"
LIST = "tag:yaml.org,2002:seq"
MAP = "tag:yaml.org,2002:map"

DEEPEST = 100
MOST = 300_000
_DEEP = f"nested more than {DEEPEST} levels deep"

_WIDE = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""The sign of UTF-16 is the beginning of that of UTF-32."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


class Tree(Struct, frozen=True):
    """A document. `root` is None when there is none; `nodes`: how many, aliases counted once."""

    root: yaml.Node | None
    nodes: int


class _TooMuch(Exception):
    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.where = Where(mark.name, mark.line + 1, mark.column + 1)


class _Loader(_Parser):
    """A composer that leaves the meaning of scalars open, and counts: the C one recurses until its stack is gone."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.above: list[Any] = []
        self.nodes = 0
        # It is called after every node: what is no function of Python's costs least.
        self.ascend_resolver = self.above.pop

    def descend_resolver(self, parent: Any, _: Any) -> None:
        self.above.append(parent)
        self.nodes += 1
        if len(self.above) > DEEPEST:
            raise _TooMuch(_DEEP, parent.start_mark)
        if self.nodes > MOST:
            raise _TooMuch(f"more than {MOST} values, which no lab has", parent.start_mark)

    def resolve(self, kind: type[yaml.Node], _: Any, implicit: tuple[bool, bool]) -> str:
        if kind is yaml.ScalarNode:
            return PLAIN if implicit[0] else TEXT
        return MAP if kind is yaml.MappingNode else LIST


def compose(data: bytes, file: str) -> Tree:
    """The document in `data`. Raises DocumentErrors with what is not YAML."""
    text = _decoded(data, file)
    stream = io.BytesIO(text.encode())
    stream.name = file  # every mark of every node carries it
    loader = _Loader(stream)
    try:
        root = loader.get_single_node()
        if root is not None and "*" in text:
            _check_cycles(root, text)
        return Tree(root, loader.nodes)
    except yaml.YAMLError as error:
        raise DocumentErrors([complaint(error, text, file)]) from None
    except _TooMuch as error:
        raise DocumentErrors([DocumentError(str(error), where=error.where, code="too-large")]) from None
    except RecursionError:
        raise DocumentErrors([DocumentError(_DEEP, where=Where(file, 1, 1), code="too-large")]) from None
    finally:
        loader.dispose()


def _check_cycles(root: yaml.Node, text: str) -> None:
    """Raises DocumentErrors when an alias stands within what it stands for. A walk without recursion: aliases nest deeply."""
    above: set[int] = set()
    done: set[int] = set()
    todo = [(root, False)]
    while todo:
        node, left = todo.pop()
        if left:
            above.remove(id(node))
            done.add(id(node))
        elif id(node) in above:
            raise DocumentErrors([_cycle(node.start_mark, text)])
        elif not isinstance(node, yaml.ScalarNode) and id(node) not in done:
            above.add(id(node))
            todo.append((node, True))
            parts = node.value if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
            todo += [(part, False) for part in parts]


def _cycle(mark: Any, text: str) -> DocumentError:
    found = re.match(r"&([\w-]+)", text.splitlines()[mark.line][mark.column :])
    name = found[1] if found else "..."
    message, hint = f"`*{name}` stands within what `&{name}` names", "write out what is meant there"
    return DocumentError(message, where=Where(mark.name, mark.line + 1, mark.column + 1), hint=hint, code="yaml")


def _decoded(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        wide = next((name for sign, name in _WIDE.items() if data.startswith(sign)), None)
        raise DocumentErrors(
            [
                DocumentError(
                    f"this is {wide}" if wide else f"byte 0x{data[error.start]:02x} is not UTF-8",
                    where=_at(before, len(before), file),
                    hint="save the file as UTF-8",
                    code="encoding",
                )
            ]
        ) from None
    odd = _UNPRINTABLE.search(text)
    if odd:
        raise DocumentErrors(
            [
                DocumentError(
                    f"the control character 0x{ord(odd[0]):02x} cannot stand in YAML",
                    where=_at(text, odd.start(), file),
                    hint=f'remove it, or write "\\u{ord(odd[0]):04x}" in double quotes',
                    code="encoding",
                )
            ]
        )
    return text


def _at(text: str, position: int, file: str) -> Where:
    before = text[:position]
    return Where(file, before.count("\n") + 1, position - before.rfind("\n"))
