"""What may be named as FILE."""

from __future__ import annotations

import io
import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from topo.document import load, source
from topo.errors import UsageError

LAB = b"containers: {a: }\n"


def test_a_file_gives_its_name_and_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_bytes(LAB)
    found = load(file)
    assert found.name == "shop"
    assert found.sources == ((str(file), sha256(LAB).hexdigest()),)


def test_topo_yaml_is_called_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "topo.yaml").write_bytes(LAB)
    monkeypatch.chdir(folder)
    assert load("topo.yaml").name == "shop"


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LAB)))
    assert load("-", name="shop").sources[0][0] == "<stdin>"


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    large = LAB + b"#" * 100_000
    writer = threading.Thread(target=pipe.write_bytes, args=(large,))
    writer.start()
    try:
        assert load(pipe, name="shop").sources[0][1] == sha256(large).hexdigest()
    finally:
        writer.join()


def test_a_pipe_without_a_writer_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PATIENCE", 0.05)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="nothing came through"):
        load(tmp_path / "pipe", name="shop")


@pytest.mark.parametrize(
    ("file", "message", "hint"),
    [
        ("none.yaml", "none.yaml: no such file", None),
        ("lab.yml", "lab.yml: no such file", "did you mean lab.yaml?"),
        ("folder", "folder: a folder, where a file belongs", "write folder/topo.yaml"),
        ("empty", "empty: a folder, where a file belongs", None),
        ("lab.yaml/x", "lab.yaml/x: cannot be read: Not a directory", None),
        ("a\0b", "'a\\x00b': cannot be read: embedded null byte", None),
        ("n" * 300, f"{'n' * 300}: cannot be read: File name too long", None),
        ("huge", "huge: larger than 16 MiB, which no lab is", "name the lab's file"),
        ("/dev/zero", "/dev/zero: larger than 16 MiB, which no lab is", "name the lab's file"),
    ],
)
def test_what_cannot_be_read(file: str, message: str, hint: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lab.yaml").write_bytes(LAB)
    for folder in ("folder", "empty"):
        Path(folder).mkdir()
    Path("folder/topo.yaml").write_bytes(LAB)
    with open("huge", "wb") as huge:
        huge.truncate(source.LARGEST + 1)
    with pytest.raises(UsageError) as caught:
        load(file)
    assert (caught.value.message, caught.value.hint) == (message, hint)
