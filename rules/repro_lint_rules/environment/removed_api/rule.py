"""The code uses a name that a release of a library does not have, and nothing keeps that release out."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Level,
    NotApplicable,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.removals_findings import cause, finding_about, findings_about_imports
from repro_lint_rules.environment.removals_ranges import admitted, may_choose_older
from repro_lint_rules.environment.removals_uses import Use, Uses


class RemovedApi(Rule):
    """Resolves names of well-known libraries and compares their histories with the releases that the project admits."""

    meta = RuleMeta(
        code="ENV014",
        name="removed-api",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The code uses a name that a release of a library which may be installed no longer has.",
        why="The program stops with an ImportError, AttributeError or TypeError wherever that release is installed.",
        help="use what replaced the name, or require a release that has it",
        predicts="stop",
    )
    triggers = (
        *(b"numpy", b"pandas", b"matplotlib", b"sklearn", b"scipy", b"seaborn", b"networkx", b"IPython", b"pylab"),
        *(b"statsmodels", b"sympy", b"keras", b"tensorflow", b"torch", b"torchvision", b"torchtext", b"PIL", b"plotly"),
        *(b"bokeh", b"gensim", b"nltk", b"xgboost", b"lightgbm", b"pymc", b"imblearn", b"geopandas", b"shapely"),
        *(b"jinja2", b"markupsafe", b"flask"),
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each name, where it is used first; its other places are related."""
        uses: dict[str, list[Use]] = {}
        # The rest of the tree is asked only where a name is used that has gone somewhere.
        for use in Uses(source, lambda library: may_choose_older(source, library.distribution)):
            uses.setdefault(cause(use), []).append(use)
        for found in uses.values():
            releases = admitted(source, found[0].key)
            if releases is None or not found[0].history.lacks(releases.releases[-1]):
                continue
            if any(above[0].history.lacks(releases.releases[-1]) for above in _above(found[0].key, uses)):
                continue  # what it is a part of, or an argument of, is a finding of its own
            if not releases.said and _is_for_python_2(source):
                yield NotApplicable("nothing says which releases are installed, and the notebook is for Python 2")
                return
            yield from finding_about(source, found, releases)
        if source.notebook is not None:
            yield from findings_about_imports(source)


def _above(key: str, uses: dict[str, list[Use]]) -> Iterator[list[Use]]:
    while key := key.rpartition(".")[0].removesuffix("()"):
        if key in uses and uses[key][0].key == key:
            yield uses[key]


def _is_for_python_2(source: PythonSource) -> bool:
    return source.notebook is not None and (source.notebook.language_version or "").startswith("2")
