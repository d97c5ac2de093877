"""What git and the tree say about how a project is reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Repository, git, write_files

from repro_lint.files import open_view
from repro_lint.finding import Finding
from repro_lint.project import Project
from repro_lint_rules.review.committed_litter.rule import CommittedLitter
from repro_lint_rules.review.gates import ReviewGates
from repro_lint_rules.review.licences import Licences
from repro_lint_rules.review.litter import litter
from repro_lint_rules.review.not_versioned.rule import NotVersioned

THREE = {"a.py": "print(1)\n", "b.py": "print(2)\n", "c.ipynb": "{}"}


def test_a_git_repository_is_versioned_and_so_is_a_directory_in_one(repository: Repository) -> None:
    root = repository({f"deep/{path}": text for path, text in THREE.items()})
    assert not list(NotVersioned().check(Project(open_view(root))))
    assert not list(NotVersioned().check(Project(open_view(root / "deep"))))


def test_where_git_fails_nothing_is_said(tmp_path: Path) -> None:
    write_files(tmp_path, {**THREE, ".git": "gitdir: nowhere"})
    assert not [f for f in NotVersioned().check(Project(open_view(tmp_path))) if isinstance(f, Finding)]


def test_litter_in_directories_that_are_not_walked_otherwise(repository: Repository) -> None:
    root = repository({".ipynb_checkpoints/a-checkpoint.ipynb": "{}", "src/__pycache__/a.cpython-312.pyc": "x"})
    write_files(root, {"b/__pycache__/b.pyc": "not tracked"})
    git(root, "config", "core.excludesFile", "/dev/null")
    found = [f for f in CommittedLitter().check(Project(open_view(root))) if isinstance(f, Finding)]
    assert [f.place.path for f in found] == [
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "src/__pycache__/a.cpython-312.pyc",
    ]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("a/.ipynb_checkpoints/b.ipynb", ".ipynb_checkpoints/"),
        ("a/.DS_Store", ".DS_Store"),
        ("a/b.pyc", "*.pyc"),
        (".idea/workspace.xml", ".idea/"),
        (".vscode/settings.json", None),
        ("idea/__init__.py", None),
        ("data.RData", None),
        (".R/Makevars", None),
    ],
)
def test_litter(path: str, pattern: str | None) -> None:
    found = litter(path)
    assert (found and found[0]) == pattern


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"LICENSE": "x"}, True),
        ({"docs/licence.txt": "x"}, True),
        ({"MIT-LICENSE.txt": "x"}, True),
        ({"COPYING.LESSER": "x"}, True),
        ({"LICENSES/BSD-3-Clause.txt": "x"}, True),
        ({"UNLICENSE": "x"}, True),
        ({"license.py": "x"}, False),
        ({"src/licenses.csv": "x"}, False),
        ({"README.md": "## License\n\nMIT\n"}, True),
        ({"README.md": "## License\n\nSee the authors.\n"}, False),
        ({"README.md": "Licensed under the terms of our university.\n"}, True),
        ({"README.md": "License is MIT.\n"}, True),
        ({"README.md": "Driving licences are predicted.\n"}, False),
        ({"README.md": "[x](https://opensource.org/licenses/MIT)\n"}, True),
        ({"setup.py": "setup(license='MIT')\n"}, True),
        ({"setup.py": "setup(license='')\n"}, False),
        ({"DESCRIPTION": "Package: a\nLicense: GPL-3\n"}, True),
    ],
)
def test_licences(tmp_path: Path, files: dict[str, str], told: bool) -> None:
    write_files(tmp_path, files)
    assert bool(Project(open_view(tmp_path)).fact(Licences).paths) is told


@pytest.mark.parametrize(
    ("files", "gate"),
    [
        ({".github/workflows/a.yml": "on: push\n"}, True),
        ({".github/workflows/a.yml": "on:\n  pull_request:\n"}, True),
        ({".github/workflows/a.yml": "on:\n  schedule:\n    - cron: '0 0 * * *'\n"}, False),
        ({".gitlab-ci.yml": "test:\n"}, True),
        ({"pyproject.toml": "[tool.mypy]\n"}, True),
        ({"pyproject.toml": "[tool.poetry]\n"}, False),
        ({"setup.cfg": "[flake8]\n"}, True),
        ({"sub/.flake8": "[flake8]\n"}, False),
        ({".husky/pre-commit": "lint\n"}, True),
        ({".github/CODEOWNERS": "* @a\n"}, True),
    ],
)
def test_gates(tmp_path: Path, files: dict[str, str], gate: bool) -> None:
    write_files(tmp_path, files)
    assert bool(Project(open_view(tmp_path)).fact(ReviewGates).paths) is gate
