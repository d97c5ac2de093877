"""What each file of a directory says of the version of Python, as far as the files must agree."""

from __future__ import annotations

from collections import defaultdict

from repro_lint.api import Project, ProjectFact, dataclass, lazy_pattern
from repro_lint_rules.environment.ci_pythons import installing_jobs
from repro_lint_rules.environment.python_versions import Release, admitted
from repro_lint_rules.environment.pythons import PythonStatement, PythonStatements
from repro_lint_rules.environment.samples import is_sample

_REQUIRING = ("pyproject.toml", "setup.py", "setup.cfg")
# One of several files for environments of their own, and scripts that state their requirements for themselves.
_VARIANT = lazy_pattern(
    r".*Dockerfile.+|.+Dockerfile|(?!(?:conda[_-]?)?env(?:ironment)?\.ya?ml$|conda\.ya?ml$).*\.ya?ml|(?!setup\.py$).*\.py"
)


@dataclass(frozen=True)
class Claim:
    """The releases that a file admits or names, where it first does, and in which words."""

    path: str
    line: int | None
    said: str
    releases: frozenset[Release]

    @property
    def where(self) -> str:
        """The place as people write it."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def minors(self) -> frozenset[tuple[int, int]]:
        """The minor releases of which some patch is meant."""
        return frozenset(release[:2] for release in self.releases)


@dataclass(frozen=True)
class Claims:
    """What is said for one directory."""

    required: tuple[Claim, ...]
    """What manifests admit."""
    named: tuple[Claim, ...]
    """What is installed, a claim for each file."""
    jobs: tuple[Claim, ...]
    """With what CI installs the project, a claim for each version."""
    classified: tuple[Claim, ...]
    """What the classifiers of the manifests name, a claim for each file."""


class PythonClaims(ProjectFact):
    """The claims by the directory that they are for, "" for the root."""

    def __init__(self, homes: dict[str, Claims]) -> None:
        self.homes = homes

    @classmethod
    def compute(cls, project: Project) -> PythonClaims:
        """Group what files state; what cannot be read, or is one of several alternatives, is left out."""
        files: defaultdict[str, list[PythonStatement]] = defaultdict(list)
        classifiers: defaultdict[str, list[PythonStatement]] = defaultdict(list)
        for statement in project.fact(PythonStatements).statements:
            if statement.kind in ("range", "exact"):
                files[statement.path].append(statement)
            elif statement.kind == "tested" and statement.path.rpartition("/")[2] in _REQUIRING:
                classifiers[statement.path].append(statement)
        required: defaultdict[str, list[Claim]] = defaultdict(list)
        classified: defaultdict[str, list[Claim]] = defaultdict(list)
        named: defaultdict[str, list[Claim]] = defaultdict(list)
        for path, statements in files.items():
            name = path.rpartition("/")[2]
            if _VARIANT.fullmatch(name) or is_sample(path) or (claim := _claim(statements)) is None:
                continue
            (required if name in _REQUIRING else named)[statements[0].home].append(claim)
        for statements in classifiers.values():
            if claim := _claim(statements):
                classified[statements[0].home].append(claim)
        jobs = tuple(
            Claim(job.path, job.line, job.version, releases)
            for job in (installing_jobs(project) if required.get("") else ())
            if (releases := admitted(job.version))
        )
        return cls(
            {
                home: Claims(
                    tuple(required[home]),
                    _without_alternatives(named[home]),
                    () if home else jobs,
                    tuple(classified[home]),
                )
                for home in sorted({*required, *named})
            }
        )


def _without_alternatives(claims: list[Claim]) -> tuple[Claim, ...]:
    """The claims but those of several conda environments beside each other, which may be for anything."""
    conda = [claim for claim in claims if claim.path.endswith((".yml", ".yaml"))]
    return tuple(claim for claim in claims if len(conda) < 2 or claim not in conda)


def _claim(statements: list[PythonStatement]) -> Claim | None:
    """The claim of one file, or None where it cannot be read or names several versions for several images."""
    first = statements[0]
    said = list(dict.fromkeys(statement.specifier for statement in statements))
    sets = [admitted(specifier) for specifier in said]
    if not said or None in sets or (len(said) > 1 and "ockerfile" in first.path):
        return None
    releases = frozenset[Release]().union(*(found for found in sets if found))
    return Claim(first.path, first.line, " or ".join(said), releases) if releases else None
