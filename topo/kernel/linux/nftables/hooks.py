"""The words of nft(8) for families, hooks and policies <-> the kernel's numbers (linux/netfilter.h)."""

from __future__ import annotations

FAMILIES = {"inet": 1, "bridge": 7}
HOOKS = {"prerouting": 0, "input": 1, "forward": 2, "output": 3, "postrouting": 4}
POLICIES = {"drop": 0, "accept": 1}

FAMILY_NAMES = {number: name for name, number in FAMILIES.items()}
HOOK_NAMES = {number: name for name, number in HOOKS.items()}
POLICY_NAMES = {number: name for name, number in POLICIES.items()}
