"""a scalar of YAML -> what YAML 1.2's core schema says it is: only `true` and `false` are booleans, and 22:22 is a text."""

from __future__ import annotations

import re

import yaml

from topo.document.report import shown
from topo.document.tree import LIST, MAP, PLAIN, TEXT

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
"""The texts, without quotes, that say nothing."""
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = r"[-+]?[0-9]+|0o[0-7]+|0x[0-9A-Fa-f]+"
_NUMBER = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_LONGEST = 30
"""Characters of a number: a longer one is none that a lab has, and Python refuses to read one of 5000 digits."""

NOT_TEXT = frozenset((PLAIN, *(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float"))))
"""The tags of what stands without quotes, or is said not to be a text."""
_OF_SCALARS = NOT_TEXT | {TEXT}


def is_plain(node: yaml.ScalarNode) -> bool:
    """Whether it stands without quotes, so that it may be something else than a text."""
    return node.tag in NOT_TEXT


def is_null(node: yaml.Node) -> bool:
    """Whether nothing is written there: `key:`, `key: ~` or `key: null`."""
    return isinstance(node, yaml.ScalarNode) and node.value in NULLS and is_plain(node)


def unknown_tag(node: yaml.Node) -> str | None:
    """The tag of a node, as it is written, when YAML's core schema does not have it."""
    tag = node.tag
    if tag in _OF_SCALARS or tag == (MAP if isinstance(node, yaml.MappingNode) else LIST):
        return None
    return str(tag).replace("tag:yaml.org,2002:", "!!")


def boolean(text: str) -> bool | None:
    """True, False, or None for what is neither."""
    return _BOOLEANS.get(text)


def integer(text: str) -> int | None:
    """A whole number, or None. 0755 is 755, as YAML 1.2 has it."""
    if len(text) > _LONGEST or not re.fullmatch(_INTEGER, text):
        return None
    return int(text, 0) if text[:2] in ("0x", "0o") else int(text)


def number(text: str) -> float | None:
    """A whole number or a fraction, or None."""
    whole = integer(text)
    if whole is not None:
        return whole
    return float(text) if len(text) <= _LONGEST and re.fullmatch(_NUMBER, text) else None


def described(node: yaml.Node) -> str:
    """What stands there, for "... belongs here, not ...": `nothing`, `a list`, "the number 5", "`abc`"."""
    if isinstance(node, yaml.MappingNode):
        return "a map"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    assert isinstance(node, yaml.ScalarNode)
    if is_null(node):
        return "nothing"
    text = str(node.value)
    if is_plain(node) and number(text) is not None:
        return f"the number {text}"
    return shown(text) if text else "an empty text"
