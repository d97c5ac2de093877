"""The dataflow from path literals to the calls that open them, and what it says of unusual programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import write_files

from repro_lint.api import Project, PythonSource
from repro_lint.files import open_view
from repro_lint_rules.data.accesses import _FILE_NAME, Access, FileAccesses, FileUse, _file_name
from repro_lint_rules.data.path_values import HERE, UNKNOWN
from repro_lint_rules.data.shell_texts import named_files, producer


def use_of(root: Path, code: str, name: str = "program.py") -> FileUse:
    """What the fact says of one program."""
    write_files(root, {name: code})
    project = Project(open_view(root))
    source = project.load(PythonSource, name)
    assert source is not None
    return FileAccesses.collect(source) or FileUse((), frozenset(), None, False, frozenset(), frozenset(), False)


def accesses(root: Path, code: str) -> tuple[Access, ...]:
    """The accesses of a script."""
    return use_of(root, code).accesses


READS = {
    'import pandas as pd\npd.read_csv("a/b.csv")': "a/b.csv",
    'from pandas import read_csv as rc\nrc(filepath_or_buffer="./a.csv")': "a.csv",
    'import os\nimport numpy as np\nnp.load(os.path.join("a", "b", "c.npy"))': "a/b/c.npy",
    'from pathlib import Path\nROOT = Path("data")\n(ROOT / "x.txt").read_text()': "data/x.txt",
    'from pathlib import Path\nwith (Path("a").joinpath("b")).open() as f:\n    f.read()': "a/b",
    'NAME = "x"\nopen(f"data/{NAME}_{3:02d}.txt")': "data/x_03.txt",
    'open("data/%s.txt" % "x")': "data/x.txt",
    'open("data/{}.{kind}".format("x", kind="csv"))': "data/x.csv",
    'import os\nopen(os.path.join(os.path.dirname(os.path.abspath(__file__)), "x.txt"))': f"{HERE}/x.txt",
    'from pathlib import Path\nopen(Path(__file__).resolve().parent.parent / "x.txt")': f"{HERE}/../x.txt",
    'from pathlib import Path\nopen(Path(__file__).parents[1] / "x.txt")': f"{HERE}/../x.txt",
    'PATHS = {"train": "t.csv"}\nopen(PATHS["train"])': "t.csv",
    'class Config:\n    DATA = "d.csv"\n\n\nopen(Config.DATA)': "d.csv",
    'open("a\\\\b.txt")': "a/b.txt",
    'import h5py\nh5py.File("x.h5", "r")': "x.h5",
    'spark = session()\nspark.read.option("header", True).csv("table.csv")': "table.csv",
    'def path(name):\n    return "data/" + name\n\n\nopen(path("x.txt"))': "data/x.txt",
}


@pytest.mark.parametrize("code", READS)
def test_a_path_is_followed_to_the_call_that_reads_it(tmp_path: Path, code: str) -> None:
    (found,) = accesses(tmp_path, code)
    assert (found.mode, found.path, found.certain, found.guarded) == ("read", READS[code], True, False)


def test_a_loop_over_names_reads_each_of_them(tmp_path: Path) -> None:
    found = accesses(
        tmp_path, 'for name in ["a", "b"]:\n    open(name + ".txt")\nfor n in range(2):\n    open(f"{n}.csv")'
    )
    assert [one.path for one in found] == ["a.txt", "b.txt", "0.csv", "1.csv"]
    assert all(one.certain for one in found)


def test_the_argument_of_a_call_is_the_path_that_the_function_opens(tmp_path: Path) -> None:
    code = 'def lines(day, suffix="txt"):\n    return open(f"in/{day}.{suffix}")\n\n\nlines(1)\nlines(2, suffix="md")'
    found = accesses(tmp_path, code)
    assert [(one.path, one.certain, one.inner is not None) for one in found] == [
        ("in/1.txt", True, True),
        ("in/2.md", True, True),
    ]
    assert [one.place.span.line for one in found if one.place.span] == [5, 6]


def test_a_default_is_not_sure_to_be_the_path(tmp_path: Path) -> None:
    (found,) = accesses(tmp_path, 'def load(path="x.csv"):\n    return open(path)')
    assert (found.path, found.sure, found.certain) == ("x.csv", False, False)


@pytest.mark.parametrize(
    "code",
    [
        'import os\nif os.path.exists("x"):\n    open("x")',
        'try:\n    open("x")\nexcept FileNotFoundError:\n    pass',
        'try:\n    open("x")\nexcept (KeyError, OSError):\n    pass',
        'from contextlib import suppress\nwith suppress(OSError):\n    open("x")',
    ],
)
def test_a_read_that_reckons_with_a_missing_file_is_guarded(tmp_path: Path, code: str) -> None:
    (found,) = [one for one in accesses(tmp_path, code) if one.mode == "read"]
    assert found.guarded
    assert not found.certain


def test_an_error_that_is_raised_again_is_no_guard(tmp_path: Path) -> None:
    (found,) = accesses(tmp_path, 'try:\n    open("x")\nexcept OSError:\n    raise')
    assert not found.guarded


@pytest.mark.parametrize(
    "code",
    [
        'open("/etc/passwd")',
        'open("~/x")',
        'import pandas as pd\npd.read_csv("https://example.org/x.csv")',
        'import pandas as pd\npd.read_csv("s3://bucket/x.csv")',
        'open("C:\\\\x.csv")',
        "import sys\nopen(sys.argv[1])",
        'import webbrowser\nwebbrowser.open("x.html")',
    ],
)
def test_what_is_no_relative_path_is_no_access(tmp_path: Path, code: str) -> None:
    assert accesses(tmp_path, code) == ()


def test_writing_is_told_from_reading(tmp_path: Path) -> None:
    code = (
        'import shutil\nimport joblib\nopen("a", "w")\nopen("b", mode="ab")\nframe.to_csv("c.csv")\n'
        'joblib.dump(model, "d.pkl")\nshutil.copy("e", "f")\nopen(f"out/{name}.txt", "w")'
    )
    assert [(one.mode, one.path) for one in accesses(tmp_path, code)] == [
        ("write", "a"),
        ("write", "b"),
        ("write", "c.csv"),
        ("write", "d.pkl"),
        ("read", "e"),
        ("write", "f"),
        ("write", f"out/{UNKNOWN}.txt"),
    ]


def test_what_may_make_files_is_remembered(tmp_path: Path) -> None:
    use = use_of(tmp_path, 'import lib\nlib.download_all()\nX = "made.csv"\nlib.make(X, "other.npy")\nopen("x.txt")')
    assert use.producer == "lib.download_all()"
    assert {"made.csv", "other.npy"} <= use.named
    assert "x.txt" not in use.named
    assert use_of(tmp_path, 'import os\nos.chdir("a")\nopen("x")').moves


def test_a_notebook_fails_where_it_calls_and_its_magics_count(tmp_path: Path) -> None:
    cells = ["def load():\n    return open('x.txt')", "load()", "%run helper.py", "!curl -O https://e.org/y.csv"]
    stored = {
        "cells": [
            {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
            for cell in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    use = use_of(tmp_path, json.dumps(stored), "n.ipynb")
    assert [(one.path, one.place.cell.index) for one in use.accesses if one.place.cell] == [
        ("x.txt", 2),
        ("helper.py", 3),
    ]
    assert "y.csv" in use.named


@pytest.mark.parametrize(
    "code", ['open("%999999999d" % 1)', 'open(f"{1:999999999}")', 'open("{:{w}}".format(1, w=9999999))']
)
def test_a_path_of_any_length_is_not_built(tmp_path: Path, code: str) -> None:
    assert all(len(one.path) < 100 for one in accesses(tmp_path, code))


def test_functions_that_call_themselves_end(tmp_path: Path) -> None:
    code = 'def f(p):\n    f(p + "a")\n    return open(p)\n\n\nx = x + "b"\nf(x)'
    assert len(accesses(tmp_path, code)) < 100


@given(st.text(max_size=60))
def test_no_literal_makes_it_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.mktemp("any")
    code = f"import os\nopen(os.path.join({text!r}, 'x') + {text!r} % 1)\nopen({text!r}.format(1))\n"
    assert all(one.mode == "read" for one in accesses(root, code))


def test_shell_commands_name_files_and_may_make_others() -> None:
    assert list(named_files("wget -O data/x.csv https://e.org/y.tar.gz?dl=1")) == ["x.csv", "y.tar.gz"]
    assert producer("cd data && unzip x.zip") == "unzip"
    assert producer("./prepare.sh") == "prepare.sh"
    assert producer("ls -l && pip install pandas") is None


@given(st.text("ab1_.-/: {}\n\t", max_size=30).map(lambda text: text.replace("a", "a" * 40)))
def test_the_quick_look_finds_every_name_of_a_file(text: str) -> None:
    match = _FILE_NAME.search(text) if len(text) <= 300 else None
    assert _file_name(text) == (match[0].strip() if match else None)
