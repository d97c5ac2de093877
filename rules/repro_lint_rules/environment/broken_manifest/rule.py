"""A manifest or lock cannot be parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
    read_text,
)
from repro_lint_rules.environment.parsed import Documents, Fault, conflict_in, yaml_fault
from repro_lint_rules.environment.samples import is_sample
from repro_lint_rules.environment.staleness import DIFFERENCES

_TOML = ("pyproject", "pipfile", "pixi")
_TEMPLATE = ("{{", "{%", "<%")


class BrokenManifest(Rule):
    """Manifests that their own parser refuses, and locks that a merge has left in pieces."""

    meta = RuleMeta(
        code="ENV015",
        name="broken-manifest",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A manifest or lock cannot be parsed.",
        why="No tool installs from it, and nothing that it declares is known to the other rules.",
        help="correct the file at the line where the parser stops",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each file, at the line at which it stops to make sense."""
        faults = dict(_faults(project))
        if not faults:
            environment = project.fact(Environment)
            if not (environment.manifests or environment.locks):
                yield NotApplicable("there is no manifest or lock")
        for path, fault in faults.items():
            text = read_text(project, path)
            if is_sample(path) or any(mark in text for mark in _TEMPLATE):
                continue
            name = path.rpartition("/")[2]
            yield Finding(
                project.line_place(path, fault.line),
                f"{name} cannot be parsed: {fault.message}",
                subject=path,
            )


def _faults(project: Project) -> Iterator[tuple[str, Fault]]:
    environment, documents = project.fact(Environment), project.fact(Documents)
    for manifest in environment.manifests:
        found: Mapping[str, object] | Fault | None = conflict_in(project, manifest.path)
        if manifest.problem and not found:
            if manifest.kind in _TOML:
                found = documents.read(manifest.path)
            elif manifest.kind == "conda":
                found = yaml_fault(read_text(project, manifest.path))
        if isinstance(found, Fault):
            yield manifest.path, found
    for lock in environment.locks:
        found = conflict_in(project, lock.path)
        if not found and lock.path.rpartition("/")[2] in DIFFERENCES:
            found = documents.read(lock.path)
        if isinstance(found, Fault):
            yield lock.path, found
