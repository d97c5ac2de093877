"""There is a README, and nothing in it says how to run what the project holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repro_lint.api import (
    Confidence,
    Document,
    Documentation,
    Environment,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.running.install_commands import INSTALL_COMMANDS

if TYPE_CHECKING:
    from repro_lint_rules.running.entry_points import EntryPoint

_SHOWN = 3


class NoRunInstructions(Rule):
    """Asks the documents first: only where they say nothing is the code looked at for what there is to run."""

    meta = RuleMeta(
        code="RUN002",
        name="no-run-instructions",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="There is a README, and nothing in it says how to run what the repository holds.",
        why="A reader has to guess what to start, in which order and with which arguments, and may well guess wrong.",
        help="add a section that names the command, or the notebook to open",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the project, at its README."""
        # Imported here: their many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.running.entry_points import EntryPoints
        from repro_lint_rules.running.instructions import RunInstructions

        documentation = project.fact(Documentation)
        if documentation.readme is None:
            yield NotApplicable("there is no README")
            return
        readme = documentation.document(documentation.readme)
        if readme is None or readme.problem:
            yield NotApplicable("the README is not a text that can be read", documentation.readme)
            return
        if project.fact(RunInstructions).first is not None:
            return
        entries = project.fact(EntryPoints).found
        if not entries:
            yield NotApplicable("there is nothing to run")
            return
        yield Finding(
            _place(readme),
            f"there is a README, but nothing says how to run {_listed(entries)}",
            help=f"add to {readme.path}: ## How to run · {_commands(project, entries)}",
            subject="run instructions",
        )


def _place(readme: Document) -> Place:
    return readme.place(readme.headings[0].line if readme.headings else None)


def _listed(entries: tuple[EntryPoint, ...]) -> str:
    """Up to three entry points by name, and the number of the others."""
    names = [entry.path for entry in entries]
    if len(names) <= _SHOWN:
        return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    rest = len(names) - _SHOWN + 1
    return f"{', '.join(names[: _SHOWN - 1])} or {rest} other entry points"


def _commands(project: Project, entries: tuple[EntryPoint, ...]) -> str:
    """What to paste: how to install if that is known, then what to start."""
    commands = []
    for manifest in project.fact(Environment).manifests:
        if manifest.kind in INSTALL_COMMANDS and manifest.directory == "":
            commands.append(INSTALL_COMMANDS[manifest.kind].format(path=manifest.path))
            break
    if "renv.lock" in project.files:
        commands.append("Rscript -e 'renv::restore()'")
    commands.append(entries[0].command)
    return ", then ".join(f"`{command}`" for command in commands)
