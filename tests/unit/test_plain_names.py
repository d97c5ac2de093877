"""Names that mean one thing in the whole program are resolved without its scopes, and to the same."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from repro_lint.sources.names import Resolver
from repro_lint.sources.semantics import UNKNOWN, Semantics


def _semantics(text: str) -> Semantics:
    return Semantics(ast.parse(dedent(text)))


def _last_call(semantics: Semantics) -> ast.expr:
    return semantics.nodes(ast.Call)[-1].func


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import numpy as np\ndef f():\n    np.random.rand()", "numpy.random.rand"),
        ("import os.path\nos.path.join()", "os.path.join"),
        ("try:\n    from a import b\nexcept ImportError:\n    pass\nb()", "a.b"),
        ("from . import x\nx()", ".x"),
        ("def load(): ...\nload()", "__main__.load"),
        ("print()", "builtins.print"),
        ("def f(data):\n    data.load()", None),
        ("for row in rows:\n    row.load()", None),
        ("model = build()\nmodel.load()", None),
        ("unknown.load()", None),
        ("(a or b).load()", None),
    ],
)
def test_one_meaning_needs_no_scopes(text: str, name: str | None) -> None:
    """What nothing else binds is what its import, definition or builtin says; what no name is given has none."""
    semantics = _semantics(text)
    assert semantics.resolve(_last_call(semantics)) == name
    assert "scopes" not in vars(semantics)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import numpy as np\ndef f(np):\n    np.rand()", None),
        ("import numpy as np\nnp = 1\nnp.rand()", None),
        ("def f():\n    import numpy as np\nnp.rand()", None),
        ("def f():\n    import numpy as np\n    np.rand()", "numpy.rand"),
        ("class A:\n    from b import c\n    c()", "b.c"),
        ("class A:\n    from b import c\n    def f(self):\n        c()", None),
        ("try:\n    import a.x as m\nexcept ImportError:\n    import b.x as m\nm.f()", "b.x.f"),
        ("import a\nb = a.b\nb.c()", "a.b.c"),
        ("import a\nb, c = a.b, a.c\nc()", "a.c"),
        ("import a\nif (b := a.b):\n    b()", "a.b"),
        ("import importlib\nm = importlib.import_module('a.b')\nm.c()", "a.b.c"),
        ("def f(open):\n    open()", None),
        ("def f(open): ...\nopen()", "builtins.open"),
        ("from a import *\nthing()", "a.thing"),
        ("from a import *\ndef f(thing):\n    thing()", None),
        ("def f():\n    def g(): ...\n    g()", "__main__.f.g"),
    ],
)
def test_what_depends_on_the_place_is_looked_up(text: str, name: str | None) -> None:
    """Where scopes decide, they do: with or without the quick way the answer is the same."""
    semantics = _semantics(text)
    resolver = Resolver(semantics.index, semantics.scopes, semantics._imports)
    for node in semantics.nodes(ast.Name, ast.Attribute):
        assert semantics.resolve(node) == resolver.resolve(node)
    assert resolver.resolve(_last_call(semantics)) == name


def test_constant_of_what_is_never_assigned() -> None:
    """A parameter has no value that the text tells, and no scope is made to see it."""
    semantics = _semantics("import a\ndef f(x):\n    g(x, a, 'text')")
    x, module, text = semantics.nodes(ast.Call)[-1].args
    assert semantics.constant(x) is UNKNOWN
    assert semantics.constant(module) is UNKNOWN
    assert semantics.constant(text) == "text"
    assert "scopes" not in vars(semantics)


def test_import_under_a_function_that_probes() -> None:
    """A flag that is a function is no outcome of a test; one that is assigned may be."""
    semantics = _semantics("from a import has_b\nif has_b():\n    import b")
    assert [found.kind for found in semantics.imports] == ["plain", "plain"]
    assert "scopes" not in vars(semantics)
    semantics = _semantics("import sys\nNEW = sys.version_info > (3, 11)\nif NEW:\n    import b")
    assert [found.kind for found in semantics.imports] == ["plain", "conditional"]
