"""An image installs Python packages whose versions are left open."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import (
    BuildCommand,
    Confidence,
    Dockerfile,
    Environment,
    Finding,
    Installation,
    Level,
    Manifest,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    Severity,
    read_installation,
    read_requirements,
)
from repro_lint_rules.containers.context import find_in_context
from repro_lint_rules.containers.versions import listed, open_packages, open_python_package, open_requirements


class FloatingPipInstall(Rule):
    """Reads what pip and uv are given on the command line, and the requirements files they are given."""

    meta = RuleMeta(
        code="CTR003",
        name="floating-pip-install",
        family="containers",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="An image installs Python packages whose versions are left open.",
        why="The same Dockerfile gives an image with other releases next month, and other results or none.",
        help="give the versions, or install from a lock file",
    )
    triggers = (b"pip",)

    def check(self, dockerfile: Dockerfile) -> Outcome:
        """One finding for each command, at its first package without a version, and for each requirements file."""
        for command in dockerfile.commands:
            installation = read_installation(command.statement)
            if installation is None or installation.tool not in ("pip", "uv pip") or installation.constraints:
                continue
            found = open_packages(dockerfile, command, installation, open_python_package)
            if found:
                names = [name for _, name in found]
                what = f"{len(names)} packages" if len(names) > 1 else "a package"
                yield Finding(
                    dockerfile.place(found[0][0].start, found[0][0].end),
                    f"{installation.tool} installs {what} without a version: {listed(names)}",
                    help=f"give the version that works for you (`{names[0]}==…`), or install from a lock file",
                )
            yield from _of_files(dockerfile, command, installation)


def _of_files(dockerfile: Dockerfile, command: BuildCommand, installation: Installation) -> Iterator[Finding]:
    for word in installation.files:
        path = find_in_context(dockerfile, command, word.text)
        manifest = _manifest(dockerfile, path) if path else None
        if manifest is None or any(d.kind == "constraints" for d in manifest.directives):
            continue
        loose = open_requirements(manifest)
        if not loose:
            continue
        project = dockerfile.project
        place = project.line_place(manifest.path, loose[0].line) if loose[0].line else project.place(manifest.path)
        names = [requirement.written or requirement.name for requirement in loose]
        what = f"{len(names)} requirements" if len(names) > 1 else "a requirement"
        yield Finding(
            dockerfile.place(word.start, word.end),
            f"{manifest.path}, which this installs, leaves the version of {what} open: {listed(names)}",
            help=f"give the versions in {manifest.path}, or compile it: `uv pip compile` writes a lock of it",
            related=(Related(place, "the first of them"),),
        )


def _manifest(dockerfile: Dockerfile, path: str) -> Manifest | None:
    """What the requirements file holds; None for a lock."""
    environment = dockerfile.project.fact(Environment)
    if any(lock.path == path for lock in environment.locks):
        return None
    known = next((m for m in (*environment.manifests, *environment.constraints) if m.path == path), None)
    if known is not None:
        return known
    try:
        return read_requirements(path, dockerfile.project.files[path].data) if path.endswith((".txt", ".in")) else None
    except OSError:
        return None
