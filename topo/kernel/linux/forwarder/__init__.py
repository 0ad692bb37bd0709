"""The program that serves the published ports of a lab: a process of its own, which imports little of Python and nothing of topo."""
