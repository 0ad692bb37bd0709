"""Which file is meant, and which lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from topo.cli import choice
from topo.errors import UsageError


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("name: shop\ncontainers: {a: }\n", "shop"),
        ("# a lab\nname: 'shop'  # its name\n", "shop"),
        ('"name": "shop"\n', "shop"),
        ("containers: {a: }\n", "lab"),
        ("containers:\n  name: {}\n", "lab"),
        ("{name: shop, containers: {a: }}\n", "shop"),
        ("name: shop\ncontainers: [this, is, wrong\n", "shop"),
        ("{name: shop, containers: [", "lab"),
        ("name: Not A Name\n", "lab"),
        ("", "lab"),
    ],
)
def test_a_file_gives_its_lab_a_name_even_when_it_is_broken(tmp_path: Path, text: str, name: str) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text(text)
    assert choice.name_of(file) == name


def test_a_lost_file_leaves_its_name(tmp_path: Path) -> None:
    assert choice.name_of(tmp_path / "shop.yaml") == "shop"
    assert choice.name_of(tmp_path / "My Shop.yaml") == "my-shop"


def test_topo_yaml_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "topo.yaml").write_text("containers: {a: }\n")
    assert choice.name_of(folder / "topo.yaml") == "shop"


def test_topo_yaml_is_found_here_and_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "topo.yaml").write_text("containers: {a: }\n")
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert choice.file_of(None, None) == Path("topo.yaml")
    monkeypatch.chdir(below)
    assert choice.file_of(None, None) == Path("../../topo.yaml")


def test_no_file_at_all_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"there is no topo\.yaml in this folder or above"):
        choice.file_of(None, None)


def test_two_files_are_one_too_many() -> None:
    with pytest.raises(UsageError, match=r"two files: a\.yaml and b\.yaml"):
        choice.file_of(Path("a.yaml"), Path("b.yaml"))
