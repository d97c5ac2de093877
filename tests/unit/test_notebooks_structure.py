"""Lines, kinds of work, definitions and copies in notebooks: what the cases of the rules do not reach."""

from __future__ import annotations

import ast
import json
import pickle

import pytest
from tests.conftest import memory_project

from repro_lint.project import Project
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.python import PythonSource
from repro_lint_rules.notebooks.code_lines import code_lines, is_literal, literals_in
from repro_lint_rules.notebooks.definitions import NotebookContent, NotebookContents
from repro_lint_rules.notebooks.duplicates import copies_among, shared_definitions
from repro_lint_rules.notebooks.helper_module import helper_module
from repro_lint_rules.notebooks.teaching import teaches
from repro_lint_rules.notebooks.work_kinds import work_in, work_kinds

AREA = "def area(shape):\n    width, height = shape\n    if width < 0:\n        raise ValueError\n    return width * height\n"


def notebook(*cells: str, title: str = "", **metadata: object) -> str:
    found: list[dict[str, object]] = [{"cell_type": "markdown", "metadata": {}, "source": title}] if title else []
    found += [
        {"cell_type": "code", "metadata": metadata, "source": text, "outputs": [], "execution_count": 1}
        for text in cells
    ]
    kernel = {"name": "python3", "language": "python"}
    return json.dumps({"cells": found, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4})


def source_of(*cells: str, path: str = "a.ipynb") -> PythonSource:
    source = memory_project({path: notebook(*cells)}).load(PythonSource, path)
    assert source is not None
    return source


def content_of(*cells: str) -> NotebookContent:
    content = NotebookContents.collect(source_of(*cells))
    assert content is not None
    return content


def project_and_contents(**files: str) -> tuple[Project, dict[str, NotebookContent]]:
    project = memory_project(
        {name.replace("__", "/").replace("_py", ".py").replace("_nb", ".ipynb"): text for name, text in files.items()}
    )
    return project, dict(project.file_facts(NotebookContents))


class TestLines:
    @pytest.mark.parametrize(
        ("text", "lines"),
        [
            ("x = 1\n\n# no\ny = 2", {1, 4}),
            ("%matplotlib inline\n!ls\nx = 1", {3}),
            ("%time x = f()", {1}),
            ("for x in y:\n    pass", {1, 2}),
            ("'''\nold = 1\n'''\nnew = 2", {4}),
            ("def f():\n    '''Docs.\n\n    More.'''\n    return 1", {1, 5}),
            ("%%bash\nls\ncd ..", set()),
            ("x = '''\n# part of the text\n'''", {1, 3}),
        ],
    )
    def test_of_code(self, text: str, lines: set[int]) -> None:
        assert code_lines(source_of(text).cells[0]) == lines

    def test_count_inside_of_each_cell(self) -> None:
        source = source_of("a = 1\nb = 2", "# c\nc = 3")
        assert [code_lines(cell) for cell in source.cells] == [{1, 2}, {2}]

    def test_literals_are_the_outermost(self) -> None:
        text = "x = f([1, -2, {'a': (3, np.nan)}], [g()], 'text')\nprint(f'{x} of {y}', [i for i in z])"
        found = {ast.unparse(node) for node in literals_in(source_of(text).tree.body)}
        assert found == {"[1, -2, {'a': (3, np.nan)}]", "'text'", "f'{x} of {y}'"}

    def test_names_are_literals_only_where_allowed(self) -> None:
        (statement,) = source_of("[1, np.nan]").tree.body
        value = statement.value  # type: ignore[attr-defined]
        assert is_literal(value, names=True)
        assert not is_literal(value)


class TestWork:
    def kinds(self, text: str) -> dict[str, int]:
        return {kind: len(calls) for kind, calls in work_in(source_of(text)).items() if calls}

    def test_the_kinds_come_in_the_order_of_the_work(self) -> None:
        assert [kind.name for kind in work_kinds()] == ["loading", "cleaning", "modelling", "plotting"]

    @pytest.mark.parametrize(
        ("text", "kinds"),
        [
            ("import pandas as pd\npd.read_csv('a').dropna().plot.bar()", {"loading": 1, "cleaning": 1, "plotting": 1}),
            ("from sklearn.svm import SVC\nSVC().fit(x, y)", {"modelling": 2}),
            ("open('a'); open('b', 'w'); open('c', mode='a'); open('d', 'rb')", {"loading": 2}),
            ("import seaborn as sns\nsns.load_dataset('iris')\nsns.scatterplot(x=a)", {"plotting": 1}),
            ("machine.fit(); table.merge(other); axis.plot()", {}),
            ("import pandas as pd\ndef load():\n    return pd.read_csv('a')", {}),
            ("import pandas as pd\n[pd.read_csv(path) for path in paths]", {"loading": 1}),
            ("def open(path): ...\nopen('a')", {}),
        ],
    )
    def test_is_told_by_calls(self, text: str, kinds: dict[str, int]) -> None:
        assert self.kinds(text) == kinds


class TestTeaching:
    @pytest.mark.parametrize(
        ("path", "title", "expected"),
        [
            ("ch03.ipynb", "", True),
            ("week2/lecture-1.ipynb", "", True),
            ("PandasTutorial.ipynb", "", True),
            ("a.ipynb", "# Chapter 4: Regression", True),
            ("a.ipynb", "# Exercises", True),
            ("a.ipynb", "# Sales\nThe chapter of the report on sales.", False),
            ("churn.ipynb", "# Churn", False),
            ("research/search.ipynb", "", False),
        ],
    )
    def test_is_told_by_names(self, path: str, title: str, expected: bool) -> None:
        found = memory_project({path: notebook("x = 1", title=title)}).load(Notebook, path)
        assert found is not None
        assert teaches(found) is expected

    def test_is_told_by_nbgrader(self) -> None:
        found = memory_project({"a.ipynb": notebook("x = 1", nbgrader={"grade": True})}).load(Notebook, "a.ipynb")
        assert found is not None
        assert teaches(found)


class TestDefinitions:
    def test_layout_comments_and_docstrings_do_not_matter(self) -> None:
        one = content_of("class A:\n    '''One.'''\n    def f(self):\n        return 'x'  # y\n")
        other = content_of('class A:\n\n    def f(self):\n        """Another."""\n        return ("x")\n')
        assert one.definitions[0].digest == other.definitions[0].digest

    @pytest.mark.parametrize(
        "text", ["def f(x): return 1", "def f(x): return True", "def f(x): return '1'", "def f(y): return 1"]
    )
    def test_everything_else_does(self, text: str) -> None:
        assert content_of(text).definitions[0].digest != content_of("def f(x): return 1.0").definitions[0].digest

    def test_integers_that_python_cannot_write_are_compared(self) -> None:
        long = f"def f():\n    return 0x{'f' * 5000}"
        assert content_of(long).definitions[0].digest == content_of(long + "  # same").definitions[0].digest
        assert content_of(long).definitions[0].digest != content_of(long + "0").definitions[0].digest

    def test_of_two_with_one_name_the_last_counts(self) -> None:
        content = content_of("def f():\n    return 1", "def f():\n    x = 2\n    return x")
        assert [(d.name, d.lines) for d in content.definitions] == [("f", 3)]

    def test_needs_variables_but_no_imports_definitions_and_constants(self) -> None:
        text = "import math\nLIMIT = 3\ntable = load()\ndef g(): ...\ndef f(x):\n    own = math.pi\n    return g(table, LIMIT, own, x)"
        needs = {d.name: d.needs for d in content_of(text).definitions}
        assert needs == {"g": (), "f": ("table",)}

    def test_the_place_is_the_line_that_names_it(self) -> None:
        (definition,) = content_of("import functools\n@functools.cache\ndef f(x):\n    return x").definitions
        assert definition.place.span is not None
        assert (definition.place.span.line, definition.place.span.last_line) == (3, 3)
        assert definition.place.excerpt == ("def f(x):",)
        assert definition.lines == 3

    def test_can_be_sent_to_another_process(self) -> None:
        content = content_of(AREA)
        assert pickle.loads(pickle.dumps(content)) == content

    def test_files_without_any_hold_nothing(self) -> None:
        assert NotebookContents.collect(source_of("x = 1")) is None
        script = memory_project({"a.py": AREA}).load(PythonSource, "a.py")
        assert script is not None
        assert NotebookContents.collect(script) is None


class TestDuplicates:
    def test_the_shortest_path_is_the_original(self) -> None:
        text = notebook(AREA, "area((1, 2))", "print(1)", "print(2)")
        _, contents = project_and_contents(data_copy_nb=text, data_nb=text)
        (found,) = copies_among(contents)
        assert (found.path, dict(found.others)) == ("data.ipynb", {"data_copy.ipynb": 4})

    def test_a_common_helper_makes_no_copy(self) -> None:
        _, contents = project_and_contents(a_nb=notebook(AREA, "x = 1", "x = 2"), b_nb=notebook(AREA, "y = 1", "y = 2"))
        assert [dict(found.others) for found in copies_among(contents)] == [{}, {}]

    def test_are_grouped_by_the_files_that_hold_them(self) -> None:
        other = AREA.replace("area", "size")
        project, contents = project_and_contents(
            a_nb=notebook(AREA + other), b_nb=notebook(AREA, other), c_nb=notebook(other), lab__tools_py=AREA
        )
        groups = shared_definitions(project, contents, 5)
        assert [(group.files, [d.name for d in group.definitions["a.ipynb"]]) for group in groups] == [
            (("a.ipynb", "b.ipynb", "c.ipynb"), ["size"]),
            (("a.ipynb", "b.ipynb", "lab/tools.py"), ["area"]),
        ]
        assert [(group.module, group.excess) for group in groups] == [(None, 10), ("lab/tools.py", 10)]

    @pytest.mark.parametrize(
        "module", ["# In[1]:\n" + AREA, "# %%\n" + AREA, "def area(shape):\n    return 1\n", "def area(:\n"]
    )
    def test_exports_and_other_functions_are_none(self, module: str) -> None:
        project, contents = project_and_contents(a_nb=notebook(AREA), b_py=module)
        assert shared_definitions(project, contents, 5) == ()

    def test_short_ones_do_not_count(self) -> None:
        project, contents = project_and_contents(a_nb=notebook(AREA), b_nb=notebook(AREA))
        assert shared_definitions(project, contents, 6) == ()

    def test_what_a_program_runs_is_no_duplicate(self) -> None:
        main = AREA.replace("area", "main")
        project, contents = project_and_contents(a_nb=notebook(main), b_nb=notebook(main))
        assert shared_definitions(project, contents, 5) == ()


class TestHelperModule:
    def advice(self, path: str, files: list[str], imports: tuple[tuple[str, int, str | None], ...] = ()) -> str:
        project = memory_project({path: notebook("x = 1"), **dict.fromkeys(files, "x = 1\n")})
        return helper_module(project, path, imports)

    def test_is_one_that_the_notebook_imports_from(self) -> None:
        files = ["lab/__init__.py", "lab/model.py", "lab/utils.py"]
        assert "lab/model.py" in self.advice("a.ipynb", files, (("lab.model", 0, "fit"), ("pandas", 0, None)))
        assert "lab/utils.py" in self.advice("a.ipynb", files, (("lab.model", 0, "fit"), ("lab", 0, "utils")))

    def test_is_one_that_lies_beside_it(self) -> None:
        assert "nb/helpers.py, which lies beside" in self.advice(
            "nb/a.ipynb", ["nb/helpers.py", "nb/train.py", "utils.py"]
        )

    def test_gets_a_name_that_can_be_imported(self) -> None:
        assert "such as nb/clean_data_helpers.py," in self.advice("nb/01-Clean data.ipynb", ["nb/train.py", "setup.py"])
        assert "such as helpers.py," in self.advice("2021.ipynb", [])
