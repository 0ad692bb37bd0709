"""The only door to the kernel: netlink, namespaces, mounts, processes. Nothing outside this folder touches them."""
