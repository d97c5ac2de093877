"""The walk through a notebook, held against what Python really does."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro_lint.api import Project
from repro_lint.files import open_view
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.signatures import misfit
from repro_lint_rules.notebooks.star_names import find_star

pytestmark = pytest.mark.untraced

NAMES = ("a", "b", "c")
FUNCTIONS = ("f", "g")


def fresh_run(root: Path, cells: list[str], **metadata: Any) -> FreshRun:
    """The run of a notebook with these cells."""
    notebook = {
        "cells": [
            {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": cell}
            for cell in cells
        ],
        "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    root.mkdir(exist_ok=True)
    (root / "n.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    run = Project(open_view(root)).load(FreshRun, "n.ipynb")
    assert run is not None
    return run


def executed(cells: list[str]) -> tuple[int, str | None] | None:
    """The first cell, from 1, that raises, and the name if that is a NameError; None if all of them run."""
    namespace: dict[str, Any] = {}
    for number, cell in enumerate(cells, 1):
        try:
            exec(cell, namespace)
        except NameError as error:
            return number, str(error.name)
        except Exception:
            return number, None
    return None


expressions = st.recursive(
    st.sampled_from(["1", "d", *NAMES]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"[{pair[0]}, {pair[1]}]"),
        st.tuples(inner, st.sampled_from(NAMES)).map(lambda pair: f"[{pair[0]} for {pair[1]} in [1]]"),
        inner.map(lambda value: f"(lambda: {value})"),
        st.tuples(st.sampled_from(NAMES), inner).map(lambda pair: f"({pair[0]} := {pair[1]})"),
    ),
    max_leaves=3,
)


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


simple = st.one_of(
    st.tuples(st.sampled_from(NAMES), expressions).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    expressions,
    st.sampled_from(NAMES).map(lambda name: f"del {name}"),
    st.tuples(st.sampled_from(FUNCTIONS), st.sampled_from(NAMES)).map(lambda p: f"def {p[0]}():\n    return {p[1]}"),
    st.tuples(st.sampled_from(FUNCTIONS), st.sampled_from(FUNCTIONS)).map(
        lambda p: f"def {p[0]}():\n    if a is None:\n        return {p[1]}()"
    ),
    st.sampled_from(FUNCTIONS).map(lambda name: f"{name}()"),
    st.sampled_from(NAMES).map(lambda name: f"def f({name}={name}):\n    return {name}"),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(
        lambda p: f"class {p[0]}:\n    {p[1]} = 1\n    x = {p[1]}"
    ),
    st.sampled_from(NAMES).map(lambda name: f"def g():\n    global {name}\n    {name} = 1\ng()"),
    st.sampled_from(NAMES).map(lambda name: f"import json as {name}"),
)
compound = st.one_of(
    simple,
    st.tuples(
        st.sampled_from(["if True:", "for a in [1]:", "with open('/dev/null') as b:", "while True:"]), simple
    ).map(lambda pair: f"{pair[0]}\n{indented(pair[1])}" + ("\n    break" if pair[0].startswith("while") else "")),
    st.sampled_from(NAMES).map(lambda name: f"try:\n    {name}\nexcept NameError:\n    {name} = 1"),
    st.just("try:\n    1 / 0\nexcept ZeroDivisionError as d:\n    d"),
)


def compiles(cells: list[str]) -> bool:
    """Whether Python accepts every cell."""
    try:
        return all(compile(cell, "cell", "exec") for cell in cells)
    except SyntaxError:
        return False


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(compound, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=5).filter(compiles))
def test_findings_are_what_execution_raises(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    """No certain finding in a cell that ran, and a finding for each NameError, at its cell."""
    truth = executed(cells)
    run = fresh_run(tmp_path_factory.getbasetemp() / "generated", cells)
    ran = len(cells) if truth is None else truth[0] - 1
    assert [use for use in run.undefined if use.certain and use.cell <= ran] == []
    if truth is not None and truth[1] is not None:
        assert truth in [(use.cell, use.name) for use in run.undefined]


parameters = st.lists(st.sampled_from(["p", "q", "r"]), unique=True, max_size=3)


@st.composite
def signatures(draw: st.DrawFn) -> str:
    """The parameters of a function, as written."""
    before = draw(parameters)
    after = draw(st.lists(st.sampled_from(["s", "t"]), unique=True, max_size=2))
    defaults = draw(st.integers(0, len(before)))
    parts: list[str] = [name if n < len(before) - defaults else f"{name}=0" for n, name in enumerate(before)]
    slash: bool = draw(st.booleans())
    if before and slash:
        parts.insert(draw(st.integers(1, len(before))), "/")
    star: str = draw(st.sampled_from(["", "*", "*rest"]))
    if star == "*rest" or (star and after):
        parts.append(star)
        required: bool = draw(st.booleans())
        parts += [name if required else f"{name}=0" for name in after]
    more: bool = draw(st.booleans())
    parts += ["**more"] if more else []
    return ", ".join(parts)


@settings(max_examples=400, deadline=None)
@given(
    signatures(),
    st.integers(0, 4),
    st.lists(st.sampled_from(["p", "q", "r", "s", "t", "u"]), unique=True, max_size=3),
    st.booleans(),
)
def test_misfits_are_what_python_refuses(signature: str, given: int, keywords: list[str], bound: bool) -> None:
    """``misfit`` and Python agree on every call."""
    function: Any = eval(f"lambda {signature}: None")
    call = ast.parse(f"f({', '.join(['0'] * given + [f'{name}=0' for name in keywords])})", mode="eval").body
    definition = ast.parse(f"lambda {signature}: None", mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(definition, ast.Lambda)
    if bound and not (definition.args.posonlyargs or definition.args.args):
        return
    try:
        function(*[0] * (given + bound), **dict.fromkeys(keywords, 0))
    except TypeError:
        assert misfit(call, definition.args, bound=bound) is not None
    else:
        assert misfit(call, definition.args, bound=bound) is None


def test_annotations_are_not_evaluated_since_python_3_14(tmp_path: Path) -> None:
    cells = ["def f(x: Missing): return x"]
    assert [use.name for use in fresh_run(tmp_path / "a", cells).undefined] == ["Missing"]
    newer = fresh_run(tmp_path / "b", cells, language_info={"name": "python", "version": "3.14.0"})
    assert newer.undefined == []


def test_spark_names_are_known_where_spark_is(tmp_path: Path) -> None:
    assert fresh_run(tmp_path / "a", ["sc.parallelize([1])", "# spark"]).undefined == []
    assert [use.name for use in fresh_run(tmp_path / "b", ["sc.parallelize([1])"]).undefined] == ["sc"]


def test_a_pinned_library_may_bring_what_is_gone(tmp_path: Path) -> None:
    star = find_star("%pylab")
    assert star is not None
    assert "math" in star.gone - star.names
    cells = ["%pylab inline", "math.pi"]
    assert [use.name for use in fresh_run(tmp_path / "a", cells).undefined] == ["math"]
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "requirements.txt").write_text("matplotlib==3.6.3\n", encoding="utf-8")
    assert fresh_run(tmp_path / "b", cells).undefined == []


def test_what_may_define_any_name_is_told(tmp_path: Path) -> None:
    run = fresh_run(tmp_path, ["exec(code)", "anything"])
    assert [use.name for use in run.undefined] == ["code"]
    assert isinstance(run.unknown, ast.Call)
