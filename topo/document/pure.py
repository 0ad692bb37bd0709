"""bytes -> YAML nodes, where PyYAML has no libyaml: the same face as its C parser."""

from __future__ import annotations

from typing import Any

from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner


class PureParser(Reader, Scanner, Parser, Composer):
    """PyYAML's own reader, scanner, parser and composer."""

    def __init__(self, stream: Any) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
