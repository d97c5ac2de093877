"""The semantic index against Python itself: the compiler's symbol tables, real runs, and hand-made cases."""

from __future__ import annotations

import ast
import contextlib
import random
import symtable
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repro_lint.sources.imports import Import
from repro_lint.sources.scopes import Scope
from repro_lint.sources.semantics import BUILTINS, UNKNOWN, Call, Guard, Semantics

STDLIB = Path(ast.__file__).parent
SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
SMALL_FILES = [path for path in sorted(STDLIB.glob("*.py")) if 500 < path.stat().st_size < 15_000][:60]


def of(code: str) -> Semantics:
    return Semantics(ast.parse(textwrap.dedent(code)))


def expr(semantics: Semantics, text: str, occurrence: int = -1) -> ast.expr:
    """The expression of the program that reads so: by default the last, and the innermost where several do."""
    return [node for node in semantics.nodes(ast.expr) if ast.unparse(node) == text][occurrence]


def resolved(code: str, text: str) -> str | None:
    semantics = of(code)
    return semantics.resolve(expr(semantics, text))


def resolved_all(code: str, text: str) -> tuple[str, ...]:
    semantics = of(code)
    return semantics.resolve_all(expr(semantics, text))


def folded(code: str) -> object:
    """The constant value of the argument of the last call to ``use``."""
    semantics = of(code)
    return semantics.constant(calls(semantics, "use")[-1].args[0])


def calls(semantics: Semantics, method: str) -> list[Call]:
    return [call for call in semantics.calls if call.method == method]


def imports(code: str) -> dict[str, str]:
    return {found.module or f".{found.name}": found.kind for found in of(code).imports}


def bound(scope: Scope | None) -> dict[str, list[str]]:
    assert scope is not None
    return {name: [binding.kind for binding in bindings] for name, bindings in scope.bindings.items()}


class TestTree:
    def test_parents_ancestors_and_statement(self) -> None:
        semantics = of("def f():\n    return g(1)\n")
        call = semantics.nodes(ast.Call)[0]
        assert isinstance(semantics.parent(call), ast.Return)
        assert [type(node).__name__ for node in semantics.ancestors(call)] == ["Return", "FunctionDef", "Module"]
        assert isinstance(semantics.statement_of(call), ast.Return)
        assert semantics.statement_of(semantics.nodes(ast.Return)[0]) is semantics.nodes(ast.Return)[0]
        assert semantics.parent(semantics.tree) is None
        with pytest.raises(LookupError):
            semantics.statement_of(semantics.tree)

    def test_document_order_is_that_of_the_text(self) -> None:
        semantics = of("@a\ndef f(b=c, *, d: e = g) -> h:\n    {i: j, k: l}\n    m if n else o\n")
        assert [name.id for name in semantics.nodes(ast.Name)] == list("acegh" + "ijkl" + "mno")

    def test_nodes_of_several_types_and_of_base_types(self) -> None:
        semantics = of("import a\nfrom b import c\nimport d\nx = 1\n")
        assert [type(node).__name__ for node in semantics.nodes(ast.Import, ast.ImportFrom)] == [
            *("Import", "ImportFrom", "Import")
        ]
        assert len(semantics.nodes(ast.stmt)) == 4
        assert semantics.nodes(ast.While) == ()

    def test_order_follows_statements_not_line_numbers(self) -> None:
        first, second = ast.parse("\n\n\na = 1"), ast.parse("a\nb = a")
        semantics = Semantics(ast.Module([*first.body, *second.body], []))
        assert [name.id for name in semantics.nodes(ast.Name)] == ["a", "a", "b", "a"]
        assert semantics.constant(expr(semantics, "a")) == 1


class TestScopes:
    def test_every_kind_of_binding(self) -> None:
        semantics = of(
            """
            import os.path, numpy as np
            from a import b as c
            x = 1
            y: int = 2
            x += 1
            def f(p, /, q=1, *r, s, **t): pass
            class C: pass
            for i, (j, *k) in z: pass
            with open(x) as h: pass
            try: pass
            except E as e: pass
            (w := 1)
            del w
            match x:
                case {"a": m1, **m2}: pass
                case [m3, *m4] | m5 as m6: pass
            [v for v in x]
            """
        )
        assert bound(semantics.own_scope(semantics.tree)) == {
            "os": ["import"], "np": ["import"], "c": ["import"], "x": ["assign", "augmented"], "y": ["annotated"],
            "f": ["function"], "C": ["class"], "i": ["for"], "j": ["for"], "k": ["for"], "h": ["with"],
            "e": ["except"], "w": ["walrus", "delete"],
            **{f"m{number}": ["match"] for number in range(1, 7)},
        }  # fmt: skip
        assert bound(semantics.own_scope(semantics.nodes(ast.FunctionDef)[0])) == {
            name: ["parameter"] for name in "pqsrt"
        }
        assert bound(semantics.own_scope(semantics.nodes(ast.ListComp)[0])) == {"v": ["comprehension"]}

    def test_values_of_bindings(self) -> None:
        semantics = of("a, (b, c) = 1, (2, g())\nd, *e = 1, 2\ndef f(p, q=5, *, r=6): pass\nwith h() as i: pass\n")
        values = {
            name: binding.value and ast.unparse(binding.value)
            for node in (semantics.tree, semantics.nodes(ast.FunctionDef)[0])
            for name, (binding,) in getattr(semantics.own_scope(node), "bindings", {}).items()
        }
        assert values == {
            "a": "1",
            "b": "2",
            "c": "g()",
            "d": None,
            "e": None,
            "f": None,
            "p": None,
            "q": "5",
            "r": "6",
            "i": "h()",
        }

    def test_class_bodies_are_not_seen_by_methods(self) -> None:
        code = "import os\nclass C:\n    os = 1\n    x = os\n    def f(self): return os.path\n"
        assert resolved(code, "os.path") == "os.path"
        semantics = of(code)
        assert semantics.constant(semantics.nodes(ast.Assign)[1].value) == 1

    def test_comprehensions_have_a_scope_of_their_own_but_for_the_first_iterable(self) -> None:
        semantics = of("class C:\n    xs = [1]\n    ys = [x for x in xs if xs]\n")
        _, first, second = (name for name in semantics.nodes(ast.Name) if name.id == "xs")
        # Document order: `if xs` stands after `in xs`.
        assert (semantics.scope_of(first).kind, semantics.scope_of(second).kind) == ("class", "comprehension")
        assert (len(semantics.bindings_of(first)), semantics.bindings_of(second)) == (1, ())

    def test_walrus_binds_outside_the_comprehension(self) -> None:
        semantics = of("def f(xs):\n    return [y for x in xs if (y := x)]\n")
        assert set(bound(semantics.own_scope(semantics.nodes(ast.FunctionDef)[0]))) == {"xs", "y"}

    def test_global_and_nonlocal(self) -> None:
        semantics = of(
            """
            a = 1
            def f():
                global a, new
                a = new = 2
                b = 1
                def g():
                    nonlocal b
                    b = 2
                    a
                return b
            """
        )
        outer, inner = semantics.nodes(ast.FunctionDef)
        assert bound(semantics.own_scope(semantics.tree)) == {
            "a": ["assign", "assign"],
            "f": ["function"],
            "new": ["assign"],
        }
        assert bound(semantics.own_scope(outer)) == {"b": ["assign", "assign"], "g": ["function"]}
        assert bound(semantics.own_scope(inner)) == {}
        assert semantics.scope_of(expr(semantics, "a")).find("a") is semantics.own_scope(semantics.tree)

    def test_qualified_names(self) -> None:
        semantics = of("class A:\n    class B:\n        def f(self):\n            g = lambda: [x for x in y]\n")
        y = expr(semantics, "y")
        assert semantics.scope_of(y).qualname == "A.B.f"
        assert [(scope.kind, scope.qualname) for scope in chain(semantics.scope_of(expr(semantics, "x", 0)))] == [
            ("comprehension", "A.B.f"), ("lambda", "A.B.f"), ("function", "A.B.f"), ("class", "A.B"), ("class", "A"),
            ("module", ""),
        ]  # fmt: skip
        assert list(semantics.functions) == ["A.B.f", "A.B.f.g"]

    def test_defaults_decorators_and_annotations_are_evaluated_outside(self) -> None:
        semantics = of("@d(1)\ndef f(a: A = b) -> R:\n    return x\nclass C(B, metaclass=M): pass\n")
        for text in ("d", "A", "b", "R", "B", "M"):
            assert semantics.scope_of(expr(semantics, text)).kind == "module", text
        assert semantics.scope_of(expr(semantics, "x")).qualname == "f"

    @pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 syntax")
    def test_type_parameters(self) -> None:
        semantics = of("def f[T: B](a: T = d) -> T:\n    return T\nclass C[U](G[U]):\n    x: U\ntype L[V] = list[V]\n")
        assert bound(semantics.own_scope(semantics.tree)) == {"f": ["function"], "C": ["class"], "L": ["type"]}
        for text in "TUV":
            for name in (name for name in semantics.nodes(ast.Name) if name.id == text):
                assert [binding.kind for binding in semantics.bindings_of(name)] == ["type"], text
        assert semantics.scope_of(expr(semantics, "d")).kind == "module"


def chain(scope: Scope | None) -> list[Scope]:
    found = []
    while scope is not None:
        found.append(scope)
        scope = scope.parent
    return found


class TestImports:
    def test_forms(self) -> None:
        code = "import a.b, c.d as e\nfrom .f.g import h as i\nfrom .. import j\nfrom k import *\n"
        found = [
            (one.module, one.level, one.name, one.alias, one.bound, one.top, one.qualified) for one in of(code).imports
        ]
        assert found == [
            ("a.b", 0, None, None, "a", "a", "a"),
            ("c.d", 0, None, "e", "e", "c", "c.d"),
            ("f.g", 1, "h", "i", "i", "", ".f.g.h"),
            ("", 2, "j", None, "j", "", "..j"),
            ("k", 0, "*", None, "", "k", "k"),
        ]

    @pytest.mark.parametrize(
        ("handler", "kind"),
        [
            ("except ImportError:\n    a = None", "optional"),
            ("except (KeyError, ModuleNotFoundError):\n    pass", "optional"),
            ("except Exception as error:\n    print(error)", "optional"),
            ("except:\n    pass", "optional"),
            ("except ValueError:\n    pass", "plain"),
            ("except ImportError:\n    raise", "plain"),
            ("except ImportError as e:\n    raise RuntimeError('install a') from e", "plain"),
            ("except ImportError:\n    print('install a')\n    sys.exit(1)", "plain"),
            ("except ImportError:\n    exit()", "plain"),
            ("except ImportError:\n    parser.exit()", "optional"),
            ("except ImportError:\n    if strict:\n        raise", "optional"),
            ("except ImportError:\n    raise unittest.SkipTest('no a')", "optional"),
            ("except ImportError:\n    pytest.skip('no a', allow_module_level=True)", "optional"),
            ("except KeyError:\n    raise\nexcept ImportError:\n    pass", "optional"),
            ("finally:\n    pass", "plain"),
        ],
    )
    def test_tried_imports(self, handler: str, kind: str) -> None:
        assert imports(f"try:\n    import a\n{handler}\n") == {"a": kind}

    def test_only_the_body_of_a_try_is_guarded(self) -> None:
        code = """
            try:
                import a
                def f():
                    import b
            except ImportError:
                import c
            else:
                import d
            with contextlib.suppress(ImportError):
                import e
            with suppress(KeyError):
                import g
            """
        assert imports(code) == {
            "a": "optional",
            "b": "plain",
            "c": "plain",
            "d": "plain",
            "e": "optional",
            "g": "plain",
        }

    def test_typing(self) -> None:
        code = """
            if TYPE_CHECKING:
                import a
            else:
                import b
            if not typing.TYPE_CHECKING:
                import c
            else:
                import d
            if False:
                import e
            if t.TYPE_CHECKING and x:
                try:
                    import f
                except ImportError:
                    pass
            """
        assert imports(code) == {
            "a": "typing",
            "b": "plain",
            "c": "plain",
            "d": "typing",
            "e": "typing",
            "f": "typing",
        }

    @pytest.mark.parametrize(
        "test",
        [
            "sys.version_info >= (3, 11)",
            "version_info < (3,)",
            "not sys.platform.startswith('win')",
            "os.name == 'nt'",
            "platform.system() == 'Linux'",
            "importlib.util.find_spec('a') is not None",
            "find_spec('a')",
            "'google.colab' in sys.modules",
            "'google.colab' in str(get_ipython())",
            "'COLAB_GPU' in os.environ",
            "IN_COLAB",
            "not FLAG",
            "is_wandb_available() and not args.quiet",
            "utils.is_installed('a')",
            "_HAS_A",
            "A_AVAILABLE",
        ],
    )
    def test_conditional(self, test: str) -> None:
        flag = "try:\n    import z\n    FLAG = True\nexcept ImportError:\n    FLAG = False\n"
        code = f"IN_COLAB = 'google.colab' in sys.modules\n{flag}if {test}:\n    import a\nelse:\n    import b\n"
        assert imports(code) == {"z": "optional", "a": "conditional", "b": "conditional"}

    def test_an_ordinary_condition_changes_nothing(self) -> None:
        assert imports("DEBUG = True\nif DEBUG or args.gpu or has_rows:\n    import a\n") == {"a": "plain"}

    def test_by_call(self) -> None:
        code = """
            import importlib
            from importlib import import_module as im
            import pytest
            a = importlib.import_module("a.b")
            f(im("c"), __import__("d.e").x, im(name), im("not a name"), im(".g", package="h"))
            np = pytest.importorskip("numpy")
            try:
                importlib.import_module("i")
            except ImportError:
                pass
            def import_module(name): ...
            import_module("own")
            """
        found = [one for one in of(code).imports if isinstance(one.node, ast.Call)]
        assert [(one.module, one.level, one.bound, one.kind, one.qualified) for one in found] == [
            ("a.b", 0, "a", "dynamic", "a.b"),
            ("c", 0, "", "dynamic", "c"),
            ("d.e", 0, "", "dynamic", "d"),
            ("g", 1, "", "dynamic", ".g"),
            ("numpy", 0, "np", "optional", "numpy"),
            ("i", 0, "", "optional", "i"),
        ]
        assert resolved(textwrap.dedent(code) + "np.random.rand\n", "np.random.rand") == "numpy.random.rand"

    def test_document_order_with_calls(self) -> None:
        code = "import b\n__import__('a')\nimport c\n"
        assert [one.module for one in of(code).imports] == ["b", "a", "c"]
        assert all(isinstance(one, Import) for one in of(code).imports)


class TestResolve:
    @pytest.mark.parametrize(
        ("code", "text", "name"),
        [
            ("import numpy as np\nnp.random.rand(3)", "np.random.rand", "numpy.random.rand"),
            ("from numpy import random as r\nr.rand", "r.rand", "numpy.random.rand"),
            ("import numpy.random as npr\nnpr.rand", "npr.rand", "numpy.random.rand"),
            ("import numpy.random\nnumpy.random.rand", "numpy.random.rand", "numpy.random.rand"),
            ("import os\nimport os.path\nos.path.join", "os.path.join", "os.path.join"),
            ("from .utils import seed\nseed()", "seed", ".utils.seed"),
            ("from . import x\nx.y", "x.y", ".x.y"),
            ("import numpy as np\nrng = np.random\nrng.rand", "rng.rand", "numpy.random.rand"),
            ("import numpy as np\nrand = np.random.rand\nr = rand\nr()", "r", "numpy.random.rand"),
            ("import numpy as np\na, b = np.random, np.linalg\nb.norm", "b.norm", "numpy.linalg.norm"),
            ("import importlib\nn = importlib.import_module('numpy')\nn.r", "n.r", "numpy.r"),
            ("__import__('numpy').random.seed(0)", "__import__('numpy').random.seed", "numpy.random.seed"),
            ("open('x')", "open", "builtins.open"),
            ("def open(): ...\nopen('x')", "open", "__main__.open"),
            ("def f(np):\n    np.x", "np.x", None),
            ("import numpy as np\ndef f(np):\n    np.x", "np.x", None),
            ("import numpy as np\ndef f():\n    np = g()\n    np.x", "np.x", None),
            ("import numpy as np\nfor np in y:\n    np.x", "np.x", None),
            ("import numpy as np\n[np.x for np in y]", "np.x", None),
            ("import numpy as np\n[np.x for a in y]", "np.x", "numpy.x"),
            ("undefined.x", "undefined.x", None),
            ("f().x", "f().x", None),
            ("class T:\n    def fit(self): ...\nT.fit(1)", "T.fit", "__main__.T.fit"),
            ("class T:\n    def fit(self):\n        def g(): ...\n        g()", "g", "__main__.T.fit.g"),
            ("f = lambda: 1\nf()", "f", "__main__.f"),
            ("def f():\n    import a\n    return a.b\n", "a.b", "a.b"),
            ("a = b\nb = a\na.x", "a.x", None),
            ("a = a\na.x", "a.x", None),
            ("import a\na = a\na.x", "a.x", "a.x"),
            ("import a\na = a.b\na.x", "a.x", "a.b.x"),
            ("import a\ndel a\nx = a.b", "a.b", "a.b"),
            ("import a\na: object\na.b", "a.b", "a.b"),
        ],
    )
    def test_names(self, code: str, text: str, name: str | None) -> None:
        assert resolved(code, text) == name

    def test_imports_in_branches(self) -> None:
        code = "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\npickle.load\n"
        assert resolved(code, "pickle.load") == "pickle.load"
        assert resolved_all(code, "pickle.load") == ("pickle.load", "cPickle.load")
        code = "if sys.version_info > (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib\ntomllib.load\n"
        assert resolved(code, "tomllib.load") == "tomllib.load"
        assert resolved_all(code, "tomllib.load") == ("tomllib.load", "tomli.load")

    @pytest.mark.parametrize(
        "code",
        [
            "try:\n    import tqdm\nexcept ImportError:\n    tqdm = None\ntqdm.x",
            "tqdm = None\ntry:\n    import tqdm\nexcept ImportError:\n    pass\ntqdm.x",
            "try:\n    import tqdm\nexcept ImportError:\n    def tqdm(x): return x\ntqdm.x",
            "try:\n    import tqdm\nexcept ImportError:\n    class tqdm: ...\ndef f():\n    tqdm.x",
            "try:\n    import tqdm\nexcept ImportError:\n    tqdm = Fake()\ntqdm.x",
        ],
    )
    def test_stand_ins_for_a_missing_module(self, code: str) -> None:
        assert resolved(code, "tqdm.x") == "tqdm.x"

    def test_the_place_of_the_use_decides_between_bindings_in_a_row(self) -> None:
        code = "from random import choice\nchoice(1)\nfrom numpy.random import choice\nchoice(2)\ndef f(): choice(3)\n"
        semantics = of(code)
        assert [call.name for call in semantics.calls] == ["random.choice", *["numpy.random.choice"] * 2]
        code = "import random\nrandom.x(1)\nrandom = 5\nrandom.x(2)\ndef f(): random.x(3)\n"
        assert [call.name for call in of(code).calls] == ["random.x", None, None]

    def test_a_loop_can_bring_a_later_binding_back(self) -> None:
        code = "import a as m\nfor i in x:\n    m.f()\n    m = other()\n"
        assert resolved(code, "m.f") is None
        assert resolved_all(code, "m.f") == ("a.f",)
        assert resolved("for i in x:\n    import a as m\n    m.f()\n    m = other()\n", "m.f") == "a.f"

    def test_a_global_statement_elsewhere_makes_a_name_uncertain(self) -> None:
        code = "import a as m\ndef g():\n    global m\n    m = other()\nm.f()\n"
        assert resolved(code, "m.f") is None

    def test_star_imports(self) -> None:
        assert resolved("from numpy.random import *\nrand(3)", "rand") == "numpy.random.rand"
        assert resolved("from a import *\nfrom b import *\nrand(3)", "rand") is None
        assert resolved_all("from a import *\nfrom b import *\nrand(3)", "rand") == ("a.rand", "b.rand")
        assert resolved("from numpy import *\nsum(3)", "sum") == "builtins.sum"
        assert resolved_all("from numpy import *\nsum(3)", "sum") == ("builtins.sum", "numpy.sum")
        assert resolved("from numpy import *\nrand = 1\nrand(3)", "rand") is None
        assert resolved("if TYPE_CHECKING:\n    from a import *\nrand(3)", "rand") is None

    def test_builtins(self) -> None:
        assert {"open", "print", "__import__", "__build_class__"} <= BUILTINS
        assert "__name__" not in BUILTINS

    def test_many_bindings_that_refer_to_each_other_are_bounded(self) -> None:
        code = "\n".join(f"if c:\n    a = b\n    b = a\n    c = a.x if {n} else b" for n in range(200)) + "\na.x\n"
        assert resolved(code, "a.x") is None


class TestCalls:
    def test_arguments(self) -> None:
        semantics = of("def f(self):\n    self.model.fit(x, *a, y, epochs=3, **k)\n")
        (call,) = semantics.calls
        assert (call.name, call.method, call.scope.qualname) == (None, "fit", "f")
        assert (call.has_star_args, call.has_star_kwargs, list(call.keywords)) == (True, True, ["epochs"])
        assert len(call.args) == 3
        assert call.argument(0, "x") is call.node.args[0]
        assert call.argument(2, None) is None  # behind *a
        assert call.argument(5, "epochs") is call.keywords["epochs"]
        assert call.argument(None, "seed") is None

    def test_calls_by_name(self) -> None:
        semantics = of("import numpy as np\nnp.random.seed(np.array(0))\nf()()\nnp.random.seed(1)\n")
        assert [call.name for call in semantics.calls] == [
            *("numpy.random.seed", "numpy.array", None, None, "numpy.random.seed")
        ]
        assert [call.node.lineno for call in semantics.calls_to("numpy.random.seed", "x")] == [2, 4]
        assert [call.method for call in semantics.calls] == ["seed", "array", None, "f", "seed"]


class TestConstants:
    @pytest.mark.parametrize(
        ("code", "value"),
        [
            ("use(-1.5)", -1.5),
            ("use((1, 'a', None, [True], {2}, {'k': (3,)}))", (1, "a", None, [True], {2}, {"k": (3,)})),
            ("a = 'x'\nb = a + '/y'\nuse(b + 'z')", "x/yz"),
            ("n = 3\nuse(f'a{n}b{1.5!s}')", "a3b1.5"),
            ("use(f'{1:03d}')", UNKNOWN),
            ("use(f'{x}')", UNKNOWN),
            ("use(60 + 60 - 1)", 119),
            ("use('a' % 1)", UNKNOWN),
            ("import os\nR = '/data'\nuse(os.path.join(R, 'a', 'b.csv'))", "/data/a/b.csv"),
            ("from pathlib import Path\nR = Path('/data')\nuse(R / 'a' / 'b.csv')", "/data/a/b.csv"),
            ("from pathlib import Path\nuse(str(Path('a', 'b')))", "a/b"),
            ("import os\nuse(os.path.join(R, 'a'))", UNKNOWN),
            ("import os\nuse(os.path.join(*'ab'))", UNKNOWN),
            ("def f(p='/x'):\n    use(p)", UNKNOWN),
            ("P = '/x'\ndef f():\n    use(P)", "/x"),
            ("P = '/x'\nP += 'y'\ndef f():\n    use(P)", UNKNOWN),
            ("P = '/x'\nuse(P)\nP = '/y'", "/x"),
            ("P = '/x'\nP = '/y'\nuse(P)", "/y"),
            ("P = '/x'\nP = P + '/y'\nuse(P)", "/x/y"),
            ("P = '/x'\nif c:\n    P = '/y'\nuse(P)", UNKNOWN),
            ("P = '/x'\ndef g():\n    global P\n    P = '/y'\nuse(P)", UNKNOWN),
            ("P: str = '/x'\nuse(P)", "/x"),
            ("a, b = '/x', '/y'\nuse(b)", "/y"),
            ("for P in ['/x']:\n    use(P)", UNKNOWN),
            ("L = [1]\nL.append(2)\nuse(L)", UNKNOWN),
            ("T = (1, 2)\nuse(T)", (1, 2)),
            ("a = b\nb = a\nuse(a)", UNKNOWN),
            ("use({**x})", UNKNOWN),
            ("use({[]: 1})", UNKNOWN),
            ("use({[]})", UNKNOWN),
            ("use(b'a' + b'b')", b"ab"),
            ("use('a' + 1)", UNKNOWN),
            ("use((P := '/x'))", "/x"),
            ("def open(): ...\nuse(str)", UNKNOWN),
            ("def str(x): return 1\nuse(str('a'))", UNKNOWN),
            (f"use(f'{{0x{'f' * 6000}}}')", UNKNOWN),
        ],
    )
    def test_values(self, code: str, value: object) -> None:
        assert folded(code) == value
        assert type(folded(code)) is type(value)

    def test_unknown_is_false_and_reads_so(self) -> None:
        assert (bool(UNKNOWN), repr(UNKNOWN)) == (False, "UNKNOWN")
        assert of("").constant(None) is UNKNOWN

    def test_doubling_is_bounded(self) -> None:
        code = "a0 = 'x'\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(60)) + "use(a60)\n"
        assert folded(code) is UNKNOWN


class TestStrings:
    def test_docstrings_and_format_specs_are_left_out(self) -> None:
        semantics = of(
            '''
            """Module."""
            def f():
                """Function."""
                return f"a{x:{'w'}>10}b" "c"
            class C:
                """Class."""
                "not a docstring"
                y = "d"
            '''
        )
        assert [node.value for node in semantics.strings] == ["a", "w", "bc", "not a docstring", "d"]
        assert isinstance(semantics.parent(semantics.strings[0]), ast.JoinedStr)
        docstrings = [node.value for node in semantics.nodes(ast.Constant) if semantics.is_docstring(node)]
        assert docstrings == ["Module.", "Function.", "Class."]
        assert semantics.is_docstring(semantics.tree.body[0])


def _shown(guard: Guard) -> tuple[str, str | None, bool]:
    return guard.kind, ast.unparse(guard.test) if guard.test is not None else None, guard.polarity


class TestGuards:
    def test_conditions(self) -> None:
        semantics = of(
            """
            if a:
                def f():
                    if b:
                        pass
                    else:
                        for i in c:
                            while d:
                                with e as g:
                                    try:
                                        call()
                                    except h:
                                        handler()
                                    else:
                                        calm()
                                    finally:
                                        last()
            """
        )

        def conditions(method: str) -> list[tuple[str, str | None, bool]]:
            guards = semantics.guards(calls(semantics, method)[0].node)
            return [_shown(guard) for guard in guards]

        common = [("if", "b", False), ("for", "c", True), ("while", "d", True), ("with", "e", True)]
        assert conditions("call") == [*common, ("try", None, True)]
        assert conditions("handler") == [*common, ("except", "h", True)]
        assert conditions("calm") == [*common, ("else", None, True)]
        assert conditions("last") == common
        assert [guard.test for guard in semantics.guards(semantics.nodes(ast.FunctionDef)[0])] == [
            *[node.test for node in semantics.nodes(ast.If)[:1]]
        ]

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("a and b and use()", [("if", "a", True), ("if", "b", True)]),
            ("a or use()", [("if", "a", False)]),
            ("use() and a", []),
            ("use() if a else 1", [("if", "a", True)]),
            ("1 if a else use()", [("if", "a", False)]),
            ("1 if use() else 2", []),
            ("[use() for i in a if b]", [("for", "a", True), ("if", "b", True)]),
            ("[1 for i in use() if b]", []),
            ("[1 for i in a for j in use()]", [("for", "a", True)]),
            ("[1 for i in a if b if use()]", [("for", "a", True), ("if", "b", True)]),
            ("lambda: use()", []),
            ("while use(): pass", []),
            ("match a:\n    case 1 if b: use()", [("match", "b", True)]),
            ("match use():\n    case 1: pass", []),
            ("for i in a: pass\nelse: use()", [("for", "a", False)]),
            ("if a: pass\nelif b: use()", [("if", "a", False), ("if", "b", True)]),
            ("if a:\n    @use()\n    def f(): pass", [("if", "a", True)]),
        ],
    )
    def test_expressions(self, code: str, expected: list[tuple[str, str, bool]]) -> None:
        semantics = of(code)
        guards = semantics.guards(calls(semantics, "use")[0].node)
        found = [_shown(guard) for guard in guards]
        assert found == expected

    def test_main_guard(self) -> None:
        semantics = of("x()\nif '__main__' == __name__ and y:\n    def f(): z()\nelse:\n    w()\n")
        assert semantics.main_guard is semantics.tree.body[1]
        assert [semantics.in_main_guard(call.node) for call in semantics.calls] == [False, True, False]
        assert of("if __name__ != '__main__': pass").main_guard is None

    def test_type_checking(self) -> None:
        semantics = of("if TYPE_CHECKING:\n    a()\nelse:\n    b()\nif not TYPE_CHECKING:\n    c()\nelse:\n    d()\n")
        assert [semantics.in_type_checking(call.node) for call in semantics.calls] == [True, False, False, True]


class TestOrder:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("a()\nb()", True),
            ("b()\na()", False),
            ("a(b())", False),
            ("if c: a()\nb()", False),
            ("if a(): b()", True),
            ("if c:\n    a()\n    b()", True),
            ("if c: a()\nelse: b()", False),
            ("a()\nif c:\n    for i in x: b()", True),
            ("for i in x: a()\nb()", False),
            ("for i in a(): b()", True),
            ("while a(): pass\nb()", True),
            ("with m: a()\nb()", True),
            ("with a(): b()", True),
            ("with suppress(E): a()\nb()", False),
            ("with suppress(E):\n    a()\n    b()", True),
            ("try: a()\nexcept E: pass\nb()", False),
            ("try: a()\nexcept E: raise\nb()", True),
            ("try: a()\nexcept E: pass\nelse: b()", True),
            ("try: a()\nexcept E: b()", False),
            ("try: a()\nfinally: b()", False),
            ("try: pass\nfinally: a()\nb()", True),
            ("a()\ndef f(): b()", True),
            ("def f(): a()\nf()\nb()", False),
            ("def f(): b()\na()\nf()", False),
            ("def f(x=a()): b()", True),
            ("def f(x: a()): b()", False),
            ("class C: a()\nb()", True),
            ("x = lambda: a()\nb()", False),
            ("c and a()\nb()", False),
            ("x = [i for i in a()]\nb()", True),
            ("x = [a() for i in y]\nb()", False),
            ("assert a()\nb()", False),
            ("x = c < d < a()\nb()", False),
            ("match a():\n    case 1: b()", True),
            ("match c:\n    case 1: a()\nb()", False),
            ("a(lambda: b())", False),
        ],
    )
    def test_structure(self, code: str, expected: bool) -> None:
        semantics = of(code)
        first, second = (calls(semantics, method)[0].node for method in "ab")
        assert semantics.always_before(first, second) is expected

    def test_a_node_is_not_before_itself_or_its_parts(self) -> None:
        semantics = of("if a:\n    b\n")
        statement = semantics.tree.body[0]
        assert not semantics.always_before(statement, statement)
        assert not semantics.always_before(statement, expr(semantics, "b"))
        assert not semantics.always_before(expr(semantics, "b"), statement)


# Programs that are run, to hold what the index claims against what happens.

_SIMPLE = ["x = {n}", "y = {n}", "x = y", "x += 1", "y = x + {n}", "use({n}, x)", "use({n}, y)", "risk()", "del x"]
_COMPOUND = [
    "if flag():\n{a}\nelse:\n{b}",
    "for _ in range(int(flag()) + 1):\n{a}\n{b}",
    "try:\n{a}\nexcept KeyError:\n{b}",
    "try:\n{a}\nexcept KeyError:\n{b}\n    raise",
    "try:\n{a}\nfinally:\n{b}",
    "with context():\n{a}\n{b}",
    "with suppress(KeyError):\n{a}\n{b}",
    "def f():\n    x = {n}\n    global y\n{a}\nf()\nif flag():\n{b}",
    "def f():\n    global y\n    y = {n}\n{a}\ny = 300\nf()\nuse({n}, y)\nif flag():\n{b}",
    "for x in [1, 2]:\n{a}\n    if flag(): break\nelse:\n{b}",
    "flag() and use({n}, (x := {n}))\nwhile flag():\n{a}\n    if flag(): continue\n{b}",
]


@st.composite
def programs(draw: st.DrawFn, depth: int = 3) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        number = draw(st.integers(0, 9))
        if depth and draw(st.integers(0, 2)) == 0:
            a, b = (textwrap.indent(draw(programs(depth=depth - 1)), "    ") for _ in "ab")
            lines.append(draw(st.sampled_from(_COMPOUND)).format(a=a, b=b, n=number))
        else:
            lines.append(draw(st.sampled_from(_SIMPLE)).format(n=number))
    return "\n".join(lines)


class _Marks(ast.NodeTransformer):
    """Gives each call to ``use`` a number of its own."""

    def __init__(self) -> None:
        self.count = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "use":
            self.count += 1
            node.args[0] = ast.Constant(self.count)
        return node


@pytest.mark.untraced
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), st.integers(0, 5))
def test_what_it_claims_holds_when_the_program_runs(code: str, seed: int) -> None:
    text = ast.unparse(ast.fix_missing_locations(_Marks().visit(ast.parse("x = 100\ny = 200\n" + code))))
    try:
        compiled = compile(text, "program", "exec")
    except SyntaxError:  # a name used before its `global`
        return
    semantics = Semantics(ast.parse(text))
    uses = {ast.literal_eval(call.args[0]): call for call in calls(semantics, "use")}
    values = {mark: semantics.constant(call.args[1]) for mark, call in uses.items()}
    before = {
        (first, second)
        for first in uses
        for second in uses
        if semantics.always_before(uses[first].node, uses[second].node)
    }
    chance = random.Random(seed)
    ran: set[int] = set()

    def use(mark: int, value: object) -> None:
        assert values[mark] is UNKNOWN or values[mark] == value, (mark, text)
        assert {first for first, second in before if second == mark} <= ran, (mark, text)
        ran.add(mark)

    def risk() -> None:
        if chance.random() < 0.3:
            raise KeyError

    names: dict[str, Any] = {
        "use": use,
        "risk": risk,
        "flag": lambda: chance.random() < 0.4,
        "context": contextlib.nullcontext,
        "suppress": contextlib.suppress,
    }
    with contextlib.suppress(KeyError, NameError):
        exec(compiled, names)


def _check_invariants(tree: ast.Module) -> Semantics:
    semantics = Semantics(tree)
    expected = {node for node in ast.walk(tree) if not isinstance(node, SHARED)}
    assert set(semantics.index.order) == expected
    assert len(semantics.index.order) == len(expected)
    for node in expected:
        for child in ast.iter_child_nodes(node):
            assert isinstance(child, SHARED) or semantics.parent(child) is node
        chain_of = list(semantics.ancestors(node))
        assert node is tree or chain_of[-1] is tree
    for name in semantics.nodes(ast.Name):
        assert isinstance(semantics.scope_of(name), Scope)
        single, several = semantics.resolve(name), semantics.resolve_all(name)
        assert single is None or single == several[0]
        binding = semantics.binding_of(name)
        assert binding is None or binding in semantics.bindings_of(name)
    for node in semantics.nodes(ast.expr):
        semantics.constant(node)
        semantics.guards(node)
    assert len(semantics.calls) == len(semantics.nodes(ast.Call))
    for statement in semantics.nodes(ast.stmt):
        semantics.in_main_guard(statement)
        semantics.in_type_checking(statement)
    assert (semantics.imports, semantics.strings, semantics.functions, semantics.main_guard) is not None
    return semantics


@pytest.mark.untraced
@pytest.mark.parametrize("path", SMALL_FILES, ids=lambda path: path.name)
def test_invariants_on_the_standard_library(path: Path) -> None:
    _check_invariants(ast.parse(path.read_bytes()))


def _compiler_names(table: symtable.SymbolTable, top: bool) -> frozenset[str]:
    def binds(symbol: symtable.Symbol) -> bool:
        return symbol.is_assigned() or symbol.is_imported() or symbol.is_parameter() or symbol.is_namespace()

    symbols = [symbol for symbol in table.get_symbols() if not symbol.get_name().startswith(".")]
    return frozenset(symbol.get_name() for symbol in symbols if binds(symbol) and (top or symbol.is_local()))


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the compiler's tables no longer show comprehensions")
@pytest.mark.parametrize("path", SMALL_FILES[::2], ids=lambda path: path.name)
def test_the_compiler_sees_the_same_names_in_the_same_scopes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    semantics = Semantics(tree)
    opened = [semantics.own_scope(node) for node in semantics.nodes(ast.AST)]
    ours = sorted((len(scope.bindings), sorted(scope.bindings)) for scope in opened if scope and scope.kind != "module")
    theirs: list[tuple[int, list[str]]] = []
    stack = list(symtable.symtable(text, path.name, "exec").get_children())
    while stack:
        table = stack.pop()
        stack.extend(table.get_children())
        names = sorted(_unmangled(name) for name in _compiler_names(table, top=False))
        theirs.append((len(names), names))
    assert ours == sorted(theirs)


def _unmangled(name: str) -> str:
    head, separator, rest = name.partition("__")
    return separator + rest if head.startswith("_") and rest and not name.endswith("__") else name


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "+".join(["a"] * 900),
        "x = " + "+".join(["'a'"] * 900),
        "x = " + ".b".join(["a"] * 450),
        "x = " + "a" + "('s').b" * 1000,
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "lambda: " * 200 + "y",
        "x = " + "not " * 500 + "y",
        "x = y" + " if a else y" * 300,
        "x = " + " and ".join(["f()"] * 2000),
        "".join(" " * depth + "if a:\n" for depth in range(90)) + " " * 90 + "f()\n",
        "if a:\n    pass\n" + "elif b:\n    f()\n" * 300,
    ],
    ids=lambda text: text[:12].replace("\n", " "),
)
def test_deep_nesting(text: str) -> None:
    try:
        tree = ast.parse(text)
    except (RecursionError, MemoryError, SyntaxError):
        pytest.skip("this Python does not parse it")
    semantics = Semantics(tree)
    for node in (*semantics.nodes(ast.Name)[-3:], *semantics.nodes(ast.BinOp, ast.List)[:3]):
        assert semantics.scope_of(node).qualname == ""
        semantics.guards(node)
        semantics.constant(node)
    assert len(semantics.calls) == len(semantics.nodes(ast.Call))


def _program(value: ast.expr) -> Semantics:
    return Semantics(ast.Module([ast.Assign([ast.Name("x", ast.Store())], value)], []))


def test_mixed_nesting_deeper_than_a_parser_allows() -> None:
    value: ast.expr = ast.Name("y", ast.Load())
    for depth in range(3000):
        if depth % 5 == 0:
            value = ast.List([value], ast.Load())
        elif depth % 5 == 1:
            value = ast.Lambda(ast.arguments([], [], None, [], [], None, []), value)
        elif depth % 5 == 2:
            value = ast.Attribute(value, "a", ast.Load())
        elif depth % 5 == 3:
            value = ast.Call(value, [ast.Constant("s")], [])
        else:
            value = ast.UnaryOp(ast.Not(), value)
    semantics = _program(value)
    assert semantics.constant(value) is UNKNOWN
    assert semantics.resolve(value) is None
    assert len(semantics.calls) == 600
    assert semantics.imports == ()
    innermost = semantics.nodes(ast.Name)[1]
    assert (semantics.scope_of(innermost).kind, semantics.guards(innermost)) == ("lambda", ())


def test_long_sums_and_chains() -> None:
    total: ast.expr = ast.Constant("a")
    chain_of: ast.expr = ast.Name("a", ast.Load())
    calls_of: ast.expr = ast.Name("a", ast.Load())
    for _ in range(4000):
        total = ast.BinOp(total, ast.Add(), ast.Constant("b"))
        chain_of = ast.Attribute(chain_of, "b", ast.Load())
        calls_of = ast.Call(ast.Attribute(calls_of, "b", ast.Load()), [ast.Constant("s")], [])
    assert _program(total).constant(total) == "a" + "b" * 4000
    semantics = _program(chain_of)
    assert (semantics.resolve(chain_of), semantics.scope_of(chain_of).kind) == (None, "module")
    semantics = _program(calls_of)
    assert {call.name for call in semantics.calls} == {None}
    assert semantics.imports == ()


_SNIPPETS = st.sampled_from(
    [
        *("import a as b", "from . import *", "from .a import b", "b = a", "a = b.c", "del a", "a: b", "a += 1"),
        *("global a", "nonlocal a", "class a(b): a = a", "def a(a=a, *b, c: a = b): return a", "(a := b)", "a()"),
        *("[a for a in a for b in a if (b := a)]", "lambda a, *b: a(b)", "try: import a\nexcept: a = None", "a.b.c()"),
        *("with a as (b, *c): pass", "for a in b: a", "match a:\n  case {'a': b, **c} | [b, *c]: a", "f'{a:{b}}'"),
        *("if a.TYPE_CHECKING: import a", "@a\nasync def b(): await a", "__import__('a')", "a['b'].c = a", "*a, b = b"),
        *("if __name__ == '__main__': a()", "{**a, 'b': a}", "a(*b, c=a, **b)", "x = x", "return a", "yield a"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_SNIPPETS, st.booleans()), max_size=8))
def test_never_raises(parts: list[tuple[str, bool]]) -> None:
    text = ""
    for snippet, nested in reversed(parts):
        inner = f"{snippet}\n{text}"
        text = "def a(b):\n" + textwrap.indent(inner, "  ") if nested else inner
    _check_invariants(ast.parse(text))


def test_an_empty_program() -> None:
    semantics = of("")
    assert (semantics.calls, semantics.imports, semantics.strings, semantics.main_guard) == ((), (), (), None)
    assert semantics.functions == {}
    assert semantics.nodes(ast.AST) == (semantics.tree,)
