"""A script that runs in a namespace, and has said that it does."""

from __future__ import annotations

import subprocess


def start(namespace: str, script: str) -> subprocess.Popen[str]:
    """Returns when the script runs: `sleep 60`. It is a child of a shell, which waits for it."""
    command = ["ip", "netns", "exec", namespace, "sh", "-c", f"{script} & echo ready; wait"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process: subprocess.Popen[str]) -> int:
    """What it ended with: minus the number of a signal."""
    assert process.stdout is not None
    process.stdout.close()
    return process.wait(10)
