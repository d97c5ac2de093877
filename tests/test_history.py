"""A scripted history of a repository with notebooks: what each change does to each finding, and nothing else is new."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, git, write_files

Case = Callable[["Repo"], None]
DRAW = "import numpy as np\nnoise = np.random.rand(3)"
LOAD = 'import pandas as pd\ndf = pd.read_csv("/home/anna/study/data.csv")'
SECOND = 'other = pd.read_csv("/home/anna/study/other.csv")'
SCRIPT = """\
import numpy as np
import pandas as pd


def load():
    return pd.read_csv("/home/anna/study/data.csv")


def draw():
    return np.random.rand(3)


print(load(), draw())
"""
FILES = {
    "README.md": "# Study\n\nRun it:\n\n```sh\nuv run python train.py\n```\n",
    "pyproject.toml": '[project]\nname = "study"\nversion = "1"\ndependencies = ["numpy", "pandas"]\n',
    "uv.lock": "version = 1\n",
    "train.py": SCRIPT,
}
KNOWN = {
    "analysis.ipynb: absolute-path": "existing",
    "analysis.ipynb: unseeded-rng": "existing",
    "train.py: absolute-path": "existing",
    "train.py: unseeded-rng": "existing",
}
RULES = "absolute-path,unseeded-rng,no-lockfile,no-run-instructions,interactive-input,hardcoded-credential"


class Repo:
    """The repository on a branch, and what the command says of the branch."""

    def __init__(self, lint: Lint, root: Path, ids: bool) -> None:
        self.lint, self.root, self.ids = lint, root, ids
        self.cells = {"title": "# Churn", "load": LOAD, "noise": DRAW, "end": "print(df, noise)"}

    def notebook(self, path: str = "analysis.ipynb", cells: dict[str, str] | None = None) -> None:
        """Store the cells, each with its name as id where there are ids."""
        stored: list[dict[str, Any]] = []
        for name, source in (self.cells if cells is None else cells).items():
            code: dict[str, Any] = {"execution_count": None, "outputs": []}
            kind = "markdown" if source.startswith("# ") else "code"
            cell = {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}
            stored.append({**({"id": name} if self.ids else {}), **cell, **(code if kind == "code" else {})})
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        content = {"cells": stored, "metadata": {"kernelspec": kernel}, "nbformat": 4}
        content["nbformat_minor"] = 5 if self.ids else 4
        self.write({path: json.dumps(content, indent=1) + "\n"})

    def write(self, files: dict[str, str]) -> None:
        write_files(self.root, files)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write({path: text.replace(old, new, 1)})

    def commit(self) -> None:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "--allow-empty", "-m", "Change")

    def report(self, *arguments: str) -> dict[str, Any]:
        said = self.lint("--new-from", "main", "--select", RULES, "--output-format", "json", *arguments)
        assert said.err == ""
        found: dict[str, Any] = json.loads(said.out)
        new = [d for d in found["diagnostics"] if d["disposition"]["state"] == "new"]
        assert said.code == int(any(d["severity"] != "note" for d in new))
        return found


def states(report: dict[str, Any], where: bool = False) -> list[str]:
    """``path: rule: state`` for each finding, those that are gone among them; with cell and line of new ones."""
    lines = []
    for diagnostic in (*report["diagnostics"], *report["comparison"]["fixed"]):
        place, state = diagnostic["locations"][0], diagnostic["disposition"]["state"]
        at = f"{place['cell']['index']}:" if place["cell"] else ""
        at = f" at {at}{place['line']}" if where and state != "existing" else ""
        lines.append(f"{place['path']}: {diagnostic['rule']}: {state}{at}")
    return sorted(lines)


@pytest.fixture(params=[True, False], ids=["with cell ids", "without cell ids"])
def repo(lint: Lint, request: pytest.FixtureRequest) -> Repo:
    made = Repo(lint, lint.repository(FILES), request.param)
    made.notebook()
    made.commit()
    git(made.root, "checkout", "-q", "-b", "change")
    return made


def renamed_notebook(repo: Repo) -> None:
    git(repo.root, "mv", "analysis.ipynb", "01-churn.ipynb")
    repo.cells["end"] = "print(df.head(), noise)"
    repo.notebook("01-churn.ipynb")


def moved_without_git(repo: Repo) -> None:
    (repo.root / "notebooks").mkdir()
    (repo.root / "analysis.ipynb").rename(repo.root / "notebooks" / "analysis.ipynb")


def moved_cells(repo: Repo) -> None:
    repo.notebook(cells={"noise": DRAW, "title": "# Churn", "load": LOAD, "end": "print(df, noise)"})


def split_cell(repo: Repo) -> None:
    first, second = DRAW.split("\n")
    repo.notebook(
        cells={"title": "# Churn", "load": LOAD, "imports": first, "noise": second, "end": "print(df, noise)"}
    )


def more_text(repo: Repo) -> None:
    repo.notebook(cells={"new": "# Before", "more": "x = 1\ny = 2", **repo.cells})
    repo.edit("train.py", "import numpy", '"""Train."""\n\nimport sys\nimport numpy')


def moved_lines(repo: Repo) -> None:
    load, draw = SCRIPT.split("\n\n\n")[1:3]
    repo.write({"train.py": SCRIPT.replace(load, "@").replace(draw, load).replace("@", draw)})


def renamed_function(repo: Repo) -> None:
    repo.write({"train.py": SCRIPT.replace("draw()", "sample()")})


def indented(repo: Repo) -> None:
    repo.edit("train.py", '    return pd.read_csv("', '    if True:\n        return pd.read_csv("')


def stored_otherwise(repo: Repo) -> None:
    path = repo.root / "analysis.ipynb"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")


def new_ids(repo: Repo) -> None:
    repo.notebook(cells={f"{name}-2": source for name, source in repo.cells.items()})


def nothing_of_note(repo: Repo) -> None:
    repo.write({"train.py": SCRIPT.replace("\n", "\r\n"), "notes.md": "# Notes\n"})


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "uncommitted"])
@pytest.mark.parametrize(
    ("change", "notebook"),
    [
        (renamed_notebook, "01-churn.ipynb"),
        (moved_without_git, "notebooks/analysis.ipynb"),
        *(
            (change, "analysis.ipynb")
            for change in (
                moved_cells,
                split_cell,
                more_text,
                moved_lines,
                renamed_function,
                indented,
                stored_otherwise,
                new_ids,
                nothing_of_note,
            )
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_nothing_is_new(repo: Repo, change: Case, notebook: str, committed: bool) -> None:
    change(repo)
    if committed:
        repo.commit()
    expected = [f"{key}: {state}".replace("analysis.ipynb", notebook) for key, state in KNOWN.items()]
    assert states(repo.report()) == sorted(expected)


class TestWhatAChangeBrings:
    def expect(self, repo: Repo, *lines: str, **others: str) -> None:
        repo.commit()
        known = [f"{key}: {state}" for key, state in KNOWN.items() if key not in others.values()]
        assert states(repo.report(), where=True) == sorted([*known, *lines])

    def test_a_copied_cell(self, repo: Repo) -> None:
        repo.notebook(cells={**repo.cells, "copy": LOAD})
        self.expect(repo, "analysis.ipynb: absolute-path: new at 5:2")

    def test_a_copy_above_the_original(self, repo: Repo) -> None:
        repo.notebook(cells={"copy": LOAD.replace("df", "d0"), "t2": "# Again", **repo.cells})
        self.expect(repo, "analysis.ipynb: absolute-path: new at 1:2")

    def test_an_exact_copy_above_the_original(self, repo: Repo) -> None:
        # The diff says which of two that are the same was there before: the one whose neighbours were.
        repo.notebook(cells={"copy": LOAD, "between": "x = 1", **repo.cells})
        self.expect(repo, "analysis.ipynb: absolute-path: new at 1:2")

    def test_one_more_place_of_the_same_cause(self, repo: Repo) -> None:
        repo.notebook(cells={"first": DRAW.replace("3", "7") + "\nprint(noise)", **repo.cells})
        self.expect(repo, "analysis.ipynb: unseeded-rng: touched at 1:2", known="analysis.ipynb: unseeded-rng")

    def test_one_place_less_of_the_same_cause(self, repo: Repo) -> None:
        git(repo.root, "checkout", "-q", "main")
        repo.notebook(cells={"first": DRAW.replace("3", "7"), **repo.cells})
        repo.commit()
        git(repo.root, "checkout", "-q", "-B", "change")
        repo.notebook()
        self.expect(repo)

    def test_copied_lines_of_a_function(self, repo: Repo) -> None:
        repo.edit(
            "train.py", "def load", 'def first():\n    return pd.read_csv("/home/anna/study/data.csv")\n\n\ndef load'
        )
        self.expect(repo, "train.py: absolute-path: new at 6")

    def test_a_copied_notebook(self, repo: Repo) -> None:
        repo.notebook("copy.ipynb")
        self.expect(repo, "copy.ipynb: absolute-path: new at 2:2", "copy.ipynb: unseeded-rng: new at 3:2")

    def test_one_fixed_and_another_new(self, repo: Repo) -> None:
        repo.cells |= {"load": 'import pandas as pd\ndf = pd.read_csv("data.csv")', "late": SECOND}
        repo.notebook()
        self.expect(
            repo,
            "analysis.ipynb: absolute-path: fixed at 2:2",
            "analysis.ipynb: absolute-path: new at 5:1",
            known="analysis.ipynb: absolute-path",
        )

    def test_a_fixed_smell(self, repo: Repo) -> None:
        repo.edit("train.py", "np.random.rand(3)", "np.random.default_rng(1).random(3)")
        self.expect(repo, "train.py: unseeded-rng: fixed at 10", known="train.py: unseeded-rng")

    def test_an_edited_line_that_is_no_better(self, repo: Repo) -> None:
        repo.edit("train.py", "study/data.csv", "study/data-2.csv")
        self.expect(repo, "train.py: absolute-path: touched at 6", known="train.py: absolute-path")

    def test_a_deleted_lock_file(self, repo: Repo) -> None:
        git(repo.root, "rm", "-q", "uv.lock")
        self.expect(repo, "pyproject.toml: no-lockfile: new at 4")

    def test_a_seed_taken_away_elsewhere(self, repo: Repo) -> None:
        git(repo.root, "checkout", "-q", "main")
        repo.cells["load"] += "\nimport numpy as np\nnp.random.seed(1)"
        repo.notebook()
        repo.commit()
        git(repo.root, "checkout", "-q", "-B", "change")
        repo.cells["load"] = LOAD
        repo.notebook()
        # The line that draws is not among those that changed.
        self.expect(repo, "analysis.ipynb: unseeded-rng: new at 3:2", known="analysis.ipynb: unseeded-rng")

    def test_a_suppression_taken_away(self, repo: Repo) -> None:
        git(repo.root, "checkout", "-q", "main")
        repo.edit("train.py", 'data.csv")', 'data.csv")  # repro-lint: ignore[absolute-path] as published')
        repo.commit()
        git(repo.root, "checkout", "-q", "-B", "change")
        repo.edit("train.py", "  # repro-lint: ignore[absolute-path] as published", "")
        self.expect(repo, "train.py: absolute-path: new at 6", known="train.py: absolute-path")

    def test_a_suppression_added(self, repo: Repo) -> None:
        repo.edit("train.py", 'data.csv")', 'data.csv")  # repro-lint: ignore[absolute-path] as published')
        self.expect(repo, "train.py: absolute-path: suppressed at 6", known="train.py: absolute-path")

    def test_another_password_on_the_same_line(self, repo: Repo) -> None:
        git(repo.root, "checkout", "-q", "main")
        repo.write({"db.py": 'password = "kT9#vLq2xW8z"\n'})
        repo.commit()
        git(repo.root, "checkout", "-q", "-B", "change")
        repo.write({"db.py": 'password = "pR4!mNs7yB3c"\n'})
        self.expect(repo, "db.py: hardcoded-credential: fixed at 1", "db.py: hardcoded-credential: new at 1")

    def test_what_main_did_meanwhile_is_not_the_change(self, repo: Repo) -> None:
        repo.cells["late"] = SECOND
        repo.notebook()
        repo.commit()
        git(repo.root, "checkout", "-q", "main")
        repo.write({"train.py": "print(1)\n", "broken.py": 'open("/home/anna/x.csv")\n'})
        repo.commit()
        git(repo.root, "checkout", "-q", "change")
        self.expect(repo, "analysis.ipynb: absolute-path: new at 5:1")


def test_a_whole_history(repo: Repo) -> None:
    """One change on top of the other, compared with the beginning each time."""
    renamed_notebook(repo)
    repo.commit()
    git(repo.root, "mv", "train.py", "fit.py")
    repo.edit("README.md", "train.py", "fit.py")
    repo.commit()
    repo.notebook("01-churn.ipynb", {"imports": "import os", **repo.cells, "late": SECOND})
    git(repo.root, "rm", "-q", "uv.lock")
    repo.commit()
    repo.edit("fit.py", "np.random.rand(3)", "np.random.default_rng(1).random(3)")  # and this is not committed
    assert states(repo.report(), where=True) == [
        "01-churn.ipynb: absolute-path: existing",
        "01-churn.ipynb: absolute-path: new at 6:1",
        "01-churn.ipynb: unseeded-rng: existing",
        "fit.py: absolute-path: existing",
        "pyproject.toml: no-lockfile: new at 4",
        "train.py: unseeded-rng: fixed at 10",
    ]
