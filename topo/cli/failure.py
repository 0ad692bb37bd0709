"""exception -> what the user is told of it, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from topo.applier import Report
from topo.cli import output
from topo.cli.output import OutputError
from topo.errors import DocumentError, DocumentErrors, Interrupted, TopoError, UsageError

INTERRUPTED = Interrupted.exit_code
_NOT_OURS = 125
"""Docker's exit code for "the command was not even started"."""

_ClickError: Any = typer.BadParameter.__mro__[2]
"""The root of typer's usage errors. It has moved from package to package with typer's versions; its heirs have not."""


def told(error: Exception, arguments: Sequence[str]) -> int:
    """Tells it, on stderr or with --json as JSON on stdout."""
    known = _known(error)
    errors = known.errors if isinstance(known, DocumentErrors) else (known,)
    if _wants_json(arguments) and not isinstance(known, OutputError):
        output.show_json({"errors": [_data(one) for one in errors]} | _report_data(known))
    else:
        _show_report(known)
        for line in _lines(errors):
            output.tell(line)
    return _NOT_OURS if _is_exec(arguments) else known.exit_code


def _known(error: Exception) -> TopoError:
    if isinstance(error, TopoError):
        return error
    if isinstance(error, _ClickError):
        return _usage(error)
    if isinstance(error, typer.Abort):
        return Interrupted("interrupted")
    if isinstance(error, PermissionError):
        what = f"{error.filename}: " if error.filename else ""
        return TopoError(f"{what}{error.strerror}", hint="topo needs root: run it with sudo")
    return TopoError(f"this should not happen: {type(error).__name__}: {error}", hint=f"the whole story is in {_logged(error)}")


def _usage(error: Any) -> UsageError:
    """Typer's own errors, in our words; its exit code for them, 2, is ours for "changes are pending"."""
    message = error.format_message()
    context = getattr(error, "ctx", None)
    hint = f"see `{context.command_path} --help`" if context is not None else None
    return UsageError(message[:1].lower() + message[1:].rstrip("."), hint=hint)


def _logged(error: Exception) -> str:
    """The path of a file with the traceback."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="topo-", suffix=".log", delete=False, encoding="utf-8") as file:
        traceback.print_exception(error, file=file)
    return file.name


def _show_report(error: TopoError) -> None:
    if isinstance(error.report, Report):
        from topo.views.report_text import report_text

        output.show(report_text(error.report, colour=output.colour()))


def _lines(errors: Sequence[TopoError]) -> Iterator[str]:
    for error in errors:
        yield f"error: {error}"
        if error.hint:
            yield f"  hint: {error.hint}"


def _data(error: TopoError) -> dict[str, Any]:
    where = error.where
    data: dict[str, Any] = {
        "message": error.message,
        "hint": error.hint,
        "where": {"file": where.file, "line": where.line, "column": where.column} if where else None,
        "exit_code": error.exit_code,
    }
    return data | ({"path": error.path, "code": error.code} if isinstance(error, DocumentError) else {})


def _report_data(error: TopoError) -> dict[str, Any]:
    if not isinstance(error.report, Report):
        return {}
    from topo.views.report_json import report_data

    return {"report": report_data(error.report)}


def _wants_json(arguments: Sequence[str]) -> bool:
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in own and not _is_exec(arguments)


def _is_exec(arguments: Sequence[str]) -> bool:
    return bool(arguments) and arguments[0] == "exec"
