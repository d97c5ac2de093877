"""What there is to run in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from repro_lint.files import open_view
from repro_lint.project import Project
from repro_lint_rules.running.entry_points import EntryPoints

GUARD = 'if __name__ == "__main__":\n    main()\n'


def commands(root: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return [entry.command for entry in Project(open_view(root)).fact(EntryPoints).found]


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        ("a.py", GUARD, "python a.py"),
        ("a.py", "import x\nprint(x)\n", "python a.py"),
        ("a.py", "for i in x:\n    print(i)\n", "python a.py"),
        ("a.py", "print 'two'\n", "python a.py"),
        ("my code/a.py", GUARD, 'python "my code/a.py"'),
        ("a.ipynb", "{}", "jupyter lab a.ipynb"),
        ("a.Rmd", "x", "Rscript -e 'rmarkdown::render(\"a.Rmd\")'"),
        ("a.qmd", "```{r}\n```", "quarto render a.qmd"),
        ("a.R", "library(x)\nplot(1)\n", "Rscript a.R"),
        ("a.jl", "using X\nmain()\n", "julia --project a.jl"),
        ("a.sh", "ls", "bash a.sh"),
        ("Snakefile", "rule all:", "snakemake --cores 1"),
        ("dvc.yaml", "stages:", "dvc repro"),
    ],
)
def test_what_runs(tmp_path: Path, path: str, text: str, command: str) -> None:
    assert commands(tmp_path, {path: text}) == [command]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "import sys\nsys.path.append('..')\n\ndef f():\n    print(1)\n"),
        ("a.py", "def f(:\n"),
        ("setup.py", "setup()"),
        ("conftest.py", GUARD),
        ("tests/a.py", GUARD),
        ("docs/a.ipynb", "{}"),
        ("test_a.py", GUARD),
        (".ipynb_checkpoints/a.ipynb", "{}"),
        ("{{ x }}/a.py", GUARD),
        ("a.R", "library(x)\n# note\nf <- function(x) {\n  plot(x)\n}\n"),
        ("a.jl", "module A\nend\n"),
        ("a.qmd", "text"),
        ("Makefile", "all:\n"),
        ("tools/a.sh", "ls"),
        ("data.csv", "1"),
    ],
)
def test_what_does_not(tmp_path: Path, path: str, text: str) -> None:
    assert commands(tmp_path, {path: text}) == []


def test_modules_of_a_package_need_a_guard(tmp_path: Path) -> None:
    files = {"p/__init__.py": "", "p/a.py": "print(1)\n", "p/b.py": GUARD}
    assert commands(tmp_path, files) == ["python -m p.b"]


def test_the_likeliest_comes_first(tmp_path: Path) -> None:
    files = {
        "Makefile": "",
        "b.ipynb": "{}",
        "a.py": GUARD,
        "train.py": GUARD,
        "x/main.py": GUARD,
        "prepare_main.py": GUARD,
    }
    assert commands(tmp_path, files) == [
        "python prepare_main.py", "python train.py", "python a.py", "jupyter lab b.ipynb", "make", "python x/main.py",
    ]  # fmt: skip
