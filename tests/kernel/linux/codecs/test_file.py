"""Files are there whole or not at all, and nothing outside the lab's folder is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.linux.codecs.looking import look
from topo.errors import KernelError
from topo.kernel.linux import folders
from topo.kernel.linux.codecs.file import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects.file import File

LAB = "shop"
HOSTS = File(path="hosts/front", content="10.0.0.2\tweb\t# 0\n")
NAME = File(owner="containers/web", path="containers/web/hostname", content="web.example\n")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(folders, "_RUN", tmp_path)
    (tmp_path / "fd").touch()
    with (tmp_path / "fd").open() as file:
        yield Place(None, LAB, file.fileno())


def perform(place: Place, before: File | None, after: File | None) -> None:
    assert CODEC.perform is not None
    CODEC.perform(Operation(1, None, before, after, (), "x"), place)


def found(place: Place) -> dict[str, File]:
    things = [thing for thing in look(CODEC, place.lab) if isinstance(thing, File)]
    return {thing.address: thing for thing in things}


def test_what_is_written_is_read_with_its_owner(place: Place) -> None:
    perform(place, None, HOSTS)
    perform(place, None, NAME)
    seen = found(place)
    assert seen == {"lab/hosts/front": HOSTS, "containers/web/hostname": NAME}
    assert seen["containers/web/hostname"].owner == "containers/web"


def test_a_file_is_changed_and_deleted_with_its_empty_folders(place: Place) -> None:
    perform(place, None, HOSTS)
    perform(place, None, NAME)
    perform(place, NAME, File(path=NAME.path, content="other\n"))
    assert found(place)["containers/web/hostname"].content == "other\n"
    perform(place, NAME, None)
    assert list(found(place)) == ["lab/hosts/front"]
    assert not folders.containers(LAB).exists()
    perform(place, NAME, None)


def test_a_file_that_somebody_else_put_there_is_seen(place: Place) -> None:
    perform(place, None, HOSTS)
    (folders.hosts(LAB) / "more").write_bytes(b"\xff\n")
    assert set(found(place)) == {"lab/hosts/front", "lab/hosts/more"}


def test_half_written_files_and_marks_of_sysctls_are_no_files(place: Place) -> None:
    perform(place, None, HOSTS)
    folders.sysctls(LAB).mkdir()
    (folders.sysctls(LAB) / "topo.shop.web").write_text("net.ipv4.ip_forward\n")
    (folders.notes(LAB) / "half-written-1").write_text("10.")
    assert set(found(place)) == {"lab/hosts/front"}


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "hosts/../../../x"])
def test_only_files_of_the_lab_are_written(place: Place, path: str) -> None:
    with pytest.raises(KernelError, match="is not a file of the lab shop"):
        perform(place, None, File(path=path))


def test_a_lab_that_is_not_there_has_none(place: Place) -> None:
    assert found(place) == {}


@pytest.mark.parametrize("inside", [[], ["x"], ["x/y", "z"]])
def test_a_folder_in_the_place_of_a_file_goes(place: Place, inside: list[str]) -> None:
    """Whether what is in it is deleted before that, or after."""
    path = folders.hosts(LAB) / "front"
    path.mkdir(parents=True)
    for name in inside:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).touch()
    strange = list(found(place).values())
    assert len(strange) == len(inside)
    perform(place, None, HOSTS)
    for thing in strange:
        perform(place, thing, None)
    assert found(place) == {"lab/hosts/front": HOSTS}


@pytest.mark.parametrize("name", ["objects", "objects/hosts"])
def test_a_file_in_the_place_of_a_folder_goes(place: Place, name: str) -> None:
    path = folders.lab(LAB) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    for thing in found(place).values():
        perform(place, thing, None)
    perform(place, None, HOSTS)
    assert found(place) == {"lab/hosts/front": HOSTS}


def test_what_is_no_file_is_not_read(place: Place) -> None:
    perform(place, None, HOSTS)
    os.mkfifo(folders.hosts(LAB) / "pipe")
    (folders.hosts(LAB) / "link").symlink_to("nothing")
    assert set(found(place)) == {"lab/hosts/front"}
