"""`topo config` is a document."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from msgspec.structs import replace

from tests.cli.conftest import Run
from topo.document import load
from topo.resolver import resolve


def test_config_is_a_document_that_gives_the_same_lab(run: Run, file: Path) -> None:
    code, out, err = run("config", file)
    assert (code, err) == (0, "")
    Path("again.yaml").write_text(out)
    assert resolve(load("again.yaml")) == replace(resolve(load(file)))
    assert json.loads(run("config", "--json", file)[1]) == yaml.safe_load(out)
    assert run("config", "-q", file) == (0, "", "")


def test_json_has_the_order_of_the_document(run: Run, file: Path) -> None:
    file.write_text("containers: {zed: , abe: }\n")
    out = run("config", "--json", file)[1]
    assert out.index('"zed"') < out.index('"abe"')
