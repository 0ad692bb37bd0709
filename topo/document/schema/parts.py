"""What a lab is made of: the schema of each part but a network, which its driver has a say in."""

from __future__ import annotations

from topo.document.formats import hosts, names
from topo.document.formats.addresses import MAC
from topo.document.schema.impairments import IMPAIR, IMPAIRMENT, OF_A_LINK
from topo.document.schema.words import Schema, address, fields, mtu, named, nullable, one_or_list, subnet, text
from topo.lab import FORWARDER, NAT

MAC_ADDRESS = text(
    "a MAC like 02:00:00:00:00:01",
    "mac",
    pattern=MAC,
    description="the MAC of the interface; unicast",
    default="made from the address or the name",
    examples=["02:00:00:00:00:01"],
)
INTERFACE = text(
    "an interface's name like eth0",
    "interface",
    pattern=names.INTERFACE,
    description="the name of the interface in the container",
    examples=["db0"],
)


def _port(form: str, description: str, example: int) -> Schema:
    return {
        "type": ["integer", "string"],
        "title": f"a port like {example}",
        "format": form,
        "description": description,
        "examples": [example],
    }


_METRIC = {
    "type": "integer",
    "title": "a metric",
    "minimum": 0,
    "maximum": 4294967295,
    "description": "of two routes to one place, the lower wins",
    "examples": [100],
}

NETWORK = {
    "subnet": subnet(
        "its addresses: one subnet, or several, of IPv4 and IPv6; by default the next free one, from 172.17.0.0/16 on",
        "10.0.0.0/24",
        ["10.1.0.0/24", "fd00:1::/64"],
    ),
    "gateway": {
        "anyOf": [
            text("an address like 10.0.0.1, or false", "address", pattern="^[0-9A-Fa-f:.]+$"),
            {
                "type": "array",
                "title": "a list of addresses",
                "items": text("an address like 10.0.0.1", "address"),
                "minItems": 1,
            },
            {"const": False, "title": "false"},
        ],
        "description": "the address of the network's own device, by which containers route; one for each subnet, or false",
        "default": "the first address of each subnet; none in a further subnet of a family of which one is named",
        "examples": ["10.0.0.254", False],
    },
    "mtu": {**mtu("the largest packet, in bytes, on this network"), "default": 1500},
    "mac": {
        **MAC_ADDRESS,
        "description": "the MAC of the network's own device; unicast",
        "default": "made from the network's name",
    },
    "impair": IMPAIR,
}

OF_DEVICE = ("mac",)
"""The keys of a network that only those have that have a device of their own."""
OF_PORTS = ("impair",)
"""Those that only one has on which each container has a port of its own."""

ATTACHMENT = {
    "network": text("a network's name", "network-reference", description="the network", examples=["front", "host", "none"]),
    "interface": {**INTERFACE, "default": "eth and the position in the list"},
    "address": {
        **address("the container's address there", "10.1.0.10", ["10.1.0.10", "fd00:1::10"]),
        "default": "the lowest free one",
    },
    "mac": MAC_ADDRESS,
    "mtu": {**mtu("the MTU of the interface"), "default": "the network's"},
    "aliases": one_or_list(
        text("a name", "alias", pattern=hosts.HOSTNAME),
        description="more names by which others on the network find the container",
        default=[],
        examples=[["www", "www.example"]],
    ),
    **IMPAIRMENT,
}

PORT = fields(
    "a published port",
    {
        "target": _port("topo-port", "the port in the container", 80),
        "published": _port("topo-port", "the port of the host", 8080),
        "host_ip": text(
            "an address of the host like 192.0.2.1",
            "host-address",
            description="the address of the host; 0.0.0.0 and :: are all of IPv4, of IPv6",
            default="127.0.0.1 and ::1",
            examples=["0.0.0.0"],
        ),
        "protocol": text("tcp or udp", "protocol", description="tcp or udp", default="tcp", examples=["udp"]),
        "mode": {
            "enum": ["host", "ingress"],
            "title": "host or ingress",
            "description": "as in Compose, where it means something",
            "examples": ["host"],
        },
        "name": text("a name", description="a name for the reader", examples=["web"]),
        "app_protocol": text("a protocol's name", description="what is spoken, for the reader", examples=["http"]),
    },
    required=("target", "published"),
)

ROUTE = fields(
    "a route",
    {
        "to": text(
            "default, or a subnet like 10.9.0.0/16",
            "destination",
            description="where to: default, a subnet, or an address",
            examples=["default"],
        ),
        "via": text("an address like 10.0.0.5", "router", description="the router to send through", examples=["10.0.0.254"]),
        "interface": {**INTERFACE, "description": "the interface to send from; by default, where `via` is", "examples": ["eth1"]},
        "metric": _METRIC,
        "type": {
            "enum": ["unicast", "blackhole", "unreachable", "prohibit"],
            "title": "a type of route",
            "default": "unicast",
            "description": "unicast sends; the others drop: in silence, or with an ICMP error",
            "examples": ["blackhole"],
        },
    },
    required=("to",),
)

CONTAINER = nullable(
    fields(
        "a container",
        {
            "networks": {
                "type": "array",
                "title": "a list of networks",
                "items": {
                    "anyOf": [
                        text("a network's name, or a map with `network`", "network-reference"),
                        {"$ref": "#/$defs/attachment"},
                    ]
                },
                "description": "the networks that it is on, in order: the first is eth0; [] is none",
                "default": ["default"],
                "examples": [["front", {"network": "back", "interface": "db0"}], ["host"], []],
            },
            "loopback": one_or_list(
                text("an address like 10.255.0.1/32", "loopback"),
                description="addresses on lo, besides 127.0.0.1 and ::1",
                default=[],
                examples=[["10.255.0.1/32"]],
            ),
            "hostname": text(
                "a hostname",
                "hostname",
                pattern=hosts.HOSTNAME,
                description="what hostname(1) says in it",
                default="the container's name",
                examples=["web.example"],
            ),
            "sysctls": {
                "anyOf": [
                    named(
                        "a map of sysctls",
                        {"format": "topo-sysctl", "pattern": names.SYSCTL},
                        {"type": ["string", "number"], "title": "a sysctl's value", "format": "topo-sysctl-value"},
                    ),
                    {"type": "array", "title": "a list of name=value", "items": text("a sysctl as name=value", "sysctl-pair")},
                ],
                "description": "kernel settings of its namespace: net.* only",
                "default": {},
                "examples": [{"net.ipv4.ip_forward": 1}],
            },
            "routes": {
                "type": "array",
                "title": "a list of routes",
                "items": {"$ref": "#/$defs/route"},
                "description": "its routes, besides those to its networks and the default route",
                "default": [],
                "examples": [[{"to": "10.9.0.0/16", "via": "10.0.0.3"}, {"to": "10.8.0.0/16", "type": "blackhole"}]],
            },
            "extra_hosts": {
                "anyOf": [
                    named(
                        "a map from names to addresses",
                        {"format": "topo-alias", "pattern": hosts.HOSTNAME},
                        text("an address like 10.0.0.5", "address"),
                    ),
                    {"type": "array", "title": "a list of name:address", "items": text("a host as name:address", "host")},
                ],
                "description": "more lines of its /etc/hosts",
                "default": {},
                "examples": [{"db.example": "10.0.0.5"}, ["db.example:10.0.0.5"]],
            },
            "gateway_network": text(
                "a network's name",
                "network-reference",
                description="which of its networks gives the default route",
                default="the first that has a gateway",
                examples=["front"],
            ),
            "ports": {
                "type": "array",
                "title": "a list of ports",
                "items": {
                    "anyOf": [
                        text('ports like "8080:80", or a map', "ports"),
                        {"$ref": "#/$defs/port"},
                    ]
                },
                "description": "ports that are published on the host, on its loopback addresses where none is named",
                "default": [],
                "examples": [["8080:80", "0.0.0.0:8443:443", "6060:6060/udp"], [{"target": 80, "published": 8080}]],
            },
            "publish": {
                "enum": [FORWARDER, NAT],
                "title": "forwarder or nat",
                "default": FORWARDER,
                "description": (
                    "how who comes from outside reaches its ports: forwarder: by a process; nat: by rules, faster and with the"
                    " client's address, where its default route goes by a network with an uplink"
                ),
                "examples": ["nat"],
            },
            "replicas": {
                "type": "integer",
                "title": "a number of replicas",
                "minimum": 1,
                "maximum": 4096,
                "description": "how many of it: web-1 .. web-N",
                "examples": [3],
            },
        },
        description="a container: a network namespace with a name",
    )
)

ENDPOINT = fields(
    "an end of a link",
    {
        "container": text("a container's name", description="the container", examples=["web"]),
        "interface": INTERFACE,
        "address": one_or_list(
            text("an address like 192.168.0.1/30", "address-with-prefix"),
            description="its address on the link; with a prefix length where the link has no subnet",
            default="of the link's subnet, the first for the first end",
            examples=["192.168.0.1/30"],
        ),
        "mac": MAC_ADDRESS,
    },
    required=("container", "interface"),
)

LINK = fields(
    "a link",
    {
        "endpoints": {
            "type": "array",
            "title": "a list of two ends",
            "items": {
                "anyOf": [
                    text("an end like web:eth1", "endpoint", pattern=names.ENDPOINT),
                    {"$ref": "#/$defs/endpoint"},
                ]
            },
            "minItems": 2,
            "maxItems": 2,
            "description": "its two ends: container:interface, or a map",
            "examples": [["web:p0", "db:p0"], [{"container": "web", "interface": "p0", "address": "192.168.0.1/30"}, "db:p0"]],
        },
        "subnet": subnet("its addresses: the first end has the lower one, a /31 and a /127 do", "192.168.0.0/31"),
        "mtu": {**mtu("the MTU of both ends"), "default": 1500},
        **OF_A_LINK,
    },
    required=("endpoints",),
)

LAB = fields(
    "a lab",
    {
        "name": text(
            "a lab's name",
            "lab",
            pattern=names.LAB,
            description="what the lab is called; `--name` overrides it",
            default="the file's name, or the folder's when the file is topo.yaml",
            examples=["shop"],
        ),
        "networks": nullable(
            named(
                "a map of networks",
                {"format": "topo-network", "pattern": names.NAME, "not": {"enum": list(names.RESERVED)}},
                {"$ref": "#/$defs/network"},
                description="the networks, by name; `default`, for containers that name none, is there without being said",
                default={},
                examples=[{"front": {"subnet": "10.0.0.0/24"}}],
            )
        ),
        "containers": nullable(
            named(
                "a map of containers",
                {"format": "topo-container", "pattern": names.NAME, "not": {"enum": list(names.RESERVED)}},
                {"$ref": "#/$defs/container"},
                description="the containers, by name",
                default={},
                examples=[{"a": None, "b": None}],
            )
        ),
        "links": {
            "type": ["array", "null"],
            "title": "a list of links",
            "items": {"$ref": "#/$defs/link"},
            "description": "point-to-point links between containers, without a bridge",
            "default": [],
            "examples": [[{"endpoints": ["web:p0", "db:p0"], "subnet": "192.168.0.0/31"}]],
        },
    },
)
