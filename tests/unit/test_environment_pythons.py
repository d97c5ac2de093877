"""Statements of a version of Python: what they admit, and that notebooks are weak evidence."""

from __future__ import annotations

import json

import pytest
from tests.conftest import MemoryView

from repro_lint.api import Confidence, Finding, Project, Severity
from repro_lint_rules.environment.ci_pythons import installing_jobs
from repro_lint_rules.environment.python_conflict.rule import PythonConflict
from repro_lint_rules.environment.python_versions import admitted


@pytest.mark.parametrize(
    ("specifier", "first", "last", "minors"),
    [
        (">=3.8,<3.11", (3, 8, 0), (3, 10, 25), 3),
        ("^3.9.2", (3, 9, 2), (3, 29, 25), 21),
        (">=3.9", (3, 9, 0), (4, 0, 25), 22),
        ("~3.9", (3, 9, 0), (3, 9, 25), 1),
        ("~=3.9", (3, 9, 0), (3, 29, 25), 21),
        ("~=3.9.2", (3, 9, 2), (3, 9, 25), 1),
        ("3.8", (3, 8, 0), (3, 8, 25), 1),
        ("==3.8.*", (3, 8, 0), (3, 8, 25), 1),
        ("=3.8.5=h12_0", (3, 8, 5), (3, 8, 5), 1),
        (">= 3.7 <3.10", (3, 7, 0), (3, 9, 25), 3),
        ("!=3.9.*,>=3.8,<3.11", (3, 8, 0), (3, 10, 25), 2),
        (">3.8,<=3.9", (3, 8, 1), (3, 9, 0), 2),
        ("2.7 || >=3.5,<3.7", (2, 7, 0), (3, 6, 25), 3),
        ("3.12.0rc1", (3, 12, 0), (3, 12, 0), 1),
    ],
)
def test_what_a_specifier_admits(specifier: str, first: tuple[int, ...], last: tuple[int, ...], minors: int) -> None:
    found = admitted(specifier)
    assert found
    assert (min(found), max(found), len({release[:2] for release in found})) == (first, last, minors)


@pytest.mark.parametrize("specifier", ["", "*", "at least 3.8", "3.8 or 3.9", "${VERSION}", "||", ">="])
def test_what_cannot_be_read(specifier: str) -> None:
    assert admitted(specifier) is None


def test_nothing_fulfils_a_contradiction() -> None:
    assert admitted(">=3.10,<3.9") == frozenset()


def github(steps: str, more: str = "") -> str:
    return f"jobs:\n  test:\n    {more}\n    steps:\n{steps}"


SETUP = "      - uses: actions/setup-python@v5\n        with: {python-version: '3.8'}\n"
INSTALL = "      - run: pip install -e '.[test]'\n"
WORKFLOW = ".github/workflows/a.yml"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (WORKFLOW, github(SETUP + INSTALL), [(6, "3.8")]),
        (
            WORKFLOW,
            github(INSTALL, "strategy: {matrix: {python: [3.7, '3.10', 3.x], os: [a], exclude: [{python: 3.6}]}}"),
            [(3, "3.7"), (3, "3.10")],
        ),
        (WORKFLOW, github(SETUP + "      - run: pip install ruff\n"), []),
        (WORKFLOW, github(SETUP + INSTALL + "        if: matrix.install\n"), []),
        (WORKFLOW, github(SETUP + INSTALL, "continue-on-error: true"), []),
        (WORKFLOW, github(SETUP + "      - run: |\n          cd lib\n          pip install .\n"), []),
        (WORKFLOW, github(SETUP + "      - run: |\n          uv venv\n          uv pip install -e .\n"), []),
        (WORKFLOW, "jobs: [\n", []),
        (WORKFLOW, "", []),
        (
            ".gitlab-ci.yml",
            "default: {image: 'registry.example/python:3.8-slim'}\na:\n  script: [poetry install]\n",
            [(1, "3.8")],
        ),
        (".gitlab-ci.yml", "a:\n  image: {name: python:3.9.2}\n  script:\n    - pip install .\n", [(2, "3.9.2")]),
        (".gitlab-ci.yml", "a:\n  image: node:20\n  script:\n    - pip install .\n", []),
        (".travis.yml", "python:\n  - 3.6\n  - nightly\ninstall: pip install .\n", [(2, "3.6")]),
        (".travis.yml", "", []),
    ],
)
def test_jobs_that_install_the_project(path: str, text: str, found: list[tuple[int, str]]) -> None:
    jobs = installing_jobs(Project(MemoryView({path: text})))
    assert [(job.line, job.version) for job in jobs] == found


def notebook(version: str) -> str:
    metadata = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python", "version": version}}
    return json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def test_notebooks_are_weak_evidence() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "a"\nrequires-python = ">=3.11"\n',
        "one.ipynb": notebook("3.7.4"),
        "two.ipynb": notebook("3.6.0"),
        "right.ipynb": notebook("3.12.1"),
        "tool/.python-version": "3.7\n",
        "tool/own.ipynb": notebook("3.7.9"),
    }
    (found,) = PythonConflict().check(Project(MemoryView(files)))
    assert isinstance(found, Finding)
    assert (found.severity, found.confidence) == (Severity.NOTE, Confidence.LOW)
    assert found.message == "Python `>=3.11` is stated here, but 2 notebooks were last run with 3.6, 3.7"
    assert [related.place.path for related in found.related] == ["one.ipynb", "two.ipynb"]
