"""The walk: calls in the order in which they would be made, with what is known of their arguments."""

from __future__ import annotations

import ast
import json
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import MemoryView, memory_project

from repro_lint.execution import machine
from repro_lint.execution.events import (
    AssignEvent,
    CallEvent,
    Handler,
    is_none,
    is_none_by_default,
    may_be_none,
)
from repro_lint.execution.program import Program
from repro_lint.execution.values import (
    MAX_ITEMS,
    OUTSIDE,
    UNKNOWN,
    Constant,
    Result,
    Sequence,
    Value,
    join,
    options_of,
)
from repro_lint.execution.walker import walk
from repro_lint.project import Project
from repro_lint.sources.python import PythonSource

STDLIB = Path(ast.__file__).parent


class Log(Handler):
    """Remembers every call."""

    def __init__(self) -> None:
        self.events: list[CallEvent] = []

    def call(self, event: CallEvent) -> Value | None:
        self.events.append(event)
        return None


def listen(files: str | dict[str, str], path: str = "main.py") -> tuple[list[CallEvent], str | None]:
    project = memory_project({path: files} if isinstance(files, str) else dict(files))
    source = project.load(PythonSource, path)
    assert source is not None
    log = Log()
    problem = walk(project, source, log)
    return log.events, problem


def names(files: str | dict[str, str], path: str = "main.py", root: str = "x") -> list[str]:
    """The calls of the module ``x``, in order."""
    return [e.name for e in listen(files, path)[0] if e.name and e.name.startswith(f"{root}.")]


def last(code: str, name: str) -> CallEvent:
    return [e for e in listen(code)[0] if e.name == name][-1]


def test_functions_run_where_they_are_called() -> None:
    code = "import x\ndef f():\n    x.second()\ndef g():\n    x.never()\nx.first()\nf()\nx.third()\n"
    assert names(code) == ["x.first", "x.second", "x.third"]


def test_main_guard_runs_and_that_of_an_imported_module_does_not() -> None:
    files = {
        "helper.py": "import x\nx.loaded()\ndef f():\n    x.used()\nif __name__ == '__main__':\n    x.guarded()\n",
        "main.py": "import x\nimport helper\nfrom helper import f\nif __name__ == '__main__':\n    f()\n    helper.f()\n",
    }
    assert names(files) == ["x.loaded", "x.used", "x.used"]


def test_packages_relative_imports_and_stars() -> None:
    files = {
        "pkg/__init__.py": "import x\nx.package()\nfrom .core import *\n",
        "pkg/core.py": "import x\nfrom . import deep\ndef run():\n    deep.go()\n",
        "pkg/deep.py": "import x\ndef go():\n    x.deep()\n",
        "space/tool.py": "import x\ndef go():\n    x.space()\n",
        "main.py": "import pkg, space.tool\nfrom pkg import run\nrun()\npkg.run()\nspace.tool.go()\n",
    }
    assert names(files) == ["x.package", "x.deep", "x.deep", "x.space"]


@pytest.mark.parametrize(
    "code",
    [
        "import x as y\ny.f()",
        "from x import f as g\ng()",
        "import x\nh = x.f\nh()",
        "import x\n(lambda: x.f())()",
        "import x\nfrom functools import partial\npartial(x.f, 1)()",
        "import x\nlist(map(x.f, [1]))",
        "import x\nclass A:\n    def __call__(self):\n        x.f()\nA()()",
        "import x\nclass A:\n    @property\n    def p(self):\n        return x.f()\nA().p",
        "import x\nclass A:\n    def __init__(self):\n        x.f()\nclass B(A):\n    def __init__(self):\n"
        "        super().__init__()\nB()",
        "import x\nclass A:\n    @classmethod\n    def make(cls):\n        return x.f()\nA.make()",
        "import x\n[x.f() for _ in range(3)]",
        "import x\nfor _ in y:\n    x.f()",
        "import x\nwith x.f() as g:\n    pass",
        "import x\ntry:\n    pass\nfinally:\n    x.f()",
        "import x\ndef d(g):\n    def w():\n        x.f()\n    return w\n@d\ndef h():\n    pass\nh()",
        "import x\ntable = {'a': x.f}\ntable['a']()",
        "import x\nfs = []\nfs.append(x.f)\nfor f in fs:\n    f()",
        "import x\ngetattr(x, 'f')()",
        "import x, y\nclass D(y.Dataset):\n    def __getitem__(self, i):\n        return x.f()\ny.Loader(D())",
        "import x, click\n@click.command()\ndef main():\n    x.f()\nmain()",
        "import x, typer\napp = typer.Typer()\n@app.command()\ndef main():\n    x.f()\napp()",
        "import x\nasync def main():\n    await x.f()\nimport asyncio\nasyncio.run(main())",
        "import x\nfrom dataclasses import dataclass, field\n@dataclass\nclass A:\n"
        "    v: int = field(default_factory=lambda: x.f())\nA()",
        "try:\n    import x\nexcept ImportError:\n    x = None\nx.f()",
        "import x\nmatch 1:\n    case 1:\n        x.f()",
    ],
)
def test_ways_to_call(code: str) -> None:
    assert names(code) == ["x.f"]


@pytest.mark.parametrize(
    ("code", "run"),
    [
        ("import x\ndef f(n=0):\n    for _ in range(n):\n        x.f()\nf()", []),
        ("import x\ndef f(n=0):\n    k = 0 if n == 0 else x.g()\n    for _ in range(k):\n        x.f()\nf()", []),
        ("import x\nfor _ in range(2):\n    x.f()", ["x.f"]),
        ("import x\nqueue = []\nx.f(queue)\nfor _ in queue:\n    x.g()", ["x.f", "x.g"]),
    ],
)
def test_a_loop_that_counts_to_zero_never_runs(code: str, run: list[str]) -> None:
    assert [name for name in names(code) if name.startswith("x.")] == run


@pytest.mark.parametrize(
    ("copy", "run"),
    [
        ("{k: given[k] for k in given}", ["x.f"]),
        ("{k: given[k] for k in given if x.kept(k)}", ["x.kept", "x.f", "x.g"]),
        ("{k: given[k] for k in x.keys}", ["x.f", "x.g"]),
        ("{k.upper(): given[k] for k in given}", ["x.f", "x.g"]),
    ],
)
def test_a_dictionary_that_is_copied_by_a_comprehension(copy: str, run: list[str]) -> None:
    code = "import x\ndef draw(noise=x.default, **rest):\n    x.f()\n    if noise:\n        x.g()\n"
    code += f"given = {{'noise': False}}\nothers = {copy}\ndraw(**others)\n"
    assert [name for name in names(code) if name.startswith("x.")] == run


def test_arguments_are_bound_and_folded() -> None:
    code = "import x\nSEED = 40\ndef f(seed, *, k=None, **rest):\n    x.f(seed + 2, k, **rest)\nf(SEED, z='a')\n"
    event = last(code, "x.f")
    assert [getattr(a, "value", a) for a in event.args] == [42, None]
    assert isinstance(event.keywords["z"], Constant)
    assert not event.open


def test_results_have_the_name_of_what_was_called() -> None:
    code = "import x\nclass A:\n    def __init__(self, g=None):\n        self.g = g or x.make(1)\n    def draw(self):\n"
    code += "        return self.g.draw()\nA().draw()\n"
    event = last(code, "x.make().draw")
    assert isinstance(event.receiver, Result)
    assert event.receiver.event.name == "x.make"
    assert [f.name for f in event.stack] == ["draw"]
    assert event.certain
    assert not event.alternative


def test_conditions() -> None:
    code = "import x\nA = None\nif A is not None:\n    x.no()\nif unknown:\n    x.maybe()\nelse:\n    x.perhaps()\nx.yes()\n"
    events = [e for e in listen(code)[0] if e.name and e.name.startswith("x.")]
    assert [(e.name, e.certain) for e in events] == [("x.maybe", False), ("x.perhaps", False), ("x.yes", True)]


def test_branches_are_joined() -> None:
    event = last("import x\nv = 1\nif u:\n    v = 2\nelif w:\n    raise ValueError\nx.f(v)\n", "x.f")
    values = {o.value for o in options_of(event.args[0]) if isinstance(o, Constant)}
    assert values == {1, 2}
    event = last("import x\nif u:\n    g = x.a()\nelse:\n    g = x.b()\ng.draw()\n", "x.b().draw")
    assert event.alternative


def test_loops_do_not_decide_by_the_first_turn() -> None:
    code = "import x\ni = 0\nwhile True:\n    if i == 5:\n        x.later()\n    i += 1\n"
    assert names(code) == ["x.later"]
    code = "import x\nitems = []\nfor i in y:\n    if len(items) < 3:\n        items.append(i)\n    else:\n        x.later()\n"
    assert names(code) == ["x.later"]


def test_options_of_the_command_line_may_be_given() -> None:
    code = (
        "import x, argparse\np = argparse.ArgumentParser()\ng = p.add_argument_group('a')\n"
        "g.add_argument('-s', '--the-seed', default=3)\np.add_argument('--other')\na = p.parse_args()\n"
        "if a.other is not None:\n    x.given()\nx.f(a.the_seed, a.other)\n"
    )
    event = last(code, "x.f")
    assert OUTSIDE in options_of(event.args[0])
    assert not may_be_none(event.args[0])
    assert may_be_none(event.args[1])
    assert not is_none(event.args[1])
    assert names(code) == ["x.given", "x.f"]


def test_notebooks_go_on_after_errors_and_run_files() -> None:
    cells = ["%run helper.py\\n", "raise ValueError\\n", "import x\\nf()\\n"]
    body = ",".join(
        f'{{"cell_type":"code","source":"{c}","metadata":{{}},"outputs":[],"execution_count":null}}' for c in cells
    )
    files = {
        "n.ipynb": f'{{"cells":[{body}],"metadata":{{}},"nbformat":4,"nbformat_minor":5}}',
        "helper.py": "import x\ndef f():\n    x.helped()\n",
    }
    assert names(files, "n.ipynb") == ["x.helped"]
    missing = {"n.ipynb": files["n.ipynb"]}
    assert listen(missing, "n.ipynb")[1] == "%run helper.py: there is no such file in the repository"


def test_scripts_end_at_exit() -> None:
    assert names("import x, sys\nx.a()\nsys.exit(0)\nx.b()\n") == ["x.a"]


def test_recursion_and_growth_are_bounded() -> None:
    code = "import x\ndef f(n):\n    x.f()\n    f(n - 1)\n    f(n - 2)\nf(9)\n"
    assert names(code) == ["x.f"]
    body = "".join(f"def f{n}():\n    f{n + 1}()\n    f{n + 1}()\n    f{n + 1}()\n" for n in range(30))
    started = time.perf_counter()
    listen(body + "def f30():\n    pass\nf0()\n")
    assert time.perf_counter() - started < 2
    deep = "x = " + "(" * 80 + "f()" + ")()" * 80
    assert listen(deep)[1] is None
    assert listen("y = " + " + ".join(["1"] * 3000))[1] is None


def ring(count: int) -> dict[str, str]:
    """Modules that import the next one, and call each other's functions."""
    body = "import x\nfrom m{} import *\nimport m{} as o\ndef f():\n    x.f()\n    o.f()\nf()\n"
    return {f"m{n}.py": body.format((n + 1) % count, (n + 7) % count) for n in range(count)}


LOOPS = "".join("    " * n + f"for i{n} in range(10 ** 9):\n" for n in range(18))
FAN = "".join(f"def f{n}(a):\n" + f"    f{n + 1}([a, {n}])\n" * 8 for n in range(12))
WIDE = "".join(
    f"def f{n}(a):\n    for i in range(100):\n        while i:\n            f{n + 1}([a, i])\n            f{n + 1}(i)\n"
    for n in range(25)
)
PATHOLOGICAL: dict[str, str | dict[str, str]] = {
    "a chain of 3,000 functions": "".join(f"def f{n}():\n    x.a()\n    f{n + 1}()\n" for n in range(3000)) + "f0()\n",
    "recursion with growing arguments": "def f(n):\n    x.f(n)\n    return f([n, n]) + f((n, f(n)))\nf(1)\n",
    "mutual recursion": "def f(n):\n    x.f(n)\n    g(n + 1)\n    g(n * 2)\ndef g(n):\n    f([n])\n    f((n, n))\nf(1)\n",
    "objects that make objects": "class N:\n    def __init__(s, n):\n        s.a, s.b = N(n + 1), N(n + 2)\nN(0).a.b\n",
    "10,000 calls of a library": "".join(f"v{n} = x.f({n})\n" for n in range(10_000)),
    "10,000 calls of a function": "def f(a):\n    for i in a:\n        x.f(i)\n"
    + "".join(f"f([{n}, 'a{n}'])\n" for n in range(10_000)),
    "8 ** 12 calls": f"{FAN}f0(0)\n",
    "calls in loops": f"{WIDE}f0(0)\n",
    "nested loops": LOOPS + "    " * 18 + "x.f(i0, i17)\n",
    "loops without end": "".join("    " * n + "while True:\n" for n in range(15)) + "    " * 15 + "x.f()\n",
    "nested comprehensions": "v = " + "[" * 30 + "x.f()" + "".join(f" for i{n} in y]" for n in range(30)) + "\n",
    "900 branches": "if u:\n    x.f()\n" + "".join(f"elif u{n}:\n    x.f({n})\n" for n in range(900)),
    "values of branches": "a = []\n"
    + "".join(f"if u{n}:\n    a = [a]\nelse:\n    a = (a, x.f())\n" for n in range(400)),
    "a ring of modules": {"main.py": "import m0\nm0.f()\n", **ring(300)},
    "two modules that import each other": {"main.py": "import m0\nm0.f()\n", **ring(2)},
    "a class that is its own base": "class A(B):\n    pass\nclass B(A):\n    def f(self):\n        self.f()\nB().f()\n",
    "a list within itself": "a = []\na.append(a)\nfor i in a:\n    for j in i:\n        x.g(*a, *j, str(a), a == j)\n",
    "huge values": "a = 9 ** 9 ** 9\nb = 'a' * 10 ** 12\nc = [0] * 10 ** 12\nd = 1 << (1 << 60)\ne = f'{3:1000000000}'\n",
    **{
        f"doubled 200 times: {step}": f"a = {start}\n" + f"{step}\n" * 200 + "x.g(a)\n"
        for start, step in (
            ("[1]", "a = a + a"),
            ("[1, 2]", "a = (*a, *a)"),
            ("[1]", "a += a"),
            ("[1]", "a.extend(a)"),
            ("[1]", "a = [a, a]"),
            ("{1: 2}", "a = {**a, 'k': a}"),
            ("'ab'", "a = f'{a}{a}'"),
            ("'ab'", "a = a + a"),
            ("x.f()", "a = x.f(a, a)"),
        )
    },
}


@pytest.mark.parametrize("files", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_programs_end(files: str | dict[str, str]) -> None:
    """Processor time, not wall time: the test says the same on a busy machine. Most take milliseconds."""
    started = time.process_time()
    events, problem = listen(f"import x\n{files}" if isinstance(files, str) else files)
    assert time.process_time() - started < 5
    assert len(events) <= 20_000
    assert problem in (None, "it is nested too deep", "the program is too large to follow")


def test_what_is_nested_too_deep_is_said() -> None:
    assert listen("import x\n" + str(PATHOLOGICAL["900 branches"]))[1] == "it is nested too deep"


def test_lists_keep_only_so_many_items() -> None:
    events, _ = listen("import x\na = [1]\n" + "a = a + a\n" * 30 + "x.g(a)\n")
    value = events[-1].args[0]
    assert isinstance(value, Sequence)
    assert not value.complete
    assert len(value.items) == MAX_ITEMS


def test_too_large_programs_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MAX_STEPS", 100)
    assert listen("f()\n" * 200)[1] == "the program is too large to follow"


def test_join() -> None:
    one, other = Constant(1), Constant(2)
    assert join(one, Constant(1)) is one
    assert set(options_of(join(one, other))) == {one, other}
    assert join(*(Constant(n) for n in range(50))) is UNKNOWN
    assert len(options_of(join(Constant(1), Constant(True)))) == 2


def programs(files: dict[str, str | bytes | Exception], *triggers: bytes) -> list[str]:
    return [p.path for p in Program.from_project(memory_project(files), triggers)]


def test_programs() -> None:
    notebook = '{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}'
    files: dict[str, str | bytes | Exception] = {
        "a.ipynb": notebook,
        "script.py": "import lib\nlib.f()\n",
        "lib.py": "print('loaded')\ndef f():\n    return draw()\n",
        "both.py": "def f():\n    pass\nif __name__ == '__main__':\n    f()\n",
        "uses_both.py": "from both import f\nf()\n",
        "defs.py": "import os\nA = 1\ndef f():\n    print()\n",
        "tests/test_a.py": "print()\n",
        "test_b.py": "print()\n",
        "speed_test.py": "def test_speed():\n    pass\nprint()\n",
        "case_test.py": "import unittest\nclass Speed(unittest.TestCase):\n    pass\nunittest.main()\n",
        "t_test.py": "print()\n",
        "setup.py": "print()\n",
        "pkg/__init__.py": "print()\n",
        "broken.py": OSError("gone"),
    }
    assert programs(files) == ["a.ipynb", "both.py", "script.py", "t_test.py", "uses_both.py"]
    assert programs(files, b"DRAW") == ["script.py"]
    assert programs(files, b"absent") == []


SNIPPETS = ["x", "f()", "self.a", "x[0]", "a if b else c", "lambda q: q()", "[y for y in z]", "await_", "{**k}", "*v,"]


@given(st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=5), st.text(max_size=30))
def test_never_raises(parts: list[str], text: str) -> None:
    code = "\n".join(f"{'if x: ' if n % 2 else ''}v{n} = {part}" for n, part in enumerate(parts))
    listen(code + "\n")
    listen(text)


@pytest.mark.untraced
def test_standard_library() -> None:
    """Real programs of all kinds, with their imports: none raises, none runs away."""
    files = {
        path.relative_to(STDLIB).as_posix(): path.read_bytes()
        for path in [*sorted(STDLIB.glob("*.py")), *sorted((STDLIB / "json").glob("*.py"))]
    }
    project = Project(MemoryView(files))
    started = time.perf_counter()
    for path in list(files)[::3]:
        source = project.load(PythonSource, path)
        assert source is not None
        assert walk(project, source, Handler()) is None
    assert time.perf_counter() - started < 60


@pytest.mark.untraced
def test_imports_of_large_packages_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdlib_module_names", frozenset())
    files = {path.name: path.read_bytes() for path in sorted(STDLIB.glob("*.py"))}
    project = Project(MemoryView(files))
    for path in ("doctest.py", "zipapp.py", "asyncore.py"):
        source = project.load(PythonSource, path)
        if source is not None:
            assert walk(project, source, Handler()) in (None, "the program is too large to follow")
    assert sys.getrecursionlimit() >= 1000


@pytest.mark.parametrize(
    ("code", "called"),
    [
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import other\nelse:\n    x.f()\n", ["x.f"]),
        ("import typing as t\nif not t.TYPE_CHECKING:\n    x.f()\nelse:\n    x.g()\n", ["x.f"]),
        ("from lib import HAS_CUDA\nif HAS_CUDA:\n    x.f()\nelse:\n    x.g()\n", ["x.f", "x.g"]),
        ("import lib\nif lib.Tool:\n    x.f()\nelse:\n    x.g()\n", ["x.f"]),
    ],
    ids=["imported", "attribute", "constant", "class"],
)
def test_conditions_on_names_of_others(code: str, called: list[str]) -> None:
    files = {"main.py": f"import x\n{code}", "other.py": "import x\nx.never()\n"}
    assert names(files) == called


def test_modules_on_a_path_of_its_own_are_bounded() -> None:
    """What a program puts on the path is not among the imports that are known beforehand."""
    wide = {f"deep/lib/m{n}.py": f"import x\nx.f{n}()\n" for n in range(200)}
    wide["deep/lib/__init__.py"] = "".join(f"from . import m{n}\n" for n in range(200))
    start = {"main.py": "import sys\nsys.path.append('deep')\nimport lib\n"}
    called, problem = listen({**start, **wide})
    assert problem == "it imports too many modules"
    assert 50 < sum(event.name is not None and event.name.startswith("x.f") for event in called) < 100


class Assignments(Log):
    """Remembers assignments, too."""

    def __init__(self) -> None:
        super().__init__()
        self.assigned: list[AssignEvent] = []

    def assign(self, event: AssignEvent) -> None:
        self.assigned.append(event)


def test_assignments_to_what_is_not_the_projects_own_are_told() -> None:
    code = (
        "import os, x\nx.call()\nx.y.flag = True\nos.environ['A'] = 'b'\n"
        "if u:\n    x.z = 1\nclass C:\n    pass\nC.own = 1\nd = {}\nd['k'] = 1\n"
    )
    project = memory_project({"main.py": code})
    source = project.load(PythonSource, "main.py")
    assert source is not None
    log = Assignments()
    walk(project, source, log)
    assert [(event.name, event.certain) for event in log.assigned] == [
        ("x.y.flag", True),
        ("os.environ", True),
        ("x.z", False),
    ]
    flag, item, _ = log.assigned
    assert isinstance(flag.value, Constant)
    assert flag.value.value is True
    assert flag.order == log.events[0].order
    assert isinstance(item.key, Constant)
    assert item.key.value == "A"


def test_a_loop_over_classes_and_functions_calls_all_of_them() -> None:
    code = (
        "import x\nclass A:\n    def __init__(self):\n        x.a()\ndef b():\n    x.b()\n"
        "for name, make in [('a', A), ('b', b), ('c', x.c)]:\n    make()\n"
    )
    events, _ = listen(code)
    assert [(event.name, event.chosen) for event in events] == [("x.a", False), ("x.b", False), ("x.c", False)]


def test_a_function_that_a_frame_applies_gets_a_part_of_the_frame() -> None:
    found = names("import x\nx.read().groupby(1).apply(lambda g: g.sample(3))\n")
    assert found == ["x.read", "x.read().groupby", "x.read().groupby().apply", "x.read().groupby().sample"]


@pytest.mark.parametrize(
    ("default", "expected"),
    [("", True), (", default=None", True), (", default=1", False), (", action='store_true'", False)],
)
def test_options_that_are_none_unless_they_are_given(default: str, expected: bool) -> None:
    code = f"import argparse, x\np = argparse.ArgumentParser()\np.add_argument('--a'{default})\nx.f(p.parse_args().a)\n"
    assert is_none_by_default(last(code, "x.f").args[0]) is expected


def test_arguments_that_are_not_known_are_not_none_by_default() -> None:
    code = "import x\n@x.command\ndef f(seed=None):\n    x.g(seed)\nx.run(f)\n"
    assert not is_none_by_default(last(code, "x.g").args[0])


def test_a_decorator_with_a_parameter_runs_the_function_only_when_it_is_called() -> None:
    code = (
        "import functools, x\ndef seeded(n):\n    def inner(f):\n        @functools.wraps(f)\n        def wrapper(*a):\n"
        "            x.before()\n            return f(*a)\n        return wrapper\n    return inner\n"
        "@seeded(1)\ndef g():\n    x.inside()\nx.defined()\ng()\n"
    )
    assert names(code) == ["x.defined", "x.before", "x.inside"]


def test_a_splitter_of_the_project_splits() -> None:
    code = "import x\nclass S:\n    def split(self, X):\n        x.draw()\nx.search(cv=S())\n"
    assert names(code) == ["x.search", "x.draw"]


def called(events: list[CallEvent]) -> list[str]:
    """The calls of NumPy, in order."""
    return [event.name for event in events if event.name and event.name.startswith("numpy.")]


@pytest.mark.parametrize(
    "code",
    [
        "import lib\nimport sys\nmake = getattr(lib, sys.argv[1])\nmake()\n",
        "import lib\nimport sys\nmake = {'a': lib.one, 'b': lib.Two}[sys.argv[1]]\nmake()\n",
        "import lib\nimport sys\nmake = {'a': lib.one, 'b': lib.Two}.get(sys.argv[1])\nmake()\n",
        "import lib, sys\nmake, _ = {'a': (lib.one, 1), 'b': (lib.Two, 2)}[sys.argv[1]]\nmake()\n",
        "import lib, sys, threading\nmake = {'a': lib.one, 'b': lib.Two}[sys.argv[1]]\nthreading.Thread(target=make)\n",
    ],
)
def test_what_a_configuration_names_may_be_any_of_them(code: str) -> None:
    lib = "import numpy as np\ndef one():\n    np.one()\nclass Two:\n    def __init__(self):\n        np.two()\n"
    events, _ = listen({"main.py": code, "lib.py": lib})
    told = {event.name: event for event in events if (event.name or "").startswith("numpy.")}
    assert "numpy.one" in told
    assert ("numpy.two" in told) is ("Thread" not in code)
    assert not any(event.certain for event in told.values())


def test_a_table_gives_what_the_default_of_an_option_names() -> None:
    code = (
        "import argparse, numpy as np\np = argparse.ArgumentParser()\np.add_argument('--kind', default='a')\n"
        "table = {'a': lambda: np.one(), 'b': lambda: np.two()}\ntable[p.parse_args().kind]()\n"
    )
    events, _ = listen(code)
    assert called(events) == ["numpy.one"]


def test_too_many_functions_are_none_of_them() -> None:
    lib = "import numpy as np\n" + "".join(f"def f{n}():\n    np.one()\n" for n in range(40))
    events, _ = listen({"main.py": "import lib, sys\ngetattr(lib, sys.argv[1])()\n", "lib.py": lib})
    assert "numpy.one" not in called(events)


class Curious(Log):
    """Listens to what is left, too."""

    def __init__(self) -> None:
        super().__init__()
        self.others = Log()

    def rest(self) -> Handler:
        return self.others


def test_functions_that_are_not_called_are_told_apart() -> None:
    lib = (
        "import numpy as np\ndef called():\n    np.called()\ndef other(x):\n    np.other(x)\n"
        "class Kind:\n    def __init__(self):\n        np.made()\n    def run(self):\n        np.run()\n"
    )
    project = memory_project({"main.py": "import lib\nlib.called()\n", "lib.py": lib})
    (program,) = Program.from_project(project, ())
    log = Curious()
    assert program.walk(log) is None
    assert called(log.events) == ["numpy.called"]
    assert called(log.others.events) == ["numpy.other", "numpy.made", "numpy.run"]


class Selective(Log):
    """Listens to what is left in one file only."""

    def hears(self, path: str) -> bool:
        return path == "lib.py"


def test_functions_that_are_not_called_are_told_of_where_they_are_heard() -> None:
    files = {
        "main.py": "import lib, other\nimport numpy as np\ndef mine():\n    np.mine()\nprint(lib.a, other.a)\n",
        "lib.py": "import numpy as np\ndef a():\n    np.lib()\n",
        "other.py": "import numpy as np\ndef a():\n    np.other()\nprint(a)\n",
    }
    program = next(p for p in Program.from_project(memory_project(files), ()) if p.path == "main.py")
    log = Curious()
    log.others = Selective()
    assert program.walk(log) is None
    assert called(log.others.events) == ["numpy.lib"]


def test_what_a_program_imports() -> None:
    files = {
        "main.py": "import os.path\nfrom lib import a\nprint(a)\n",
        "lib.py": "def a():\n    from numpy import random\n    return random\n",
        "computed.py": "import importlib\nprint(importlib.import_module('pandas.io' if a else 'yaml'))\n",
        "anything.py": "import importlib, sys\nprint(importlib.import_module(sys.argv[1]))\n",
        "tools/hack.py": "import sys\nsys.path.append('../src')\nimport far\nprint(far)\n",
        "src/deep/far.py": "import random\n",
        "run.ipynb": json.dumps(
            {"cells": [{"cell_type": "code", "source": "%run other.py"}], "metadata": {}, "nbformat": 4}
        ),
    }
    found = {p.path: p.imports() for p in Program.from_project(memory_project(files), ())}
    assert found["main.py"] == frozenset({"os", "lib", "numpy"})
    assert {"pandas", "yaml"} <= (found["computed.py"] or frozenset())
    assert found["anything.py"] is None
    assert found["tools/hack.py"] is None
    assert found["run.ipynb"] is None


def large_package(words: str = "") -> dict[str, str]:
    modules = {f"pkg/m{n}.py": f"x = {n}\n" for n in range(70)}
    imports = "".join(f"from pkg import m{n}\n" for n in range(70))
    return {**modules, "pkg/m3.py": words, "pkg/__init__.py": imports, "local.py": "import numpy as np\nnp.local()\n"}


def test_a_program_runs_without_the_packages_that_are_too_large() -> None:
    main = "import pkg, local\nimport numpy as np\npkg.run()\nnp.own()\n"
    project = memory_project({**large_package(), "main.py": main})
    (program,) = (p for p in Program.from_project(project, (b"numpy",)) if p.path == "main.py")
    assert not program.whole
    assert program.modules == {"main.py", "local.py"}
    assert program.may_seed()
    log = Log()
    assert program.walk(log) is None
    assert called(log.events) == ["numpy.local", "numpy.own"]


def test_a_program_is_left_out_if_a_large_package_may_seed() -> None:
    main = "import pkg\nimport numpy as np\nnp.own()\n"
    project = memory_project({**large_package("def start():\n    np.random.seed(1)\n"), "main.py": main})
    assert "main.py" not in {program.path for program in Program.from_project(project, (b"numpy",))}


def test_who_may_seed() -> None:
    project = memory_project(
        {"main.py": "import lib\nlib.f()\n", "lib.py": "x = 1\n", "other.py": "import lib\nseed(1)\n"}
    )
    programs = {program.path: program for program in Program.from_project(project, ())}
    assert (programs["main.py"].may_seed(), programs["other.py"].may_seed()) == (False, True)
    assert programs["main.py"].users_may_seed("lib.py")
    assert not programs["main.py"].users_may_seed("main.py")


def test_iterators_of_the_project_are_asked_for_what_follows() -> None:
    code = (
        "import numpy as np\nclass Rows:\n    def __iter__(self):\n        return self\n    def __next__(self):\n"
        "        return np.row()\nclass Table:\n    def __iter__(self):\n        return Rows()\n"
        "for row in Table():\n    row.use()\nx = [np.all(row) for row in Rows()]\n"
    )
    assert called(listen(code)[0]) == ["numpy.row", "numpy.row().use", "numpy.row", "numpy.all"]


@pytest.mark.parametrize(
    ("body", "order"),
    [
        ("    before()\n    yield\n    after()", ["before", "body", "after"]),
        ("    before()\n    try:\n        yield 1\n    finally:\n        after()", ["before", "body", "after"]),
        ("    before()\n    return\n    yield", ["before", "body"]),
        ("    with other():\n        yield\n    after()", ["open", "body", "close", "after"]),
    ],
)
def test_the_body_of_a_context_runs_where_the_generator_yields(body: str, order: list[str]) -> None:
    code = (
        "import contextlib, numpy as np\nbefore, after = np.before, np.after\n"
        "@contextlib.contextmanager\ndef other():\n    np.open()\n    yield\n    np.close()\n"
        f"@contextlib.contextmanager\ndef manager():\n{body}\n"
        "def run():\n    with manager() as x:\n        return np.body(x)\nrun()\n"
    )
    assert called(listen(code)[0]) == [f"numpy.{name}" for name in order]


def test_functions_know_their_names() -> None:
    code = (
        "import json, numpy as np\nTABLE = {}\ndef register(f):\n    TABLE[f.__name__] = f\n    return f\n"
        "@register\ndef one():\n    np.one()\n@register\ndef two():\n    np.two()\n"
        "TABLE['two']()\nTABLE[json.loads(text)]()\n"
    )
    assert called(listen(code)[0]) == ["numpy.two", "numpy.one", "numpy.two"]


def test_what_has_an_unknown_key_is_one_of_the_items() -> None:
    code = (
        "import numpy as np\ntable = {}\ndef one():\n    np.one()\ndef two():\n    np.two()\n"
        "for f in (one, two):\n    table[name()] = f\ntable[name()]()\n"
    )
    assert called(listen(code)[0]) == ["numpy.one", "numpy.two"]


def test_a_method_that_the_program_has_not_called_may_add_to_its_class() -> None:
    rest = Log()

    class Rest(Log):
        def rest(self) -> Handler:
            return rest

    code = "class A:\n    @staticmethod\n    def f():\n        A.n = 1\n    @staticmethod\n    def g():\n        print(2)\n"
    project = memory_project({"main.py": code})
    source = project.load(PythonSource, "main.py")
    assert source is not None
    assert walk(project, source, Rest()) is None
    assert [event.name for event in rest.events] == ["builtins.print"]
