"""YAML as people mean it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.world.effort import effort
from topo.document import loads
from topo.errors import DocumentErrors
from topo.lab import Container, Lab

ROOT = Path(__file__).parents[2]


def first(text: str) -> Container:
    return loads(text, "lab.yaml").containers[0]


@pytest.mark.parametrize("word", ["no", "on", "yes", "0755", "1e3", "true", "12", "1.5", "0x10", "2024-01-01"])
def test_a_text_stays_a_text_where_a_text_belongs(word: str) -> None:
    found = first(
        f"containers: {{a-{word.replace('.', '-')}: {{hostname: {word}, networks: [{{network: default, aliases: [a-{word}]}}]}}}}"
    )
    assert found.hostname == word
    assert found.attachments[0].aliases == (f"a-{word}",)
    assert found.name == "a-" + word.replace(".", "-")


def test_sexagesimals_are_texts() -> None:
    found = first("containers: {a: {networks: [{network: default, mac: 22:22:22:22:22:22}]}}")
    assert found.attachments[0].mac == "22:22:22:22:22:22"


def test_anchors_aliases_and_merge_keys() -> None:
    found = loads(
        """
x-base: &base {hostname: base, networks: &nets [lan], x-note: {deep: [1, {a: b}]}}
x-more: &more {hostname: more, replicas: 1}
networks: {lan: }
containers:
  a: {<<: *base}
  b: {<<: [*base, *more], hostname: own}
  c: {networks: *nets}
""",
        "lab.yaml",
    )
    assert [container.name for container in found.containers] == ["a", "b-1", "c"]
    assert [container.hostname for container in found.containers] == ["base", "own", None]
    assert {container.attachments[0].network for container in found.containers} == {"lan"}


def test_a_merged_map_of_containers_stands_where_it_is_merged() -> None:
    found = loads("x-c: &c {b: , c: }\ncontainers: {a: , <<: *c, d: , b: {hostname: own}}", "lab.yaml")
    assert [container.name for container in found.containers] == ["a", "c", "d", "b"]


@pytest.mark.parametrize("text", ["\ufeffcontainers:\n  a:\n", "containers:\r\n  a:\r\n", "---\ncontainers: {a: }\n...\n"])
def test_what_editors_of_other_systems_write(text: str) -> None:
    assert first(text).name == "a"


def test_columns_count_characters_from_behind_the_byte_order_mark() -> None:
    with pytest.raises(DocumentErrors) as caught:
        loads("\ufeffx-é: {ü: ü}\nx-a: {é: 1, é: 2}\nnope: 1\n", "lab.yaml")
    assert [str(error.where) for error in caught.value.errors] == ["lab.yaml:2:13", "lab.yaml:3:1"]


BOMB = "x-0: &x0 {<<: {a: }}\n" + "".join(
    f"x-{n}: &x{n} {{k{n}: 1, <<: [{', '.join([f'*x{n - 1}'] * 9)}]}}\n" for n in range(1, 60)
)
LISTS = "x-0: &x0 [a]\n" + "".join(f"x-{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 60))


@pytest.mark.parametrize(
    "text",
    [
        BOMB + "containers: {a: *x59}",
        LISTS + "containers: {a: {networks: *x59}}",
        "x-a: &a [*a]\ncontainers: {a: {networks: *a}}",
        "&a {containers: *a, networks: *a, links: [*a]}",
        "containers: &c {a: {sysctls: *c}}",
        "[" * 200_000,
        "- " * 200_000,
        "a: " * 10_000,
        "? " * 10_000,
        "{a: " * 10_000,
        "x-a: [" + "a, " * 600_000 + "]",
        "containers: {" + ", ".join(f"a: {{k{n}: }}" for n in range(3000)) + "}",
        "a: !<tag:yaml.org,2002:python/object/apply:os.abort> []",
        "\ud800: a",
        "a: \x00",
        "- &a\n- *a\n- *a b",
        "%TAG ! tag:x,2000:\n--- !y {}",
    ],
)
def test_nothing_takes_long_or_ends_in_a_traceback(text: str) -> None:
    def read() -> None:
        with pytest.raises(DocumentErrors):
            loads(text, "lab.yaml")

    assert effort(read) < 2_000_000


def big(containers: int) -> str:
    head = "networks:\n  front: {subnet: 10.0.0.0/16}\n  back: {subnet: 10.1.0.0/16}\ncontainers:\n"
    return head + "".join(
        f"  c{n}:\n    networks:\n      - front\n      - {{network: back, address: 10.1.{n // 250 + 1}.{n % 250 + 1}}}\n"
        f"    hostname: h{n}\n"
        for n in range(containers)
    )


def test_the_effort_is_linear() -> None:
    """Ten times the containers take about ten times the work."""

    def made(count: int) -> int:
        found: list[Lab] = []
        calls = effort(lambda: found.append(loads(big(count), "lab.yaml")))
        assert len(found[0].containers) == count
        return calls

    assert made(1000) < 13 * made(100)


PURE = """
import sys
sys.modules["yaml._yaml"] = None
from topo.document import loads, tree
from topo.errors import DocumentErrors
assert tree._Loader.__mro__[1].__name__ == "PureParser"
print(loads("x-a: &a {hostname: no}\\ncontainers: {a: {<<: *a}}", "lab.yaml").containers[0].hostname)
for text in sys.argv[1:]:
    try:
        loads(text, "lab.yaml")
    except DocumentErrors as wrong:
        print(wrong)
"""


def test_a_parser_without_libyaml_says_the_same() -> None:
    texts = ["a:\n\tb: 1\n", "networks: {lan: {subnet: 10.0.0.1/24}}", "a: [b\nc: d\n", "[" * 500, "a: b: c\n", "a: *b\n"]
    found = subprocess.run([sys.executable, "-c", PURE, *texts], capture_output=True, text=True, check=True, cwd=ROOT)
    expected = ["no"]
    for text in texts:
        with pytest.raises(DocumentErrors) as caught:
            loads(text, "lab.yaml")
        expected.append(str(caught.value))
    assert found.stdout.splitlines() == expected
