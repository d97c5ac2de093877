"""An image installs the project without its lock file."""

from __future__ import annotations

from functools import partial

from repro_lint.api import (
    BuildCommand,
    Confidence,
    Dockerfile,
    Environment,
    Finding,
    Level,
    LooseInstall,
    NotApplicable,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    Severity,
    follows_lock,
    installs_from_lock,
    loose_install,
    read_installation,
)
from repro_lint_rules.containers.context import contexts, copies_project, find_in_context, is_of_project


class ImageIgnoresLockfile(Rule):
    """Compares what an image installs with the locks of the project that it is built for."""

    meta = RuleMeta(
        code="CTR004",
        name="image-ignores-lockfile",
        family="containers",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="An image installs the project without its lock file.",
        why="The image holds other versions than those that were locked, tested and used for the results.",
        help="install from the lock",
    )
    triggers = (b"install", b"conda")

    def check(self, dockerfile: Dockerfile) -> Outcome:
        """One finding for the file, at the first command that installs without the lock."""
        environment = dockerfile.project.fact(Environment)
        if not environment.locks:
            yield NotApplicable("the project has no lock file")
            return
        directory = _project_directory(dockerfile, environment)
        loose: list[LooseInstall] = []
        for command in dockerfile.commands:
            find = partial(find_in_context, dockerfile, command)
            installation = read_installation(command.statement)
            if follows_lock(command.statement):
                return
            if installation is not None and installs_from_lock(installation, environment, find):
                return
            found = loose_install(command.statement, environment, directory, find)
            if found and _is_meant(dockerfile, command, directory, found):
                loose.append(found)
        if loose:
            first = loose[0]
            yield Finding(
                dockerfile.place(first.word.start, first.word.end),
                f"the image installs {first.what} without {first.lock.path}",
                help=f"copy {first.lock.path} into the image and install from it (`{first.remedy}`)",
                related=(Related(dockerfile.project.place(first.lock.path), "the lock that is passed by"),),
                subject=first.lock.path,
            )


def _is_meant(dockerfile: Dockerfile, command: BuildCommand, directory: str, found: LooseInstall) -> bool:
    """Whether the image is there for the project, rather than for tools or another project."""
    if found.kind == "project":
        return copies_project(dockerfile, command)
    return found.kind == "file" or is_of_project(dockerfile, directory)


def _project_directory(dockerfile: Dockerfile, environment: Environment) -> str:
    """The nearest directory at or above the Dockerfile that has a manifest or a lock; the root if there is none."""
    known = {manifest.directory for manifest in environment.manifests if manifest.declares}
    known |= {lock.directory for lock in environment.locks}
    return next((directory for directory in contexts(dockerfile) if directory in known), "")
