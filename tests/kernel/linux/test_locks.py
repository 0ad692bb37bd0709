"""One at a time, whoever dies or removes the folder meanwhile; and no lock where there is no lab."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread

import pytest

from topo.errors import LockTimeoutError
from topo.kernel.linux import folders, locks

LAB = "shop"
FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_RUN", tmp_path)


def hold(held: Event, go: Event) -> None:
    with locks.lock(LAB):
        held.set()
        go.wait(30)


def test_the_holder_is_named() -> None:
    held, go = FORK.Event(), FORK.Event()
    holder = FORK.Process(target=hold, args=(held, go))
    holder.start()
    assert held.wait(10)
    with pytest.raises(LockTimeoutError, match=f"process {holder.pid}"), locks.lock(LAB, timeout=0):
        pass
    go.set()
    holder.join()
    with locks.lock(LAB, timeout=0):
        pass


def test_the_lock_of_a_killed_process_is_free() -> None:
    held, go = FORK.Event(), FORK.Event()
    holder = FORK.Process(target=hold, args=(held, go))
    holder.start()
    assert held.wait(10)
    holder.kill()
    holder.join()
    with locks.lock(LAB, timeout=0):
        pass


def test_threads_exclude_each_other(wait_for: Callable[..., object]) -> None:
    with locks.lock(LAB):
        with pytest.raises(LockTimeoutError), locks.lock(LAB, timeout=0):
            pass
        entered: list[bool] = []
        other = Thread(target=lambda: entered.append(_enter()))
        other.start()
        assert not entered
    wait_for(lambda: entered)
    other.join()


def _enter() -> bool:
    with locks.lock(LAB, timeout=10):
        return True


def test_a_removed_folder_is_made_again_and_locked_anew() -> None:
    with locks.lock(LAB):
        folders.lock(LAB).unlink()
        folders.notes(LAB).rmdir()
        with locks.lock(LAB, timeout=0):
            assert folders.lock(LAB).read_text() == f"{os.getpid()}\n"


def test_who_removed_the_folder_leaves_the_lock_of_the_next_one_alone() -> None:
    first = locks.lock(LAB)
    with first:
        folders.lock(LAB).unlink()
        second = locks.lock(LAB)
        second.__enter__()
    with pytest.raises(LockTimeoutError), locks.lock(LAB, timeout=0):
        pass
    second.__exit__(None, None, None)


def test_where_there_is_no_lab_no_lock_is_left() -> None:
    with locks.lock(LAB):
        assert folders.lock(LAB).exists()
    assert not folders.labs().exists()


def test_where_there_is_one_it_stays() -> None:
    folders.objects(LAB).mkdir(parents=True)
    (folders.objects(LAB) / "something").touch()
    with locks.lock(LAB):
        pass
    assert folders.objects(LAB).exists()


def test_an_error_inside_frees_it() -> None:
    with pytest.raises(RuntimeError), locks.lock(LAB):
        raise RuntimeError
    with locks.lock(LAB, timeout=0):
        pass
