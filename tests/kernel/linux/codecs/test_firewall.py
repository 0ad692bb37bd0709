"""The firewall that is asked for is the one that is found, and every change to it by hand is seen."""

from __future__ import annotations

import errno
import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence

import pytest
from msgspec.structs import replace

from tests.kernel.linux.codecs.looking import look
from topo.errors import KernelError
from topo.kernel.linux import namespaces, remove
from topo.kernel.linux.codecs.firewall import CODEC
from topo.kernel.linux.nftables import writing
from topo.kernel.linux.nftables.socket import NftSocket
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import Refusal
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.bridge import Bridge
from topo.objects.firewall import Chain, Firewall
from topo.resolver.fabric import fabric_objects, quiet

pytestmark = pytest.mark.live

LAB, FABRIC = "wall", "topo.wall"
WANTED = next(thing for thing in fabric_objects(LAB) if isinstance(thing, Firewall))
QUIET = next(quiet(LAB, [Bridge(namespace=FABRIC, name="n", mark=mark.of_network("n"), mac="02:42:00:00:00:01")]))
assert isinstance(QUIET, Firewall)


@pytest.fixture
def place() -> Iterator[Place]:
    namespaces.create(FABRIC)
    with Place(FABRIC, LAB, namespaces.open(FABRIC)) as place:
        yield place
    assert remove.remove(LAB) == []


def perform(place: Place, before: Firewall | None, after: Firewall | None) -> None:
    assert CODEC.perform is not None
    CODEC.perform(Operation(1, FABRIC, before, after, (), "lab/firewall"), place)


def found(place: Place) -> list[Firewall]:
    return [thing for thing in look(CODEC, LAB, place) if isinstance(thing, Firewall)]


def nft(*words: str) -> str:
    command = ["ip", "netns", "exec", FABRIC, "nft", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_is_written_is_read(place: Place) -> None:
    assert found(place) == []
    perform(place, None, WANTED)
    assert found(place) == [WANTED]


def test_each_family_has_a_table_of_its_own(place: Place) -> None:
    perform(place, None, QUIET)
    assert found(place) == [QUIET]
    perform(place, None, WANTED)
    assert sorted(thing.family for thing in found(place)) == ["bridge", "inet"]
    nft("add rule bridge topo quiet accept")
    drifted = next(thing for thing in found(place) if thing.family == "bridge")
    assert drifted != QUIET
    perform(place, drifted, QUIET)
    assert QUIET in found(place)
    perform(place, QUIET, None)
    assert found(place) == [WANTED]


def test_the_words_of_the_quiet_table_are_those_of_nft(place: Place) -> None:
    perform(place, None, QUIET)
    lines = [line.strip() for line in nft("list", "table", "bridge", "topo").splitlines()]
    assert [line for line in lines if line in QUIET.chains[0].rules] == list(QUIET.chains[0].rules)
    assert "type filter hook prerouting priority dstnat; policy accept;" in lines


def test_the_words_mean_what_nft_prints(place: Place) -> None:
    perform(place, None, WANTED)
    printed = re.sub(r"counter packets \d+ bytes \d+", "counter", nft("list", "table", "inet", "topo"))
    lines = {_sorted_members(line.strip()) for line in printed.splitlines()}
    assert {_sorted_members(rule) for chain in WANTED.chains for rule in chain.rules} <= lines
    assert "type filter hook prerouting priority raw; policy accept;" in lines
    assert "type filter hook forward priority filter; policy drop;" in lines


def _sorted_members(rule: str) -> str:
    """nft prints the members of a set in the order of their numbers."""
    return re.sub(r"\{ (.*) \}", lambda match: str(sorted(match[1].split(", "))), rule)


def test_what_nft_makes_of_the_words_is_the_same_firewall(place: Place) -> None:
    for chain in WANTED.chains:
        head = f"type filter hook {chain.hook} priority {chain.priority}; policy {chain.policy};"
        nft(f"table inet topo {{ chain {chain.name} {{ {head}\n" + "\n".join(chain.rules) + "\n}\n}\n")
    assert found(place) == [WANTED]


CHANGES = {
    "a rule is added": "add rule inet topo input tcp dport 22 accept",
    "a rule comes first": "insert rule inet topo forward accept",
    "a rule is added that topo could say": "add rule inet topo input counter",
    "another state": "add rule inet topo forward ct state new accept",
    "a policy": "chain inet topo forward { policy accept; }",
    "a chain": "add chain inet topo more",
    "a chain of another type": "add chain inet topo nat { type nat hook postrouting priority 100; }",
    "the table sleeps": "add table inet topo { flags dormant; }",
    "a rule is lost": "flush chain inet topo pre",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_seen_and_repaired(place: Place, change: str) -> None:
    perform(place, None, WANTED)
    nft(CHANGES[change])
    drifted = found(place)
    assert drifted != [WANTED]
    perform(place, drifted[0], WANTED)
    assert found(place) == [WANTED]


def test_one_rule_deleted_by_hand_is_seen(place: Place) -> None:
    perform(place, None, WANTED)
    listed = json.loads(nft("-j", "-a", "list", "chain", "inet", "topo", "forward"))["nftables"]
    handle = next(item["rule"]["handle"] for item in listed if "rule" in item)
    nft("delete", "rule", "inet", "topo", "forward", "handle", str(handle))
    assert found(place) != [WANTED]


def test_a_flushed_ruleset_is_no_firewall(place: Place) -> None:
    perform(place, None, WANTED)
    nft("flush", "ruleset")
    assert found(place) == []


def test_creating_one_that_is_there_makes_it_as_it_must_be(place: Place) -> None:
    perform(place, None, replace(WANTED, chains=WANTED.chains[:1]))
    perform(place, None, WANTED)
    assert found(place) == [WANTED]


def test_deleting_is_done_when_it_is_gone(place: Place) -> None:
    perform(place, None, WANTED)
    for _ in range(2):
        perform(place, WANTED, None)
        assert found(place) == []


def test_other_tables_are_not_touched(place: Place) -> None:
    nft("add table inet mine")
    nft("add chain inet mine input { type filter hook input priority 5; }")
    perform(place, None, WANTED)
    perform(place, WANTED, None)
    assert "chain input" in nft("list", "table", "inet", "mine")


def test_a_refused_transaction_leaves_what_there_was_and_names_the_chain(place: Place) -> None:
    perform(place, None, WANTED)
    good = Chain(name="good", hook="input", priority=0, policy="accept")
    bad = Chain(name="n" * 300, hook="input", priority=0, policy="accept")
    with pytest.raises(KernelError, match="nftables refuses the chain nnn"):
        perform(place, WANTED, replace(WANTED, chains=(good, bad)))
    assert found(place) == [WANTED]


@pytest.mark.parametrize(
    ("rule", "option"), [("fib saddr", "CONFIG_NFT_FIB_INET"), ("ct state", "CONFIG_NFT_CT"), (None, "CONFIG_NF_TABLES_INET")]
)
def test_a_kernel_without_it_is_named_with_what_it_lacks(
    place: Place, monkeypatch: pytest.MonkeyPatch, rule: str | None, option: str
) -> None:
    def refuse(socket: NftSocket, requests: Sequence[bytes]) -> Mapping[int, Refusal]:
        about = [request.about for request in writing.create(writing.Table("inet", "topo"), WANTED.chains)]
        position = next((at for at, words in enumerate(about) if rule and rule in words), 0)
        return {position: Refusal(errno.ENOENT), len(about) - 1: Refusal(errno.EBUSY), -1: Refusal(errno.EINVAL)}

    monkeypatch.setattr(NftSocket, "commit", refuse)
    with pytest.raises(KernelError, match=f"nftables refuses .*; the isolation .* needs a kernel with {option}") as error:
        perform(place, None, WANTED)
    assert error.value.errno == errno.ENOENT
