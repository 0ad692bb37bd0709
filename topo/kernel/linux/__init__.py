"""The real kernel: this machine's namespaces, links, addresses and files."""

from topo.kernel.linux.kernel import LinuxKernel

__all__ = ["LinuxKernel"]
