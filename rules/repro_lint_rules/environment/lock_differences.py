"""How a lock and the manifests that it was made from differ, in whatever way the format lets one tell."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import Environment, Lock, Manifest, Project, Requirement, dataclass
from repro_lint_rules.environment.compiled import compiled_difference, no_longer_required, source_of
from repro_lint_rules.environment.parsed import Documents, Fault
from repro_lint_rules.environment.pinned_versions import pinned_difference
from repro_lint_rules.environment.samples import is_sample
from repro_lint_rules.environment.staleness import DIFFERENCES, UndecidableError, uv_difference, uv_members


@dataclass(frozen=True)
class Difference:
    """What has changed in a manifest, in words, and the requirement that it is about, if it is about one."""

    manifest: str
    """The path."""
    change: str
    requirement: Requirement | None = None


def is_comparable(lock: Lock) -> bool:
    """Whether the format tells what the lock was made from. conda's explicit ones hold nothing but addresses."""
    if lock.tool == "conda-lock":
        return not lock.path.endswith(".lock")
    return posixpath.basename(lock.path) in DIFFERENCES or lock.tool in ("pip-compile", "pixi", "PEP 751")


def differences(project: Project, lock: Lock) -> list[Difference]:
    """All that can be told; none for a fresh lock. Raises ``UndecidableError``."""
    if is_sample(lock.path):
        raise UndecidableError("the lock is there to test something with")
    try:
        if posixpath.basename(lock.path) in DIFFERENCES:
            return _by_tool(project, lock)
        if lock.tool == "pip-compile":
            return list(_compiled(project, lock))
        return [Difference(m.path, change, requirement) for m, requirement, change in pinned_difference(project, lock)]
    except (ValueError, RecursionError) as error:
        raise UndecidableError("the lock or its manifest cannot be parsed") from error


def _by_tool(project: Project, lock: Lock) -> list[Difference]:
    """At most one: the tools compare hashes, or stop at the first difference."""
    name = posixpath.basename(lock.path)
    beside, difference = DIFFERENCES[name]
    documents = project.fact(Documents)
    path = posixpath.join(lock.directory, beside)
    if path not in project.files:
        raise UndecidableError(f"there is no {beside} beside it")
    manifest, held = documents.read(path), documents.read(lock.path)
    if isinstance(manifest, Fault) or isinstance(held, Fault):
        raise UndecidableError("the lock or its manifest cannot be parsed")
    members = [posixpath.normpath(posixpath.join(lock.directory, m, beside)) for m in uv_members(held)]
    undecided: UndecidableError | None = None
    try:
        if change := difference(manifest, held):
            return [_told(project, path, change)]
    except UndecidableError as error:
        undecided = error
    decided = undecided is None
    for inner in members if name == "uv.lock" else ():
        member = documents.read(inner) if inner in project.files else None
        if member is None or isinstance(member, Fault):
            continue
        try:
            if change := uv_difference(member, held, manifest):
                return [_told(project, inner, change)]
            decided = True
        except UndecidableError:
            continue
    if undecided and not decided:
        raise undecided
    return []


def _told(project: Project, path: str, change: str) -> Difference:
    """The change with the requirement of its first word, which is a name or that of what is said of Python."""
    manifest = next((m for m in project.fact(Environment).manifests if m.path == path), None)
    if manifest is None:
        return Difference(path, change)
    first = change.split()[0].strip(",")
    if first == "requires-python":
        return Difference(path, change, manifest.python)
    return Difference(path, change, next((r for r in manifest.requirements if r.name == first), None))


def _compiled(project: Project, lock: Lock) -> Iterator[Difference]:
    compiled = next(m for m in project.fact(Environment).manifests if m.path == lock.path)
    source: Manifest | None = source_of(project, compiled)
    if source is None:
        raise UndecidableError("what it was compiled from is not in the project, or more than one file")
    for requirement, change in compiled_difference(source, compiled):
        yield Difference(source.path, change, requirement)
    for name in no_longer_required(project, source, compiled):
        yield Difference(source.path, f"{name} is locked as required, and no longer in the manifest")
