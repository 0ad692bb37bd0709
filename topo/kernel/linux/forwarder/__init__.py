"""The program that serves the published ports of a lab: a process of its own, which imports nothing of topo."""
