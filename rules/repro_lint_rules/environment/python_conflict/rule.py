"""The places that say which Python the project is for do not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.python_claims import Claim, Claims, PythonClaims
from repro_lint_rules.environment.python_versions import admitted
from repro_lint_rules.environment.pythons import SavedWith

_SHOWN = 3


class PythonConflict(Rule):
    """Compares what is said for the same directory: manifests, version files, containers, workflows, notebooks."""

    meta = RuleMeta(
        code="ENV007",
        name="python-conflict",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The places that say which Python the project is for do not agree.",
        why="Whoever follows one of them cannot install the project, or runs it with another Python than was tested.",
        help="decide on the version, and let every file name it or admit it",
    )
    facts = (SavedWith,)

    def check(self, project: Project) -> Outcome:
        """At most one finding of each kind for a directory."""
        homes = project.fact(PythonClaims).homes
        if not homes:
            yield NotApplicable("no file says which version of Python the project is for, as far as it can be compared")
        for claims in homes.values():
            yield from _against_required(project, claims)
            yield from _among_named(project, claims)
        yield from _notebooks(project, homes)


def _against_required(project: Project, claims: Claims) -> Iterator[Finding]:
    if not claims.required:
        return
    first, *others = claims.required
    told = (*others, *claims.named, *claims.jobs)
    # Nothing is installed by classifiers, but whoever looks for the project by them is misled.
    for statements, subject, severity in ((told, "python", None), (claims.classified, "classifiers", Severity.NOTE)):
        if refused := [claim for claim in statements if not claim.releases & first.releases]:
            yield Finding(
                _place(project, first),
                f"Python `{first.said}` is required here, but {_listed(refused)}",
                help=f"let all of them name a version that `{first.said}` admits, or widen it",
                severity=severity,
                related=_related(project, refused),
                subject=subject,
            )


def _among_named(project: Project, claims: Claims) -> Iterator[Finding]:
    """What is installed here and there; where the manifest refuses one, that has been said."""
    named = [c for c in claims.named if all(c.releases & required.releases for required in claims.required)]
    others = [claim for claim in named[1:] if not claim.releases & named[0].releases]
    if others:
        yield Finding(
            _place(project, named[0]),
            f"Python {named[0].said} is named here, but {_listed(others)}",
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            related=_related(project, others),
            subject="python",
        )


def _notebooks(project: Project, homes: dict[str, Claims]) -> Iterator[Finding]:
    """What notebooks were last run with says little of what they need: whoever saved them last had it installed."""
    odd: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path, version in sorted(project.file_facts(SavedWith).items()):
        home = max((h for h in homes if not h or path.startswith(h + "/")), key=len, default=None)
        if home is None or not (found := admitted(version)):
            continue
        claim = (*homes[home].required, *homes[home].named)[0]
        if not {release[:2] for release in found} & claim.minors:
            odd[home][path] = version
    for home, versions in odd.items():
        claim = (*homes[home].required, *homes[home].named)[0]
        count = f"{len(versions)} notebooks were" if len(versions) > 1 else "a notebook was"
        minors = sorted({".".join(version.split(".")[:2]) for version in versions.values()})
        places = [Related(project.place(path), f"run with {v}") for path, v in versions.items()]
        yield Finding(
            _place(project, claim),
            f"Python `{claim.said}` is stated here, but {count} last run with {', '.join(minors)}",
            help="run the notebooks again with the version that is stated, and save them",
            severity=Severity.NOTE,
            confidence=Confidence.LOW,
            related=tuple(places[:_SHOWN]),
            subject="notebooks",
        )


def _listed(claims: Sequence[Claim]) -> str:
    shown = [f"{claim.where} names `{claim.said}`" for claim in claims[:_SHOWN]]
    if len(claims) > _SHOWN:
        shown.append(f"{len(claims) - _SHOWN} more places differ")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _place(project: Project, claim: Claim) -> Place:
    return project.line_place(claim.path, claim.line) if claim.line else project.place(claim.path)


def _related(project: Project, claims: Sequence[Claim]) -> tuple[Related, ...]:
    return tuple(Related(_place(project, claim), f"names Python `{claim.said}`") for claim in claims)
