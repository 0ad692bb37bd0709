"""Two rules in each chain of others that drops, which let a lab through: made, found by their comment, taken out; no other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from errno import ERESTART

from topo.errors import KernelError
from topo.kernel.linux import attributes
from topo.kernel.linux.messages import NLM_F_CREATE
from topo.kernel.linux.nftables import foreign, phrases
from topo.kernel.linux.nftables.foreign import Chain, Rule
from topo.kernel.linux.nftables.socket import Nft, message, opened
from topo.kernel.linux.place import Place

_ATTEMPTS = 20


def doors(place: Place) -> tuple[str, ...]:
    """The chains into which such rules go, for everything that is forwarded to get through: `ip filter DOCKER-USER`."""
    return tuple(chain.words(chain.door) for chain in forwarding(place) if chain.drops and chain.free)


def closed(place: Place) -> list[Chain]:
    """The chains of others that drop what is forwarded and no rule of theirs lets through."""
    return [chain for chain in forwarding(place) if chain.drops]


def read(place: Place, lab: str) -> tuple[str, ...]:
    """The rules of the lab's, each behind its chain: `ip filter DOCKER-USER iifname "topo-shop" counter accept`."""
    return tuple(sorted(f"{chain.words(name)} {rule.words}" for chain, name, rule in _ours(forwarding(place), lab)))


def write(place: Place, lab: str, wanted: Collection[str]) -> None:
    """Of the lab's, these and no others, at the head of their chains. A chain that has gone meanwhile is left out.

    Raises KernelError. Nothing is done unless the rules of the namespace are as they were read.
    """
    with opened(place) as socket:
        if socket is None:
            return
        for _ in range(_ATTEMPTS):
            generation = socket.generation()
            requests = list(_requests(foreign.forwarding(socket), lab, wanted))
            refusals = socket.commit(requests, generation) if requests else {}
            if not refusals:
                return
            first = refusals[max(refusals)]
            if first.errno != ERESTART:
                break
    raise KernelError(f"nftables refuses the rules of the lab in chains of others: {first}", errno=first.errno)


def _requests(chains: Sequence[Chain], lab: str, wanted: Collection[str]) -> Iterator[bytes]:
    left = set(wanted)
    for chain, name, rule in _ours(chains, lab):
        words = f"{chain.words(name)} {rule.words}"
        if words in left:
            left.discard(words)
        elif chain.free:
            yield message(Nft.DELRULE, 0, chain.family, *_in(chain, name), attributes.raw(3, rule.handle))
    ways = {f"{chain.words(chain.door)} ": chain for chain in chains if chain.free}
    for words in sorted(left, reverse=True):
        for head, chain in ways.items():
            if words.startswith(head):
                yield _insertion(chain, words.removeprefix(head), lab)


def _insertion(chain: Chain, words: str, lab: str) -> bytes:
    """At the head: that is where a rule without NLM_F_APPEND goes (nf_tables_newrule)."""
    parts = [attributes.nested(1, attributes.text(1, one.name), attributes.nested(2, one.data)) for one in phrases.encode(words)]
    said = attributes.nested(4, *parts), attributes.raw(7, foreign.comment_of(mark(lab)))
    return message(Nft.NEWRULE, NLM_F_CREATE, chain.family, *_in(chain, chain.door), *said)


def _in(chain: Chain, name: str) -> tuple[bytes, bytes]:
    return attributes.text(1, chain.table), attributes.text(2, name)


def _ours(chains: Sequence[Chain], lab: str) -> Iterator[tuple[Chain, str, Rule]]:
    mine = mark(lab)
    each = {chain.words(name): (chain, name, rules) for chain in chains for name, rules in chain.rules.items()}
    for chain, name, rules in each.values():
        yield from ((chain, name, rule) for rule in rules if rule.comment == mine)


def mark(lab: str) -> str:
    """The comment of rules of the lab's."""
    return f"topo {lab}"


def forwarding(place: Place) -> list[Chain]:
    """The chains of others through which all must go that is forwarded; none where there is no nftables."""
    with opened(place) as socket:
        for _ in range(_ATTEMPTS if socket else 0):
            assert socket
            with suppress(OSError):  # a chain has gone since the chains were listed, or there is no nf_tables
                return foreign.forwarding(socket)
    return []
