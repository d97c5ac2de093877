"""A function of pandas needs a package that pandas does not bring and nobody declares."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Manifest,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
)
from repro_lint_rules.environment.declared import Declared
from repro_lint_rules.environment.engines import EngineUse, Installed, engine_uses, installs_pandas
from repro_lint_rules.environment.imports import ForeignImportFacts

_SHOWN = 20
_TESTS = lazy_pattern(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")


class MissingEngine(Rule):
    """Compares what readers and writers of pandas need with all that manifests and locks install."""

    meta = RuleMeta(
        code="ENV016",
        name="missing-engine",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A function of pandas needs a package that pandas does not bring, and no manifest declares it.",
        why="It runs where the package happens to be installed, and stops with an ImportError everywhere else.",
        help="add the package to the manifest",
        predicts="stop",
    )
    triggers = (
        *(b"parquet", b"read_excel", b"to_excel", b"ExcelFile", b"read_html", b"_feather", b"read_orc", b"_hdf"),
        *(b"HDFStore", b"read_spss"),
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each package that is lacking, at the first call that needs it."""
        if _TESTS.search(source.path) or not any(one.top == "pandas" for one in source.semantics.imports):
            return
        lacking: dict[tuple[frozenset[str], ...], list[EngineUse]] = {}
        for use in engine_uses(source):
            lacking.setdefault(use.needs, []).append(use)
        if not lacking:
            return
        installed = source.project.fact(Installed)
        manifest = source.project.fact(Declared).covering(source.path)
        if installed.uncertain or manifest is None or not installs_pandas(manifest):
            return
        complete = installed.frozen is None or manifest.path in installed.frozen
        imports = ForeignImportFacts.collect(source)
        here = installed.distributions | (imports.installed if imports else frozenset())
        for needs, uses in lacking.items():
            if not any(need <= here for need in needs):
                yield _finding(source, manifest, uses, complete)


def _finding(source: PythonSource, manifest: Manifest, uses: list[EngineUse], complete: bool) -> Finding:
    first, *others = sorted(uses, key=lambda use: not (use.certain and _is_straight(source, use)))
    *rest, last = [" and ".join(sorted(need)) for need in first.needs]
    named = f"{', '.join(rest)} or {last}" if rest else last
    sure = complete and first.certain
    return Finding(
        source.place(first.node),
        f"`{first.shown}` needs {named}, which pandas does not bring and no manifest declares",
        help=f"add {' and '.join(sorted(first.needs[0]))} to {manifest.path}",
        severity=None if sure else Severity.WARNING,
        confidence=None if complete else Confidence.LOW,
        related=tuple(Related(source.place(use.node), "needs it, too") for use in others[:_SHOWN]),
        subject=named,
        outcome=None if sure and _is_straight(source, first) else "may-stop",
    )


def _is_straight(source: PythonSource, use: EngineUse) -> bool:
    """Whether every run gets to the call."""
    semantics = source.semantics
    return not semantics.guards(use.node) and semantics.scope_of(use.node).kind == "module"
