"""Which diagnostics a comment or the configuration sets aside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from repro_lint.engine import Outcome
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION
from repro_lint.finding import Finding, Place, Span
from repro_lint.patterns import Patterns
from repro_lint.rule import RuleMeta
from repro_lint.selection import check_selectors, specificity
from repro_lint.suppression import Suppression

if TYPE_CHECKING:
    from repro_lint.diagnostics import Diagnostic, Disposition
    from repro_lint.session import Session

_ENGINE = (INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION, BROKEN_PLUGIN)


class Judge:
    """Decides which diagnostics are set aside, and which suppressions set nothing aside."""

    def __init__(self, session: Session, outcome: Outcome) -> None:
        self.session = session
        self.outcome = outcome
        self.metas = {meta.name: meta for meta in (*session.registry.metas, *_ENGINE)}
        self.used: set[tuple[Suppression, str]] = set()
        ignores = session.settings.per_file_ignores
        self.patterns = [Patterns(ignore.paths).matches for ignore in ignores]
        self.used_ignores: set[int] = set()

    def diagnostics(self) -> list[Diagnostic]:
        """All diagnostics, each with its disposition."""
        found = self.judged(self.outcome.findings)
        if UNUSED_SUPPRESSION.name in self.outcome.ran:
            unused = [*self._unused_comments(), *self._unused_ignores()]
            found += self.judged((UNUSED_SUPPRESSION, f) for f in unused)
        if not found:
            return []
        from repro_lint.diagnostics import sort_key

        return sorted(found, key=sort_key)

    @cached_property
    def secrets(self) -> dict[str, frozenset[str]]:
        """What must not be shown of each file."""
        from repro_lint.diagnostics import secrets_by_path

        return secrets_by_path(self.outcome.findings)

    def judged(self, findings: Iterable[tuple[RuleMeta, Finding]]) -> list[Diagnostic]:
        """The findings as diagnostics, each with its disposition."""
        return [self._judged(d) for d in self._build(findings)]

    def _build(self, findings: Iterable[tuple[RuleMeta, Finding]]) -> list[Diagnostic]:
        findings = list(findings)
        if not findings:
            return []
        # Importing what makes diagnostics takes a third of a run that finds nothing.
        from pydantic import ValidationError

        from repro_lint.diagnostics import build_diagnostics

        overrides = dict(self.session.settings.severity)
        build = partial(build_diagnostics, known=self.metas.values(), severities=overrides, secrets=self.secrets)
        try:
            return build(findings)
        except ValidationError:  # a rule gave a finding that cannot be, such as one at line 0
            return build([self._sound(meta, finding, build) for meta, finding in findings])

    def _sound(self, meta: RuleMeta, finding: Finding, build: Callable[..., object]) -> tuple[RuleMeta, Finding]:
        """The finding, or in its place that its rule is broken."""
        from pydantic import ValidationError

        try:
            build([(meta, finding)])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            self.outcome.ran.discard(meta.name)
            message = f"{meta.name} gave an impossible finding: {where}: {first['msg']}"
            return INTERNAL_ERROR, Finding(Place(finding.place.path), message, subject=f"{meta.name}:{where}")
        return meta, finding

    def _judged(self, diagnostic: Diagnostic) -> Diagnostic:
        meta = self.metas[diagnostic.rule]
        disposition = self._disposition(diagnostic, meta) if meta.suppressible else None
        return diagnostic.model_copy(update={"disposition": disposition}) if disposition else diagnostic

    def _disposition(self, diagnostic: Diagnostic, meta: RuleMeta) -> Disposition | None:
        from repro_lint.diagnostics import Disposition

        place = diagnostic.location
        cell = place.cell.index if place.cell else None
        for suppression in self.outcome.suppressions:
            if not suppression.covers(place.path, cell, place.line, place.end_line):
                continue
            for rule in suppression.rules:
                if specificity(rule, meta) is not None:
                    self.used.add((suppression, rule))
                    return Disposition(state="suppressed", by=suppression.by, reason=suppression.reason)
        for number, ignore in enumerate(self.session.settings.per_file_ignores):
            if self.patterns[number](place.path) and any(specificity(r, meta) is not None for r in ignore.rules):
                self.used_ignores.add(number)
                return Disposition(state="suppressed", by="config", reason=ignore.reason)
        return None

    def _unused_comments(self) -> Iterable[Finding]:
        for suppression in self.outcome.suppressions:
            if not suppression.rules:
                yield Finding(
                    suppression.place, "this suppression names no rule", help="write ignore[rule-name] and why"
                )
            for rule in suppression.rules:
                if (suppression, rule) in self.used:
                    continue
                if unknown := check_selectors([rule], self.session.registry):
                    yield Finding(suppression.place, f"this suppression names an {unknown[0]}", subject=rule)
                elif self._ran_all(rule):
                    yield Finding(suppression.place, f"nothing to suppress here for {rule}", subject=rule)

    def _unused_ignores(self) -> Iterable[Finding]:
        configuration = self.session.configuration
        whole = self.session.tree_rules and not self.session.target.paths
        if configuration.path is None or not whole:
            return
        for number, ignore in enumerate(self.session.settings.per_file_ignores):
            if number not in self.used_ignores and all(self._ran_all(rule) for rule in ignore.rules):
                file, line = configuration.place("per-file-ignores", number)
                path = os.path.relpath(file or configuration.path, self.session.project.root).replace(os.sep, "/")
                place = Place(path, Span(line) if line else None)
                what = f"{', '.join(ignore.rules)} in {', '.join(ignore.paths)}"
                yield Finding(place, f"per-file-ignores: nothing to suppress for {what}", subject=what)

    def _ran_all(self, selector: str) -> bool:
        """Whether every rule that the selector names ran to its end; otherwise nothing is known about it."""
        named = [
            name for name, meta in self.metas.items() if meta.suppressible and specificity(selector, meta) is not None
        ]
        return bool(named) and all(name in self.outcome.ran for name in named)
