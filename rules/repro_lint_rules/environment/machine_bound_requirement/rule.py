"""A manifest can be installed on the machine only on which it was written."""

from __future__ import annotations

import codecs
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
)
from repro_lint_rules.environment.places import place_in

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ON_DISK = lazy_pattern(r"file:|/(?!/)|~|[A-Za-z]:[\\/]")
_IN_CONTAINER = lazy_pattern(
    r"(?:file:(?://)?)?/(?:app|code|workspace|usr/src|srv|opt/app)/|file:(?://)?(?:\.|\$\{|\{)"
)
# The hash in a build's name covers compiler and platform; packages without machine code have one of two, or "pyh".
_BUILD = lazy_pattern(r"=(?!pyh)\w*?h(?!d8ed1ab|d3eb1b0|e3eb1b0)[0-9a-f]{7}_\d+$")
_FOR_PLATFORM = lazy_pattern(
    r"(?i)(?:^|[^a-z])(?:win(?:dows|32|64)?|linux|osx|mac(?:os)?|darwin|x86|arm|cpu|gpu|cuda)(?:[^a-z]|$)"
)
_ONE_SYSTEM = {
    **dict.fromkeys(
        ("pywin32", "pypiwin32", "pywinpty", "wincertstore", "win32-setctime", "pywin32-ctypes"), "Windows"
    ),
    **dict.fromkeys(("vs2015-runtime", "vc14-runtime", "vc", "msys2-conda-epoch", "wmi", "pywinauto"), "Windows"),
    **dict.fromkeys(("pyobjc", "pyobjc-core", "pyobjc-framework-cocoa"), "macOS"),
}


class MachineBoundRequirement(Rule):
    """Files on a disk, builds for a platform, packages of one operating system, and encodings of one."""

    meta = RuleMeta(
        code="ENV009",
        name="machine-bound-requirement",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A manifest can be installed on the machine only on which it was written.",
        why="Whoever installs it elsewhere gets an error about a file or a build that does not exist.",
        help="write requirements by name and version",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each file on the author's disk, and one for each file of builds for one platform."""
        environment = project.fact(Environment)
        for manifest in (*environment.manifests, *environment.scripts):
            yield from _local_files(project, manifest)
            yield from _builds(project, manifest)
            yield from _systems(project, manifest)
            if manifest.kind == "requirements" and project.files[manifest.path].data.startswith(_UTF_16):
                yield Finding(
                    project.place(manifest.path),
                    "the file is UTF-16, as PowerShell writes it: pip reads it, uv and most other tools do not",
                    help="save it as UTF-8: `pip freeze | Out-File -Encoding utf8 requirements.txt`",
                    severity=Severity.WARNING,
                    subject=f"{manifest.path}: encoding",
                )


def _local_files(project: Project, manifest: Manifest) -> Iterator[Finding]:
    named: list[tuple[Requirement | Directive, str, str]] = [
        (r, r.url, f"`{r.written or r.name}` is taken from") for r in manifest.requirements if r.url
    ]
    named += [(d, d.value, "it is taken from") for d in manifest.directives if d.kind in ("url", "path")]
    for item, source, begin in named:
        if _ON_DISK.match(source) and not _IN_CONTAINER.match(source):
            yield Finding(
                place_in(project, manifest, item),
                f"{begin} a directory of one machine: {source}",
                help="write the name and the version; `pip list --format=freeze` gives them for conda's packages too",
                subject=f"{manifest.path}: {source}",
            )
    for directive in manifest.directives:
        if directive.kind == "prefix":
            yield Finding(
                place_in(project, manifest, directive),
                f"`prefix` is a directory of one machine: {directive.value}",
                help="remove the line: `conda env export | grep -v ^prefix`",
                severity=Severity.NOTE,
                subject=f"{manifest.path}: prefix",
            )


def _builds(project: Project, manifest: Manifest) -> Iterator[Finding]:
    """Builds whose name tells that they hold machine code; pure Python packages have the same build everywhere."""
    bound = [r for r in manifest.requirements if r.conda and _BUILD.search(r.specifier)]
    if len(bound) < 2 or _FOR_PLATFORM.search(manifest.path):
        return
    yield Finding(
        place_in(project, manifest, bound[0]),
        f"{len(bound)} packages are fixed to builds for one platform (`{bound[0].written}{bound[0].specifier}`, …)",
        help="export without builds (`conda env export --no-builds` or `--from-history`), or use conda-lock",
        severity=Severity.WARNING,
        subject=f"{manifest.path}: builds",
    )


def _systems(project: Project, manifest: Manifest) -> Iterator[Finding]:
    for requirement in manifest.requirements:
        system = _ONE_SYSTEM.get(requirement.name)
        if system and not requirement.marker and not _FOR_PLATFORM.search(manifest.path):
            marker = "sys_platform == 'win32'" if system == "Windows" else "sys_platform == 'darwin'"
            yield Finding(
                place_in(project, manifest, requirement),
                f"`{requirement.written or requirement.name}` can be installed on {system} only",
                help=f"append `; {marker}`, or remove it if only other packages need it",
                subject=f"{manifest.path}: {requirement.name}",
            )
