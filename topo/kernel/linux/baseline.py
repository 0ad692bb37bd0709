"""The host's settings -> what is written into a new namespace, so that a lab is the same on every host."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from topo.kernel.linux.proc import Proc

_SYS = "/proc/sys/"
_proc = Proc()

# devinet_init_net copies the host's net.ipv4.conf into every new namespace (unless net.core.devconf_inherit_init_net is 2):
# whatever a distribution or Docker changed there. All that is not named here is 0 in the kernel (net/ipv4/devinet.c).
_IPV4_DEFAULTS = {
    "accept_redirects": "1",
    "arp_evict_nocarrier": "1",
    "igmpv2_unsolicited_report_interval": "10000",
    "igmpv3_unsolicited_report_interval": "1000",
    "secure_redirects": "1",
    "send_redirects": "1",
    "shared_media": "1",
}

_ALSO = {
    "net/ipv4/conf/default/accept_source_route": "1",
    **{f"net/ipv6/conf/{which}/{name}": "0" for which in ("all", "default") for name in ("forwarding", "disable_ipv6")},
}

# br_netfilter starts with 1 in every namespace, and would send frames between two ports of a bridge through the firewall.
_BRIDGES = {f"net/bridge/bridge-nf-call-{tables}": "0" for tables in ("arptables", "ip6tables", "iptables")}


@cache
def differences(*, bridges: bool) -> tuple[tuple[str, bytes], ...]:
    """(path of a setting, value) for each that a new namespace has otherwise; `bridges`: topo makes bridges there. Found once,
    in the namespace of the calling thread, which must be a new one: it takes half a millisecond."""
    wanted = {path: value for path, value in _wanted(bridges).items() if Path(path).exists()}
    return tuple((path, value.encode()) for path, value in wanted.items() if Path(path).read_text().strip() != value)


def forget() -> None:
    """The host may have other settings by now: a command begins."""
    differences.cache_clear()
    _proc.close()


def write(*, bridges: bool) -> None:
    """Writes the baseline into the namespace of the calling thread, a new one."""
    if found := differences(bridges=bridges):
        _proc.turn()
        for path, value in found:
            _proc.write(path, value)


def _wanted(bridges: bool) -> dict[str, str]:
    folders = (f"{_SYS}net/ipv4/conf/{which}/" for which in ("all", "default"))
    ipv4 = {folder + name: _IPV4_DEFAULTS.get(name, "0") for folder in folders for name in os.listdir(folder)}
    ipv4 = {path: value for path, value in ipv4.items() if not path.endswith("/mc_forwarding")}  # a multicast router's, read-only
    return ipv4 | {_SYS + path: value for path, value in (_ALSO | (_BRIDGES if bridges else {})).items()}
