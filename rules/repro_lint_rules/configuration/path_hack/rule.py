"""The working directory or the module search path is changed to a fixed place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repro_lint.api import Confidence, Finding, Level, Outcome, Place, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.configuration.origins import Origin

if TYPE_CHECKING:
    from repro_lint_rules.configuration.path_edits import PathEdit


class PathHack(Rule):
    """Reports changes of directory and of ``sys.path`` that hold on one machine, or from one directory, only."""

    meta = RuleMeta(
        code="CFG003",
        name="path-hack",
        family="configuration",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The working directory or the module search path is changed to a fixed place.",
        why="The code then runs from one directory only: started elsewhere, or twice, it finds other files or none.",
        help="make the modules a package and install it; name files relative to the program that opens them",
    )
    triggers = (b"chdir", b"sys.path", b"addsitedir", b"PYTHONPATH", b"%cd", b"%pushd")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each change whose place the text decides, unless absolute-path speaks of that text.

        ``sys.path`` under another name is not looked for.
        """
        # Imported here: most files hold no trigger, and this brings half of the family along.
        from repro_lint_rules.configuration.path_edits import path_edits
        from repro_lint_rules.configuration.path_findings import is_test_file

        edits = list({edit.place: edit for edit in path_edits(source)}.values())
        machine_paths = _machine_paths(source) if any(edit.whence.absolute for edit in edits) else {}
        aside = is_test_file(source.path) or _is_build_file(source.path)
        for edit in edits:
            said = machine_paths.get(_position(edit.literal), Confidence.LOW)
            if said > Confidence.LOW or _position(edit.place) in machine_paths:
                continue
            if finding := _finding(edit, source, aside):
                yield finding


def _finding(edit: PathEdit, source: PythonSource, aside: bool) -> Finding | None:
    """``aside`` files are run in one way only: by pytest, Sphinx or pip."""
    from_program = edit.whence.origin is Origin.PROGRAM
    if from_program and (edit.kind == "directory" or aside):
        return None
    low = from_program or aside
    confidence = Confidence.HIGH if edit.whence.origin is Origin.LITERAL else Confidence.MEDIUM
    return Finding(
        edit.place,
        f"`{edit.written}` {_effect(edit, source.notebook is not None)}",
        help=_advice(edit, source.notebook is not None),
        severity=Severity.NOTE if low else Severity.WARNING,
        confidence=Confidence.LOW if low else confidence,
    )


def _effect(edit: PathEdit, notebook: bool) -> str:
    if edit.whence.origin is Origin.PROGRAM:
        return "makes imports work that no other program, tool or reader of the code can follow"
    if edit.whence.absolute:
        goes = "goes to" if edit.kind == "directory" else "names"
        return f"{goes} a directory that other machines need not have"
    if edit.kind == "directory":
        if notebook:
            return "is relative to the current directory, so running the cell twice ends up elsewhere or fails"
        return "works only when the program is started from one certain directory"
    if edit.kind == "variable":
        return "is relative to the current directory, so that what it starts finds its modules from there only"
    where = "the notebook runs in" if notebook else "the program is started from"
    return f"finds the modules only when {where} one certain directory"


def _advice(edit: PathEdit, notebook: bool) -> str:
    if edit.kind != "directory":
        return "put the modules into a package with a pyproject.toml and install it with `pip install -e .`"
    if notebook:
        return "leave the directory as it is, and write the way to the files where they are opened"
    return "leave the directory as it is, and open files as `Path(__file__).parent / ...`"


def _is_build_file(path: str) -> bool:
    """Whether the file is one that Sphinx, Pelican, pip or nox run, each from a directory of its own choice."""
    name = path.rpartition("/")[2]
    return name in ("conf.py", "pelicanconf.py", "publishconf.py", "setup.py", "noxfile.py", "tasks.py", "dodo.py")


def _machine_paths(source: PythonSource) -> dict[object, Confidence]:
    """The positions of the texts that absolute-path reports: it says more about them, so this rule gives way.

    Of a text that is only bound to a name elsewhere, it has to be sure.
    """
    from repro_lint_rules.configuration.path_findings import judge
    from repro_lint_rules.configuration.path_scan import in_python

    judged = ((found, judge(found, source.path)) for found in in_python(source))
    return {_position(found.place): grade.confidence for found, grade in judged if grade is not None}


def _position(place: Place) -> object:
    return (place.cell.index if place.cell else None, place.span.line if place.span else None)
