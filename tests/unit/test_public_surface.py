"""The reader of released packages: what it takes for lacking, and what it leaves open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files
from tools.public_surface import Surface
from tools.removed_names import Histories, Library


def _surface(root: Path, **files: str) -> Surface:
    write_files(root, {f"lib/{name.replace('__DOT__', '.')}": text for name, text in files.items()})
    return Surface.read(root, ("lib",), (), {}, {})


@pytest.mark.parametrize(
    ("init", "lacking"),
    [
        ("x = 1\n", True),
        ("def old(): ...\n", False),
        ("if sys.version_info > (3,):\n    old = 1\n", False),
        ("old = 1\ndel old\n", True),
        ("from .other import *\n", False),
        ("from .closed import *\n", True),
        ("from elsewhere import *\n", False),
        ("globals()[name] = 1\n", False),
        ("for name in ('a', 'b'):\n    globals()[name] = 1\n", True),
        ("for name in ('a', 'old'):\n    globals()[name] = 1\n", False),
        ("globals().update(names)\n", False),
        ("def __getattr__(name):\n    raise AttributeError(name)\n", True),
        ("def __getattr__(name):\n    return getattr(other, name)\n", False),
        ("def __getattr__(name):\n    if name == 'old':\n        raise ImportError\n    return compute(name)\n", True),
        ("def __getattr__(name):\n    if name in {'a', 'b'}:\n        return 1\n    raise AttributeError\n", True),
        (
            "_gone = {n: 1 for n, m in [('old', 2)]}\n"
            "def __getattr__(name):\n    if name in _gone:\n        return 1\n    raise AttributeError\n",
            False,
        ),
        (
            "_kept = {}\n_kept.update({'a': 1})\ndef __getattr__(name):\n    try:\n        value = _kept[name]\n"
            "    except KeyError:\n        pass\n    else:\n        return value\n    raise AttributeError\n",
            True,
        ),
        ("__getattr__ = make()\n", False),
        ("old = (\n", False),
    ],
)
def test_what_is_lacking(tmp_path: Path, init: str, lacking: bool) -> None:
    surface = _surface(
        tmp_path,
        __init____DOT__py=init,
        other__DOT__py="old = 1\n",
        closed__DOT__py="__all__ = ['a']\nold = a = 1\n",
    )
    assert surface.lacks("lib", "old") is lacking


def test_compiled_modules_may_have_anything(tmp_path: Path) -> None:
    surface = _surface(tmp_path, __init____DOT__py="from ._c import *\n", _c__DOT__compiled="")
    assert not surface.lacks("lib", "old")
    assert not surface.lacks("lib._c", "old")


def test_histories(tmp_path: Path) -> None:
    texts = {
        "1.0.1": "def f(a, old=1): ...\nclass C:\n    def m(self): ...\ngone = 1\n",
        "1.1.0": "def f(a, new=1): ...\nclass C:\n    pass\n",
        "2.0": "def f(a, new=1): ...\nclass C:\n    def __init__(self, *, key=1): ...\nback = gone = 1\n",
    }
    surfaces = {v: _surface(tmp_path / v, __init____DOT__py=text) for v, text in texts.items()}
    assert Histories(Library(("lib",)), surfaces).tables() == {
        "lib": {"+2.0": ["back"], "-1.1 +2.0": ["gone"]},
        "lib.C": {"-1.1": ["m"]},
        "lib.f()": {"+1.1": ["new"], "-1.1": ["old"]},
    }


def test_what_decorators_and_stars_accept_is_not_lacking(tmp_path: Path) -> None:
    text = "@rename('old', 'new')\ndef f(new): ...\ndef g(**more): ...\nclass D(Unknown):\n    pass\n"
    before = "def f(old): ...\ndef g(old): ...\nclass D:\n    def __init__(self, old): ...\n"
    surfaces = {v: _surface(tmp_path / v, __init____DOT__py=t) for v, t in (("1.0", before), ("1.1", text))}
    assert Histories(Library(("lib",)), surfaces).tables() == {"lib.f()": {"+1.1": ["new"]}}
