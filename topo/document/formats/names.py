"""text -> a name: of a lab, network, container, interface, sysctl, or of an interface of a container."""

from __future__ import annotations

import re

from topo.document.formats.wrong import Wrong
from topo.document.report import shown

# Texts, which `re` compiles when they are first asked for, and keeps: most documents need few of them.
LAB = "^[a-z0-9][a-z0-9-]{0,31}$"
NAME = "^[a-z0-9][a-z0-9_-]{0,62}$"
INTERFACE = r"^[^\s/:%]{1,15}$"
ENDPOINT = r"^[a-z0-9][a-z0-9_-]{0,62}:[^\s/:%]{1,15}$"
SYSCTL = r"^net(\.[A-Za-z0-9_/+@~-]*[A-Za-z0-9_+@~-][A-Za-z0-9_/+@~-]*)+$"

RESERVED = ("localhost", "lo", "all", "host", "none")
LONGEST = 63
_LONGEST_INTERFACE = 15  # IFNAMSIZ, less the NUL
_TAKEN_INTERFACES = ("lo", "all", "default", ".", "..")
_TAKEN_ADDRESSES = ("host", "hostname", "hosts", "routes")
"""Else `containers/web/hosts` in a plan could be an interface, and could be a file of the container."""

_NUMBER = r"(0[xX][0-9a-fA-F]*|[0-9]+)(\.(0[xX][0-9a-fA-F]*|[0-9]+))*"
"""What inet_aton(3) reads: `2` is 0.0.0.2, and no file of names is asked for it."""

_OF_MTU = r"net\.ipv[46]\.conf\.(.+)\.mtu"


def is_name(text: str) -> bool:
    """Whether a container or network can be called so."""
    return bool(re.fullmatch(NAME, text)) and text not in RESERVED


def lab(text: str) -> str:
    """At most 32 of a-z, 0-9 and `-`: it is part of a namespace's name, between dots."""
    if not re.fullmatch(LAB, text):
        raise Wrong(*_misnamed("lab", text, 32, "-"))
    return text


def network(text: str) -> str:
    """A network's name where it is declared."""
    return _named("network", text)


def container(text: str) -> str:
    """A container's name where it is declared."""
    check_number(text, "container's name")
    return _named("container", text)


def network_reference(text: str) -> str:
    """A network's name in a container's list, where `host` and `none` may stand; who is meant is looked up later."""
    return text


def check_number(text: str, what: str) -> None:
    """Raises Wrong for a name that programs take for an address, so that they never look it up."""
    if text[:1].isdigit() and re.fullmatch(_NUMBER, text):  # few begin with a digit
        raise Wrong(
            f"{shown(text)} cannot be a {what}: programs take it for an IP address", f"write one like n{text.replace('.', '-')}"
        )


def _named(what: str, text: str) -> str:
    if text in RESERVED:
        raise Wrong(f"{shown(text)} is reserved: no {what} can be called so", "choose another name")
    if not re.fullmatch(NAME, text):
        raise Wrong(*_misnamed(what, text, LONGEST, "_-"))
    return text


def _misnamed(what: str, text: str, most: int, signs: str) -> tuple[str, str]:
    allowed = "a-z, 0-9" + "".join(f" and `{sign}`" if sign == signs[-1] else f", `{sign}`" for sign in signs)
    if not text:
        return f"a {what}'s name is empty", f"a name has {allowed}"
    valid = valid_name(text, most, signs)
    hint = f"write {valid}" if valid else f"a name has {allowed}, and begins with a letter or digit"
    if len(text) > most:
        return f"{shown(text)} has {len(text)} characters; a {what}'s name has at most {most}", f"a name has {allowed}"
    bad = next((sign for sign in text if not re.fullmatch(f"[a-z0-9{re.escape(signs)}]", sign)), None)
    if bad is None:
        return f"{shown(text)} begins with `{text[0]}`: a {what}'s name begins with a letter or digit", hint
    if bad.isascii() and bad.isupper():
        return f"{shown(text)} has a capital letter; a {what}'s name has {allowed}", hint
    return f"{shown(text)} has {shown(bad) if bad != ' ' else 'a space'} in it; a {what}'s name has {allowed}", hint


def valid_name(text: str, most: int, signs: str) -> str:
    """The nearest valid name, or nothing: lower case, what is not allowed becomes `-`."""
    return re.sub(f"[^a-z0-9{re.escape(signs)}]+", "-", text.lower()).strip("-_")[:most].rstrip("-_")


def interface(text: str) -> str:
    """What the kernel takes as a device's name (dev_valid_name), less `%`, which it would fill in."""
    if not text:
        raise Wrong("an interface's name is empty", "write one like eth0")
    if text in _TAKEN_INTERFACES:
        why = "every container has it already" if text == "lo" else "the kernel refuses a device of this name"
        raise Wrong(f"{shown(text)} cannot be an interface: {why}", "write one like eth0")
    if text in _TAKEN_ADDRESSES:
        message = f"{shown(text)} cannot be an interface: in a plan, something else of a container is called so"
        raise Wrong(message, "write one like eth0")
    bad = next((sign for sign in text if sign in "/:%" or sign.isspace() or not sign.isprintable()), None)
    if bad is not None:
        raise Wrong(f"{shown(text)} has {'a space' if bad == ' ' else shown(bad)} in it, which no interface's name can have")
    size = len(text.encode())
    if size > _LONGEST_INTERFACE:
        raise Wrong(f"{shown(text)} has {size} bytes; an interface's name has at most {_LONGEST_INTERFACE}")
    return text


def endpoint(text: str) -> tuple[str, str]:
    """`web:eth1` -> ("web", "eth1")."""
    name, colon, device = text.partition(":")
    if not colon:
        raise Wrong(f"{shown(text)} names no interface", f"write {text or 'web'}:eth1")
    if ":" in device:
        raise Wrong(f"{shown(text)} has more than one `:`", f"write {name or 'web'}:{device.partition(':')[0] or 'eth1'}")
    if not name or not device:
        raise Wrong(
            f"{shown(text)} names no {'container' if not name else 'interface'}", f"write {name or 'web'}:{device or 'eth1'}"
        )
    return name, interface(device)


def sysctl(text: str) -> str:
    """A sysctl of a network namespace, with dots; a dot within an interface's name is `/`, as sysctl(8) writes it."""
    if text.startswith("net/"):
        raise Wrong(f"{shown(text)} is written with `/`", f"write {text.replace('.', '~').replace('/', '.').replace('~', '/')}")
    if not text.startswith("net."):
        raise Wrong(f"{shown(text)} does not belong to a network namespace: only net.* does", "remove it")
    if re.fullmatch(_OF_MTU, text):
        raise Wrong(
            f"{shown(text)} would change an MTU behind topo's back", "write `mtu:` at the network, its interface or the link"
        )
    if not re.fullmatch(SYSCTL, text):
        raise Wrong(f"{shown(text)} is not the name of a sysctl", "write one like net.ipv4.ip_forward")
    return text
