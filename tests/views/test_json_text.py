"""The text of data: json's own, made faster."""

from __future__ import annotations

import json

import pytest

from topo.views.json_text import json_text

ODD = {
    "z": [[], {}, [1, 2.5, -0.0, 1e100, None, True]],
    "a": {"text": 'ü \u2028 " \\ \n \x00 \x7f / </b>', "empty": "", "deep": [[[[{"x": [0]}]]]]},
    "large": 12345678901234567890123,
}


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("data", [ODD, [], {}, [ODD, ODD], "text", None], ids=str)
def test_it_is_what_json_says(data: object, ordered: bool) -> None:
    assert json_text(data, ordered=ordered) == json.dumps(data, indent=2, sort_keys=not ordered) + "\n"
    assert json_text(data).isascii()
