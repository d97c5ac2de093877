"""An image installs packages of a system or of conda without their versions."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import (
    BuildCommand,
    Confidence,
    Dockerfile,
    Finding,
    Installation,
    Level,
    Outcome,
    Rule,
    RuleMeta,
    Severity,
    read_installation,
)
from repro_lint_rules.containers.versions import counted, listed, open_conda_package, open_packages, open_system_package

_EXAMPLES = {"apt": "curl=8.5.0-2ubuntu10", "apk": "curl=8.9.1-r0", "dnf": "curl-8.6.0", "zypper": "curl=8.6.0"}

_CONDA = ("conda", "mamba", "micromamba")


class FloatingSystemPackage(Rule):
    """A note for packages of a distribution, whose releases change little; a warning for those of conda."""

    meta = RuleMeta(
        code="CTR002",
        name="floating-system-package",
        family="containers",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="An image installs packages of a system or of conda without their versions.",
        why="The same Dockerfile gives another image next month, and nothing tells what has changed in it.",
        help="give the versions",
    )
    triggers = (b"apt", b"apk", b"yum", b"dnf", b"zypper", b"conda", b"mamba")

    def check(self, dockerfile: Dockerfile) -> Outcome:
        """One finding for each command, at its first package without a version."""
        for command in dockerfile.commands:
            installation = read_installation(command.statement)
            if installation is not None and installation.tool in (*_EXAMPLES, *_CONDA):
                yield from _judge(dockerfile, command, installation)


def _judge(dockerfile: Dockerfile, command: BuildCommand, installation: Installation) -> Iterator[Finding]:
    tool = installation.tool
    if tool in _EXAMPLES:
        found = open_packages(dockerfile, command, installation, lambda word: open_system_package(tool, word))
    else:
        found = open_packages(dockerfile, command, installation, open_conda_package)
    if not found:
        return
    first = found[0][0]
    names = [name for _, name in found]
    yield Finding(
        dockerfile.place(first.start, first.end),
        f"{tool} installs {counted(names, 'package')} without a version: {listed(names)}",
        help=_help(tool, names[0]),
        severity=None if tool in _EXAMPLES else Severity.WARNING,
    )


def _help(tool: str, name: str) -> str:
    if tool not in _EXAMPLES:
        return f"give the version that works for you (`{name}=…`), or install from a file that conda-lock wrote"
    if tool == "apt":
        return (
            f"give the version, as in `{_EXAMPLES[tool]}`; mirrors forget old versions, so fix the base image by its "
            "digest and take the packages from snapshot.debian.org or snapshot.ubuntu.com"
        )
    return f"give the version, as in `{_EXAMPLES[tool]}`"
