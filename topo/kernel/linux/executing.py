"""Operations of one namespace -> failures: all rtnetlink ones that stand together go out in one send."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from errno import EADDRNOTAVAIL, EAGAIN, EBUSY, EEXIST, EINTR, ENOBUFS, ENODEV, ENOENT, ENXIO, ESRCH
from itertools import groupby

from msgspec import Struct

from topo.errors import KernelError
from topo.kernel.linux.codec import Codec, all_codecs
from topo.kernel.linux.hints import hint_of, words_of
from topo.kernel.linux.messages import SETTLE, type_of
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.protocol import Failure, Operation
from topo.objects import KINDS

_TRANSIENT = frozenset({EAGAIN, EBUSY, EINTR, ENOBUFS})
_GONE = frozenset({EADDRNOTAVAIL, ENODEV, ENOENT, ENXIO, ESRCH})
_PAUSES = (0.001, 0.004, 0.016, 0.064, 0.256)
"""Seconds between attempts at what the kernel may accept in a moment."""


class _Answer(Struct, frozen=True):
    """What the kernel said to an operation that it refused; `words` are for people, `hint` what they can do."""

    errno: int
    words: str
    hint: str | None = None


_Step = tuple[Operation, Codec]
_Attempt = Callable[[Sequence[_Step], Places], dict[int, _Answer]]


def execute(operations: Sequence[Operation], places: Places) -> list[Failure]:
    """Executes operations of one namespace in their order, and goes on after a failure."""
    failures: list[Failure] = []
    codecs = all_codecs()
    steps = [(operation, codecs[operation.thing.kind]) for operation in operations]
    for encoded, run in groupby(steps, key=_is_encoded):
        failures += _persist(list(run), _send if encoded else _perform, places)
    return failures


def _is_encoded(step: _Step) -> bool:
    return step[1].encode is not None


def _persist(steps: Sequence[_Step], attempt: _Attempt, places: Places) -> list[Failure]:
    """Attempts steps, and again from the first one on that met something passing: what failed after it may have
    failed because of it."""
    answers = _refused(steps, attempt(steps, places))
    for pause in _PAUSES:
        again = [at for at, answer in answers.items() if answer.errno in _TRANSIENT]
        if not again:
            break
        time.sleep(pause)
        places.forget()
        late = [at for at in answers if at >= again[0]]
        rest = [steps[at] for at in late]
        new = _refused(rest, attempt(rest, places))
        answers = {at: answer for at, answer in answers.items() if at < again[0]} | {late[at]: new[at] for at in new}
    _tell(steps, answers, places)
    return [Failure(steps[at][0], _error(steps[at][0], answer)) for at, answer in answers.items()]


def _refused(steps: Sequence[_Step], answers: Mapping[int, _Answer]) -> dict[int, _Answer]:
    """Without those that are done all the same."""
    return {at: answer for at, answer in sorted(answers.items()) if not is_done(steps[at][0], answer.errno)}


def is_done(operation: Operation, errno: int) -> bool:
    """Whether an operation that was refused with this errno need not be done: it is there already, or gone already."""
    if operation.before is None:
        return errno == EEXIST
    return operation.after is None and errno in _GONE


def _send(steps: Sequence[_Step], places: Places) -> dict[int, _Answer]:
    """position -> answer, of the operations that were refused. Sends as much at once as file descriptors allow."""
    place = places(steps[0][0].namespace)
    answers: dict[int, _Answer] = {}
    messages: list[bytes] = []
    whose: list[int] = []
    for at, (operation, codec) in enumerate(steps):
        assert codec.encode is not None
        try:
            for message in codec.encode(operation, place):
                if message is SETTLE:
                    answers = _flush(place, messages, whose) | answers
                else:
                    messages.append(message)
                    whose.append(at)
        except (KernelError, OSError) as error:
            answers[at] = _answer(error)
        if places.many:
            answers = _flush(place, messages, whose) | answers
            places.close(keep=place)
    return _flush(place, messages, whose) | answers


def _flush(place: Place, messages: list[bytes], whose: list[int]) -> dict[int, _Answer]:
    """Sends these messages and forgets them; then comes what was left for that moment."""
    try:
        return _sent(place, messages, whose) if messages else {}
    finally:
        messages.clear()
        whose.clear()
        place.sent()


def _sent(place: Place, messages: Sequence[bytes], whose: Sequence[int]) -> dict[int, _Answer]:
    """The first refusal of an operation is its answer: the others mostly follow from it."""
    answers: dict[int, _Answer] = {}
    try:
        refusals = place.socket.send(messages)
    except OSError as error:  # what the kernel said is lost: nothing is harmed by saying all of it again
        return dict.fromkeys(whose, _answer(error))
    for position, refusal in sorted(refusals.items()):
        answer = _Answer(refusal.errno, f"{type_of(messages[position])}: {refusal}")
        answers.setdefault(whose[position], answer)
    return answers


def _perform(steps: Sequence[_Step], places: Places) -> dict[int, _Answer]:
    """position -> answer, of the operations that were refused. Each is executed by its own codec."""
    answers: dict[int, _Answer] = {}
    for at, (operation, codec) in enumerate(steps):
        assert codec.perform is not None
        try:
            codec.perform(operation, places(operation.namespace))
        except (KernelError, OSError) as error:
            answers[at] = _answer(error)
    return answers


def _tell(steps: Sequence[_Step], answers: Mapping[int, _Answer], places: Places) -> None:
    for at, (operation, codec) in enumerate(steps):
        if codec.accepted is not None and at not in answers:
            codec.accepted(operation, places(operation.namespace))


def _answer(error: KernelError | OSError) -> _Answer:
    if isinstance(error, KernelError):
        return _Answer(error.errno, error.message, error.hint)
    return _Answer(error.errno or 0, words_of(error))


def _error(operation: Operation, answer: _Answer) -> KernelError:
    words = KINDS[operation.thing.kind].words(operation.before, operation.after)
    return KernelError(f"{words}: {answer.words}", errno=answer.errno, hint=answer.hint or hint_of(answer.errno))
