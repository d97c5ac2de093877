"""Tasks as facts: what make, tox, nox, npm, pixi, Poetry, uv and DVC can be asked to run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint.documents.tasks import Runner, TaskFile, Tasks, read_dvc, read_makefile, read_npm, read_tox
from repro_lint.files import open_view
from repro_lint.project import Project

MAKEFILE = """\
PYTHON := python3
.PHONY: all clean

all: data model  # everything
data model: | folder
\t@$(PYTHON) -m study.$@
folder: ; mkdir -p out
report.pdf: report.tex \\
  figures
\tlatexmk report.tex
"""


def commands(file: TaskFile, name: str) -> list[str]:
    return [" ".join(command.argv) for command in file.commands(name)]


def test_makefile() -> None:
    found = read_makefile("Makefile", MAKEFILE)
    assert set(found.tasks) == {"all", "clean", "data", "model", "folder", "report.pdf"}
    assert found.complete
    assert found.tasks["report.pdf"].needs == ("report.tex", "figures")
    assert commands(found, "data") == ["python3 -m study.$@", "mkdir -p out"]
    assert len(commands(found, "all")) == 3
    assert commands(found, "absent") == []


@pytest.mark.parametrize(
    "text",
    ["include other.mk\n", "-include .env\n", "%.csv: %.raw\n\tcp $< $@\n", "$(eval $(call f))\n", "$(ALL): x\n"],
)
def test_a_makefile_that_may_define_more(text: str) -> None:
    assert not read_makefile("Makefile", f"a:\n\tb\n{text}").complete


def test_tox() -> None:
    text = "[tox]\nenvlist = py{310,311}-{a,b}, lint\n[testenv]\ncommands =\n    pytest {posargs}\n[testenv:docs]\ncommands = mkdocs build\n"
    found = read_tox("tox.ini", text)
    assert found is not None
    assert set(found.tasks) == {"", "py310-a", "py310-b", "py311-a", "py311-b", "lint", "docs"}
    assert commands(found, "docs") == ["mkdocs build"]
    assert "pytest {posargs}" in commands(found, "")
    assert read_tox("setup.cfg", "[flake8]\nmax-line-length = 100\n") is None
    assert read_tox("tox.ini", "no section\n") is None


def test_npm_and_dvc() -> None:
    found = read_npm("package.json", '{"scripts": {"build": "vite build", "test": "vitest"}}')
    assert commands(found, "test") == ["vitest"]
    assert not read_npm("package.json", "{").complete
    stages = read_dvc("dvc.yaml", "stages:\n  train:\n    cmd:\n      - python train.py\n      - python plot.py\n")
    assert commands(stages, "train") == ["python train.py", "python plot.py"]
    assert not read_dvc("dvc.yaml", "stages:\n  t:\n    foreach: [a, b]\n    do:\n      cmd: x\n").complete
    assert not read_dvc("dvc.yaml", "a: [").complete


FILES = {
    "noxfile.py": 'import nox\n\n\n@nox.session\ndef tests(session):\n    session.run("pytest", "-q")\n\n\n@nox.session(name="lint-all")\ndef lint(s):\n    pass\n',
    "pyproject.toml": """\
[project.scripts]
study = "study:main"
[tool.poetry.scripts]
old = "study:old"
[tool.poe.tasks]
fit = { cmd = "python fit.py", deps = ["data"] }
data = ["fetch", "clean"]
[tool.pdm.scripts]
go = { composite = ["a", "b"] }
[tool.hatch.envs.default.scripts]
cov = "coverage run"
[tool.pixi.tasks]
start = "python start.py"
[tool.pixi.feature.gpu.tasks]
train = { cmd = "python train.py", depends-on = ["start"] }
""",
    "sub/pixi.toml": '[tasks]\na = "echo a"\n[target.win.tasks]\nb = "echo b"\n',
}


@pytest.mark.parametrize(
    ("runner", "directory", "names"),
    [
        ("nox", "", {"tests", "lint-all"}),
        ("uv", "", {"study"}),
        ("poetry", "", {"old"}),
        ("poe", "", {"fit", "data"}),
        ("pdm", "", {"go"}),
        ("hatch", "", {"cov"}),
        ("pixi", "", {"start", "train"}),
        ("pixi", "sub", {"a", "b"}),
        ("make", "", set()),
    ],
)
def test_task_files(tmp_path: Path, runner: Runner, directory: str, names: set[str]) -> None:
    write_files(tmp_path, FILES)
    tasks = Project(open_view(tmp_path)).fact(Tasks)
    assert {name for file in tasks.of(runner, directory) for name in file.tasks} == names


def test_what_a_task_runs_and_what_runs_before_it(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    tasks = Project(open_view(tmp_path)).fact(Tasks)
    (pixi,) = tasks.of("pixi", "")
    assert commands(pixi, "train") == ["python train.py", "python start.py"]
    (nox,) = tasks.of("nox", "")
    assert commands(nox, "tests") == ["pytest -q"]
    assert tasks.paths == ("noxfile.py", "pyproject.toml", "sub/pixi.toml")
