"""The one diagnostics model: what every rule, bridge and internal failure becomes, and all that reporters see."""

from __future__ import annotations

import hashlib
import json
import secrets as random_source
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from repro_lint.files import display_path
from repro_lint.finding import Finding, Place, RunOutcome
from repro_lint.finding import Span as FoundSpan
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.lazy import dataclass
from repro_lint.masking import Mask
from repro_lint.rule import RuleMeta

Positive = Annotated[int, Field(ge=1)]


class Model(BaseModel):
    """A frozen model that refuses unknown fields."""

    # A validator is built when the first value is made: most runs make few, and some none.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Span(Model):
    """A stretch of text: 1-based lines and columns in characters, the end exclusive."""

    line: Positive
    column: Positive = 1
    end_line: Positive | None = None
    end_column: Positive | None = None


class Cell(Model):
    """A notebook cell: ``index`` counts all cells from 1, ``code_index`` the code cells alone."""

    index: Positive
    id: str | None = None
    code_index: Positive | None = None


class Location(Model):
    """A place in the tree. Line and column count inside the cell for notebooks; ``physical`` in the file as stored.

    Without a line the location is the whole file, or the whole repository where ``path`` is ``"."``.
    """

    path: str
    cell: Cell | None = None
    line: Positive | None = None
    column: Positive | None = None
    end_line: Positive | None = None
    end_column: Positive | None = None
    physical: Span | None = None
    excerpt: tuple[str, ...] = ()
    primary: bool = True
    label: str | None = None
    outcome: RunOutcome | None = Field(None, description="What the rule predicts of a run that gets here")


class Edit(Model):
    """A replacement of the text at ``location`` by ``text``."""

    location: Location
    text: str


class Fix(Model):
    """A change that removes the finding; a safe one keeps the meaning of the program."""

    title: str
    safety: Literal["safe", "unsafe"]
    edits: tuple[Edit, ...]


State = Literal["new", "touched", "existing", "fixed", "suppressed", "baselined"]


class Disposition(Model):
    """Whether the diagnostic counts, and if not, what set it aside and why.

    ``touched`` was there before on a line that has been edited since; ``fixed`` is gone, and listed apart.
    """

    state: State = "new"
    by: Literal["comment", "file-comment", "cell-tag", "config"] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Identity:
    """What stays the same about a finding when lines move, by which it is known again in another state of the tree."""

    rule: str
    path: str
    cell: str = ""
    """The id of the cell; empty where it has none."""
    scope: str = ""
    """The qualified name of the enclosing function or class."""
    text: str = ""
    """The subject, else the first line without its white space; secrets are masked."""
    named: bool = False
    """Whether the text is a subject."""
    places: tuple[tuple[str, str], ...] = ()
    """Path and line of each of its places, the primary one first."""
    secret: str = ""
    """Differs for different secret values within this process, and says nothing outside it; empty without any."""


_NOTHING = Identity("", "")


class Diagnostic(Model):
    """One occurrence of one problem, with exactly one primary location, which comes first."""

    rule: str
    code: str
    message: str
    why: str
    help: str
    severity: Severity
    confidence: Confidence
    level: Level
    locations: tuple[Location, ...]
    fixes: tuple[Fix, ...] = ()
    fingerprint: str
    disposition: Disposition = Disposition()
    url: str | None = None
    _identity: Identity = PrivateAttr(default_factory=lambda: _NOTHING)  # a default is copied for each, in depth

    @property
    def identity(self) -> Identity:
        """By what it is known again. Not part of any output: a fingerprint is made of it."""
        return self._identity

    @model_validator(mode="after")
    def _one_primary_first(self) -> Diagnostic:
        if [location.primary for location in self.locations] != [True] + [False] * (len(self.locations) - 1):
            raise ValueError("a diagnostic has exactly one primary location, and it comes first")
        return self

    @property
    def location(self) -> Location:
        """The primary location."""
        return self.locations[0]

    @property
    def counts(self) -> bool:
        """Whether it takes part in counts and exit codes: neither suppressed nor known before."""
        return self.disposition.state == "new"


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, int, str, str]:
    """The one order of diagnostics: path, cell, line, column, code, message."""
    place = diagnostic.location
    cell = place.cell.index if place.cell else 0
    return place.path, cell, place.line or 0, place.column or 0, diagnostic.code, diagnostic.message


class UnknownRuleError(LookupError):
    """A finding came from a rule that the registry does not know."""


def build_diagnostics(
    findings: Iterable[tuple[RuleMeta, Finding]],
    *,
    known: Iterable[RuleMeta],
    severities: dict[str, Severity] | None = None,
    secrets: Mapping[str, frozenset[str]] | None = None,
) -> list[Diagnostic]:
    """The diagnostics for the findings, sorted, each with a fingerprint of its own.

    ``severities`` are the user's overrides by rule name, ``secrets`` what must not be shown of each file (default:
    what the findings themselves name). Raises ``UnknownRuleError`` for a rule that is not among ``known``; a finding
    without a place cannot be made (``Finding.place`` is required).
    """
    names = {meta.name for meta in known}
    findings = list(findings)
    secrets = secrets_by_path(findings) if secrets is None else secrets
    drafts = []
    for meta, finding in findings:
        if meta.name not in names:
            raise UnknownRuleError(meta.name)
        paths = {finding.place.path, *(r.place.path for r in finding.related)}
        mask = Mask((*finding.secrets, *(s for path in paths for s in secrets.get(path, ()))))
        severity = (severities or {}).get(meta.name) or finding.severity or meta.severity
        primary = _location(finding.place, mask, meta.outcome(finding))
        related = tuple(_location(r.place, mask, r.outcome, label=mask(r.label)) for r in finding.related)
        draft = Diagnostic(
            rule=meta.name,
            code=meta.code,
            message=mask(finding.message),
            why=mask(finding.why or meta.why),
            help=mask(finding.help or meta.help),
            severity=severity,
            confidence=finding.confidence or meta.confidence,
            level=meta.level,
            locations=(primary, *related),
            fixes=tuple(
                Fix(
                    title=mask(fix.title),
                    safety="safe" if fix.safe else "unsafe",
                    edits=tuple(Edit(location=_location(e.place, mask), text=mask(e.text)) for e in fix.edits),
                )
                for fix in finding.fixes
            ),
            fingerprint="",
            url=meta.url,
        )
        draft._identity = _identity(meta, finding, secrets.get(finding.place.path, ()))
        drafts.append(draft)
    return _with_fingerprints(sorted(drafts, key=sort_key))


def secrets_by_path(findings: Iterable[tuple[RuleMeta, Finding]]) -> dict[str, frozenset[str]]:
    """The secrets that findings name, by the file they are in: no other finding about that file may show them."""
    found: dict[str, frozenset[str]] = {}
    for _, finding in findings:
        if finding.secrets:
            found[finding.place.path] = found.get(finding.place.path, frozenset()).union(finding.secrets)
    return found


def _location(place: Place, mask: Mask, outcome: RunOutcome | None = None, *, label: str | None = None) -> Location:
    span, cell = place.span, place.cell
    return Location(
        path=display_path(place.path),
        cell=None if cell is None else Cell(index=cell.index, id=cell.id, code_index=cell.code_index),
        line=span.line if span else None,
        column=span.column if span else None,
        end_line=span.end_line if span else None,
        end_column=span.end_column if span else None,
        physical=_span(place.physical),
        excerpt=tuple(mask(line) for line in place.excerpt),
        primary=label is None,
        label=label,
        outcome=outcome,
    )


def _span(span: FoundSpan | None) -> Span | None:
    if span is None:
        return None
    return Span(line=span.line, column=span.column, end_line=span.end_line, end_column=span.end_column)


def _identity(meta: RuleMeta, finding: Finding, secrets: Iterable[str]) -> Identity:
    """No line numbers, and the text without its white space. The file's secrets are masked: a hash can be guessed."""
    place, mask = finding.place, Mask((*finding.secrets, *secrets))
    subject = mask(finding.subject or "")
    places = (place, *(related.place for related in finding.related))
    return Identity(
        rule=meta.name,
        path=display_path(place.path),
        cell=(place.cell.id or "") if place.cell else "",
        scope=place.scope,
        text=subject or _text(place, mask),
        named=bool(subject),
        places=tuple((display_path(each.path), _text(each, mask)) for each in places),
        secret=_digest(finding.secrets) if finding.secrets else "",
    )


def _text(place: Place, mask: Mask) -> str:
    return "".join(mask("".join(place.excerpt[:1])).split())


def _digest(values: Iterable[str]) -> str:
    data = json.dumps(sorted(values)).encode()
    return hashlib.blake2b(data, key=_process_key(), digest_size=16).hexdigest()


@cache
def _process_key() -> bytes:
    return random_source.token_bytes(32)


def _with_fingerprints(drafts: Sequence[Diagnostic]) -> list[Diagnostic]:
    seen: dict[tuple[str, ...], int] = {}
    result = []
    for draft in drafts:
        known = draft.identity
        parts = (known.rule, known.path, known.cell, known.scope, known.text)
        seen[parts] = count = seen.get(parts, 0) + 1
        digest = hashlib.sha256(json.dumps([*parts, count]).encode()).hexdigest()
        result.append(draft.model_copy(update={"fingerprint": digest}))
    return result
