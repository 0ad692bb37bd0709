"""text -> a name that resolves to an address: hostname, alias, line of /etc/hosts."""

from __future__ import annotations

import re

from topo.document.formats.addresses import elsewhere
from topo.document.formats.names import check_number
from topo.document.formats.wrong import Wrong
from topo.document.report import shown

HOSTNAME = r"^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*$"

_LONGEST = 64  # HOST_NAME_MAX, hostname(7)
_LONGEST_ALIAS = 253


def hostname(text: str) -> str:
    """What sethostname(2) and a resolver take."""
    _check_localhost(text)
    return _checked(text, "hostname", _LONGEST)


def alias(text: str) -> str:
    """Another name in /etc/hosts."""
    _check_localhost(text)
    check_number(text, "name")
    return _checked(text, "name", _LONGEST_ALIAS)


def pair(text: str) -> tuple[str, str]:
    """`name:address` or `name=address`, as Compose writes extra_hosts; an IPv6 address may stand in brackets."""
    name, sign, given = text.partition("=") if "=" in text else text.partition(":")
    if not sign or not name or not given:
        raise Wrong(f"{shown(text)} is not a name and an address", "write one like db.example:10.0.0.5")
    if given.startswith("[") and given.endswith("]"):
        given = given[1:-1]
    return alias(name.strip()), elsewhere(given.strip())


def _check_localhost(text: str) -> None:
    if text.lower() == "localhost":
        raise Wrong(f"{shown(text)} is every container's own", "choose another name")


def _checked(text: str, what: str, most: int) -> str:
    if len(text) > most:
        raise Wrong(f"{shown(text)} has {len(text)} characters; a {what} has at most {most}")
    if not text:
        raise Wrong(f"a {what} is empty", "remove it")
    if not re.fullmatch(HOSTNAME, text):
        bad = next((sign for sign in text if not re.fullmatch("[A-Za-z0-9_.-]", sign)), None)
        if bad:
            fixed = re.sub("[^A-Za-z0-9_.-]+", "-", text).strip("-")
            hint = f"write {fixed}" if re.fullmatch(HOSTNAME, fixed) else None
            raise Wrong(f"{shown(text)} has {'a space' if bad == ' ' else shown(bad)} in it, which no {what} can have", hint)
        hint = "each part between dots has at most 63 letters, digits, `-` and `_`, and begins and ends with a letter or digit"
        raise Wrong(f"{shown(text)} is not a {what}", hint)
    return text
