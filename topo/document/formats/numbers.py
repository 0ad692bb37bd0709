"""text -> seconds, VLANs, or the value of a sysctl."""

from __future__ import annotations

import re

from topo.document.formats.names import sysctl
from topo.document.formats.wrong import Wrong
from topo.document.report import shown

DURATION = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"

_PART = r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)"
_NUMBER = r"[0-9]+(\.[0-9]+)?"
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
_LONGEST = 30
_LAST_VLAN = 4094


def duration(text: str) -> int | float:
    """`300s`, `5m`, `1h30m`, `500ms`, or a number of seconds -> seconds; whole ones are an int."""
    text = f"{text}s" if re.fullmatch(_NUMBER, text) else text
    if len(text) > _LONGEST or not re.fullmatch(DURATION, text):
        joined = text.replace(" ", "").lower()
        hint = f"write {joined}" if re.fullmatch(DURATION, joined) else "write one like 300s, 5m or 1h30m, or a number of seconds"
        raise Wrong(f"{shown(text)} is not a duration", hint)
    seconds = round(sum(float(number) * _SECONDS[unit] for number, unit in re.findall(_PART, text)), 6)
    return int(seconds) if seconds == int(seconds) else seconds


def vlans(text: str) -> str:
    """`10`, or `20-30`: VLANs are 1 to 4094 (IEEE 802.1Q)."""
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", text)
    if not found:
        raise Wrong(f"{shown(text)} is not a VLAN", "write one like 10, or several like 20-30")
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= _LAST_VLAN or not 1 <= last <= _LAST_VLAN:
        raise Wrong(f"{shown(text)} is out of range", f"VLANs are 1 to {_LAST_VLAN}")
    if last < first:
        raise Wrong(f"{shown(text)} ends before it begins", f"write {last}-{first}")
    return f"{first}" if first == last else f"{first}-{last}"


def sysctl_value(text: str) -> str:
    """What is written to a file of /proc/sys: one line, white space folded as the kernel does."""
    if text.lower() in ("true", "false"):
        raise Wrong(f"the kernel does not know {shown(text)}", f"write {int(text.lower() == 'true')}")
    if not text.isprintable() and not text.replace("\t", " ").isprintable():
        raise Wrong(f"{shown(text)} is not one line of text")
    return " ".join(text.split())


def sysctl_pair(text: str) -> tuple[str, str]:
    """`net.ipv4.ip_forward=1`, as Compose writes a list of sysctls."""
    name, sign, value = text.partition("=")
    if not sign:
        raise Wrong(f"{shown(text)} has no `=`", f"write {text.strip() or 'net.ipv4.ip_forward'}=1")
    return sysctl(name.strip()), sysctl_value(value)
