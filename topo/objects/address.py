"""An IPv4 or IPv6 address of an interface."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import ADDRESS, ADDRESSES, IPV4, IPV6, IPV6_ON, LINK, UP, Key, Kind, Names, Object, Token, ip_token


class Address(Object, frozen=True, kw_only=True):
    """`ip` is canonical text with its prefix length: 172.17.0.2/16. `broadcast` is None for IPv6, /31 and /32.

    `permanent`: it has no lifetime. The owner of a container's address names the interface: `containers/web/eth0`.
    """

    kind = "address"
    interface: str
    ip: str
    broadcast: str | None = None
    permanent: bool = True

    @property
    def key(self) -> Key:
        return ("address", str(self.namespace), self.interface, self.ip)

    @property
    def address(self) -> str:
        return f"{self.owner}/{self.ip}"

    @property
    def family(self) -> str:
        """`ipv4` or `ipv6`."""
        return IPV6 if ":" in self.ip else IPV4

    @property
    def bare(self) -> str:
        """The address without its prefix length."""
        return self.ip.partition("/")[0]


def _requires(thing: Address) -> tuple[Token, ...]:
    namespace, interface = str(thing.namespace), thing.interface
    link = (LINK, namespace, interface)
    return (link, (IPV6_ON, namespace, interface)) if thing.family == IPV6 else (link,)


def _lost_with(thing: Address) -> tuple[Token, ...]:
    # addrconf_ifdown: an interface that goes down drops its IPv6 addresses, and takes them again while it is down.
    return ((UP, str(thing.namespace), thing.interface),) if thing.family == IPV6 else ()


def _provides(thing: Address) -> tuple[Token, ...]:
    namespace, interface = str(thing.namespace), thing.interface
    return (
        (thing.family, namespace, interface),
        (ADDRESSES, namespace, interface),
        ip_token(namespace, thing.bare, interface),
    )


def _occupies(thing: Address) -> tuple[Token, ...]:
    # IPv4 can hold one address with two prefix lengths at once, and so changes it without a gap. IPv6 cannot.
    return ((ADDRESS, str(thing.namespace), thing.interface, thing.bare),) if thing.family == IPV6 else ()


def _place(thing: Address) -> Token:
    return (str(thing.namespace), thing.interface, thing.bare)


def _renamed(thing: Address, names: Names) -> Address:
    name = names.get((str(thing.namespace), thing.interface))
    return replace(thing, interface=name) if name else thing


def _automatic(thing: Address) -> bool:
    return thing.interface == "lo" and thing.ip in ("127.0.0.1/8", "::1/128")


def _words(before: Address | None, after: Address | None) -> str:
    thing = after or before
    assert thing is not None
    verb = "delete" if after is None else "add" if before is None else "change"
    broadcast = f" broadcast {thing.broadcast}" if thing.broadcast and after else ""
    return f"ip -n {thing.namespace} address {verb} {thing.ip}{broadcast} dev {thing.interface}"


KIND = Kind(
    name="address",
    type=Address,
    summary="an IPv4 or IPv6 address of an interface",
    requires=_requires,
    lost_with=_lost_with,
    provides=_provides,
    occupies=_occupies,
    place=_place,
    replaced={"broadcast": "RTM_NEWADDR with NLM_F_REPLACE says yes and changes nothing but mark and lifetime"},
    # ip address change valid_lft: inet_rtm_newaddr and inet6_addr_modify set IFA_PROTO to what the message says, or to none.
    unmarking=frozenset({"permanent"}),
    # Of IPv4 it does so from Linux 6.4 on (5c4a9aa856c7); before, the address stays as it was.
    if_able={"owned": "re-marking of addresses"},
    exact=frozenset({"broadcast"}),
    renamed=_renamed,
    automatic=_automatic,
    words=_words,
)
