"""IPython's syntax becomes Python, line for line and column for column."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.sources.logical_lines import scan_logical_line
from repro_lint.sources.magics import Magic, read_databricks_magics, transform


def parsed(source: str, *, automagic: bool = False) -> str:
    """The code, which must parse."""
    code = transform(source, automagic=automagic).code
    ast.parse(code)
    return code


def only(source: str, *, automagic: bool = False) -> Magic:
    (magic,) = transform(source, automagic=automagic).magics
    return magic


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("x = 1\n!ls\ny", "x = 1\npass\ny"),
        ("!!ls", "pass"),
        ("if x:\n    %cd a\nelse:\n\t!b", "if x:\n    pass\nelse:\n\tpass"),
        ("!ls \\\n  -l \\\n  a\nx = 1", "pass\n\n\nx = 1"),
        ("%run a \\\n b", "pass\n"),
        ("x = (1\n% 2)\n!a", "x = (1\n% 2)\npass"),
        ("x = 1 \\\n% 2\n!a", "x = 1 \\\n% 2\npass"),
        ("'''\n%cd\n!ls\n'''\n!a", "'''\n%cd\n!ls\n'''\npass"),
        ('x = """a\\"""\n!ls\n"""\n!a', 'x = """a\\"""\n!ls\n"""\npass'),
        ("x = 'a\\\n!ls'\n!a", "x = 'a\\\n!ls'\npass"),
        ("f(a, # (\n!b\n)\n", "f(a, # (\n!b\n)\n"),
        ('# ( " \n!a', '# ( " \npass'),
        ("v = !ls -l", "v = get_ipython()"),
        ("a, b = %m x", "a, b = get_ipython()"),
        ("x['='] = !ls", "x['='] = get_ipython()"),
        ("if x != !y:\n  pass\n!a", "if x != !y:\n  pass\npass"),
        ("v = !a \\\n b\nw", "v = get_ipython()\n\nw"),
        ("print?\nx??\n?y\n??y.z\n%time?", "pass\npass\npass\npass\npass"),
        ("x = 'a?'\nfoo.bar?", "x = 'a?'\npass"),
        ("if 1:\n  a.b[0]?", "if 1:\n  pass"),
        (",f a b\n;f a b\n/f a b", "pass\npass\npass"),
        (">>> x = 1\n>>> if x:\n...     y\n...\n", "x = 1\nif x:\n    y\n\n"),
        ("# c\n\n  >>> f(a,\n  ... b)\n>>> y", "# c\n\nf(a,\nb)\ny"),
        ("print(x)?", "print(x)?"),
        ("In [3]: x = 1\n   ...: y = 2", "x = 1\ny = 2"),
        ("  x = 1\n  if x:\n    y\n", "x = 1\nif x:\n  y\n"),
        ("\n\n%%time\nx = 1", "\n\n\nx = 1"),
        ("%%time\n  x = 1\n  %cd a", "\nx = 1\npass"),
        ("%%time\n%%capture out\nx = 1", "\n\nx = 1"),
        ("%%timeit -n 10 x = 1\ny = x", "x = 1\ny = x"),
        ("%%bash\nif [ a ]; then\nfi", "\n\n"),
        ("%%writefile a.py\nimport b", "\n"),
        ("%%timeit?", "pass"),
        ("x = 1\n%%time\ny = 2", "x = 1\npass\ny = 2"),
        ("%time x = f(1)", "x = f(1)"),
        ("%timeit -n 10 -r3 -o f(1)", "f(1)"),
        ("if 1:\n    %timeit f(1)", "if 1:\n    f(1)"),
        ("%prun -s cumulative f(1)", "f(1)"),
        ("%time", "pass"),
        ("%time !ls", "pass"),
        ("%timeit f($x)", "pass"),
        ("%timeit f(a, \\\n  b)\nz", "f(a, \\\n  b)\nz"),
        ("r = %timeit -o f(1)", "r = f(1)"),
        ("r = %time x = 1", "r = get_ipython()"),
        ("% matplotlib inline", "pass"),
        ("x = 5 % 3\n!a", "x = 5 % 3\npass"),
        ("\r\n!ls\r\nx\ry", "\npass\nx\ny"),
    ],
)
def test_code(source: str, code: str) -> None:
    assert transform(source).code == code


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "",
        "\n",
        "(a\n%timeit\n)",
        "'''\n%%time\n'''",
        "x % y",
        "# !ls\n# %cd",
        "x = '!ls'",
        "await f()",
        "ls -l",
    ],
)
def test_python_is_left_alone(source: str) -> None:
    found = transform(source)
    assert (found.code, found.magics, found.opaque, found.shifts) == (source, (), False, {})


@pytest.mark.parametrize(
    ("source", "magic"),
    [
        ("%load_ext  a.b # c", Magic("line", "load_ext", "a.b # c", 1, 1, 1, 19)),
        ("x\n  !pip install a \\\n  b", Magic("shell", "!", "pip install a b", 2, 3, 3, 4)),
        ("!!ls", Magic("shell", "!!", "ls", 1, 1, 1, 5)),
        ("v = !ls", Magic("shell", "!", "ls", 1, 5, 1, 8, ("v",))),
        ("a, (b, *c) = %m x", Magic("line", "m", "x", 1, 14, 1, 18, ("a", "b", "c"))),
        ("a.x = %m", Magic("line", "m", "", 1, 7, 1, 9)),
        ("x = foo.bar??", Magic("help", "foo.bar", "", 1, 1, 1, 14)),
        ("?foo", Magic("help", "foo", "", 1, 1, 1, 5)),
        ("%store -r a b", Magic("line", "store", "-r a b", 1, 1, 1, 14, ("a", "b"))),
        ("%sql res << SELECT 1", Magic("line", "sql", "res << SELECT 1", 1, 1, 1, 21, ("res",))),
        ("%time x = 1", Magic("line", "time", "x = 1", 1, 1, 1, 12)),
        ("%%capture --no-stderr out\nx", Magic("cell", "capture", "--no-stderr out", 1, 1, 1, 26, ("out",), "x")),
        ("%%writefile -a d/f.py\nx\ny", Magic("cell", "writefile", "-a d/f.py", 1, 1, 1, 22, (), "x\ny")),
        ("%%bash --out v --err w\nls", Magic("cell", "bash", "--out v --err w", 1, 1, 1, 23, ("v", "w"), "ls")),
        ("%%R -i a -o b,c\nx", Magic("cell", "R", "-i a -o b,c", 1, 1, 1, 16, ("b", "c"), "x")),
        ("%%bigquery df --project p\nq", Magic("cell", "bigquery", "df --project p", 1, 1, 1, 26, ("df",), "q")),
        ("\n  %%time\n  x", Magic("cell", "time", "", 2, 3, 2, 9, (), "x")),
        ("x\n%%time", Magic("line", "%time", "", 2, 1, 2, 7)),
        (">>> x", Magic("prompt", ">>>", "", 1, 1, 1, 5)),
        ("/f a", Magic("line", "/", "f a", 1, 1, 1, 5)),
    ],
)
def test_magic(source: str, magic: Magic) -> None:
    assert transform(source).magics == (magic,) or only(source) == magic


def test_nested_magics_are_seen() -> None:
    assert [m.name for m in transform("%%time\n!ls\n%time %run a.py").magics] == ["time", "!", "time", "run"]


def test_opaque() -> None:
    assert transform("%%sql\nSELECT 1").opaque
    assert not transform("%%time\nx").opaque


@pytest.mark.parametrize(
    ("source", "shifts"),
    [
        (">>> x\n... y", {1: ((0, 4),), 2: ((0, 4),)}),
        ("  x\n  y\nz", {1: ((0, 2),), 2: ((0, 2),)}),
        ("%time f(1)", {1: ((0, 0), (0, 6))}),
        ("if x:\n  %timeit -n 3 f(1)", {2: ((0, 0), (2, 15))}),
        ("v = !ls -l", {1: ((0, 0), (4, 4), (17, 10))}),
        ("  %cd a", {1: ((0, 2), (0, 2), (4, 7))}),
    ],
)
def test_shifts(source: str, shifts: dict[int, tuple[tuple[int, int], ...]]) -> None:
    assert transform(source).shifts == shifts


@pytest.mark.parametrize(
    ("source", "code", "name"),
    [
        ("pip install x", "pass", "pip"),
        ("\n  cd ..", "\npass", "cd"),
        ("conda install -y x\n", "pass\n", "conda"),
        ("ls", "pass", "ls"),
        ("ls -l", "pass", "ls"),
        ("time f(1)", "f(1)", "time"),
        ("%sql\nSELECT * FROM t", "\n", "sql"),
    ],
)
def test_automagic(source: str, code: str, name: str) -> None:
    assert parsed(source, automagic=True) == code
    magic = only(source, automagic=True)
    assert magic.name == name
    assert magic.column >= 1


@pytest.mark.parametrize(
    "source", ["pip install x\npip install y", "ls = 3", "time.sleep(3)", "x y", "config", "pip = 3 3"]
)
def test_no_automagic(source: str) -> None:
    assert transform(source, automagic=True).magics == ()


def test_databricks() -> None:
    source = "# DBTITLE 1,x\n# MAGIC %pip install a\n# MAGIC !ls\nx = 1\n"
    source += "# MAGIC %sql -x\n# MAGIC SELECT 1\n# MAGIC\n# MAGIC %y"
    assert read_databricks_magics(source) == (
        Magic("line", "pip", "install a", 2, 9, 2, 23),
        Magic("shell", "!", "ls", 3, 9, 3, 12),
        Magic("cell", "sql", "-x", 5, 9, 5, 16, (), "SELECT 1\n\n%y"),
    )


def test_logical_lines_with_assignment() -> None:
    found = scan_logical_line(["x = (", "  1,", ")  # y", "z"], 0)
    assert (found.end, found.value, found.asks) == (3, 4, False)
    assert scan_logical_line(["x == y", "z"], 0).value is None
    assert scan_logical_line(["f(a=1)"], 0).value is None
    assert scan_logical_line(["a? # b"], 0).asks is False


_alphabet = st.lists(
    st.sampled_from(
        ["%", "%%", "!", "?", ">>> ", "... ", "In [1]: ", "\n", "\\\n", "'", '"', '"""', "(", ")", " ", "\t", "=", "x",
         "time", "pip ", "#", ",", ";", "/", "é", "capture", "sql", "-o ", "\r", "\x0c", "$"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(_alphabet, st.booleans())
def test_never_raises_and_keeps_the_lines(source: str, automagic: bool) -> None:
    found = transform(source, automagic=automagic)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if found.code != source:
        assert found.code.count("\n") == len(lines) - 1
    for magic in found.magics:
        assert 1 <= magic.line <= magic.end_line <= len(lines)
        assert 1 <= magic.column <= len(lines[magic.line - 1]) + 1
        assert 1 <= magic.end_column <= len(lines[magic.end_line - 1]) + 1
    for line, shift in found.shifts.items():
        assert 1 <= line <= len(lines)
        assert list(shift) == sorted(shift, key=lambda pair: pair[0])
