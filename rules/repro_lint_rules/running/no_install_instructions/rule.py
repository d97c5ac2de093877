"""There is a README, and nothing in it says what to install."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Documentation,
    Environment,
    Finding,
    ImportFacts,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.running.install_commands import INSTALL_COMMANDS

_SHOWN = 4


class NoInstallInstructions(Rule):
    """Asks the documents first, and only then what the code would need to have installed."""

    meta = RuleMeta(
        code="RUN003",
        name="no-install-instructions",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="There is a README, and nothing in it says what to install.",
        why="A reader finds out what is missing one ImportError at a time, or installs other versions than were used.",
        help="add a section with the command that installs what the code needs",
    )
    facts = (ImportFacts,)

    def check(self, project: Project) -> Outcome:
        """One finding for the project, at its README."""
        # Imported here: their many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.running.installing import ForeignPackages, InstallInstructions
        from repro_lint_rules.running.instructions import Search

        documentation = project.fact(Documentation)
        readme = documentation.document(documentation.readme) if documentation.readme else None
        if readme is None or readme.problem:
            yield NotApplicable("there is no README that can be read", documentation.readme)
            return
        if project.fact(InstallInstructions).first is not None:
            return
        packages = project.fact(ForeignPackages).names
        if not packages:
            yield NotApplicable("nothing has to be installed")
            return
        if any(True for document in documentation.main() for _ in Search(project).launches(document)):
            yield NotApplicable("a link starts the notebooks where everything is installed")
            return
        rest = f" and {len(packages) - _SHOWN} more" if len(packages) > _SHOWN else ""
        command = _command(project)
        yield Finding(
            readme.place(readme.headings[0].line if readme.headings else None),
            f"there is a README, but nothing says how to install {', '.join(packages[:_SHOWN])}{rest}",
            help=f"add to {readme.path}: ## Installation · `{command}`" if command else None,
            subject="install instructions",
        )


def _command(project: Project) -> str | None:
    """What installs the project's first manifest at the root, or None where there is none."""
    for manifest in project.fact(Environment).manifests:
        if manifest.kind in INSTALL_COMMANDS and manifest.directory == "":
            return INSTALL_COMMANDS[manifest.kind].format(path=manifest.path)
    return "Rscript -e 'renv::restore()'" if "renv.lock" in project.files else None
