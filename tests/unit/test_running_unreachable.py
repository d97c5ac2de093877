"""unreachable-module: what decides how certain it is, and what may bring a module into reach."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Lint

MODULE = "def tidy(table):\n    return table\n"
IMPORT = "from lib.cleaning import tidy"


def notebook(*cells: str) -> str:
    made: list[dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells
    ]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4})


def said(lint: Lint, files: dict[str, str]) -> list[tuple[str, str | None, str]]:
    """Severity, outcome and path of each finding."""
    lint.repository(files)
    report = json.loads(lint("--select", "unreachable-module", "--output-format", "json").out)
    places = [(d["severity"], d["locations"][0]) for d in report["diagnostics"]]
    return [(severity, place["outcome"], place["path"]) for severity, place in places]


def test_a_run_from_the_root_may_find_it(lint: Lint) -> None:
    files = {"lib/cleaning.py": MODULE, "notebooks/a.ipynb": notebook(IMPORT)}
    assert said(lint, files) == [("warning", "may-stop", "notebooks/a.ipynb")]


def test_no_run_finds_it(lint: Lint) -> None:
    files = {"code/lib/cleaning.py": MODULE, "notebooks/a.ipynb": notebook("x = 1", IMPORT)}
    assert said(lint, files) == [("error", "stops", "notebooks/a.ipynb")]


@pytest.mark.parametrize(
    "files",
    [
        {".env": "PYTHONPATH=code\n"},
        {"notebooks/Makefile": "run:\n\tPYTHONPATH=../code jupyter lab\n"},
        {".vscode/settings.json": '{"jupyter.notebookFileRoot": "${workspaceFolder}/code"}'},
        {"code/setup.py": "from setuptools import setup\nsetup(name='lib')\n"},
        {"requirements.txt": "lib\n"},
        {"notebooks/start.py": "import sys\nsys.path.append('../code')\n"},
        {"notebooks/lib/other.py": "x = 1\n"},
    ],
    ids=str,
)
def test_something_may_bring_it_into_reach(lint: Lint, files: dict[str, str]) -> None:
    tree = {"code/lib/cleaning.py": MODULE, "notebooks/a.ipynb": notebook("import start", IMPORT)}
    assert said(lint, {**tree, **files}) == []


@pytest.mark.parametrize(
    "files",
    [
        {"other/Makefile": "run:\n\tPYTHONPATH=. python x.py\n"},
        {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"},
        {"notebooks/start.py": "import os\n"},
    ],
    ids=str,
)
def test_nothing_does(lint: Lint, files: dict[str, str]) -> None:
    tree = {"code/lib/cleaning.py": MODULE, "notebooks/a.ipynb": notebook("import start", IMPORT)}
    assert said(lint, {**tree, **files}) == [("error", "stops", "notebooks/a.ipynb")]


@pytest.mark.parametrize("line", ["import numpy", "import json", "from lib.cleaning import other", "import lib.absent"])
def test_what_may_be_somebody_elses_is_left_alone(lint: Lint, line: str) -> None:
    files = {"code/lib/cleaning.py": MODULE, "code/numpy.py": "", "code/json.py": "", "a.ipynb": notebook(line)}
    assert said(lint, files) == []
