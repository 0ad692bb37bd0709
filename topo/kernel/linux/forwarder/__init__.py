"""The program that serves the published ports of a lab: a process of its own, which imports nothing of topo."""

NAME = "topo-forwarder"
"""What the process is called (/proc/PID/comm)."""
