"""A folder under /run that is full, read-only, or no folder: said in a sentence, with the path and what to do."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from topo.errors import KernelError
from topo.kernel.linux import LinuxKernel, folders, syscalls
from topo.kernel.protocol import Failure, Operation, Scope
from topo.objects.file import File

pytestmark = pytest.mark.live

MS_RDONLY, MS_REMOUNT = 1, 32
HOSTS = File(path="hosts/front", content="10.0.0.2\tweb\t# 0\n" * 2000)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A /run with room for two pages and little else."""
    syscalls.mount("topo", tmp_path, "tmpfs", 0, "size=8k,mode=0755")
    monkeypatch.setattr(folders, "_RUN", tmp_path)
    yield tmp_path
    syscalls.umount(tmp_path)


def fill(run: Path) -> None:
    (run / "full").write_bytes(bytes(8192))


def execute(*pairs: tuple[File | None, File | None]) -> list[Failure]:
    kernel = LinuxKernel()
    kernel.observe(Scope("shop"))
    return list(kernel.execute([Operation(1, None, before, after, (), "lab/hosts/front") for before, after in pairs]))


def test_a_full_folder_is_named_with_what_to_do(run: Path) -> None:
    (failure,) = execute((None, HOSTS))
    assert failure.error.errno == errno.ENOSPC
    assert failure.error.message.startswith(f"write hosts/front: {run}/topo/shop/notes/half-written-")
    assert failure.error.message.endswith(": No space left on device")
    assert "df -h /run" in str(failure.error.hint)
    assert not (run / "topo/shop/objects/hosts/front").exists()


def test_a_read_only_folder(run: Path) -> None:
    syscalls.mount("topo", run, None, MS_REMOUNT | MS_RDONLY)
    (failure,) = execute((None, HOSTS))
    assert failure.error.message == f"write hosts/front: {run}/topo: Read-only file system"
    assert "mount them writable" in str(failure.error.hint)


def test_a_lock_in_a_full_folder(run: Path) -> None:
    fill(run)
    with pytest.raises(KernelError) as caught, LinuxKernel().lock("shop", 1):
        pytest.fail("it has no lock")
    assert caught.value.message == f"cannot take the lock of the lab shop: {folders.lock('shop')}: No space left on device"
    assert "df -h /run" in str(caught.value.hint)
    (run / "full").unlink()
    with LinuxKernel().lock("shop", 1):
        pass


def test_a_lock_in_a_read_only_folder(run: Path) -> None:
    syscalls.mount("topo", run, None, MS_REMOUNT | MS_RDONLY)
    with (
        pytest.raises(KernelError, match=f"cannot take the lock of the lab shop: {run}/topo: Read-only"),
        LinuxKernel().lock("shop", 1),
    ):
        pytest.fail("it has no lock")


QUESTIONS: dict[str, Callable[[LinuxKernel], object]] = {
    "list the labs": lambda kernel: kernel.labs(),
    "list the containers of the lab shop": lambda kernel: kernel.containers("shop"),
    "find the processes of the lab": lambda kernel: kernel.processes(["topo.shop"]),
    "read the lab shop": lambda kernel: kernel.observe(Scope("shop")),
    "enter web of lab shop": lambda kernel: kernel.enter("shop", "web", ["true"]),
}


def test_down_of_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "_RUN", tmp_path)
    (tmp_path / "topo").touch()
    (tmp_path / "netns").touch()
    with pytest.raises(KernelError, match=f"^cannot read the lab shop: {tmp_path}/netns: Not a directory$") as caught:
        LinuxKernel().remove("shop", 0.1)
    assert "is in the way" in str(caught.value.hint)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_cannot_be_read_is_said(question: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken() -> Path:
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    monkeypatch.setattr(folders, "_RUN", tmp_path)
    monkeypatch.setattr(folders, "namespaces", broken)
    monkeypatch.setattr(folders, "labs", broken)
    with pytest.raises(KernelError, match=f"^cannot {question}: {tmp_path}: Permission denied$") as caught:
        QUESTIONS[question](LinuxKernel())
    assert "root" in str(caught.value.hint)
