"""Linters without notebooks over notebooks, and us run by nbQA: with the real linters and the real nbQA."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, Repository, memory_project, write_files
from tests.test_bridges_ruff import stored

from repro_lint.bridges.bridge import BridgeError
from repro_lint.bridges.nbqa import notebook_behind
from repro_lint.bridges.notebook_linters import lint_notebooks

CELLS = (
    "import os\nimport json",
    "def one(x: int) -> str:\n    y = 1\n    return x\ndef two(a=[]):\n    return eval('1')\nprint(two())",
    "%matplotlib inline\n!ls {json.dumps(1)}\nassert one(1)",
    "for x in:\n    pass",
    "x = 'größe'; z = eval('2'); await one(2);",
)


def found(linter: str, *sources: Any, **files: str) -> list[tuple[int, int, int, str]]:
    """Cell, line, column and code of what the linter says of the notebook."""
    project = memory_project({"n.ipynb": json.dumps(stored(*sources), indent=1), **files})
    result = []
    for finding in lint_notebooks(project, ["n.ipynb"], linter):
        place = finding.place
        assert place.cell is not None
        assert place.span is not None
        assert place.physical is not None
        result.append((place.cell.index, place.span.line, place.span.column, finding.message.split()[0]))
    return sorted(result)


def test_flake8() -> None:
    assert found("flake8", *CELLS) == [
        (2, 1, 1, "F401"),
        (3, 2, 5, "F841"),
        (6, 1, 1, "E702"),
        (6, 1, 1, "E702"),
    ]


def test_mypy() -> None:
    assert found("mypy", *CELLS) == [(3, 3, 12, "return-value"), (6, 1, 1, "misc")]


def test_bandit() -> None:
    assert found("bandit", *CELLS) == [(3, 5, 12, "B307"), (4, 3, 1, "B101"), (6, 1, 1, "B307")]


def test_pylint() -> None:
    said = found("pylint", *CELLS)
    assert (2, 1, 1, "W0611") in said
    assert (3, 2, 5, "W0612") in said
    assert (3, 4, 1, "W0102") in said
    assert (3, 5, 12, "W0123") in said
    assert {code for *_, code in said}.isdisjoint({"C0114", "E0602", "E1142", "E0001", "C0413"})
    assert not [code for cell, _, _, code in said if (cell, code) == (2, "W0611")][1:]  # json is used by a magic


@pytest.mark.parametrize("linter", ["flake8", "pylint", "mypy", "bandit"])
def test_nothing_to_look_at(linter: str) -> None:
    r = {**stored("import os"), "metadata": {"kernelspec": {"name": "ir", "language": "R"}}}
    project = memory_project({"r.ipynb": json.dumps(r), "broken.ipynb": "{", "s.py": "import os\n"})
    assert list(lint_notebooks(project, ["r.ipynb", "broken.ipynb", "s.py"], linter)) == []
    assert found(linter) == []
    assert found(linter, "", "\n") == []


@pytest.mark.parametrize("linter", ["flake8", "pylint", "mypy", "bandit"])
def test_nothing_of_the_repository_is_run_or_read(linter: str, lint: Lint) -> None:
    trap = "import pathlib\npathlib.Path(__file__).with_name('SPRUNG').touch()\n"
    root = lint.repository(
        {
            f"{linter}.ipynb": json.dumps(stored("import os\nx = eval('1')")),
            f"{linter}.py": trap,
            "plugin.py": trap,
            f"{linter}/__init__.py": trap,
            "mypy.ini": "[mypy]\nplugins = plugin.py\n",
            ".flake8": "[flake8]\nextend-ignore = F\n[flake8:local-plugins]\nextension = X = plugin:X\npaths = .\n",
            ".pylintrc": "[MAIN]\nload-plugins=plugin\ninit-hook=import plugin\ndisable=all\n",
            ".bandit": "[bandit]\nskips = B307\n",
            "repro-lint.toml": f"select = ['{linter}-in-notebook', 'broken-plugin']\n",
        }
    )
    result = lint("--output-format", "concise")
    assert not list(root.rglob("SPRUNG"))
    assert result.code == 0, result.out
    assert ("NBL" in result.out) == (linter != "mypy")


def test_a_linter_that_is_missing_or_fails(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint.repository(
        {"n.ipynb": json.dumps(stored("import os")), "repro-lint.toml": "bridges.notebook-linters=['bandit']"}
    )
    real = metadata.version

    def version(name: str) -> str:
        if name == "bandit":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    with monkeypatch.context() as patch:
        patch.setattr(metadata, "version", version)
        result = lint("--output-format", "concise")
    assert result.code == 2
    assert "not all that bandit would say is known: bandit is not installed" in result.out
    monkeypatch.setattr("repro_lint.bridges.notebook_linters.run_linter", lambda *_: "no JSON")
    with pytest.raises(BridgeError, match="bandit's answer cannot be read: JSONDecodeError"):
        found("bandit", "x = 1")


def test_it_runs_where_it_is_asked_for(lint: Lint) -> None:
    lint.repository({"n.ipynb": json.dumps(stored("import os")), "repro-lint.toml": ""})
    assert "NBL" not in lint("--level", "production", "--output-format", "concise").out
    lint.repository({"repro-lint.toml": "bridges.notebook-linters = ['flake8']\n"})
    line = "n.ipynb:cell 2:1:1: note NBL001 [flake8-in-notebook] F401 'os' imported but unused"
    assert line in lint("--output-format", "concise").lines
    lint.repository({"repro-lint.toml": ""})
    assert line in lint("--select", "flake8-in-notebook", "--output-format", "concise", "n.ipynb").lines


# nbQA.

NOTEBOOK = json.dumps(
    stored("x = 1", "def f():\n    return 1\nclass A:\n    pass\nimport os", "breakpoint()"), indent=1
)


def nbqa(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``nbqa ARGUMENTS`` in the directory, with the packages of this process."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-m", "nbqa", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_nbqa_gives_the_right_cells_and_lines(repository: Repository) -> None:
    root = repository({"sub/n.ipynb": NOTEBOOK, "sub/m.ipynb": NOTEBOOK})
    done = nbqa(root, "repro_lint", "sub", "--select=ruff", "--output-format=concise", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(" note")[0] for line in done.stdout.splitlines() if "note" in line] == [
        "sub/m.ipynb:cell 3:5:8:",
        "sub/m.ipynb:cell 4:1:1:",
        "sub/n.ipynb:cell 3:5:8:",
        "sub/n.ipynb:cell 4:1:1:",
    ]
    assert sorted(path.name for path in (root / "sub").iterdir()) == ["m.ipynb", "n.ipynb"]


@pytest.mark.slow
def test_nbqa_passes_the_exit_code_and_json_on(repository: Repository) -> None:
    root = repository({"n.ipynb": NOTEBOOK})
    done = nbqa(root, "repro_lint", "n.ipynb", "--select=ruff", "--fail-on=note", "--output-format=json")
    assert done.returncode == 1
    locations = [d["locations"][0] for d in json.loads(done.stdout)["diagnostics"]]
    assert [(x["path"], x["cell"]["index"], x["line"]) for x in locations] == [("n.ipynb", 3, 5), ("n.ipynb", 4, 1)]
    lines = NOTEBOOK.splitlines()
    assert ["import os" in lines[locations[0]["physical"]["line"] - 1]] == [True]


@pytest.mark.slow
def test_nbqa_alone_is_wrong_about_lines(repository: Repository) -> None:
    """Why the bridge does not build on it; when this fails, nbQA has been mended."""
    root = repository({"n.ipynb": NOTEBOOK})
    done = nbqa(root, "flake8", "n.ipynb", "--isolated", "--select=F401")
    assert "n.ipynb:cell_2:" in done.stdout
    assert not done.stdout.startswith("n.ipynb:cell_2:5:")
    assert found("flake8", "x = 1", "def f():\n    return 1\nclass A:\n    pass\nimport os") == [(3, 5, 1, "F401")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("n1a2b3c4d_nbqa_ipynb.py", "n.ipynb"),
        ("n_nbqa_ipynb.pyabcdefgh_nbqa_ipynb.py", "n_nbqa_ipynb.pyabcdefgh_nbqa_ipynb.py"),
        ("other1a2b3c4d_nbqa_ipynb.py", "other1a2b3c4d_nbqa_ipynb.py"),
        ("n1a2b3c4d_nbqa_md.py", "n1a2b3c4d_nbqa_md.py"),
        ("n.ipynb", "n.ipynb"),
        ("n.py", "n.py"),
    ],
)
def test_the_notebook_behind_a_temporary_script(tmp_path: Path, name: str, expected: str) -> None:
    write_files(tmp_path, {"n.ipynb": "{}"})
    assert notebook_behind(tmp_path / name) == tmp_path / expected
