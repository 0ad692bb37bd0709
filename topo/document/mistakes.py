"""a value of the wrong kind -> (what is wrong, what to write)."""

from __future__ import annotations

import re
from typing import Any

import yaml

from topo.document import scalars
from topo.document.formats import Wrong
from topo.document.report import plain, shown
from topo.document.shapes import Fields, Items, Scalar, Shape
from topo.document.suggest import about_key
from topo.lab import Path

Mistake = tuple[str, str | None]

_YES = {"yes": "true", "on": "true", "y": "true", "1": "true", "no": "false", "off": "false", "n": "false", "0": "false"}
_EXAMPLES = {
    "network": "front",
    "to": "default",
    "endpoints": '["a:eth1", "b:eth1"]',
    "container": "web",
    "interface": "eth1",
    "parent": "eth1",
    "target": "80",
    "published": "8080",
}


def nothing(shape: Shape) -> Mistake:
    """A key without a value."""
    if shape.items and shape.items.each.fields and shape.items.each.fields.part == "attachment":
        return "nothing stands here", "write [] for no network; without the key, the container joins `default`"
    return f"{shape.title} belongs here, and nothing stands there", "write it, or remove this"


def kind(node: yaml.Node, shape: Shape, path: Path) -> Mistake:
    """A list, map or text where another of the three belongs."""
    message = f"{shape.title} belongs here, not {scalars.described(node)}"
    if shape.fields and path and path[-1] in shape.fields.known:
        return message, f"indent `{path[-1]}` further: it is a key of {shape.title}"
    return message, _kind_hint(node, shape)


def _kind_hint(node: yaml.Node, shape: Shape) -> str | None:
    if isinstance(node, yaml.ScalarNode):
        return _for_text(plain(str(node.value)), shape)
    if isinstance(node, yaml.SequenceNode):
        return _for_list(node, shape)
    return _for_map(node, shape) if isinstance(node, yaml.MappingNode) else None


def _for_text(text: str, shape: Shape) -> str | None:
    part = shape.fields.part if shape.fields else ""
    key, _, value = text.partition(" ")
    if shape.fields and value and key in shape.fields.known:
        return f"write `{key}: {value.strip()}`"
    if shape.items and shape.items.each.scalars:
        if "," in text:
            return _as_list(text)
        return f"write [{text}]" if re.fullmatch(r"[\w.=:/-]+", text) else None
    if shape.entries and re.fullmatch("[a-z0-9_-]+", text):
        return f"write {{{text}: }}"
    if part == "network" and "/" in text:
        return f"write {{subnet: {text}}}"
    if part == "container" and re.fullmatch("[a-z0-9_-]+", text) and scalars.boolean(text) is None:
        return f"write {{networks: [{text}]}}"
    if part == "lab" and re.search(":[^ ]", text):
        return "write a space after the `:` of each key"
    return _keys(shape)


def _as_list(text: str) -> str:
    return f"write a list: [{', '.join(part.strip() for part in text.split(','))}]"


def better(text: str, shape: Shape) -> str | None:
    """What to write for a text that is right but for a space, a typographer's quotes, or the comma of a list."""
    check = shape.scalars[0].check
    if shape.items and "," in text:
        return _as_list(plain(text))
    clean = re.sub("[\\s\u201c\u201d\u2018\u2019\"']", "", text)
    try:
        return f"write {clean}" if check and clean != text and check(clean) else None
    except Wrong:
        return None


def _keys(shape: Shape) -> str | None:
    return f"write a map; its keys are {', '.join(shape.fields.known)}" if shape.fields else None


def _for_list(node: yaml.SequenceNode, shape: Shape) -> str | None:
    texts = [plain(str(item.value)) for item in node.value if isinstance(item, yaml.ScalarNode)]
    if len(texts) == len(node.value) == 2 and _is_pair(":".join(texts), shape):
        return f"write {_quoted(':'.join(texts))}"
    if shape.scalars:
        return f"write {texts[0]}, without a list" if len(texts) == len(node.value) == 1 else None
    if shape.entries and texts and len(texts) == len(node.value):
        return f"write {{{', '.join(f'{text}: ' for text in texts[:4])}{', ...' if len(texts) > 4 else ''}}}"
    if shape.entries:
        return "write each as a key with what it has below it, and no `- `"
    if shape.fields and len(node.value) == 1 and not texts and not node.flow_style:
        return "remove the `- `"
    if shape.fields and shape.fields.part == "link":
        return f"write {{endpoints: {_EXAMPLES['endpoints']}}}"
    if shape.fields and shape.fields.part == "container" and texts:
        return f"write {{networks: [{', '.join(texts[:4])}]}}"
    return _keys(shape)


def _is_pair(text: str, shape: Shape) -> bool:
    """Whether the text is two things in one, as an end of a link is, or a line of extra_hosts."""
    try:
        return bool(shape.scalars and shape.scalars[0].check and isinstance(shape.scalars[0].check(text), tuple))
    except Wrong:
        return False


def _for_map(node: yaml.MappingNode, shape: Shape) -> str | None:
    keys = [plain(str(key.value)) for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
    each = shape.items.each if shape.items else None
    pairs = [f"{key.value}:{value.value}" for key, value in node.value if isinstance(value, yaml.ScalarNode)]
    if each and pairs and len(pairs) == len(node.value) and all(_is_pair(pair, each) for pair in pairs):
        return f"write [{', '.join(map(_quoted, pairs[:4]))}]"
    if each and each.fields and any(key in each.fields.known for key in keys):
        return "begin it with `- `: it is an entry of a list"
    if each and each.fields and each.scalars and keys:
        if all(scalars.is_null(value) for _, value in node.value):
            return f"write a list: [{', '.join(keys[:4])}{', ...' if len(keys) > 4 else ''}]"
        return f"write a list of maps: - {{{each.fields.required[0]}: {keys[0]}, ...}}"
    return "write it as an entry of a list, with `- `" if each and each.fields else None


def _quoted(text: str) -> str:
    return f'"{plain(text)}"'


def count(found: int, items: Items) -> Mistake:
    """A list that is too short or too long."""
    if items.most == items.least:
        each = items.each.scalars[0].title.rpartition(" like ")[2] if items.each.scalars else "..."
        return f"{items.title} belongs here, and this one has {found}", f"write two, each like {each}"
    return "this list is empty", "write what belongs in it, or remove the key"


def spaced(node: yaml.MappingNode, shape: Shape) -> Mistake | None:
    """`web: p0` where `web:p0` is meant: the space makes it a map."""
    if len(node.value) != 1 or not shape.scalars:
        return None
    ((key, value),) = node.value
    if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
        return None
    if shape.fields and key.value in shape.fields.known:
        return None
    for sign in ":=":
        text = f"{key.value}{sign}{value.value}"
        if _is_pair(text, shape):
            return f"{shown(f'{key.value}: {value.value}')} is a map, because of its `: `", f"write {_quoted(text)}"
    return None


def keyed(node: yaml.MappingNode, shape: Shape) -> Mistake | None:
    """`- lan: {...}` where `- {network: lan, ...}` is meant: a name in the place of the key that it is the value of."""
    fields = shape.fields
    if len(node.value) != 1 or fields is None or not (shape.scalars and fields.required):
        return None
    ((key, _),) = node.value
    name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
    if not name or name in fields.known or name == "<<" or about_key(name, fields.part, fields.known).meant in fields.required:
        return None
    return f"{shown(name)} is not a key here", f"write {{{fields.required[0]}: {plain(name)}, ...}}"


def missing(name: str, fields: Fields) -> str:
    """What to write for a key that must be there."""
    return f"write {name}: {_EXAMPLES.get(name, '...')}"


def scalar(node: yaml.ScalarNode, wanted: Scalar) -> Mistake:
    """A text where a number or boolean belongs."""
    text = str(node.value)
    message = f"{wanted.title} belongs here, not {scalars.described(node)}"
    if "boolean" in wanted.types:
        meant = _YES.get(text.lower()) or (text.lower() if text.lower() in ("true", "false") else None)
        return message, (f"write {meant}, without quotes" if meant and not scalars.is_plain(node) else meant and f"write {meant}")
    if not scalars.is_plain(node) and scalars.number(text) is not None:
        return message.replace(shown(text), f"the text {shown(text)}"), f"write {text}, without quotes"
    joined = re.sub(r"[_, ](?=[0-9]{3})", "", text)
    value = scalars.number(joined)
    if value is not None and abs(value) < 1e12 and value == int(value):
        return message, f"write {int(value)}"
    return message, _range(wanted)


def example(title: str) -> str | None:
    """What to write in a place whose title names an example."""
    return f"write one like {title.partition(' like ')[2]}" if " like " in title else None


def out_of_range(value: Any, text: str, wanted: Scalar) -> Mistake | None:
    """A number that is too small, too large, or has a fraction that does not belong."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and "integer" in wanted.types:
        return f"{shown(text)}: a whole number of seconds belongs here", f"write {max(1, round(value))}s"
    given = plain(text) if plain(text) == str(value) else f"{plain(text)} is {value} seconds, which"
    if wanted.minimum is not None and value < wanted.minimum:
        return f"{given} is under {wanted.minimum}", _range(wanted)
    if wanted.maximum is not None and value > wanted.maximum:
        return f"{given} is over {wanted.maximum}", _range(wanted)
    return None


def _range(wanted: Scalar) -> str | None:
    if wanted.minimum is None or wanted.maximum is None:
        return None
    return f"{wanted.title.partition(' like ')[0]} is from {wanted.minimum} to {wanted.maximum}"
