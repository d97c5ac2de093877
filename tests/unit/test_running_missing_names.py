"""Names in documented commands, and whether something in the tree answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint.documents.documentation import Documentation
from repro_lint.files import open_view
from repro_lint.project import Project
from repro_lint_rules.running.missing_names import may_miss, missing_in
from repro_lint_rules.running.needs import needs_of
from repro_lint_rules.running.walkthrough import is_placeholder, walk

TREE = {
    "train.py": "print(1)\n",
    "requirements.txt": "numpy\n",
    "src/__init__.py": "",
    "src/fetch.py": "print(1)\n",
    "examples/vision/train_net.py": "print(1)\n",
    "examples/text/run.py": "print(1)\n",
    "Makefile": "data:\n\tpython train.py\n",
    "tox.ini": "[tox]\nenvlist = py311,lint\n[testenv]\ncommands = pytest\n",
    "package.json": '{"scripts": {"build": "x"}}',
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n",
    "pyproject.toml": '[tool.pixi.tasks]\ntrain-all = "python train.py"\n',
    "docs/guide.md": "# Guide\n",
    "model.pkl.dvc": "outs:\n",
}


def missing(root: Path, readme: str, files: dict[str, str] | None = None) -> Sequence[tuple[str, str, tuple[str, ...]]]:
    """Name, how it fares and what is there instead, for a README in a tree."""
    write_files(root, {**TREE, **(files or {}), "README.md": readme})
    project = Project(open_view(root))
    document = project.fact(Documentation).document("README.md")
    assert document is not None
    found = [(m.name, m.how, m.found) for m in missing_in(document, project)]
    assert may_miss(document, project) or not found, "what is seen at a glance must lose nothing"
    return found


@pytest.mark.parametrize(
    ("command", "needs"),
    [
        ("python -u -W ignore train.py --fast", ["script train.py"]),
        ("python -m src.fetch", ["module src.fetch"]),
        ("python -m pip install -r a.txt -c b.txt", ["requirements file a.txt", "requirements file b.txt"]),
        ("python -m pytest tests/test_a.py::test_b -k x", ["tests tests/test_a.py"]),
        ("python -m unittest tests.test_a", ["module tests.test_a"]),
        ("python -m venv env", []),
        ("python -c x.py", []),
        ("pip install -e ./sub", ["directory ./sub"]),
        ("pip install -e .[dev]", []),
        ("pip install numpy pandas", []),
        ("uv pip install -r r.txt", ["requirements file r.txt"]),
        ("conda env create -f env.yml", ["environment file env.yml"]),
        ("conda env create", ["environment file environment.yml"]),
        ("conda env create user/env", []),
        ("Rscript --vanilla a.R", ["script a.R"]),
        ("Rscript -e 'x.R'", []),
        ("bash run.sh", ["script run.sh"]),
        ("source env/bin/activate", []),
        ("./run.sh", ["script ./run.sh"]),
        ("jupyter nbconvert --execute a.ipynb", ["notebook a.ipynb"]),
        ("papermill in.ipynb out.ipynb", ["notebook in.ipynb"]),
        ("streamlit run app.py", ["script app.py"]),
        ("uvicorn api.main:app --reload", ["module api.main"]),
        ("snakemake -s flow/Snakefile --configfile c.yaml", ["script flow/Snakefile", "configuration file c.yaml"]),
        ("docker build -t x -f docker/Dockerfile .", ["Dockerfile docker/Dockerfile"]),
        ("docker build -t x sub", ["Dockerfile sub/Dockerfile"]),
        ("docker build -t x", []),
        ("docker compose -f dev.yml up", ["compose file dev.yml"]),
        ("cd src", ["directory src"]),
        ("ls train.py", []),
    ],
)
def test_needs(command: str, needs: list[str]) -> None:
    assert [f"{need.kind} {need.name}" for need in needs_of(tuple(command.replace("'", "").split()))] == needs


@pytest.mark.parametrize(
    "name",
    ["<x>.py", "path/to/a.py", "your_script.py", "my-app/run.py", "$HOME/a.py", "/abs/a.py", "~/a.py", "a*.py", "script.py",
     "...", "FILE.py", "SCRIPT_NAME.py", "xxx.py", "C:/a.py", "https://a.example/b.py", "{name}.py"],
)  # fmt: skip
def test_placeholders(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize("name", ["train.py", "scripts/run_all.sh", "anatomy.ipynb", "README.ipynb", "mystery.py"])
def test_names_that_are_no_placeholders(name: str) -> None:
    assert not is_placeholder(name)


@pytest.mark.parametrize(
    ("readme", "found"),
    [
        ("`python trian.py`", [("trian.py", "missing", ("train.py",))]),
        ("`python Train.py`", [("Train.py", "case", ("train.py",))]),
        ("`python net_train.py`", [("net_train.py", "missing", ("examples/vision/train_net.py",))]),
        ("`python gone.py`", [("gone.py", "missing", ())]),
        ("`python train_net.py`", [("train_net.py", "elsewhere", ("examples/vision/train_net.py",))]),
        ("In `examples/vision`: `python train_net.py`", []),
        ("`pip install -r requirement.txt`", [("requirement.txt", "missing", ("requirements.txt",))]),
        ("`python -m src.plot`", [("src.plot", "missing", ())]),
        ("`python -m src.fetch`", []),
        ("`python -m http.server`", []),
        ("`make dta`", [("dta", "task", ("data",))]),
        ("`make data`", []),
        ("`tox -e lnt`", [("lnt", "task", ("lint",))]),
        ("`tox -e py312`", []),
        ("`npm run biuld`", [("biuld", "task", ("build",))]),
        ("`dvc repro tain`", [("tain", "task", ("train",))]),
        ("`pixi run train-al`", [("train-al", "task", ("train-all",))]),
        ("`pixi run train-all`", []),
        ("    cd exmples/vision\n    python train_net.py", [("exmples/vision", "missing", ("examples/vision",))]),
        ("    cd examples/vison", [("examples/vison", "missing", ("examples/vision",))]),
        ("    cd build\n    cmake ..", []),
        ("    cd examples/vision\n    python train_net.py\n    cd ../text\n    python run.py", []),
        ("Create `app.py`, then `streamlit run app.py`.", []),
        ("```\npython make_it.py > out.sh\nbash out.sh\n```", [("make_it.py", "missing", ())]),
        ("```\nwget https://a.example/get.py\npython get.py\n```", []),
        (
            "```\ngit clone https://a.example/b/other.git\ncd other\npython setup_data.py\ncd ..\npython train.py\n```",
            [],
        ),
        ("```\ngit checkout v1\npython old.py\n```", []),
        ("```python\nimport os\n# python nothing.py\n```", []),
        ('Run it, e.g. "python gone.py".', [("gone.py", "missing", ())]),
        ("`python ../outside.py`", []),
        ("`python train.py`\n\nhere `python model.pkl`", []),
    ],
)
def test_what_is_missing(tmp_path: Path, readme: str, found: list[tuple[str, str, tuple[str, ...]]]) -> None:
    assert missing(tmp_path, readme) == found


def test_ignored_files_and_files_of_submodules_are_not_judged(tmp_path: Path) -> None:
    assert missing(tmp_path, "`bash secret/run.sh` and `python gen.py`", {".gitignore": "secret/\ngen.py\n"}) == []


def test_a_library_shows_its_users_how_to_run_a_program_of_their_own(tmp_path: Path) -> None:
    library = {
        "pyproject.toml": '[project]\nname = "profiler"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\n'
    }
    assert missing(tmp_path, "`python simulation.py` shows the profile.", {**library, "profiler/__init__.py": ""}) == []


def test_where_the_commands_run(tmp_path: Path) -> None:
    readme = "# A\n\n```\ncd examples\ncd vision\ncd ..\ncd ..\ncd $DATA\nls\n```\n\n## B\n\n`cd src`, or\n`ls`\n"
    write_files(tmp_path, {**TREE, "README.md": readme})
    project = Project(open_view(tmp_path))
    document = project.fact(Documentation).document("README.md")
    assert document is not None
    steps = [(" ".join(step.command.argv), step.directory) for step in walk(document, project)]
    assert steps[:6] == [
        ("cd examples", ""),
        ("cd vision", "examples"),
        ("cd ..", "examples/vision"),
        ("cd ..", "examples"),
        ("cd $DATA", ""),
        ("ls", None),
    ]
    assert steps[6] == ("cd src", "")


def test_the_place_is_that_of_the_name(tmp_path: Path) -> None:
    write_files(tmp_path, {**TREE, "README.md": "```\npython -u \\\n    gone.py\n```\n"})
    project = Project(open_view(tmp_path))
    document = project.fact(Documentation).document("README.md")
    assert document is not None
    (found,) = missing_in(document, project)
    assert (found.span.line, found.span.column, found.span.end_column) == (3, 5, 12)
