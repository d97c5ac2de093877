"""Scripts for Python 2: what is rewritten, that lines stay where they are, and that walks follow them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import memory_project
from tests.unit.test_execution import Log

from repro_lint.execution.program import Program
from repro_lint.execution.python2 import Python2Source, modernised, readable


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a', b", "print('a', b)"),
        ("print'a'", "print('a')"),
        ("print x % (a,\n  b), c", "print(x % (a,\n  b), c)"),
        ("print >>f, x", "print(  f, x)"),
        ("print>>f, x", "print( f, x)"),
        ("if x: print y; print z  # print w", "if x: print(y); print(z)  # print w"),
        ("print 'a' \\\n  'b'", "print('a' \\\n  'b')"),
        ("print ('a')", "print ('a')"),
        ("print\nx = {'print a': 1}", "print\nx = {'print a': 1}"),
        ("'''\nprint a\n'''", "'''\nprint a\n'''"),
        ("exec code in space", "exec(code in space)"),
        ("raise ValueError, 'no'", "raise ValueError( 'no')"),
        ("try:\n  f()\nexcept (A, B), e:\n  pass", "try:\n  f()\nexcept (A, B) as e:\n  pass"),
        ("x = 0777 + 10L + 0xFFL + 1.0e-05 + 0", "x = 0o777 + 10  + 0xFF  + 1.0e-05 + 0"),
        ("s = ur'a' + `x`", "s =  r'a' + (x)"),
        ("if a <> b: f(lambda (k, v): k)", "if a != b: f(lambda  k, v : k)"),
        ("if x:\n        a = 1\n\tb = 2\n    \tc = 3", "if x:\n        a = 1\n\tb = 2\n        c = 3"),
    ],
)
def test_statements_and_literals(old: str, new: str) -> None:
    assert modernised(old) == new


def test_what_is_rewritten_parses_on_the_same_lines() -> None:
    code = "import random\nprint 'a'\ntry:\n    x = random.random()\nexcept IOError, e:\n    raise ValueError, `e`\nprint x\n"
    with pytest.raises(SyntaxError):
        ast.parse(code)
    tree = ast.parse(modernised(code))
    assert [node.lineno for node in tree.body] == [1, 2, 3, 7]


@given(st.text(alphabet="print x'\"\\\n#(),>`0Le:", max_size=60))
def test_any_text_keeps_its_lines(text: str) -> None:
    assert modernised(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("print 'a'\n", "Python2Source"),
        ("print('a')\n", "PythonSource"),
        ("print 'a'\nx = = 1\n", "PythonSource"),
        ("x = = 1\n", "PythonSource"),
    ],
)
def test_only_python_2_is_rewritten(code: str, kind: str) -> None:
    source = readable(memory_project({"main.py": code}), "main.py")
    assert type(source).__name__ == kind


def test_a_program_runs_with_its_modules() -> None:
    files = {
        "main.py": "from lib import draw\nprint draw()\n",
        "lib.py": "import random\ndef draw():\n    print 'drawing'\n    return random.random()\n",
    }
    (program,) = (p for p in Program.from_project(memory_project(files), (b"random",)) if p.path == "main.py")
    log = Log()
    assert program.walk(log) is None
    (drawn,) = (event for event in log.events if event.name == "random.random")
    assert isinstance(drawn.source, Python2Source)
    assert drawn.source.place(drawn.node).span is not None
    assert drawn.node.lineno == 4
    assert program.may_seed()


NOTEBOOK = """{"cells": [
 {"cell_type": "markdown", "metadata": {}, "source": "print this"},
 {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": "import numpy as np"},
 {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [],
  "source": "%matplotlib inline\\nx = np.drawn()\\nprint 'drawn', x"},
 {"cell_type": "code", "execution_count": 3, "metadata": {}, "outputs": [], "source": "x = = 1"}
], "metadata": {"kernelspec": {"display_name": "a", "language": "python", "name": "python2"}},
"nbformat": 4, "nbformat_minor": 2}"""


def test_cells_for_python_2() -> None:
    project = memory_project({"a.ipynb": NOTEBOOK})
    (program,) = Program.from_project(project, ())
    log = Log()
    assert program.walk(log) is None
    (drawn,) = (event for event in log.events if event.name == "numpy.drawn")
    place = drawn.source.place(drawn.node)
    assert place.cell is not None
    assert place.span is not None
    assert (place.cell.index, place.span.line, place.span.column) == (3, 2, 5)
    assert len(drawn.source.syntax_errors) == 1
