"""What a process is said to have cost."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from bench.processes import Failed, left_behind, spend
from tests.world.waiting import wait_for


def test_a_process_has_its_time_its_memory_and_its_words() -> None:
    spent = spend([sys.executable, "-c", "x = bytearray(300 << 20); print('said')"])
    assert spent.seconds > 0
    assert 300 <= spent.peak < 600
    assert spent.out == "said\n"


def test_a_process_that_fails_is_no_number() -> None:
    with pytest.raises(Failed, match=r"ends with 3:\nwhy"):
        spend([sys.executable, "-c", "import sys; print('why', file=sys.stderr); sys.exit(3)"])


def test_a_process_that_stays_is_seen() -> None:
    script = "import subprocess; print(subprocess.Popen(['sleep', '60'], stdout=-3, stderr=-3).pid)"
    before = left_behind()
    stays = int(spend([sys.executable, "-c", script]).out)
    try:
        # Its environment can be read a moment after execve(2) has closed what the parent waits for.
        wait_for(lambda: left_behind() == before + 1, why="the process to be seen")
    finally:
        os.kill(stays, signal.SIGKILL)
