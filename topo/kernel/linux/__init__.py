"""The real kernel: this machine's namespaces, links, addresses and files."""
