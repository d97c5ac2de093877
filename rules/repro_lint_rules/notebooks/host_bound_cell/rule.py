"""A cell works on one kind of host only, and nothing asks whether it runs there."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Related, Rule, RuleMeta, Severity
from repro_lint_rules.notebooks.hosts import HostNeed, declared_hosts, host_needs

_ADVICE = {
    "Google Colab": 'put it under `if "google.colab" in sys.modules:`, with another way for everybody else',
    "Kaggle": 'put it under `if "KAGGLE_KERNEL_RUN_TYPE" in os.environ:`, with another way for everybody else',
    "Databricks": "take the value from a parameter or the environment, or keep the notebook in the form of Databricks",
    "Amazon SageMaker": "ask for the role only where no variable of the environment names it",
}


class HostBoundCell(Rule):
    """Reports what only Colab, Kaggle, Databricks, SageMaker or one operating system provides, used without a guard."""

    meta = RuleMeta(
        code="NBK014",
        name="host-bound-cell",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A cell works on one kind of host only, and nothing asks whether it runs there.",
        why="On every other machine this step fails, and with it what builds on it.",
        help="ask first whether the notebook runs there, and give everybody else another way",
    )
    triggers = (
        b"colab", b"kaggle_", b"piplite", b"pyodide", b"get_execution_role", b"dbutils", b"mssparkutils",
        b"tensorflow_version", b"%%shell", b"install",
    )  # fmt: skip

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each host, at the first cell that needs it, with the other cells beside it."""
        if source.form == "script":
            return
        declared = declared_hosts(source)
        needs: dict[str, list[HostNeed]] = {}
        for need in host_needs(source):
            if need.host not in declared:
                needs.setdefault(need.host, []).append(need)
        for host, found in needs.items():
            found.sort(key=_position)
            first = found[0]
            others = {need.cell.index: need for need in reversed(found) if need.cell is not first.cell}
            cells = [need for _, need in sorted(others.items())]
            more = (
                f", and so do {len(cells)} other cells"
                if len(cells) > 1
                else ", and so does another cell"
                if cells
                else ""
            )
            yield Finding(
                first.place,
                f"`{first.text}` needs {host}, and nothing asks whether the notebook runs there{more}",
                help=_ADVICE.get(host, "install it in the environment that the project describes, not in a cell"),
                related=tuple(
                    Related(need.place, f"`{need.text}` needs it too", outcome=need.outcome) for need in cells
                ),
                subject=f"{host}: {first.text}",
                outcome=first.outcome,
            )


def _position(need: HostNeed) -> tuple[int, int, int]:
    span = need.place.span
    return need.cell.index, span.line if span else 0, span.column if span else 0
