"""A requirement is taken from a branch or address whose content changes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Directive,
    Environment,
    Finding,
    Level,
    Manifest,
    Outcome,
    Project,
    Requirement,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
    name_in_url,
)
from repro_lint_rules.environment.lock_advice import home
from repro_lint_rules.environment.places import place_in

_RECORDING = ("uv", "Poetry", "PDM", "Pipenv", "pixi", "PEP 751")
_VCS = lazy_pattern(r"(?:git|hg|svn|bzr)\+|git://|ssh://")
_FIXED = lazy_pattern(r"@[0-9a-f]{7,40}(?:$|[#&?])|[/-][0-9a-f]{40}\b|sha256[=:]|@[^/@]*\d+(?:[._-]\d+)+[^/@]*(?:$|#)")
_MOVING = lazy_pattern(r"/(?:archive|zipball|tarball|zip)/(?:refs/heads/)?(?!v?\d)[^/]*?(?:\.zip|\.tar\.gz)?(?:$|#)")
_REFERENCE = lazy_pattern(r"(?<=.)@(?P<name>[^@/:#]+(?:/[^@:#]+)*)(?:$|#)")


class FloatingSource(Rule):
    """A commit or a hash fixes what is installed, and so does a tag that is a version; a branch does not."""

    meta = RuleMeta(
        code="ENV008",
        name="floating-source",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A requirement is taken from a branch or address whose content changes.",
        why="The same line installs other code tomorrow, without a version that would tell.",
        help="name a commit, or a released version",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each requirement; none where a lock of the tool records the commit."""
        environment = project.fact(Environment)
        locked = {home(lock.directory) for lock in environment.locks if lock.tool in _RECORDING}
        for manifest in (*environment.manifests, *environment.scripts):
            if manifest.kind in ("pyproject", "poetry", "pipfile", "pixi") and home(manifest.directory) in locked:
                continue
            for requirement in manifest.requirements:
                if requirement.url and not requirement.pinned:
                    yield from _judge(project, manifest, requirement, requirement.url)
            for directive in manifest.directives:
                if directive.kind == "url":
                    yield from _judge(project, manifest, directive, directive.value)
                elif directive.kind == "path" and _leaves(manifest.directory, directive.value):
                    yield Finding(
                        place_in(project, manifest, directive),
                        f"`{directive.value}` lies outside of the repository: nobody else has it",
                        help="publish the package, or name its repository and a commit",
                        subject=f"{manifest.path}: {directive.value}",
                    )


def _judge(project: Project, manifest: Manifest, item: Requirement | Directive, url: str) -> Iterator[Finding]:
    """The finding for a URL that does not fix its content. Files are another matter."""
    if url.startswith(("file:", ".", "/")) or "://" not in url or "{" in url or "$" in url or _FIXED.search(url):
        return
    versioned = _VCS.match(url)
    if not versioned and not _MOVING.search(url):  # a file with its version in its name is not replaced by another
        return
    reference = _REFERENCE.search(url)
    where = f"the branch or tag {reference['name']}" if reference else "whatever is newest in the repository"
    message = f"it is installed from {where}" if versioned else "it is installed from an archive of a branch"
    name = item.name if isinstance(item, Requirement) else name_in_url(url)
    yield Finding(
        place_in(project, manifest, item),
        f"`{name}` has no version: {message}",
        help="append `@` and the hash of the commit that works for you" if versioned else "use the archive of a commit",
        subject=f"{manifest.path}: {url}",
    )


def _leaves(directory: str, path: str) -> bool:
    plain = path.replace("\\", "/")
    return not plain.startswith(("/", "file:")) and posixpath.normpath(posixpath.join(directory, plain)).startswith(
        ".."
    )
