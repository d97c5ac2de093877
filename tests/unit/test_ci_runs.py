"""Whether a command of a workflow runs the tests, through whatever starts it."""

from __future__ import annotations

import pytest
from tests.conftest import memory_project

from repro_lint_rules.testing.ci_runs import CiTests

PYPROJECT = """
[tool.pixi.feature.test.tasks]
every = "pytest -n auto"
style = "ruff check"

[tool.hatch.envs.checks.scripts]
all = "pytest {args}"

[tool.pdm.scripts]
check = "pytest"

[tool.poe.tasks]
suite = "pytest"
"""
WORKFLOW = """
on: push
jobs:
  checks:
    runs-on: ubuntu-latest
    steps:
      - run: |
          COMMAND
"""


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("pixi run every", "yes"),
        ("pixi run -e ${{matrix.environment}} every --cov=./", "yes"),
        ("pixi run style", "no"),
        ("hatch run checks:all", "yes"),
        ("hatch run +py=3.12 checks:all", "yes"),
        ("pdm run check", "yes"),
        ("pdm check", "yes"),
        ("pdm install", "no"),
        ("poetry run poe suite", "yes"),
        ("uv run --frozen pytest", "yes"),
        ("uvx ruff check", "no"),
        ("uvx nox -s suite", "unknown"),
        ("pipx run tox -e py", "unknown"),
        ("just suite", "unknown"),
        ("inv suite", "unknown"),
        ("docker compose up --exit-code-from app", "unknown"),
        ("docker build .", "no"),
        ("pip install pytest", "no"),
        ("echo done", "no"),
    ],
)
def test_commands(command: str, answer: str) -> None:
    workflow = WORKFLOW.replace("COMMAND", command)
    files = {"pyproject.toml": PYPROJECT, ".github/workflows/ci.yml": workflow, "test_a.py": "def test_a(): pass\n"}
    assert memory_project(files).fact(CiTests).answer == answer
