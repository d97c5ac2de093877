"""The bridge to ruff, with the real ruff: what it says, where, when, and what it leaves to others."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruff.__main__ import find_ruff_bin
from tests.conftest import Lint, Repository, memory_project

from repro_lint.bridges.bridge import run_linter
from repro_lint.bridges.catalogue import bridge_rules, consult
from repro_lint.bridges.ruff_rules import FAMILY, ruff_code, ruff_name
from repro_lint.files import FileView
from repro_lint.finding import Finding
from repro_lint.project import Project

METAS = [rule.meta for rule in bridge_rules() if rule.meta.family == FAMILY]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def said(files: dict[str, str | bytes | Exception]) -> list[tuple[str, Finding]]:
    """What the bridge says of a tree in memory, with the code of ruff, in the order of places."""
    return said_of(memory_project(files))


def said_of(project: Project) -> list[tuple[str, Finding]]:
    (answer,) = consult(project, list(project.files), METAS)
    assert answer.failure is None
    found = [(ruff_code(meta), finding) for meta, finding in answer.findings]
    return sorted(found, key=lambda pair: (pair[1].place.path, _key(pair[1]), pair[0]))


def _key(finding: Finding) -> tuple[int, int, int]:
    place = finding.place
    assert place.span is not None
    return place.cell.index if place.cell else 0, place.span.line, place.span.column


def codes(source: str, path: str = "script.py", **more: str) -> list[str]:
    return [code for code, finding in said({path: source, **more}) if finding.place.path == path]


def stored(*sources: Any, nbformat: int = 4, **metadata: Any) -> dict[str, Any]:
    """A notebook whose first cell is text; a cell's source is kept in the form it is given in."""
    text = {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"]}
    key = "source" if nbformat == 4 else "input"
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, key: s} for s in sources]
    root: dict[str, Any] = {"metadata": {**KERNEL, **metadata}, "nbformat": nbformat, "nbformat_minor": 0}
    if nbformat == 4:
        return {**root, "cells": [text, *code]}
    return {**root, "worksheets": [{"cells": [text, code[0]]}, {"cells": code[1:]}]}


SOURCES = (
    "import json\nprint('é\U0001f600'); import os\n",
    "%matplotlib inline\ndef collect(x, seen=[]):\n    seen.append(x)\n    return seen\n\ncollect(1)",
)
LISTS = tuple(source.splitlines(keepends=True) for source in SOURCES)
PIECES = tuple([source[:7], source[7:20], source[20:]] for source in SOURCES)
FORMS = {
    "lines": json.dumps(stored(*LISTS), indent=1),
    "strings": json.dumps(stored(*SOURCES), indent=1),
    "pieces": json.dumps(stored(*PIECES), indent=1),
    "compact": json.dumps(stored(*LISTS), separators=(",", ":")),
    "not ASCII": json.dumps(stored(*LISTS), indent=1, ensure_ascii=False),
    "CRLF file": json.dumps(stored(*LISTS), indent=1).replace("\n", "\r\n"),
    "CRLF sources": json.dumps(stored(*(s.replace("\n", "\r\n") for s in SOURCES)), indent=1),
    "CR sources": json.dumps(stored(*(s.replace("\n", "\r") for s in SOURCES)), indent=1),
    "nbformat 3": json.dumps(stored(*LISTS, nbformat=3), indent=1),
    "nbformat 3 strings": json.dumps(stored(*SOURCES, nbformat=3)),
}


@pytest.mark.parametrize("form", FORMS)
def test_places_hold_in_every_form_of_storage(form: str) -> None:
    text = FORMS[form]
    found = said({"n.ipynb": text})
    shown = []
    lines = text.replace("\r\n", "\n").split("\n")
    for code, finding in found:
        place = finding.place
        assert place.cell is not None
        assert place.span is not None
        assert place.physical is not None
        assert place.physical.line == place.physical.end_line
        physical = lines[place.physical.line - 1][place.physical.column - 1 : (place.physical.end_column or 0) - 1]
        shown.append((code, place.cell.index, place.cell.code_index, place.span.line, place.span.column, physical))
    assert shown == [
        ("F401", 2, 1, 1, 8, "json"),
        ("F401", 2, 1, 2, 21, "os"),
        ("B006", 3, 2, 2, 21, "[]"),
    ]


def test_a_broken_cell_does_not_lose_the_notebook() -> None:
    cells = ["import os", "for x in:\n    pass", "print 'Python 2'", "def f(a={}):\n    return a\n", "f()"]
    found = said({"n.ipynb": json.dumps(stored(*cells))})
    assert [(code, f.place.cell.index if f.place.cell else None) for code, f in found] == [("F401", 2), ("B006", 5)]


def test_a_broken_cell_of_a_script_does_not_lose_the_script() -> None:
    script = "# %% one\nimport os\n# %%\nfor x in:\n    pass\n# %% [markdown]\n# x = 1\n# %%\n%time y = 1\ndef f(a=[]): ...\n"
    found = said({"s.py": script})
    assert [(code, f.place.span.line) for code, f in found if f.place.span] == [("F401", 2), ("B006", 10)]


def test_what_only_magics_and_unread_cells_use_is_used() -> None:
    cells = [
        "import os, sys, re, glob",
        "!ls {os.getcwd()}",
        "%%bash -s $sys\necho",
        "for x in: re.match()",
        "%time y = 1",
    ]
    found = said({"n.ipynb": json.dumps(stored(*cells))})
    assert [(code, finding.message) for code, finding in found] == [("F401", "`glob` imported but unused")]


def test_columns_behind_a_magic_are_those_of_the_file() -> None:
    found = said({"n.ipynb": json.dumps(stored("%time import os"))})
    assert [(code, f.place.span.column, f.place.excerpt[0][13:15]) for code, f in found if f.place.span] == [
        ("F401", 14, "os")
    ]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# -*- coding: latin-1 -*-\n"),
        ("cp1252", "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_in_scripts_of_every_encoding(encoding: str, head: str, newline: str) -> None:
    text = head + "x = 'größe'; import os\n\f\nprint(x)\n"
    found = said({"s.py": text.replace("\n", newline).encode(encoding)})
    line = head.count("\n") + 1
    assert [(c, f.place.span.line, f.place.span.column) for c, f in found if f.place.span] == [("F401", line, 21)]
    assert found[0][1].place.excerpt == ("x = 'größe'; import os",)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("s.py", "import os\n", ["F401"]),
        ("pkg/__init__.py", "import os\n", []),
        ("s.py", "import os  # noqa: F401\n", []),
        ("s.py", "import numpy as np\nnp.product(y)\n", ["NPY201", "F821"]),
        ("s.py", "if missing:\n    pass\n", ["F821"]),
        ("s.py", "display(spark.table('x'))\nprint(__file__)\n", []),
        ("jupyter_notebook_config.py", "c.NotebookApp.port = 80\n", []),
        ("s.py", "# %%\n%run ./setup\n# %%\ncreate(1)\n", []),
        ("s.py", "try:\n    unicode\nexcept NameError:\n    unicode = str\n", []),
        ("s.py", "x = 1\nx\n", ["B018"]),
        ("s.py", "# %%\nx = 1\nx\n", []),
        (
            "s.py",
            "# Databricks notebook source\n# MAGIC %python\n# MAGIC x = 1\n\n# COMMAND ----------\nx = 1\nx\n",
            [],
        ),
        (
            "s.py",
            "# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n#     version: 3\n# ---\n\n# + {'a': 1}\nx = 1\n",
            [],
        ),
        ("s.py", "# x = f(1)\n# y = g(x)\nz = 1\n# print(z)\n", ["ERA001", "ERA001"]),
        ("s.py", "# [samples, features]\n# 3.5\n", []),
        ("s.py", "# 50% accuracy\n# features: (batch, height)\n# load_data (again)\n# x [batch, height]\n", []),
        ("s.py", "# Default: 8 + 13 + 9 = 50\n# (1./h)*(fgs-fg)\n# Image: (Batch, Channels)\n", []),
        ("s.py", "# solve(x, xn)\ndef solve(x, xn): ...\n", []),
        ("s.py", "# solve(x, xn)\nother = 3\n\n# n: int = 3\n", ["ERA001", "ERA001"]),
        ("s.py", "# df[name]\n\nx = 1\n# print (x)\n", ["ERA001", "ERA001"]),
        ("s.py", "__all__ = ['later']\ndef __getattr__(name): ...\n", []),
        ("s.py", "__all__ = ['later']\n", ["F822"]),
        (
            "s.py",
            "import pymc as pm\ndef f():\n    x = pm.Normal('x')\n    with pm.Model() as m: ...\n    u = 2\n",
            ["F841"],
        ),
        ("s.py", "breakpoint()\n", ["T100"]),
        ("s.py", "from datetime import datetime\nprint(datetime.now(), datetime(2020, 1, 1))\n", ["DTZ005"]),
        ("s.py", "import numpy as np\nnp.random.rand(3)\nx = np.int(3)\n", ["NPY001"]),
        ("s.py", "def f():\n" + "    if x: y()\n" * 60 + "x = y = f\n", ["C901"]),
        ("s.py", "def f():\n" + "    y()\n" * 60 + "y = f\n", ["PLR0915"]),
        ("s.py", "def f(\n", []),
        ("s.py", "print 'Python 2'\nimport os\n", []),
        ("s.py", "", []),
        ("s.py", "import os\n# repro-lint: ignore[unseeded-rng] of no concern here\n", ["F401"]),
    ],
)
def test_what_is_said(path: str, source: str, expected: list[str]) -> None:
    assert codes(source, path) == expected


def test_a_package_exports_its_modules() -> None:
    """A star import imports the modules that ``__all__`` of a package names."""
    found = said({"p/__init__.py": "__all__ = ['reading', 'inner', 'gone']\n", "p/reading.py": "", "p/inner/x.py": ""})
    assert [finding.message for _, finding in found] == ["undefined name `gone` in `__all__`"]


def test_a_block_of_commented_code_is_told_once() -> None:
    (found,) = said({"s.py": "def f():\n    # x = f(1)\n    # print(x)\n    # prose of it\n    # g(x)\n    ...\n"})
    span = found[1].place.span
    assert span is not None
    assert (span.line, span.column, span.end_line) == (2, 5, 5)


def test_notebooks_have_rules_of_their_own() -> None:
    cells = ["import os\nx = missing", "import os\nos.getcwd()", "from IPython import InteractiveShell", "x\nx"]
    assert [c for c, _ in said({"n.ipynb": json.dumps(stored(*cells))})] == ["F401", "B018"]
    cells[2] = "from IPython.core.interactiveshell import InteractiveShell as S\nS.ast_node_interactivity = 'all'"
    assert [c for c, _ in said({"n.ipynb": json.dumps(stored(*cells))})] == []


def test_names_that_others_take_are_used() -> None:
    files: dict[str, str | bytes | Exception] = {
        "tools.py": "import os\n",
        "setup.ipynb": json.dumps(stored("import os")),
        "alone.py": "import os\n",
        "a.py": "from lib.tools import *\n",
        "b.ipynb": json.dumps(stored("%run setup.ipynb")),
    }
    assert [(f.place.path, code) for code, f in said(files)] == [("a.py", "F403"), ("alone.py", "F401")]


def test_other_languages_and_files_are_not_asked_about() -> None:
    r = json.dumps({**stored("import os"), "metadata": {"kernelspec": {"name": "ir", "language": "R"}}})
    assert said({"n.ipynb": r, "a.txt": "import os", "broken.ipynb": "{", "gone.py": OSError("gone")}) == []


def test_many_files_and_odd_names() -> None:
    names = [f"d{n}/x.py" for n in range(600)] + ["-x.py", "a b.py", "@x.py", "ü.py", "-d/dist.py", "a'\".py"]
    found = said(dict.fromkeys(names, "import os\n"))
    assert sorted(f.place.path for _, f in found) == sorted(names)


# The repository's own ruff.

PYPROJECT = "pyproject.toml"
TWICE = "import os\ndef f(a=[]): ...\nbreakpoint()\n"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (PYPROJECT, "[project]\nname = 'x'\n", ["F401", "B006", "T100"]),
        (PYPROJECT, "[tool.ruff]\n", ["B006", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = ['B']\n", ["F401", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = ['B006', 'FIX', 'PLR']\n", ["F401", "T100"]),
        (PYPROJECT, "[tool.ruff]\nselect = ['B0']\n", ["F401", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = []\nextend-select = ['T10']\n", ["F401", "B006"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = ['ALL']\n", []),
        (PYPROJECT, "[tool.ruff.lint]\nselect = ['E']\nignore = ['F401']\n", ["B006", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = ['mutable-argument-default']\n", ["F401", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = []\n[tool.ruff.lint.per-file-ignores]\n'src/*' = ['B']\n", ["F401", "T100"]),
        (PYPROJECT, "[tool.ruff.lint]\nselect = []\n[tool.ruff.lint.per-file-ignores]\n'x/*' = ['B']\n", ["F401", "B006", "T100"]),
        ("ruff.toml", "lint.select = ['T100']\n", ["F401", "B006"]),
        (".ruff.toml", "select = ['F']\n", ["B006", "T100"]),
        ("src/ruff.toml", "lint.select = ['F']\n", ["B006", "T100"]),
        ("other/ruff.toml", "lint.select = ['F']\n", ["F401", "B006", "T100"]),
        ("ruff.toml", "extend = 'base/b.toml'\nlint.select = ['F']\n", ["T100"]),
        ("ruff.toml", "extend = 'ruff.toml'\nlint.select = ['F']\n", ["B006", "T100"]),
        ("ruff.toml", "this is [not TOML", ["F401", "B006", "T100"]),
        ("ruff.toml", "lint = 3\nselect = 'F'\nper-file-ignores = []\n", ["F401", "B006", "T100"]),
    ],
)  # fmt: skip
def test_what_the_repository_decides_itself_is_left_out(path: str, text: str, expected: list[str]) -> None:
    found = said({"src/s.py": TWICE, "base/b.toml": "lint.select = ['B']\n", path: text})
    assert [code for code, finding in found if finding.place.path == "src/s.py"] == expected


def test_its_configuration_changes_nothing_else() -> None:
    text = "[tool.ruff]\nexclude = ['*']\nline-length = 1\ntarget-version = 'py37'\n[tool.ruff.lint]\nselect = ['E']\n"
    assert codes(TWICE, "src/s.py", **{PYPROJECT: text}) == ["F401", "B006", "T100"]


# Levels and settings.


def test_it_runs_at_level_production_only(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    lint.repository({"s.py": "import os\n"})
    assert lint("--level", "production", "--output-format", "concise").lines[-3].startswith("s.py:1:8: note RUFF-F401 ")

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("repro_lint.bridges.ruff.run_linter", refuse)
    assert "RUFF" not in lint("--output-format", "concise").out
    assert "RUFF" not in lint("--level", "production", "--ignore", "ruff", "--output-format", "concise").out


@pytest.mark.parametrize(
    ("settings", "arguments", "expected"),
    [
        ("", [], 0),
        ("bridges.ruff = true", [], 2),
        ("bridges.ruff = false", [], 0),
        ("bridges.ruff = false", ["--level", "production"], 0),
        ("bridges.ruff = false", ["--select", "ruff-unused-import"], 1),
        ("bridges.ruff = true", ["--select", "unseeded-rng"], 0),
        ("bridges.ruff = true", ["--ignore", "RUFF-F401"], 1),
        ("bridges.ruff = true", ["--ignore", "RUFF-F"], 1),
        ("", ["--select", "ruff"], 2),
        ("", ["--extend-select", "ruff-unused-import"], 1),
    ],
)
def test_settings(lint: Lint, settings: str, arguments: list[str], expected: int) -> None:
    lint.repository({"s.py": "import os\nbreakpoint()\n", "repro-lint.toml": settings})
    result = lint("--output-format", "json", *arguments)
    found = json.loads(result.out)["diagnostics"] if result.out else []
    assert sum(d["rule"].startswith("ruff-") for d in found) == expected


def test_turning_it_off_does_not_take_the_level(lint: Lint) -> None:
    lint.repository({"s.py": "import os\n", "repro-lint.toml": "level = 'production'\nbridges.ruff = false\n"})
    assert json.loads(lint("--output-format", "json").out)["summary"]["ladder"]["judged"] is True


def test_an_unknown_key_and_value(lint: Lint) -> None:
    lint.repository({"repro-lint.toml": "[bridges]\nruf = true\n"})
    assert 'unknown key "ruf" in bridges (did you mean "ruff"?)' in lint().err
    lint.repository({"repro-lint.toml": "bridges.notebook-linters = ['ruff']\n"})
    assert lint().code == 2


def test_settings_are_shown_as_toml(lint: Lint) -> None:
    lint.repository({"repro-lint.toml": ""})
    assert 'bridges = {"notebook-linters" = []}' in lint("--show-settings").lines


def test_suppressions_and_severities(lint: Lint) -> None:
    lint.repository(
        {
            "a.py": "import os  # repro-lint: ignore[ruff-unused-import] kept for its effect\n",
            "b.py": "import os  # repro-lint: ignore[RUFF-F401] as above\n",
            "c.py": "x = 1  # repro-lint: ignore[ruff-debugger] gone long ago\n",
            "d.py": "breakpoint()\n",
            "repro-lint.toml": "select = ['ruff', 'unused-suppression']\nseverity.ruff-debugger = 'error'\n",
        }
    )
    found = json.loads(lint("--output-format", "json").out)["diagnostics"]
    assert [(d["location"]["path"] if "location" in d else d["locations"][0]["path"], d["code"], d["severity"],
             d["disposition"]["reason"]) for d in found] == [
        ("a.py", "RUFF-F401", "note", "kept for its effect"),
        ("b.py", "RUFF-F401", "note", "as above"),
        ("c.py", "LNT003", "note", None),
        ("d.py", "RUFF-T100", "error", None),
    ]  # fmt: skip


def test_only_what_was_asked_for_is_looked_at(lint: Lint) -> None:
    lint.repository({"a/x.py": "import os\n", "b/x.py": "import os\n"})
    assert [x.partition(":")[0] for x in lint("--select", "ruff", "--output-format", "concise", "a").lines[:-2]] == [
        "a/x.py"
    ]
    result = lint("--select", "ruff", "b/x.py")
    assert "1 finding in 1 file" in result.out
    assert "nothing to check" not in result.err


@pytest.mark.parametrize("rev", [None, "HEAD"])
def test_trees_that_are_not_on_disk(repository: Repository, rev: str | None) -> None:
    from tests.conftest import git

    from repro_lint.files import open_view

    root = repository({"s.py": "import os\n", "n.ipynb": json.dumps(stored("import os"))})
    git(root, "commit", "-qm", "first")
    (root / "s.py").write_text("print(1)\n")
    (root / "n.ipynb").unlink()
    view: FileView = open_view(root, rev=rev) if rev else open_view(root)
    assert [f.place.path for _, f in said_of(Project(view))] == (["n.ipynb", "s.py"] if rev else [])
    view.close()


def test_the_report_to_the_letter(lint: Lint, request: pytest.FixtureRequest) -> None:
    script = "import datetime\n\n\ndef stamp(seen={}):\n    # seen = dict(seen)\n    return datetime.datetime.utcnow(), seen\n"
    lint.repository({"analysis.ipynb": FORMS["lines"], "src/stamp.py": script})
    shown = lint("--select", "ruff", "--color", "never").out
    golden = Path(__file__).parent / "golden" / "bridges" / "ruff.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")


# What can go wrong.


@pytest.mark.parametrize(
    ("command", "failure"),
    [
        ("exit 3", "failed with exit code 3: no reason given"),
        ("echo first >&2; echo 'last words' >&2; exit 2", "failed with exit code 2: last words"),
        ("echo nonsense", "ruff's answer cannot be read: JSONDecodeError"),
        ("echo '[{}]'", "ruff's answer cannot be read: KeyError: 'filename'"),
        ("sleep 5", "was still running after 0.2 seconds"),
    ],
)
def test_a_ruff_that_fails(
    lint: Lint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, failure: str
) -> None:
    fake = tmp_path / "ruff"
    fake.write_text(f"#!/bin/sh\n{command}\n")
    fake.chmod(0o755)
    monkeypatch.setattr("ruff.__main__.find_ruff_bin", lambda: str(fake))
    monkeypatch.setattr("repro_lint.bridges.bridge.TIMEOUT", 0.2 if "sleep" in command else 60)
    _assert_reported(lint, failure)


def test_a_ruff_without_its_program(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise FileNotFoundError("ruff")

    monkeypatch.setattr("ruff.__main__.find_ruff_bin", missing)
    _assert_reported(lint, "ruff is installed without its program")
    monkeypatch.setattr("ruff.__main__.find_ruff_bin", lambda: "/nowhere/ruff")
    _assert_reported(lint, "ruff could not be started: No such file or directory")


def test_no_ruff_at_all(lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ruff.__main__", None)
    _assert_reported(lint, "ruff is not installed")


def _assert_reported(lint: Lint, failure: str) -> None:
    lint.repository({"s.py": "import os  # repro-lint: ignore[ruff-unused-import] kept\n", "key.py": "print 1\n"})
    result = lint("--level", "production", "--output-format", "concise")
    assert result.code == 2
    (line,) = [line for line in result.lines if "[broken-plugin]" in line]
    assert line.startswith(".: error LNT004 [broken-plugin] not all that ruff would say is known: ")
    assert failure in line
    assert any("unparsable-code" in line for line in result.lines)  # the rest of the report stands
    assert not any("unused-suppression" in line for line in result.lines)


def test_a_file_that_ruff_crashes_on_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes | Exception] = {f"{n}.py": "import os\n" for n in range(9)}
    deep = "x = " + "[" * 100_000 + "]" * 100_000
    found = said({**files, "4.py": deep})  # which a rule of our own tells: Python cannot parse it
    assert [finding.place.path for _, finding in found] == [path for path in files if path != "4.py"]

    fake = tmp_path / "ruff"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *4/script.py*) kill -SEGV $$;; esac\nexec {find_ruff_bin()} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setattr("ruff.__main__.find_ruff_bin", lambda: str(fake))
    project = memory_project(files)
    (answer,) = consult(project, list(project.files), METAS)
    assert answer.failure == "ruff crashes on 4.py"
    assert [finding.place.path for _, finding in answer.findings] == [path for path in files if path != "4.py"]


def test_the_environment_does_not_reach_ruff(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RUFF_OUTPUT_FILE", str(tmp_path / "out"))
    monkeypatch.setenv("RUFF_SELECT", "E501")
    assert codes(TWICE) == ["F401", "B006", "T100"]
    assert list(tmp_path.iterdir()) == []


def test_a_run_leaves_nothing_in_the_tree(lint: Lint) -> None:
    root = lint.repository({"s.py": "import os\n"})
    lint("--level", "production")
    assert sorted(path.name for path in root.iterdir()) == [".git", "s.py"]


# The table.


def test_every_rule_is_stable_in_the_installed_ruff_and_has_its_name() -> None:
    output = run_linter([find_ruff_bin(), "rule", "--all", "--output-format", "json"], Path.cwd(), (0,))
    known = {rule["code"]: rule for rule in json.loads(output)}
    assert {ruff_code(m): ruff_name(m) for m in METAS} == {ruff_code(m): known[ruff_code(m)]["name"] for m in METAS}
    assert [ruff_code(m) for m in METAS if known[ruff_code(m)].get("preview")] == []


def test_names_and_codes_are_unique_and_pages_can_be_shown(lint: Lint) -> None:
    assert len({meta.name for meta in METAS}) == len({meta.code for meta in METAS}) == len(METAS)
    result = lint("explain", "ruff-mutable-argument-default")
    assert result.lines[0] == "# ruff-mutable-argument-default (RUFF-B006)"
    assert "https://docs.astral.sh/ruff/rules/mutable-argument-default/" in result.out
    listed = json.loads(lint("rules", "--family", "ruff", "--format", "json").out)
    assert {rule["code"] for rule in listed} == {meta.code for meta in METAS}
    assert {rule["pack"].split()[0] for rule in listed} == {"bridges"}


def test_ruff_places_are_those_of_ruff_itself(tmp_path: Path) -> None:
    """For a script that is plain, the bridge says what ruff says."""
    source = "import os, sys\n\n\ndef f(a=[], b={}):\n    x = 'é'; y = a\n    return b\n"
    (tmp_path / "s.py").write_text(source, encoding="utf-8")
    command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format", "json", "--select", "F,B006"]
    done = subprocess.run([*command, "s.py"], cwd=tmp_path, capture_output=True, check=False)
    own = [(d["code"], d["location"]["row"], d["location"]["column"]) for d in json.loads(done.stdout)]
    found = [(c, f.place.span.line, f.place.span.column) for c, f in said({"s.py": source}) if f.place.span]
    assert sorted(found) == sorted(own)
    assert len(found) == 6
