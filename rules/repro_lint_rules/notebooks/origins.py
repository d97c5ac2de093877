"""Where a missing name may have come from: a later cell, a cell that is gone, another notebook, an older release."""

from __future__ import annotations

import ast
import posixpath
from difflib import get_close_matches

from repro_lint.api import CodeCell, PythonSource, dataclass
from repro_lint_rules.notebooks.evaluation import Use
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.namespace import PYTHON2_BUILTINS
from repro_lint_rules.notebooks.stored_run import is_error

_MOST_SIBLINGS = 40
_MOST_NAMES = 2_000

# What people import under these names, so that the remedy is certain.
_IMPORTS = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
    "sns": "import seaborn as sns",
    "tf": "import tensorflow as tf",
    "torch": "import torch",
    "nn": "from torch import nn",
    "px": "import plotly.express as px",
    "sm": "import statsmodels.api as sm",
    "nx": "import networkx as nx",
    "xr": "import xarray as xr",
    "os": "import os",
    "re": "import re",
    "sys": "import sys",
    "json": "import json",
    "math": "import math",
    "time": "import time",
    "glob": "import glob",
    "pickle": "import pickle",
    "random": "import random",
    "datetime": "import datetime",
    "itertools": "import itertools",
    "functools": "import functools",
    "Counter": "from collections import Counter",
    "defaultdict": "from collections import defaultdict",
    "Path": "from pathlib import Path",
    "tqdm": "from tqdm import tqdm",
    "train_test_split": "from sklearn.model_selection import train_test_split",
}


@dataclass(frozen=True)
class Origin:
    """What to say of a missing name: the rest of a sentence that begins with it, a remedy, and places."""

    message: str
    help: str | None = None
    related: tuple[tuple[ast.AST, str], ...] = ()
    given: bool = False
    """Whether what executes the notebook may define it."""


def explain(run: FreshRun, use: Use) -> Origin:
    """The most useful thing to say of a name that nothing has bound when it is used."""
    name = use.name
    if use.removed is not None and hasattr(use.removed, "lineno"):
        return _removed(run, use.removed)
    if name in run.gone:
        what, star = run.gone[name]
        return Origin(
            f"is not defined: `{what}` brought it with {star.library} {star.older}, but not with {star.current}",
            f"import the name itself, or pin {star.library} to the release that the notebook was written with",
        )
    if name in PYTHON2_BUILTINS:
        return Origin("is a builtin of Python 2 only", f"in Python 3 it is `{PYTHON2_BUILTINS[name]}`")
    later = _later(run, use)
    if later is not None:
        return later
    if name in _IMPORTS:
        return Origin(_gone_cell(run, use) or "is never imported", f"add `{_IMPORTS[name]}` to a cell above")
    if _may_be_given(run, use):
        text = "is never defined, unless it is passed as a parameter"
        return Origin(text, "give it a default in the cell tagged `parameters`", given=True)
    if other := _other_notebook(run, name):
        return Origin(
            f"is not defined in this notebook; `{other}` beside it defines it",
            f"run `{other}` from here with %run, or move what both need to a module",
        )
    if close := _similar(run, name):
        return Origin(_gone_cell(run, use) or "is never defined", f"is it `{close}` that is meant?")
    return Origin(
        _gone_cell(run, use) or "is never defined",
        "put its definition back in a cell above, then restart the kernel and run all cells",
    )


def _may_be_given(run: FreshRun, use: Use) -> bool:
    """Whether papermill may bind the name: it puts the parameters behind the cell of that tag, whatever that names."""
    parent = run.source.semantics.parent(use.node)
    called = isinstance(parent, ast.Call) and parent.func is use.node
    return not called and any("parameters" in cell.tags for cell in run.source.cells if cell.index <= use.cell)


def _removed(run: FreshRun, node: ast.AST) -> Origin:
    if isinstance(node, ast.ExceptHandler):
        message = "is gone: Python deletes the name of an exception when its handler ends"
        return Origin(message, "keep the exception under another name inside the handler", ((node, "bound only here"),))
    return Origin(f"is deleted {_where(run, node)} and not defined again", None, ((node, "deleted here"),))


def _later(run: FreshRun, use: Use) -> Origin | None:
    source = run.source
    now = use.site or use.node
    position = source.semantics.index.position
    for binding in source.semantics.scopes.module.bindings.get(use.name, ()):
        if not binding.gives_value or position[binding.node] <= position[now]:
            continue
        cell = source.cell_of(binding.node)
        where = "further down in this cell" if cell.index == use.cell else f"in {_cell_name(run, cell)}, further down"
        message = f"is used before it is defined {where}"
        if cell.index != use.cell and _ran_before(source.cell_of(now), cell):
            message += f" (stored run: [{cell.execution_count}] before [{source.cell_of(now).execution_count}])"
        return Origin(message, "move the definition up", ((binding.node, f"defines `{use.name}`"),))
    return None


def _ran_before(cell: CodeCell, definer: CodeCell) -> bool:
    return (
        cell.execution_count is not None
        and definer.execution_count is not None
        and definer.execution_count < cell.execution_count
    )


def _gone_cell(run: FreshRun, use: Use) -> str | None:
    """The sentence for a cell that ran although nothing defines the name: what did is no longer there."""
    cell = run.stored_cells.get(use.cell)
    if cell is None or not cell.execution_count or not use.certain or any(is_error(output) for output in cell.outputs):
        return None
    return f"is defined nowhere, yet the cell ran as [{cell.execution_count}]: what defined it was removed or changed"


def _other_notebook(run: FreshRun, name: str) -> str | None:
    """A notebook in the same directory that defines the name at its top level."""
    folder = posixpath.dirname(run.path)
    siblings = [
        path
        for path in run.project.accepted(PythonSource)
        if path.endswith(".ipynb") and posixpath.dirname(path) == folder and path != run.path
    ]
    if not 0 < len(siblings) <= _MOST_SIBLINGS or len(name) < 3:
        return None
    needle = name.encode()
    for path in siblings:
        try:
            if needle not in run.project.files[path].data:
                continue
        except OSError:
            continue
        source = run.project.load(PythonSource, path)
        if source is not None and name in source.semantics.scopes.module.bindings:
            return posixpath.basename(path)
    return None


def _similar(run: FreshRun, name: str) -> str | None:
    names = run.source.semantics.scopes.module.bindings
    if len(name) <= 3 or len(names) > _MOST_NAMES:
        return None
    found = get_close_matches(name, [other for other in names if other != name], n=1, cutoff=0.85)
    return found[0] if found else None


def _where(run: FreshRun, node: ast.AST) -> str:
    return f"in {_cell_name(run, run.source.cell_of(node))}"


def _cell_name(run: FreshRun, cell: CodeCell) -> str:
    if run.source.notebook is None:
        return f"line {cell.first_line}"
    return f"cell {cell.index}"
