"""What the rules about hosts, installs and input read off notebooks, where the cases of their pages do not reach."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import memory_project

from repro_lint.api import Finding, Project, PythonSource, Rule, Subject
from repro_lint.files import open_view
from repro_lint.grades import Severity
from repro_lint_rules.notebooks.cell_guards import CellGuards
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.host_bound_cell.rule import HostBoundCell
from repro_lint_rules.notebooks.installs_in_cell.rule import InstallsInCell
from repro_lint_rules.notebooks.interactive_input.rule import InteractiveInput
from repro_lint_rules.notebooks.shell_commands import installing_commands, script_commands
from repro_lint_rules.notebooks.shell_installs import Install, Package, install_of


def notebook(root: Path, *cells: str, metadata: dict[str, Any] | None = None, **files: str) -> PythonSource:
    """The notebook of these cells as a program, in a project with the other files."""
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    stored: list[dict[str, Any]] = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
        for n, cell in enumerate(cells)
    ]
    content = {"cells": stored, "metadata": {**kernel, **(metadata or {})}, "nbformat": 4, "nbformat_minor": 5}
    (root / "a.ipynb").write_text(json.dumps(content), encoding="utf-8")
    for name, text in files.items():
        (root / name.replace("_txt", ".txt")).write_text(text, encoding="utf-8")
    source = Project(open_view(root)).load(PythonSource, "a.ipynb")
    assert source is not None
    return source


def findings(rule: Rule, subject: Subject) -> list[Finding]:
    return [found for found in rule.check(subject) if isinstance(found, Finding)]


def stops(source: PythonSource) -> list[Finding]:
    """What the rule about input says of a program."""
    run = source.project.load(FreshRun, source.path)
    assert run is not None
    return findings(InteractiveInput(), run)


def lines(found: list[Finding]) -> list[tuple[int, int]]:
    return [(f.place.cell.index, f.place.span.line) for f in found if f.place.cell and f.place.span]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pip install a 2>&1 | tail -1", [(("pip", "install", "a"), False), (("tail", "-1"), False)]),
        ("sudo -H pip install a>=1.0 > /dev/null", [(("pip", "install", "a"), False)]),
        ("PIP_CACHE=x pip install 'a>=1' # b", [(("pip", "install", "a>=1"), False)]),
        ("git+https://x/y#egg=z", [(("git+https://x/y#egg=z",), False)]),
        ("which a || pip install a", [(("which", "a"), False), (("pip", "install", "a"), True)]),
        ("if x; then pip install a; fi; ls", [(("x",), True), (("pip", "install", "a"), True), (("ls",), False)]),
        ("echo it's", [(("echo", "it's"), False)]),
        ("# pip install a", []),
        ("", []),
    ],
)
def test_shell_text_falls_into_commands(text: str, expected: list[tuple[tuple[str, ...], bool]]) -> None:
    assert [(words, conditional) for _, words, conditional in script_commands(text)] == expected


def test_commands_of_which_no_word_is_known() -> None:
    calls = 'subprocess.run([os.environ["EDITOR"], "install.md"[:2]])\nsubprocess.run([])\nsubprocess.run([*words])\n'
    source = memory_project({"a.py": f"# %%\nimport os, subprocess\n{calls}"}).load(PythonSource, "a.py")
    assert source is not None
    assert list(installing_commands(source, CellGuards(source))) == []


def test_lines_of_scripts_are_numbered_by_their_first() -> None:
    text = "set -e\nfor x in 1 2\ndo\n  pip install \\\n    a\ndone\npip install b"
    found = [(number, words[-1], conditional) for number, words, conditional in script_commands(text)]
    assert (4, "a", True) in found
    assert (7, "b", False) in found


@pytest.mark.parametrize(
    ("cell", "tool", "packages"),
    [
        ("!pip install A_b.C", "pip install", [("a-b-c", False)]),
        ("!pip install a==1.0 b===2 c~=1.0 d==1.*", "pip install", [("a", True), ("b", True), ("c", False), ("d", False)]),
        ("!pip install 'a[x,y]==1.0; python_version>\"3\"'", "pip install", [("a", True)]),
        ("!pip -q install --index-url https://i a", "pip install", [("a", False)]),
        ("!/opt/conda/bin/pip3.11 install a", "pip3.11 install", [("a", False)]),
        ("!python -m pip install a", "pip install", [("a", False)]),
        ("%pip install -e git+https://github.com/o/a.git#egg=b", "pip install", [("b", False)]),
        ("!pip install git+https://github.com/o/a.git@v1.2", "pip install", [("a", True)]),
        ("!pip install git+https://github.com/o/a@0123abc", "pip install", [("a", True)]),
        ("!pip install https://github.com/o/a/archive/refs/heads/main.zip", "pip install", [("a", False)]),
        ("!pip install https://h.org/x/a-1.2.tar.gz", "pip install", [("a", True)]),
        ("!pip install a @ git+https://github.com/o/a", "pip install", [("a", False)]),
        ("%conda install -c forge python=3.11 forge::a=1.2.3 b=1.2 c", "conda install", [("a", True), ("b", False), ("c", False)]),
        ("!uv pip install --system a", "uv pip install", [("a", False)]),
        ("!pip install -r x.txt . ./a a.whl {b} $c", "pip install", []),
    ],
)  # fmt: skip
def test_install_commands_name_packages(tmp_path: Path, cell: str, tool: str, packages: list[tuple[str, bool]]) -> None:
    source = notebook(tmp_path, cell)
    (command,) = installing_commands(source, CellGuards(source))
    assert install_of(command) == Install(tool, tuple(Package(*package) for package in packages))


@pytest.mark.parametrize(
    "cell",
    ["!pip list --installed", "!conda create -n install a", "!python -m install", "!uv add install", "!./install"],
)
def test_other_commands_install_nothing(tmp_path: Path, cell: str) -> None:
    source = notebook(tmp_path, cell)
    (command,) = installing_commands(source, CellGuards(source))
    assert install_of(command) is None


def test_a_finding_says_what_is_unpinned_and_what_undeclared(tmp_path: Path) -> None:
    requirements = "pandas==2.2.3\nSciPy\n"
    cells = ("!pip install scipy", "!pip install scipy shap lime", "!pip install shap==0.46", "!pip install shap")
    found = findings(InstallsInCell(), notebook(tmp_path, *cells, requirements_txt=requirements))
    assert [f.message for f in found] == [
        "`pip install` brings `scipy` without an exact version",
        "`pip install` brings `scipy`, `shap` and `lime` without an exact version, "
        "and `shap` and `lime` are not in requirements.txt",
        "`pip install` brings `shap`, which is not in requirements.txt",
        "`pip install` brings `shap` without an exact version, and it is not in requirements.txt",
    ]
    assert (
        found[0].help
        == "remove the command, since requirements.txt declares the packages, or give their versions here too"
    )


def test_a_conditional_install_is_a_note(tmp_path: Path) -> None:
    source = notebook(tmp_path, "import os\nif os.environ.get('COLAB_GPU'):\n    !pip install a\n!pip install b")
    guarded, plain = findings(InstallsInCell(), source)
    assert guarded.severity is Severity.NOTE
    assert guarded.message == "a conditional `pip install` brings `a` without an exact version"
    assert plain.severity is None


def test_commands_in_a_bash_cell_have_their_own_lines(tmp_path: Path) -> None:
    source = notebook(
        tmp_path, "\n%%bash\ncd x\n  pip install a\n", "%%script bash\npip install b", "%%html\npip install c"
    )
    found = findings(InstallsInCell(), source)
    assert lines(found) == [(1, 4), (2, 2)]
    assert found[0].place.span is not None
    assert found[0].place.span.column == 3


def test_all_cells_of_one_host_are_one_finding(tmp_path: Path) -> None:
    cells = [
        "x = 1",
        "from google.colab import drive\nfrom google.colab import files",
        "!apt install -y a",
        "import google.colab",
    ]
    colab, debian = findings(HostBoundCell(), notebook(tmp_path, *cells))
    assert lines([colab, debian]) == [(2, 1), (3, 1)]
    assert colab.message.startswith("`from google.colab import drive` needs Google Colab")
    assert [related.place.cell.index for related in colab.related if related.place.cell] == [4]
    assert debian.related == ()


@pytest.mark.parametrize(
    ("metadata", "count"),
    [
        ({}, 1),
        ({"colab": {}}, 1),
        ({"application/vnd.databricks.v1+notebook": {}}, 0),
        ({"kernelspec": {"name": "synapse_pyspark", "language": "Python"}}, 1),
    ],
)
def test_a_declared_host_is_not_accused(tmp_path: Path, metadata: dict[str, Any], count: int) -> None:
    assert len(findings(HostBoundCell(), notebook(tmp_path, "dbutils.fs.ls('x')", metadata=metadata))) == count


def test_a_broken_cell_hides_no_command(tmp_path: Path) -> None:
    source = notebook(tmp_path, "x = (\n!apt-get install -y a", "!brew install b\nprint(")
    assert lines(findings(HostBoundCell(), source))[-1] == (2, 1)


def test_input_is_reported_where_the_run_stops(tmp_path: Path) -> None:
    source = notebook(
        tmp_path, "def ask():\n    return input()", "def main():\n    return ask()", "print(1)\nx = main()"
    )
    (found,) = stops(source)
    assert lines([found]) == [(3, 2)]
    assert [related.place.cell.index for related in found.related if related.place.cell] == [1]


@pytest.mark.parametrize(
    ("caught", "count"),
    [
        ("except ValueError:", 1),
        ("except (ValueError, EOFError):", 1),
        ("except KeyboardInterrupt:", 1),
        ("except NotImplementedError:", 0),
        ("except Exception as error:", 0),
        ("except:", 0),
        ("except StdinNotImplementedError:", 0),
        ("except MyErrors:", 0),
    ],
)
def test_only_handlers_that_catch_what_the_kernel_raises_count(tmp_path: Path, caught: str, count: int) -> None:
    source = notebook(tmp_path, f"try:\n    print('?')\n    x = int(input())\n{caught}\n    x = 1")
    assert len(stops(source)) == count


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("try:\n    f = open('x')\n    input()\nexcept OSError:\n    pass", 0),
        ("try:\n    print(1)\nfinally:\n    input()", 1),
        ("for x in []:\n    input()", 0),
        ("n = 2\nfor i in range(n):\n    input()", 1),
        ("while True:\n    if x:\n        break\n    input()", 0),
        ("while True:\n    for i in x:\n        break\n    input()", 1),
        ("go = True\nwhile go:\n    input()", 1),
        ("x = input() if y else 2", 0),
        ("x = [input() for i in y]", 0),
        ("if True:\n    input()", 1),
        ("if 1 > 2:\n    pass\nelse:\n    input()", 1),
        ("with open('x') as f:\n    input()", 1),
        ("from contextlib import suppress\nwith suppress(Exception):\n    input()", 0),
        ("def f():\n    input()\nf = print\nf()", 0),
        ("import functools\n@functools.cache\ndef f():\n    input()\nf()", 0),
        ("def f(n):\n    f(n)\n    input()\nf(1)", 1),
        ("class A:\n    def go(self):\n        input()\na = A()\na = 1\na.go()", 0),
        ("choice = 'x'\nwhile choice.isdigit() == False:\n    choice = input()", 1),
        ("choice = ''\nwhile choice not in ['a', 'b']:\n    choice = input()", 1),
        ("choice = 'a'\nwhile choice not in ['a', 'b']:\n    choice = input()", 0),
        ("choice = 'a'\nwhile choice < 3:\n    choice = input()", 0),
        ("assert input()", 1),
        ("lines = map(int, input().split())", 1),
    ],
)
def test_only_what_certainly_happens_is_reported(tmp_path: Path, cell: str, count: int) -> None:
    assert len(stops(notebook(tmp_path, cell))) == count


def test_every_cell_that_leads_to_an_input_is_reported(tmp_path: Path) -> None:
    ask = "def ask():\n    if x:\n        pass\n    return input()\ndef main():\n    ask()\n    ask()"
    source = notebook(tmp_path, "x = 1", ask, "main()", "if x:\n    main()", "[main() for i in x]", "main()\nask()")
    found = stops(source)
    assert lines(found) == [(3, 1), (4, 2), (6, 1), (6, 2)]
    assert {r.place.span.line for f in found for r in f.related if r.place.span} == {4}


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("class A:\n    size = input()", 1),
        ("def f(size=input()):\n    pass", 1),
        ("class A:\n    def go(self):\n        input()\nclass B(A):\n    pass\nB().go()", 1),
        ("def f(x):\n    if x:\n        raise ValueError\n    input()\nf(1)", 0),
        ("import sys\ndef f(x):\n    if x:\n        sys.exit()\n    input()\nf(1)", 0),
        ("def f(x):\n    for y in x:\n        input()\nf(z)", 0),
        ("def f(x):\n    input()\ndf.apply(f)", 0),
        ("def f():\n    yield 1\n    input()\nfor x in f():\n    break", 0),
        ("x = 1\ndef f():\n    global x\n    x = 0\nf()\nif x:\n    input()", 0),
        ("x = 1\nif y:\n    x = 0\nif x:\n    input()", 0),
        ("def f():\n    try:\n        input()\n    except Exception:\n        pass\nf()\ninput()", 1),
        ("%%skip\ninput()", 0),
        ("#| eval: false\ninput()", 0),
    ],
)
def test_what_may_not_come_to_pass_is_silent(tmp_path: Path, cell: str, count: int) -> None:
    assert len(stops(notebook(tmp_path, cell))) == count


def test_large_notebooks_take_little_time(tmp_path: Path) -> None:
    functions = [f"def f{n}():\n    f{n - 1}()\n    f{n - 1}()\nf{n}()\n!pip install a{n}" for n in range(1, 400)]
    source = notebook(tmp_path, "def f0():\n    print(1)", *functions, "x = input()")
    assert source.semantics.calls
    started = time.perf_counter()
    assert len(stops(source)) == 1
    assert len(findings(InstallsInCell(), source)) == 399
    assert findings(HostBoundCell(), source) == []
    assert time.perf_counter() - started < 10
