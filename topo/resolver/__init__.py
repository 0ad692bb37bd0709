"""Draft, Lab -> State: what a document means, every address, name and route of it decided; a pure function of the document."""

from __future__ import annotations

from topo.resolver.advice import warnings
from topo.resolver.state import checked, resolve
from topo.resolver.uplinks import settled

__all__ = ["checked", "resolve", "settled", "warnings"]
