"""What is not right is said in a sentence, with the exit code of its kind, and nothing is touched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.live.driving import Topo
from tests.live.labs import pair
from tests.live.reading import namespaces

pytestmark = pytest.mark.live

WRONG = {
    "no file": (["up", "nothing.yaml"], 3),
    "a file that is not right": (["up", "wrong.yaml"], 3),
    "plan of it": (["plan", "wrong.yaml"], 3),
    "no lab": (["ps", "--name", "nothing"], 3),
    "exec in no lab": (["exec", "--name", "nothing", "a", "--", "true"], 125),
    "exec in no container": (["exec", "--name", "t", "nobody", "--", "true"], 125),
    "no such command": (["upp"], 3),
    "no such option": (["up", "--nothing"], 3),
    "no such plan": (["up", "--plan", "nothing.json"], 3),
    "a plan that is none": (["up", "--plan", "wrong.yaml"], 3),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_said(topo: Topo, name: str) -> None:
    argv, code = WRONG[name]
    topo.write("containers: {a: , a: , b: {networks: [nowhere]}}\n", "wrong.yaml")
    topo.up(pair())
    before = namespaces()
    done = topo.run(*argv)
    assert done.code == code, done
    assert done.err
    assert "Traceback" not in done.err + done.out
    assert namespaces() == before
    topo.settled(pair())


@pytest.mark.parametrize("sysctl", ["net.ipv4.ip_forwrd: 1", "net.ipv4.ip_forward: yes", "net.foo.bar: 1"])
@pytest.mark.parametrize("argv", ["up t.yaml", "plan t.yaml"])
def test_a_sysctl_that_the_kernel_does_not_take(topo: Topo, sysctl: str, argv: str) -> None:
    topo.write(f"containers:\n  a:\n    sysctls:\n      {sysctl.replace('yes', 'many')}\n")
    done = topo.run(*argv.split())
    assert done.code == 3
    assert "t.yaml:4:" in done.err
    assert sysctl.partition(":")[0] in done.err
    assert not namespaces()


NOBODY = (
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)
"""An ordinary user, but for this: the interpreter may be in a folder that only root can read."""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can read."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("argv", ["up t.yaml", "plan t.yaml", "down --name t", "exec --name t a -- id"])
def test_without_root(topo: Topo, public: Path, argv: str) -> None:
    topo.up(pair())
    whole = [*NOBODY, *topo.start_argv(*argv.split())]
    (public / "t.yaml").write_text("containers: {a: , b: }\n")
    done = subprocess.run(whole, cwd=public, env=topo.environment, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 3, 125), done
    assert "root" in done.stderr
    assert "Traceback" not in done.stderr
    topo.settled(pair())


def test_plan_of_two_files_needs_no_root(topo: Topo) -> None:
    one, other = topo.write(pair(), "one.yaml"), topo.write({"containers": {"a": None}}, "other.yaml")
    assert topo.ok("plan", "--from", one, other).out
    assert topo.run("plan", "--check", "--from", one, other).code == 2
    assert topo.run("plan", "--check", "--from", one, one).code == 0
