"""The programs that build labs: the same one by each of them."""
