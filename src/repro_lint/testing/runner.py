"""Running the cases of a rule's page, and bringing the snapshots in it up to date."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from repro_lint.config import Configuration, Settings, load_config
from repro_lint.diagnostics import Diagnostic
from repro_lint.engine_rules import INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION
from repro_lint.grades import Level
from repro_lint.registry import Entry, Registry
from repro_lint.report import Report
from repro_lint.rule import EngineRule, RuleMeta
from repro_lint.session import Session, Target
from repro_lint.testing.cases import Case, Expected, parse_cases


def cases_of(entry: Entry) -> list[Case]:
    """The cases of a rule: those of its page, then those of ``cases.md``."""
    more = entry.folder / "cases.md"
    return parse_cases(entry.page) + (parse_cases(more) if more.is_file() else [])


def run_case(case: Case, entry: Entry, registry: Registry, *, prefilter: bool = True) -> Report:
    """The report for a case, with the rule and the stable rules of its family selected."""
    with tempfile.TemporaryDirectory(prefix="repro-lint-case-") as folder:
        root = Path(folder).resolve() / "project"
        root.mkdir()
        case.write(root)
        pyproject = root / "pyproject.toml"
        configured = pyproject.is_file() and "[tool.repro-lint" in pyproject.read_text(encoding="utf-8")
        configuration = load_config(pyproject) if configured else Configuration(Settings())
        names = {e.rule for e in case.expected} | {entry.meta.name}
        names |= {m.name for m in registry.metas if m.status == "stable" and _is_kin(m, entry)}
        selected = tuple(sorted(names))
        configuration.settings = replace(
            configuration.settings, select=selected, extend_select=selected, level=Level.PRODUCTION
        )
        session = Session(Target(root, (), files_only=False), configuration, registry, prefilter=prefilter)
        return session.report()


def _is_kin(meta: RuleMeta, entry: Entry) -> bool:
    """Whether the rule runs in the cases of the entry: its family does; with the engine's own rules, all do."""
    return meta.family == entry.meta.family or issubclass(entry.rule, EngineRule)


def problems_of(case: Case, entry: Entry, report: Report) -> list[str]:
    """A sentence for each difference between what a case asserts and what was found."""
    asserted = {e.rule for e in case.expected} | {entry.meta.name}
    found = Counter(
        expectation(d)
        for d in report.diagnostics
        if d.counts and (d.rule in asserted or (case.kind == "good" and _is_kin_of(d, entry)))
    )
    wanted = Counter(case.expected)
    at = f"{case.page.parent.name}/{case.page.name}:{case.line}: {case.title}"
    missing = [f"{at}: missing {e}" for e in (wanted - found).elements()]
    return missing + [f"{at}: unexpected {e}" for e in (found - wanted).elements()]


def _is_kin_of(diagnostic: Diagnostic, entry: Entry) -> bool:
    """Whether a good example of the rule must be without this finding: one of its family, or a crash."""
    if issubclass(entry.rule, EngineRule):
        return diagnostic.rule == INTERNAL_ERROR.name
    return diagnostic.rule not in (UNREADABLE_FILE.name, UNUSED_SUPPRESSION.name)


def expectation(diagnostic: Diagnostic) -> Expected:
    """The diagnostic as an assertion would name it."""
    place = diagnostic.location
    return Expected(place.path, place.cell.index if place.cell else None, place.line, diagnostic.rule)


def rendered(report: Report, entry: Entry) -> str:
    """The findings of the rule as the page shows them."""
    from repro_lint.reporters.full import render_diagnostic

    shown = [d for d in report.diagnostics if d.rule == entry.meta.name]
    return "\n\n".join(render_diagnostic(d) for d in shown) + "\n"


def check_rule(entry: Entry, registry: Registry) -> list[str]:
    """What is wrong with the cases and snapshots of a rule; nothing for a rule that keeps its word."""
    problems: list[str] = []
    for case in cases_of(entry):
        report = run_case(case, entry, registry)
        problems += problems_of(case, entry, report)
        if case.snapshot and case.snapshot.text != (now := rendered(report, entry)):
            problems.append(f"{case.page}:{case.snapshot.first_line}: the snapshot differs; it is now:\n{now}")
    return problems


def rewrite_snapshots(entries: Iterable[Entry], registry: Registry) -> list[Path]:
    """Put what is found now into the snapshots of the pages; the pages that changed."""
    changed = []
    for entry in entries:
        pages: dict[Path, list[Case]] = {}
        for case in cases_of(entry):
            if case.snapshot:
                pages.setdefault(case.page, []).append(case)
        for page, cases in pages.items():
            lines = page.read_text(encoding="utf-8").split("\n")
            for case in reversed(cases):
                assert case.snapshot is not None
                text = rendered(run_case(case, entry, registry), entry).rstrip("\n").split("\n")
                lines[case.snapshot.first_line - 1 : case.snapshot.end_line - 1] = text
            new = "\n".join(lines)
            if new != page.read_text(encoding="utf-8"):
                page.write_text(new, encoding="utf-8")
                changed.append(page)
    return changed
