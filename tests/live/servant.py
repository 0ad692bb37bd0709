"""A line of JSON -> a fork that is `topo ARGV` -> a line of JSON: what a new process would do, without its imports.

Run as a program by tests/live/driving.py, once in a world. {"argv", "folder", "out", "wait", "kill"} starts one; with `wait`
it holds still until "go", with `kill` ([point, number], see points.py) it ends itself there. {"pid"} is said at once, {"code"}
at the end (negative: the signal that killed it).
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import traceback
from typing import Any, NoReturn

from tests.live.points import Points


def _become(order: dict[str, Any], gate: int) -> NoReturn:
    os.chdir(order["folder"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{order['out']}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    faulthandler.enable()
    if order.get("wait"):
        os.read(gate, 1)
    sys.argv = ["topo", *order["argv"]]
    if order.get("kill"):
        _counted(Points(*order["kill"]), f"{order['out']}.points")
    code = 70
    try:
        code = _called()
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _counted(points: Points, file: str) -> None:
    """topo ends by os._exit, which nothing runs behind: what was counted is written first."""
    end = os._exit

    def ended(code: int) -> NoReturn:
        points.say(file)
        end(code)

    points.install()
    os._exit = ended  # type: ignore[assignment]


def _called() -> int:
    from topo.cli import main

    try:
        answer: Any = main()  # type: ignore[func-returns-value]
    except SystemExit as end:
        answer = end.code
    if answer is None or isinstance(answer, int):
        return answer or 0
    print(answer, file=sys.stderr)
    return 1


def _serve() -> None:
    import topo.applier
    import topo.cli
    import topo.document
    import topo.kernel.linux
    import topo.resolver  # noqa: F401

    say = lambda **words: print(json.dumps(words), flush=True)  # noqa: E731
    for line in sys.stdin:
        order = json.loads(line)
        gate, go = os.pipe()
        pid = os.fork()
        if not pid:
            _become(order, gate)
        say(pid=pid)
        if order.get("wait"):
            sys.stdin.readline()
            os.write(go, b".")
        os.close(gate)
        os.close(go)
        say(code=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    _serve()
