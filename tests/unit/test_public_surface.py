"""The reader of released packages: what it takes for lacking, and what it leaves open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files
from tools.described_libraries import Library
from tools.public_surface import Surface
from tools.removed_names import Histories


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
        ("me = sys.modules[__name__]\nfor name in ('a', 'b'):\n    setattr(me, name, 1)\n", True),
        ("me = sys.modules[__name__]\nfor name in ('a', 'old'):\n    setattr(me, name, 1)\n", False),
        ("me = sys.modules[__name__]\nfor name in names():\n    setattr(me, name, 1)\n", False),
        (
            "class Kind:\n    old = 1\nme = sys.modules[__name__]\n"
            "for kind in (Kind,):\n    for item in kind:\n        setattr(me, item.name, item.value)\n",
            False,
        ),
        (
            "class Kind:\n    old = 1\nme = sys.modules[__name__]\n"
            "for item in Kind:\n    setattr(me, 'KIND_' + item.name, item.value)\n",
            True,
        ),
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


def test_members_of_a_generic_base(tmp_path: Path) -> None:
    surface = _surface(tmp_path, __init____DOT__py="class Base: read = 1\nclass Tar(Base[bytes]): ...\n")
    members = surface.members("lib", "Tar", trusted=False)
    assert members is not None
    assert "read" in members[0]


def test_modules_are_reached_through_packages_that_import_them(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "1.0/lib/__init__.py": "",
            "1.0/lib/api.py": "from .series import models\n",
            "1.0/lib/series/__init__.py": "",
            "1.0/lib/series/models.py": "class Old: ...\n",
            "2.0/lib/__init__.py": "",
            "2.0/lib/api.py": "from .series import models\n",
            "2.0/lib/series/__init__.py": "",
            "2.0/lib/series/models.py": "class New: ...\n",
        },
    )
    surfaces = {version: Surface.read(tmp_path / version, ("lib",), (), {}, {}) for version in ("1.0", "2.0")}
    tables = Histories(Library(("lib",)), surfaces).tables()
    assert tables["lib.api.models"] == {"+2.0": ["New"], "-2.0": ["Old"]}


def test_a_package_that_passes_for_another(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "lib/__init__.py": "from hidden import everything\n",
            "lib_core/_api/v1/v1.py": "from lib.ops import add\n",
            "lib_core/_api/v1/nn/__init__.py": "from lib.ops import relu\n",
            "lib_core/ops.py": "def add(x): ...\ndef relu(features): ...\n",
        },
    )
    surface = Surface.read(tmp_path, ("lib",), (), {}, {}, {"lib_core": "lib", "lib._api.v1": "lib"})
    assert surface.lacks("lib", "sub")
    assert not surface.lacks("lib", "add")
    signature = surface.signature("lib.nn", "relu")
    assert signature is not None
    assert signature.names == {"features"}


def test_what_is_written_by_hand_replaces_what_the_text_shows(tmp_path: Path) -> None:
    write_files(tmp_path, {f"{version}/lib/__init__.py": "class Model: ...\n" for version in ("1.0", "2.0")})
    surfaces = {version: Surface.read(tmp_path / version, ("lib",), (), {}, {}) for version in ("1.0", "2.0")}
    tables = Histories(Library(("lib",), written={"lib": {"-2.0": "Model"}}), surfaces).tables()
    assert tables == {"lib": {"-2.0": ["Model"]}}


def test_what_only_a_program_imports_is_not_bound(tmp_path: Path) -> None:
    text = (
        "class Model:\n    def __init__(self, size=100): ...\nif __name__ == '__main__':\n    from lib import Model\n"
    )
    signature = _surface(tmp_path, __init____DOT__py=text).signature("lib", "Model")
    assert signature is not None
    assert "size" in signature.names
