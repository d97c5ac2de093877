"""What is said about a removed name, and where: at the cell that stops, where it can be told."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import Finding, PythonSource, Related, Severity
from repro_lint_rules.environment.names import is_foreign, names
from repro_lint_rules.environment.removals import packages
from repro_lint_rules.environment.removals_modules import FailingModules
from repro_lint_rules.environment.removals_objects import advice
from repro_lint_rules.environment.removals_ranges import Admitted
from repro_lint_rules.environment.removals_runs import first_run
from repro_lint_rules.environment.removals_uses import Use
from repro_lint_rules.environment.removals_wording import admission, advised, fate, named, written

_SHOWN = 20


def cause(use: Use) -> str:
    """What tells findings apart: the name, but a program for a release that moved everything is one thing."""
    release = advice().moved.get(use.library.distribution, "").partition(" ")[0]
    first, there = use.history.turns[0]
    return use.library.distribution if not there and written(first) == release else use.key


def finding_about(source: PythonSource, uses: list[Use], admitted: Admitted) -> Iterator[Finding]:
    """The finding about the uses that have one cause: at the first that runs, or at the call that runs it."""
    top = next((use for use in uses if use.straight and not use.in_function), None)
    run = first_run(source, uses) if source.notebook is not None else None
    if run and top and _line(top.node) <= run.call.lineno:
        run = None
    first = run.use if run else top or uses[0]
    newest, history = admitted.releases[-1], first.history
    always = all(history.lacks(release) for release in admitted.releases)
    lost = history.lost_in(newest)
    if lost is None and (not always or not admitted.said):  # the newest has it
        return
    what, that = named(uses, first), f"{fate(first, newest, lost)}, and {admission(first, admitted)}"
    node: ast.AST = run.call if run else first.node
    message = f"`{run.called}` uses {what.rstrip(',')}, which {that}" if run else f"{what} {that}"
    runs = run is not None or (first.straight and not (first.in_function and source.notebook is not None))
    others = uses if run else [use for use in uses if use is not first]
    yield Finding(
        source.place(node),
        message,
        help=advised(first, admitted, lost),
        severity=None if (always or not admitted.bounded) and runs and not admitted.doubtful else Severity.WARNING,
        related=tuple(Related(source.place(use.node), f"{use.shown} is used here") for use in others[:_SHOWN]),
        subject=cause(first),
    )


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def findings_about_imports(source: PythonSource) -> Iterator[Finding]:
    """One finding for each module of the project that a notebook imports and that stops for a removed name."""
    told: set[str] = set()
    for found in source.semantics.imports:
        top = found.module.partition(".")[0]
        if found.kind != "plain" or top in packages() or top in names().modules or not is_foreign(found.module or "_"):
            continue
        statement = source.semantics.statement_of(found.node)
        if source.semantics.guards(statement) or statement not in source.tree.body:
            continue
        arguments = (source.path, found.module, str(found.level), found.name or "")
        answer: tuple[str, ...] = source.project.ask(FailingModules, "failure", *arguments)
        if not answer or answer[0] in told or "raises-exception" in source.cell_of(statement).tags:
            continue
        path, line, matter, advice_ = answer
        told.add(path)
        place = source.project.line_place(path, int(line))
        yield Finding(
            source.place(found.clause or found.node),
            f"importing `{found.module}` fails: in {path}:{line} {matter}",
            help=advice_,
            related=(Related(place, "it is used here"),),
            subject=f"{path}: {matter.partition(' ')[0]}",
        )
