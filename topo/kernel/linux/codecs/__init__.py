"""How each kind of object is spoken to the kernel: a file per kind, of the name that it has in objects/."""
