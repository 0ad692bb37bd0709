"""A lab's name -> nothing is left of it: `down`, without a file and without a state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import ENOENT, ENOTEMPTY
from functools import partial

from topo.errors import KernelError
from topo.kernel.linux import atomic, folders, hints, leaving, namespaces, processes, sentinel
from topo.objects.names import fabric_of

_LET_GO = 120.0
"""Seconds in which the kernel takes a lab apart: 1000 containers take it one, 500 bridges nine."""


def remove(lab: str, grace: float = 10.0, tell: Callable[[str], None] = lambda words: None) -> Sequence[KernelError]:
    """Ends the lab: see Kernel.remove. The caller holds its lock, whose file goes last.

    A command killed at any point leaves less than there was, and the next one goes on from there.
    """
    errors: list[KernelError] = []
    attempt = partial(_attempt, errors)
    own = namespaces.list(lab)
    if folders.forwarder(lab).exists():
        with attempt("published ports"):
            _stop_publishing(lab, tell)
    with attempt("processes"):
        _end_processes(own, grace, tell)
    with attempt("what the lab has on the host"):
        leaving.remove(lab, tell)
    # The fabric last: as long as it is there, the lab is seen to be one.
    for name in sorted([*own, *namespaces.leftovers(lab)], key=lambda name: name == fabric_of(lab)):
        with attempt(f"namespace {name}"):
            tell(f"ip netns delete {name}")
            namespaces.unpin(name)
    if own:
        with attempt("the kernel's cleaning"):
            sentinel.wait(_LET_GO)
    if folders.parents(lab).exists():
        with attempt("interfaces of the host's"):
            _let_go(lab, tell)
    with attempt("folders"):
        _remove_folders(lab, tell)
    return errors


def _stop_publishing(lab: str, tell: Callable[[str], None]) -> None:
    from topo.kernel.linux import forwarders  # few labs have one

    if pid := forwarders.end(lab):
        tell(f"kill {pid}  # it served the published ports")


def _let_go(lab: str, tell: Callable[[str], None]) -> None:
    from topo.kernel.linux import held  # few labs have any

    for name in held.let_go_all(lab):
        tell(f"ip link delete {name}  # if no other lab needs it")


def _end_processes(names: Sequence[str], grace: float, tell: Callable[[str], None]) -> None:
    for name, pids in processes.inside(names).items():
        tell(f"ip netns pids {name} | xargs kill  # {' '.join(map(str, pids))}")
    left = processes.end(names, grace)
    if left:
        which = ",".join(map(str, left))
        raise KernelError(f"processes do not end: {which}", hint=f"see what they wait for: ps -o pid,stat,wchan,cmd -p {which}")


def _remove_folders(lab: str, tell: Callable[[str], None]) -> None:
    """The lock's file goes last: from then on another command may make this lab anew, and the folders are its."""
    top, notes, lock = folders.lab(lab), folders.notes(lab), folders.lock(lab)
    if top.exists():
        tell(f"rm -r {top}")
        for path in [*top.iterdir(), *notes.glob("*")]:
            if path not in (notes, lock):
                atomic.delete(path)
        lock.unlink(missing_ok=True)
    for folder in (notes, top, folders.labs()):
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno not in (ENOENT, ENOTEMPTY):
                raise


@contextmanager
def _attempt(errors: list[KernelError], what: str) -> Iterator[None]:
    """What fails is noted, and does not stop what comes after it."""
    try:
        yield
    except KernelError as error:
        errors.append(error)
    except OSError as error:
        errors.append(hints.error_of(error, f"remove {what}"))
