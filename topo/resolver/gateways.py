"""Network, its subnets -> the gateway's address in each of them: of the network's own device or, on a LAN, of a router there."""

from __future__ import annotations

from collections.abc import Sequence

from topo.lab import Network, Path
from topo.networks import version_of
from topo.resolver.problems import Problems
from topo.resolver.subnet import Subnet, number


def gateways_of(network: Network, subnets: Sequence[Subnet], problems: Problems, *, lan: bool = False) -> list[int | None]:
    """One a subnet, in their order: the named one that lies in it, else its first host address; None with `gateway: false`.

    Who names one of a family names all of that family: a subnet without is not given one that would go before it.
    lan: who routes there is not topo's to decide: none but the named ones.
    """
    here = ("networks", network.name)
    if network.gateway == () or problems.doubtful((*here, "gateway")):
        return [None] * len(subnets)
    if network.gateway is None and lan:
        return [None] * len(subnets)
    families = {version_of(text) for text in network.gateway or ()}
    gateways = [None if lan or subnet.version in families else subnet.lowest for subnet in subnets]
    named: dict[int, Path] = {}
    for position, text in enumerate(network.gateway or ()):
        path = problems.item((*here, "gateway"), position)
        value, version = number(text), version_of(text)
        at = next((at for at, subnet in enumerate(subnets) if subnet.version == version and value in subnet), None)
        if at is None:
            _tell_outside(network, subnets, text, path, problems)
        elif reason := subnets[at].unusable(value):
            message = f"{text} is {reason} of {subnets[at]}"
            problems.add(path, message, code="gateway-unusable", hint=f"choose one of {subnets[at].hosts}", given=[here])
        elif at in named:
            message = f"{subnets[at]} has a gateway already ({problems.at(named[at])})"
            problems.add(path, message, code="gateway-twice", hint="name one gateway a subnet", given=[here])
        else:
            gateways[at], named[at] = value, path
    return gateways


def _tell_outside(network: Network, subnets: Sequence[Subnet], text: str, path: Path, problems: Problems) -> None:
    same = [subnet for subnet in subnets if subnet.version == version_of(text)]
    if same:
        places = ", ".join(f"{subnet} ({problems.at(subnet.path)})" for subnet in same)
        message, hint = f"{text} is outside the subnet of network {network.name}, {places}", f"choose one of {same[0].hosts}"
    else:
        message, hint = f"{text}: network {network.name} has no IPv{version_of(text)} subnet", "add one to its `subnet`"
    problems.add(path, message, code="gateway-outside", hint=hint, given=[("networks", network.name)])
