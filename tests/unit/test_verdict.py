"""Whether a notebook would run: a function of the diagnostics, and what the command makes of it."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from tests.conftest import Lint, git

from repro_lint.diagnostics import Diagnostic, Disposition, State, build_diagnostics
from repro_lint.finding import CellRef, Finding, Place, Related, RunOutcome, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import RuleMeta
from repro_lint.verdict import verdicts

STOP = RuleMeta(
    "NBK099", "stopper", "f", Level.SAFE, Severity.ERROR, Confidence.HIGH, "0", "s.", "w", "h", predicts="stop"
)
NETWORK = dataclasses.replace(STOP, name="fetcher", predicts="network", severity=Severity.NOTE)
SILENT = dataclasses.replace(STOP, name="silent", predicts="nothing")


def found(cell: int | None, line: int = 1, meta: RuleMeta = STOP, state: State = "new", **details: Any) -> Diagnostic:
    place = Place("a.ipynb", Span(line), CellRef(cell) if cell else None)
    made = build_diagnostics([(meta, Finding(place, "m", **details))], known=[meta])[0]
    return made.model_copy(update={"disposition": Disposition(state=state)})


def told(*diagnostics: Diagnostic) -> tuple[str, dict[str, tuple[int | None, int | None]]]:
    """The outcome, and cell and line of what the verdict names."""
    verdict = verdicts(diagnostics)["a.ipynb"]
    named = {name: getattr(verdict, name) for name in ("stops", "may_stop", "needs_network")}
    places = {name: (stop.cell and stop.cell.index, stop.line) for name, stop in named.items() if stop}
    return verdict.outcome, places


def test_the_first_cell_in_order_stops_the_run() -> None:
    assert told(found(7), found(3, 5), found(3, 2), found(4)) == ("stops", {"stops": (3, 2)})


def test_what_concerns_the_file_as_a_whole_comes_before_its_cells() -> None:
    assert told(found(1), found(None)) == ("stops", {"stops": (None, 1)})


@pytest.mark.parametrize("weaker", [{"severity": Severity.WARNING}, {"confidence": Confidence.LOW}])
def test_what_is_not_certain_may_stop_it(weaker: dict[str, Any]) -> None:
    assert told(found(2, **weaker)) == ("may-stop", {"may_stop": (2, 1)})


def test_after_the_cell_that_stops_nothing_runs() -> None:
    may, fetch = found(2, severity=Severity.NOTE), found(1, meta=NETWORK)
    late = found(4, severity=Severity.NOTE), found(5, meta=NETWORK)
    expected = {"stops": (3, 1), "may_stop": (2, 1), "needs_network": (1, 1)}
    assert told(may, fetch, found(3), *late) == ("stops", expected)
    assert told(found(3), *late) == ("stops", {"stops": (3, 1)})


def test_the_network_is_an_answer_of_its_own() -> None:
    assert told(found(2, meta=NETWORK)) == ("needs-network", {"needs_network": (2, 1)})
    assert told(found(2, meta=NETWORK), found(9, severity=Severity.NOTE))[0] == "may-stop"


def test_rules_that_predict_nothing_give_no_verdict() -> None:
    assert verdicts([found(2, meta=SILENT)]) == {}


@pytest.mark.parametrize(("state", "counts"), [("suppressed", False), ("baselined", True), ("existing", True)])
def test_what_is_known_still_stops_a_notebook_and_what_was_judged_does_not(state: State, counts: bool) -> None:
    assert bool(verdicts([found(2, state=state)])) is counts


def test_the_configured_severity_does_not_change_what_happens() -> None:
    place = Place("a.ipynb", Span(1), CellRef(2))
    weakened = build_diagnostics([(STOP, Finding(place, "m"))], known=[STOP], severities={"stopper": Severity.NOTE})
    assert weakened[0].severity is Severity.NOTE
    assert told(*weakened) == ("stops", {"stops": (2, 1)})


@pytest.mark.parametrize(("outcome", "expected"), [("stops", "stops"), ("may-stop", "may-stop"), (None, None)])
def test_a_further_place_has_an_outcome_of_its_own(outcome: RunOutcome | None, expected: str | None) -> None:
    other = Related(Place("b.ipynb", Span(1), CellRef(6)), "here, too", outcome=outcome)
    verdict = verdicts([found(2, related=(other,))]).get("b.ipynb")
    assert (verdict and verdict.outcome) == expected


def test_a_finding_may_know_better_than_its_rule() -> None:
    assert told(found(2, outcome="may-stop")) == ("may-stop", {"may_stop": (2, 1)})
    assert told(found(2, meta=SILENT, outcome="stops")) == ("stops", {"stops": (2, 1)})
    assert verdicts([found(2, outcome="runs")]) == {}


def notebook(*cells: str, language: str = "python") -> str:
    made: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells
    ]
    kernel = {"kernelspec": {"name": language, "language": language, "display_name": language}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4})


CONFIG = 'select = ["undefined-name", "undeclared-import", "unparsable-code", "cell-syntax-error"]\n'


def outcomes(lint: Lint, *arguments: str) -> dict[str, Any]:
    """The verdict on each notebook: its outcome, and rule and cell of the stop."""
    report = json.loads(lint("--output-format", "json", *arguments).out)
    said = {}
    for one in report["notebooks"]:
        stop = one["verdict"]["stops"] or one["verdict"]["may_stop"]
        said[one["path"]] = (one["verdict"]["outcome"], stop and (stop["rule"], stop["cell"]["index"]))
    return said


def test_every_notebook_that_was_checked_has_a_verdict(lint: Lint) -> None:
    lint.repository(
        {
            "repro-lint.toml": CONFIG,
            "good.ipynb": notebook("x = 1", "x + 1"),
            "late.ipynb": notebook("x = 1", "y + 1", "def f(:"),
            "other.ipynb": notebook("x <- 1", language="R"),
        }
    )
    assert outcomes(lint) == {
        "good.ipynb": ("nothing-found", None),
        "late.ipynb": ("stops", ("undefined-name", 2)),
        "other.ipynb": ("not-judged", None),
    }
    assert outcomes(lint, "good.ipynb") == {"good.ipynb": ("nothing-found", None)}
    assert outcomes(lint, "--select", "missing-kernel") == dict.fromkeys(
        ("good.ipynb", "late.ipynb", "other.ipynb"), ("not-judged", None)
    )


def test_rules_that_could_not_judge_are_named(lint: Lint) -> None:
    lint.repository({"repro-lint.toml": CONFIG, "a.ipynb": notebook("from unknown import *\nx")})
    (one,) = json.loads(lint("--output-format", "json").out)["notebooks"]
    assert one["verdict"]["outcome"] == "nothing-found"
    assert one["verdict"]["unjudged"] == ["undeclared-import", "undefined-name"]


def test_a_suppressed_finding_does_not_count(lint: Lint) -> None:
    source = notebook("y + 1  # repro-lint: ignore[undefined-name] a widget sets it")
    lint.repository({"repro-lint.toml": CONFIG, "a.ipynb": source})
    assert outcomes(lint) == {"a.ipynb": ("nothing-found", None)}


MODULES = {
    "repro-lint.toml": CONFIG,
    "requirements.txt": "numpy==2.0.0\npandas==2.2.0\n",
    "lib/__init__.py": "",
    "lib/model.py": "import xgboost\n\n\ndef fit():\n    import lightgbm\n",
    "lib/plain.py": "import numpy\n",
    "lib/between.py": "from lib import model\n",
    "lib/old.py": "def run():\n    print 'x'\n",
    "lib/asked.py": "def run():\n    from lib import model\n",
}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["x = 1", "from lib.model import fit"], ("stops", ("undeclared-import", 2))),
        (["import numpy", "x = 1", "from lib import between"], ("stops", ("undeclared-import", 3))),
        (["import lib.asked"], ("nothing-found", None)),
        (["%pip install xgboost", "import lib.model"], ("may-stop", ("undeclared-import", 2))),
        (["x = 1", "import lib.old"], ("stops", ("unparsable-code", 2))),
        (["from lib import plain"], ("nothing-found", None)),
        (["def later():\n    import lib.model"], ("nothing-found", None)),
        (["try:\n    import lib.model\nexcept ImportError:\n    pass"], ("nothing-found", None)),
        (["import xgboost", "import lib.model"], ("stops", ("undeclared-import", 1))),
        (["import lib.model", "import xgboost"], ("stops", ("undeclared-import", 1))),
        (["def later():\n    import xgboost"], ("may-stop", ("undeclared-import", 1))),
        (["import six"], ("nothing-found", None)),
    ],
    ids=str,
)
def test_a_module_that_cannot_be_imported_stops_whoever_imports_it(lint: Lint, cells: list[str], expected: Any) -> None:
    lint.repository({**MODULES, "a.ipynb": notebook(*cells)})
    assert outcomes(lint)["a.ipynb"] == expected


def test_the_text_names_where_notebooks_stop_and_counts_the_rest(lint: Lint) -> None:
    broken = {f"{number}.ipynb": notebook("x = 1", "y") for number in range(7)}
    lint.repository({"repro-lint.toml": CONFIG, "good.ipynb": notebook("x = 1"), **broken})
    lines = lint().out.splitlines()
    start = lines.index("8 notebooks, run from the top: 7 would stop, nothing found that stops the other")
    assert lines[start + 1] == "  0.ipynb stops at cell 2: `y` is never defined [undefined-name]"
    assert lines[start + 6 : start + 8] == ["  and 2 more: the json format has all", lines[-1]]
    assert lines[-1].startswith("level")


def test_the_text_says_nothing_where_all_is_well(lint: Lint) -> None:
    lint.repository({"repro-lint.toml": CONFIG, "good.ipynb": notebook("x = 1"), "a.py": "x = (\n"})
    assert "run from the top" not in lint().out


def test_a_comparison_tells_only_of_notebooks_that_the_change_stops(lint: Lint) -> None:
    root = lint.repository({"repro-lint.toml": CONFIG, "old.ipynb": notebook("y"), "new.ipynb": notebook("x = 1")})
    git(root, "commit", "-q", "-m", "Start")
    assert "run from the top" not in lint("--new-from", "HEAD").out
    lint.repository({"new.ipynb": notebook("x = 1", "z")})
    said = lint("--new-from", "HEAD").out
    assert "  new.ipynb stops at cell 2: `z` is never defined [undefined-name]\n" in said
    assert "old.ipynb" not in said
    assert outcomes(lint, "--new-from", "HEAD") == {
        "new.ipynb": ("stops", ("undefined-name", 2)),
        "old.ipynb": ("stops", ("undefined-name", 1)),
    }


def failed(*frames: int) -> dict[str, Any]:
    """The stored output of a failure whose traceback runs through the cells of these counts."""
    lines = [f"Cell In[{count}], line 1" for count in frames]
    return {"output_type": "error", "ename": "TypeError", "evalue": "no", "traceback": [*lines, "TypeError: no"]}


@pytest.mark.parametrize(
    ("frames", "outcome"),
    [((2,), "stops"), ((2, 1), "stops"), ((2, 3), "may-stop"), ((2, 7), "may-stop"), ((), "stops")],
    ids=str,
)
def test_a_stored_failure_in_code_that_came_later_may_not_come_again(
    lint: Lint, frames: tuple[int, ...], outcome: str
) -> None:
    """Cell 3 lies below, and count 7 is of a cell that was run again, or is gone."""
    content = json.loads(notebook("def f(): pass", "f()", "def f(): 1 + None"))
    for count, cell in enumerate(content["cells"], 1):
        cell["execution_count"] = count
    content["cells"][1]["outputs"] = [failed(*frames)]
    lint.repository({"repro-lint.toml": 'select = ["error-in-output"]\n', "a.ipynb": json.dumps(content)})
    assert outcomes(lint) == {"a.ipynb": (outcome, ("error-in-output", 2))}


FETCH = 'import pandas as pd\ntable = pd.read_csv("https://data.example/a.csv")'


def network(lint: Lint, *arguments: str) -> dict[str, Any]:
    """The outcome of each notebook, the cell that needs the network, and the rules with findings."""
    report = json.loads(lint("--output-format", "json", *arguments).out)
    found = {d["rule"] for d in report["diagnostics"]} & {"needs-network", "unused-suppression"}
    verdicts_ = {one["path"]: one["verdict"] for one in report["notebooks"]}
    cells = {path: v["needs_network"] and v["needs_network"]["cell"]["index"] for path, v in verdicts_.items()}
    return {"cells": cells, "outcomes": {v["outcome"] for v in verdicts_.values()}, "found": found}


def test_the_network_is_a_fact_for_the_verdict_and_no_finding(lint: Lint) -> None:
    lint.repository({"requirements.txt": "pandas==2.3.3\n", "a.ipynb": notebook("x = 1", FETCH)})
    assert network(lint) == {"cells": {"a.ipynb": 2}, "outcomes": {"needs-network"}, "found": set()}
    assert "run from the top" not in lint().out
    assert network(lint, "--extend-select", "needs-network")["found"] == {"needs-network"}


@pytest.mark.parametrize("arguments", [("--select", "undefined-name"), ("--ignore", "needs-network")], ids=str)
def test_who_does_not_want_to_know_is_not_told(lint: Lint, arguments: tuple[str, ...]) -> None:
    lint.repository({"requirements.txt": "pandas==2.3.3\n", "a.ipynb": notebook("x = 1", FETCH)})
    assert network(lint, *arguments) == {"cells": {"a.ipynb": None}, "outcomes": {"nothing-found"}, "found": set()}


def test_a_suppression_counts_for_what_is_not_shown(lint: Lint) -> None:
    source = FETCH + "  # repro-lint: ignore[needs-network] a mirror"
    lint.repository({"requirements.txt": "pandas==2.3.3\n", "a.ipynb": notebook(source)})
    assert network(lint) == {"cells": {"a.ipynb": None}, "outcomes": {"nothing-found"}, "found": set()}


def test_data_that_a_document_tells_of_have_to_be_got_first(lint: Lint) -> None:
    told = "# Sales\n\nDownload `sales.csv` from the archive of the city and put it into `data/`.\n"
    read = 'import pandas as pd\nsales = pd.read_csv("data/sales.csv")'
    lint.repository({"README.md": told, "requirements.txt": "pandas==2.3.3\n", "a.ipynb": notebook("x = 1", read)})
    report = json.loads(lint("--output-format", "json").out)
    (one,) = report["notebooks"]
    assert (one["verdict"]["outcome"], one["verdict"]["needs_data"]["cell"]["index"]) == ("needs-data", 2)
    assert {d["rule"] for d in report["diagnostics"]}.isdisjoint({"needs-data", "missing-input-file"})
