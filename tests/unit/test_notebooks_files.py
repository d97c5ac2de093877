"""The notebook rules about whole files, where the cases of their pages do not reach."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import git

from repro_lint.api import Finding, NotApplicable, Notebook, Outcome, Project, PythonSource
from repro_lint.files import open_view
from repro_lint_rules.notebooks.cell_syntax_error.rule import CellSyntaxError
from repro_lint_rules.notebooks.export_residue.rule import ExportResidue
from repro_lint_rules.notebooks.heavy_outputs.rule import HeavyOutputs
from repro_lint_rules.notebooks.kernels import conda_environment, is_common, is_from_editor
from repro_lint_rules.notebooks.missing_kernel.rule import MissingKernel
from repro_lint_rules.notebooks.unnamed_notebook.rule import UnnamedNotebook

PYTHON3 = {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}}


def write(root: Path, path: str, *cells: str | dict[str, Any], metadata: dict[str, Any] = PYTHON3) -> Project:
    """A project with a notebook of these code cells; a dict adds to the cell."""
    full: list[dict[str, Any]] = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        | ({"source": cell} if isinstance(cell, str) else cell)
        for cell in cells
    ]
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({"cells": full, "metadata": metadata, "nbformat": 4, "nbformat_minor": 2}))
    return Project(open_view(root))


def findings(outcome: Outcome) -> list[Finding]:
    return [entry for entry in outcome if isinstance(entry, Finding)]


def syntax(project: Project, path: str = "a.ipynb") -> list[Finding | NotApplicable]:
    source = project.load(PythonSource, path)
    assert source is not None
    return list(CellSyntaxError().check(source))


def messages(entries: list[Finding | NotApplicable]) -> list[str]:
    return [entry.message for entry in entries if isinstance(entry, Finding)]


class TestContent:
    @pytest.mark.parametrize(
        ("text", "holds"),
        [
            ("-- all of them\nselect name, age\nfrom people;", "SQL"),
            ("CREATE TEMP TABLE part (\n  id integer not null\n);", "SQL"),
            ("WITH x AS (\n  SELECT a b FROM t\n) SELECT * FROM x", "SQL"),
            ("# set up\nsudo apt-get install graphviz", "shell commands"),
            ("import os\npython -m http.server", "shell commands"),
            ("export PATH=$HOME/bin:$PATH", "shell commands"),
            ("df %>% filter(x > 1)", "R"),
            ("f <- function(x) {\n  x + 1\n}", "R"),
            ("val ssc = new StreamingContext(conf)", "Scala"),
            ("const x = 5;", "JavaScript"),
            ('<img src="a.png" width=300>', "HTML"),
            ("http://localhost:4040/", "a web address"),
            (r"\begin{equation} x^2 \end{equation}", "LaTeX"),
            ("The next plot shows how sales grew.", "prose"),
        ],
    )
    def test_names_what_is_no_python(self, tmp_path: Path, text: str, holds: str) -> None:
        assert messages(syntax(write(tmp_path, "a.ipynb", text))) == [f"the cell holds {holds}, not Python"]

    @pytest.mark.parametrize(
        "text",
        [
            "with open(path) as file:\n    data = file.read(",
            "for i in range(5)\n    print(i)",
            "if the value is not there then stop",
            "git = Git(\n",
            "select = table.select(",
            "x = f(a,  # the first # of them\n",
        ],
    )
    def test_mistakes_in_python_are_mistakes(self, tmp_path: Path, text: str) -> None:
        (message,) = messages(syntax(write(tmp_path, "a.ipynb", text)))
        assert message.startswith("Python cannot parse this: ")

    @pytest.mark.parametrize("text", ["x = ###", "x = ???", "fit(###, y)", "rows = <FILL IN>", "print(a, #the sum#)"])
    def test_blanks(self, tmp_path: Path, text: str) -> None:
        (message,) = messages(syntax(write(tmp_path, "a.ipynb", text)))
        assert message == "the cell has a blank to be filled in, and does not parse without it"

    def test_each_content_is_one_finding(self, tmp_path: Path) -> None:
        project = write(
            tmp_path, "a.ipynb", "select * from a;", "x =", "pip install numpy scipy\nls", "SELECT 1 FROM b;"
        )
        found = [entry for entry in syntax(project) if isinstance(entry, Finding)]
        by_message = {entry.message: entry for entry in found}
        assert set(by_message) == {
            "Python cannot parse this: invalid syntax",
            "2 cells hold SQL, not Python",
            "the cell holds shell commands, not Python",
        }
        (other,) = by_message["2 cells hold SQL, not Python"].related
        assert other.place.cell is not None
        assert other.place.cell.index == 4


class TestCellSyntaxError:
    @pytest.mark.parametrize(
        "text",
        ["f'{'\\n'.join(rows)}'", "print(f'{\n  total\n}')", 'f"{row["name"]}"', "type Pair = tuple[int, int]"],
    )
    @pytest.mark.skipif(sys.version_info >= (3, 12), reason="these parse since Python 3.12")
    def test_later_syntax_is_never_accused(self, tmp_path: Path, text: str) -> None:
        (entry,) = syntax(write(tmp_path, "a.ipynb", text))
        assert isinstance(entry, NotApplicable)

    def test_an_unclosed_string_is_no_later_syntax(self, tmp_path: Path) -> None:
        (entry,) = syntax(write(tmp_path, "a.ipynb", 'title = f"{key} against price'))
        assert isinstance(entry, Finding)

    @pytest.mark.parametrize(
        "metadata", [{"kernelspec": {"name": "sagemath", "language": ""}, "language_info": {"name": "python"}}, {}]
    )
    def test_abstains_where_the_language_may_be_another(self, tmp_path: Path, metadata: dict[str, Any]) -> None:
        (entry,) = syntax(write(tmp_path, "a.ipynb", "R.<x> = QQ[]", metadata=metadata))
        assert isinstance(entry, NotApplicable)

    def test_without_metadata_imports_tell_the_language(self, tmp_path: Path) -> None:
        project = write(tmp_path, "a.ipynb", "import os", "os.", metadata={})
        assert messages(syntax(project)) == ["Python cannot parse this: invalid syntax"]

    def test_cells_of_another_language_are_one_finding(self, tmp_path: Path) -> None:
        marked = [
            {"source": text, "metadata": {"vscode": {"languageId": "sql"}}} for text in ("-- all rows", "-- few rows")
        ]
        found = syntax(write(tmp_path, "a.ipynb", "import os", *marked))
        assert messages(found) == ["2 cells are marked as sql, and the kernel runs Python"]
        found = syntax(write(tmp_path, "a.ipynb", *marked))
        assert messages(found) == ["2 cells are marked as sql, and the kernel runs Python"]

    def test_test_data_and_templates(self, tmp_path: Path) -> None:
        for path, text in (("tests/fixtures/a.ipynb", "x ="), ("a.ipynb", "{% if x %}\ny = 1\n{% endif %}")):
            (entry,) = syntax(write(tmp_path, path, text), path)
            assert isinstance(entry, NotApplicable)

    def test_python2_is_said_once_where_the_notebook_says_it(self, tmp_path: Path) -> None:
        metadata = {"kernelspec": {"name": "python2"}, "language_info": {"name": "python", "version": "2.7.10"}}
        (found,) = syntax(write(tmp_path, "a.ipynb", "print 1", "x = 1", "print x", metadata=metadata))
        assert isinstance(found, Finding)
        assert found.message == (
            "the notebook is Python 2 (2.7.10), which no supported kernel runs: 2 cells do not parse"
        )
        assert len(found.related) == 1


class TestKernels:
    @pytest.mark.parametrize(
        "name",
        ["python3", "python", "Python 3", "python310", "xpython", "conda_python3", "pysparkkernel", "python38-azureml"],
    )
    def test_common(self, name: str) -> None:
        assert is_common(name)

    @pytest.mark.parametrize("name", ["conda-env-a-py", "myenv", "venv", "python38564bitvenv1234", "base"])
    def test_not_common(self, name: str) -> None:
        assert not is_common(name)

    def test_conda_environments(self) -> None:
        names = ("conda-env-my-lab-py", "conda-base-py", "conda-root-py", "python3")
        assert [conda_environment(name) for name in names] == ["my-lab", "base", "base", None]

    def test_editors(self) -> None:
        assert is_from_editor("python385jvsc74a57bd0e134e05457d34029")
        assert is_from_editor("python37464bitbaseconda0f1")
        assert not is_from_editor("python3")

    @staticmethod
    def check(root: Path, kernel: str) -> list[Finding | NotApplicable]:
        metadata = {"kernelspec": {"name": kernel, "language": "python"}, "language_info": {"name": "python"}}
        notebook = write(root, "a.ipynb", "x = 1", metadata=metadata).load(Notebook, "a.ipynb")
        assert notebook is not None
        return list(MissingKernel().check(notebook))

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Makefile", "kernel:\n\tpython -m ipykernel install --user \\\n\t\t--name=lab\n"),
            ("environment.yml", "name: lab\ndependencies:\n  - python=3.11\n"),
            ("kernels/lab/kernel.json", "{}"),
        ],
    )
    @pytest.mark.parametrize("kernel", ["lab", "Lab", "conda-env-lab-py"])
    def test_a_kernel_that_the_repository_explains(self, tmp_path: Path, path: str, text: str, kernel: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        (entry,) = self.check(tmp_path, kernel)
        assert isinstance(entry, NotApplicable)

    def test_a_kernel_that_nobody_explains(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("python -m ipykernel install --user --name other")
        (entry,) = self.check(tmp_path, "lab")
        assert isinstance(entry, Finding)
        assert entry.message == "the kernel lab is there only where somebody has registered it under that name"


class TestHeavyOutputs:
    def test_the_heaviest_cells_come_first(self, tmp_path: Path) -> None:
        def cell(count: int) -> dict[str, Any]:
            data = {"image/png": "A" * count, "text/plain": "<Figure>"}
            return {"source": "plot()", "outputs": [{"output_type": "display_data", "metadata": {}, "data": data}]}

        project = write(tmp_path, "a.ipynb", *(cell(n * 100_000) for n in (1, 3, 2, 4, 5, 1, 6)), "x = 1")
        notebook = project.load(Notebook, "a.ipynb")
        assert notebook is not None
        (found,) = findings(HeavyOutputs().check(notebook))
        assert found.message == "2.2 MB of stored outputs, 100 % of the file, from 7 cells"
        cells = [(place.place.cell.index, place.label) for place in found.related if place.place.cell]
        assert cells == [
            (7, "600 kB of image/png"),
            (5, "500 kB of image/png"),
            (4, "400 kB of image/png"),
            (2, "300 kB of image/png"),
            (3, "200 kB of image/png"),
        ]

    def test_large_sources_are_no_outputs(self, tmp_path: Path) -> None:
        notebook = write(tmp_path, "a.ipynb", f"x = {'1' * 2_000_000!r}").load(Notebook, "a.ipynb")
        assert notebook is not None
        assert findings(HeavyOutputs().check(notebook)) == []


class TestUnnamedNotebook:
    @pytest.mark.parametrize(
        "name",
        [
            *("Untitled", "untitled12", "Untitled-1", "Untitled0", "Untitled (3)", "Sans titre 2", "未命名1"),
            *("Untitled Notebook 2024-05-01 10_20_30", "notebook1a2b3c4d5e", "__notebook_source__"),
            *("Copy of Copy of a", "Copy_of_b", "b-Copy2", "b - Copy (2)"),
        ],
    )
    def test_names_that_programs_give(self, tmp_path: Path, name: str) -> None:
        project = write(tmp_path, f"{name}.ipynb", "x = 1")
        assert [found.place.path for found in findings(UnnamedNotebook().check(project))] == [f"{name}.ipynb"]

    @pytest.mark.parametrize(
        "name",
        [
            "untitled-sonata",
            "notebook2024",
            "notebookaccessed",
            "kernel",
            "Copying files",
            "view vs copy",
            "Lab (2024)",
        ],
    )
    def test_names_that_people_give(self, tmp_path: Path, name: str) -> None:
        assert findings(UnnamedNotebook().check(write(tmp_path, f"{name}.ipynb", "x = 1"))) == []

    @pytest.mark.parametrize("suffix", [" (1)", "(2)", " copy", "_copy2", "-checkpoint"])
    def test_copies_that_only_the_original_tells(self, tmp_path: Path, suffix: str) -> None:
        project = write(tmp_path, f"x/a{suffix}.ipynb", "x = 1")
        assert findings(UnnamedNotebook().check(project)) == []
        (found,) = findings(UnnamedNotebook().check(write(tmp_path, "x/a.ipynb", "x = 1")))
        assert found.message == "the notebook is a copy of a.ipynb beside it, by its name"

    def test_empty_notebooks(self, tmp_path: Path) -> None:
        (found,) = findings(UnnamedNotebook().check(write(tmp_path, "Untitled.ipynb")))
        assert found.message == "the notebook was never given a name, and it is empty"

    def test_only_checkpoints_that_git_tracks(self, tmp_path: Path) -> None:
        checkpoints = ["a/.ipynb_checkpoints/x-checkpoint.ipynb", ".ipynb_checkpoints/y-checkpoint.py"]
        for path in (*checkpoints, "venv/.ipynb_checkpoints/z-checkpoint.ipynb"):
            write(tmp_path, path, "x = 1")
        assert findings(UnnamedNotebook().check(Project(open_view(tmp_path)))) == []
        git(tmp_path, "init", "-q")
        assert findings(UnnamedNotebook().check(Project(open_view(tmp_path)))) == []
        git(tmp_path, "add", ".")
        (found,) = findings(UnnamedNotebook().check(Project(open_view(tmp_path))))
        assert found.message == "2 checkpoints of Jupyter are committed: old copies of notebooks"
        assert [found.place.path, *(place.place.path for place in found.related)] == sorted(checkpoints)


class TestExportResidue:
    @staticmethod
    def check(root: Path, text: str) -> list[Finding]:
        (root / "a.py").write_text(text)
        source = Project(open_view(root)).load(PythonSource, "a.py")
        assert source is not None
        return findings(ExportResidue().check(source))

    @pytest.mark.parametrize(
        "text",
        [
            "# In[3]:\nx = 1\n",
            "# In[]\nx = 1\n# In[]\ny = 1\n",
            "from IPython import get_ipython\nget_ipython().run_line_magic('reset', '-f')\n",
            "# ---\n# jupyter:\n#   jupytext:\n#     text_representation: {}\n# ---\n# In[1]:\n# In[2]:\n",
            "# %%\n# In[1]:\n# In[2]:\n",
            '"""Doc\n# In[1]:\n# In[2]:\n"""\n',
        ],
    )
    def test_what_is_no_export(self, tmp_path: Path, text: str) -> None:
        assert self.check(tmp_path, text) == []

    def test_one_prompt_under_the_header(self, tmp_path: Path) -> None:
        (found,) = self.check(tmp_path, "#!/usr/bin/env python\n# coding: utf-8\n\n# In[12]:\n\n\nx = 1\n")
        assert found.message == "the script is a notebook as nbconvert exported it, with one prompt such as `# In[12]:`"
        assert found.severity is None

    def test_calls_and_the_notebook_are_related(self, tmp_path: Path) -> None:
        write(tmp_path, "a.ipynb", "%ls")
        text = "# In[1]:\nget_ipython().run_line_magic('ls', '')\n# In[2]:\nif x:\n    get_ipython().system('ls')\n"
        (found,) = self.check(tmp_path, text)
        assert found.message.endswith(
            "with 2 prompts such as `# In[1]:`; one call of get_ipython() fails outside of IPython"
        )
        places = [(place.place.path, place.place.span and place.place.span.line) for place in found.related]
        assert places == [("a.py", 2), ("a.ipynb", None)]
