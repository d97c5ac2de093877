"""Every version of the notebook format, and kernels of other languages: nothing crashes, nothing is guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.conftest import Lint, memory_project

from repro_lint.engine import run
from repro_lint.registry import load_registry

_SOURCE = "import math\nprint(missing_name)"
_PYTHON: dict[str, Any] = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def _code(source: str, **fields: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "source": source, **fields}


def _notebook(*cells: dict[str, Any], minor: int = 5, **metadata: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": minor})


def _old_notebook() -> str:
    cell = {
        "cell_type": "code",
        "collapsed": False,
        "input": _SOURCE.splitlines(keepends=True),
        "language": "python",
        "metadata": {},
        "outputs": [{"output_type": "pyerr", "ename": "NameError", "evalue": "x", "traceback": []}],
        "prompt_number": 1,
    }
    return json.dumps(
        {
            "metadata": {"name": ""},
            "nbformat": 3,
            "nbformat_minor": 0,
            "worksheets": [{"cells": [cell], "metadata": {}}],
        }
    )


def _found(text: str) -> list[tuple[str, int | None]]:
    """The rules that found something, each with its cell."""
    outcome = run(memory_project({"n.ipynb": text}), [entry.rule() for entry in load_registry()])
    return [(meta.name, found.place.cell.index if found.place.cell else None) for meta, found in outcome.findings]


@pytest.mark.parametrize("minor", range(6))
def test_format_4(minor: int) -> None:
    ids = {"id": "a"} if minor == 5 else {}
    found = _found(_notebook(_code(_SOURCE, **ids), minor=minor, **_PYTHON))
    assert ("undefined-name", 1) in found
    assert "internal-error" not in dict(found)
    assert "broken-notebook" not in dict(found)


def test_format_3() -> None:
    found = _found(_old_notebook())
    assert ("undefined-name", 1) in found
    assert ("error-in-output", 1) in found
    assert "internal-error" not in dict(found)


def test_duplicate_ids() -> None:
    found = _found(_notebook(_code("import os", id="a"), _code(_SOURCE, id="a"), **_PYTHON))
    assert ("broken-notebook", 2) in found
    assert ("undefined-name", 2) in found


@pytest.mark.parametrize(
    ("source", "metadata"),
    [
        ("x <- 5; print(y)", {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}),
        ("x = y", {"kernelspec": {"name": "julia-1.10", "language": "julia", "display_name": "Julia 1.10"}}),
        ("x <- 5; library(dplyr)", {}),
    ],
)
def test_what_is_not_known_to_be_python_is_not_read_as_such(source: str, metadata: dict[str, Any]) -> None:
    found = dict(_found(_notebook(_code(source), minor=4, **metadata)))
    assert not {"undefined-name", "stale-call", "cell-syntax-error", "internal-error"} & found.keys()


def test_other_languages_are_told(lint: Lint) -> None:
    metadata: dict[str, Any] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    lint.repository({"a.ipynb": _notebook(_code("x <- 1", id="a"), **metadata), "README.md": "# A\n"})
    result = lint("--select", "notebooks")
    assert "not looked into: the code of 1 notebook in other languages (r ×1)" in result.lines
