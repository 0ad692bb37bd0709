"""text -> an address, subnet, destination or MAC, as the kernel prints it."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network

from topo.document.formats.wrong import Wrong
from topo.document.report import shown

MAC = "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$"

_DOTTED = r"[0-9]+(\.[0-9]+)*"
_Address = IPv4Address | IPv6Address

_NONE = "an address that means `none`"
_OWN = "a loopback address, which every container has for itself"
_UNUSABLE = {
    4: ((28, 0xE, "a multicast address"), (24, 0, _NONE), (24, 127, _OWN), (0, 0xFFFFFFFF, "the broadcast address")),
    6: (
        (120, 0xFF, "a multicast address"),
        (0, 0, _NONE),
        (0, 1, _OWN),
        (118, 0xFE80 >> 6, "a link-local address, which topo makes from the MAC"),
    ),
}
"""family -> (how many bits at the end are free, the bits before them, what such an address is)."""


@lru_cache(maxsize=4096)
def address(text: str) -> str:
    """A bare address that one interface can have."""
    if "/" in text:
        bare = text.partition("/")[0]
        _parsed(bare)
        raise Wrong(f"{shown(text)} has a prefix length, which the network's subnet gives", f"write {bare}")
    return str(_usable(_parsed(text)))


def elsewhere(text: str) -> str:
    """A bare address that a name may stand for: a container's own loopback, and 0.0.0.0 to block the name, as well."""
    bare, slash, _ = text.partition("/")
    parsed = _parsed(bare)
    if slash:
        raise Wrong(f"{shown(text)} has a prefix length, and a name stands for one address", f"write {bare}")
    return str(parsed if parsed.is_loopback or parsed.is_unspecified else _usable(parsed))


@lru_cache(maxsize=4096)
def router(text: str) -> str:
    """A bare address that another station can have: link-local ones too."""
    bare, slash, length = text.partition("/")
    parsed = _parsed(bare, slash + length)
    if slash:
        raise Wrong(f"{shown(text)} has a prefix length, and a router is one address", f"write {bare}")
    return str(parsed if parsed.version == 6 and parsed.is_link_local else _usable(parsed))


def with_prefix(text: str) -> str:
    """An address, with a prefix length or without."""
    bare, slash, length = text.partition("/")
    parsed = _usable(_parsed(bare, slash + length))
    return f"{parsed}/{_length(length, parsed, text)}" if slash else str(parsed)


def loopback(text: str) -> str:
    """An address on lo: alone in its subnet unless a prefix length says otherwise."""
    bare, slash, length = text.partition("/")
    parsed = _parsed(bare, slash + length)
    if parsed.is_loopback:
        raise Wrong(f"{shown(text)}: lo has 127.0.0.1/8 and ::1/128 already", "remove it, or name an address like 10.255.0.1")
    _usable(parsed)
    return f"{parsed}/{_length(length, parsed, text) if slash else parsed.max_prefixlen}"


def subnet(text: str) -> str:
    """A subnet in canonical CIDR form, without host bits."""
    return _network(text)


def destination(text: str) -> str:
    """Where a route goes: `default`, a subnet, or one address. `default` stays, as its family stands elsewhere."""
    if text in ("default", "any"):
        return "default"
    if "/" not in text:
        parsed = _parsed(text)
        return f"{parsed}/{parsed.max_prefixlen}"
    return _network(text)


def mac(text: str) -> str:
    """A unicast MAC, in lower case."""
    if not re.fullmatch(MAC, text):
        digits = re.sub("[-:.]", "", text)
        parts = text.split(":")
        if re.fullmatch("[0-9A-Fa-f]{12}", digits):
            fixed = ":".join(re.findall("..", digits.lower()))
            raise Wrong(f"{shown(text)} is not how a MAC is written here", f"write {fixed}")
        if len(parts) == 6 and all(re.fullmatch("[0-9A-Fa-f]{1,2}", part) for part in parts):
            raise Wrong(f"{shown(text)} has a part of one digit", f"write {':'.join(part.zfill(2) for part in parts).lower()}")
        raise Wrong(f"{shown(text)} is not a MAC, which has six pairs of hexadecimal digits")
    value = bytes.fromhex(text.replace(":", ""))
    if not any(value):
        raise Wrong("a MAC of zeros is no interface's", "write one like 02:00:00:00:00:01")
    if value[0] & 1:
        single = bytes([value[0] & 0xFC | 2, *value[1:]]).hex(":")
        raise Wrong(f"{shown(text)} is a multicast MAC: its first byte is odd", f"write {single}")
    return text.lower()


def _network(text: str) -> str:
    bare, slash, length = text.partition("/")
    parsed = _parsed(bare, slash + length)
    if not slash:
        guess = ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False)
        raise Wrong(f"{shown(text)} has no prefix length", f"write {guess}")
    prefix = _length(length, parsed, text)
    if int(parsed) & (1 << parsed.max_prefixlen - prefix) - 1:
        raise Wrong(f"{text} has host bits set", f"write {ip_network(f'{parsed}/{prefix}', strict=False)}")
    return f"{parsed}/{prefix}"


def _length(text: str, parsed: _Address, whole: str) -> int:
    """The prefix length after the slash. A netmask is understood, to say what to write."""
    if re.fullmatch("[0-9]{1,4}", text):
        if int(text) <= parsed.max_prefixlen:
            return int(text)
        most = parsed.max_prefixlen
        message = f"{shown(whole)}: the prefix length of an IPv{parsed.version} address is at most {most}"
        raise Wrong(message, f"write a length from 0 to {most}")
    hint = None
    if parsed.version == 4 and "." in text:
        try:
            hint = f"write {parsed}/{IPv4Network(f'{parsed}/{text}', strict=False).prefixlen}"
        except ValueError:
            hint = None
    raise Wrong(f"{shown(whole)}: {shown(text)} is not a prefix length", hint)


def _parsed(text: str, rest: str = "") -> _Address:
    """The address. `rest`: what follows it in the document, and so in a hint."""
    try:
        found = IPv6Address(text) if ":" in text else IPv4Address(text)
    except ValueError:
        raise _not_an_address(text, rest) from None
    if isinstance(found, IPv6Address) and found.scope_id:
        raise Wrong(f"{shown(text)} names an interface after `%`", f"write {text.partition('%')[0]}{rest}")
    return found


def _usable(parsed: _Address) -> _Address:
    """What an interface can have, of what is an address."""
    value = int(parsed)
    for free, bits, why in _UNUSABLE[parsed.version]:
        if value >> free == bits:
            raise Wrong(f"{parsed} is {why}", "choose an address of the subnet" if parsed.version == 4 else None)
    return parsed


def _not_an_address(text: str, rest: str) -> Wrong:
    numbers = text.split(".")
    if not text:
        return Wrong("an address is empty")
    if not re.fullmatch(_DOTTED, text):
        if ":" in text:
            return Wrong(f"{shown(text)} is not an IPv6 address", f"an IPv6 address is like fd00::2{rest}")
        return Wrong(f"{shown(text)} is not an IP address")
    if len(numbers) != 4:
        count = f"{len(numbers)} number{'s' if len(numbers) > 1 else ''}"
        return Wrong(f"{shown(text)} is not an IPv4 address: it has {count} where four belong")
    large = next((number for number in numbers if int(number[:9]) > 255), None)
    if large:
        return Wrong(f"{shown(text)} is not an IPv4 address: {shown(large)[1:-1]} is over 255")
    fixed = ".".join(str(int(number)) for number in numbers)
    return Wrong(f"{shown(text)}: a number of an IPv4 address has no leading zero", f"write {fixed}{rest}")
