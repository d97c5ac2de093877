"""An image installs Python packages whose versions are left open."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Dockerfile,
    Environment,
    Finding,
    Level,
    Manifest,
    Outcome,
    Place,
    Related,
    Rule,
    RuleMeta,
    Severity,
    read_installation,
    read_requirements,
)
from repro_lint_rules.containers.context import find_in_context
from repro_lint_rules.containers.versions import counted, listed, open_packages, open_python_package, open_requirements

_TOOLS = frozenset({"pip", "uv pip", "pipx", "uv tool"})


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
    triggers = (b"pip", b"uv")

    def check(self, dockerfile: Dockerfile) -> Outcome:
        """One finding for each command, at its first package without a version, and for each requirements file."""
        files: dict[str, list[Place]] = {}
        for command in dockerfile.commands:
            installation = read_installation(command.statement)
            if installation is None or installation.tool not in _TOOLS or installation.constraints:
                continue
            found = open_packages(dockerfile, command, installation, open_python_package)
            if found:
                names = [name for _, name in found]
                yield Finding(
                    dockerfile.place(found[0][0].start, found[0][0].end),
                    f"{installation.tool} installs {counted(names, 'package')} without a version: {listed(names)}",
                    help=f"give the version that works for you (`{names[0]}==…`), or install from a lock file",
                )
            for word in installation.files:
                if path := find_in_context(dockerfile, command, word.text):
                    files.setdefault(path, []).append(dockerfile.place(word.start, word.end))
        for path, places in files.items():
            yield from _of_file(dockerfile, path, places)


def _of_file(dockerfile: Dockerfile, path: str, places: list[Place]) -> Iterator[Finding]:
    manifest = _manifest(dockerfile, path)
    if manifest is None or any(d.kind == "constraints" for d in manifest.directives):
        return
    loose = open_requirements(manifest)
    if not loose:
        return
    project = dockerfile.project
    first = project.line_place(path, loose[0].line) if loose[0].line else project.place(path)
    names = [requirement.written or requirement.name for requirement in loose]
    yield Finding(
        places[0],
        f"{path}, which this installs, leaves the version of {counted(names, 'requirement')} open: {listed(names)}",
        help=f"give the versions in {path}, or compile it: `uv pip compile` writes a lock of it",
        related=(Related(first, "the first of them"), *(Related(place, "likewise") for place in places[1:])),
        subject=path,
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
