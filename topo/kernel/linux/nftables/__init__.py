"""nftables without the nft program: rules in its words <-> nf_tables netlink (linux/netfilter/nf_tables.h)."""
