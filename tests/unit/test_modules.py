"""First-party modules: what imports resolve to, and what they run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint.files import open_view
from repro_lint.modules import ImportFacts, ImportGraph, ModuleIndex
from repro_lint.project import Project


def project_of(root: Path, files: dict[str, str]) -> Project:
    write_files(root, files)
    return Project(open_view(root))


PACKAGE = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "from . import prices\nfrom .sub.deep import x\n",
    "src/shop/prices.py": "import json\n",
    "src/shop/sub/__init__.py": "",
    "src/shop/sub/deep.py": "x = 1\n",
    "helpers.py": "",
    "tests/util.py": "",
    "tests/test_cart.py": "import shop.cart\nimport util\nimport helpers\n",
    "space/inner/tool.py": "",
    "train.py": "",
    "lab/train/data/input.py": "",
    "lab/train/run.py": "",
}


@pytest.mark.parametrize(
    ("importer", "module", "level", "name", "found"),
    [
        ("tests/test_cart.py", "shop.cart", 0, None, ("src/shop/__init__.py", "src/shop/cart.py")),
        ("tests/test_cart.py", "shop", 0, "prices", ("src/shop/__init__.py", "src/shop/prices.py")),
        ("tests/test_cart.py", "shop", 0, "VERSION", ("src/shop/__init__.py",)),
        ("tests/test_cart.py", "shop.nothing", 0, None, ()),
        ("tests/test_cart.py", "util", 0, None, ("tests/util.py",)),
        ("tests/test_cart.py", "helpers", 0, None, ("helpers.py",)),
        ("tests/test_cart.py", "numpy", 0, None, ()),
        ("notebooks/a.ipynb", "space.inner", 0, "tool", ("space/inner/tool.py",)),
        ("notebooks/a.ipynb", "space.inner.tool", 0, None, ("space/inner/tool.py",)),
        ("src/shop/cart.py", "", 1, "prices", ("src/shop/__init__.py", "src/shop/prices.py")),
        ("src/shop/cart.py", "sub.deep", 1, "x", ("src/shop/sub/__init__.py", "src/shop/sub/deep.py")),
        ("src/shop/sub/deep.py", "prices", 2, None, ("src/shop/prices.py",)),
        ("src/shop/sub/deep.py", "", 2, "prices", ("src/shop/__init__.py", "src/shop/prices.py")),
        ("src/shop/prices.py", "cart", 0, None, ("src/shop/cart.py",)),
        ("lab/train/run.py", "train", 0, None, ("train.py",)),
        ("lab/train/run.py", "train.data.input", 0, None, ("lab/train/data/input.py",)),
    ],
)
def test_resolve(
    tmp_path: Path, importer: str, module: str, level: int, name: str | None, found: tuple[str, ...]
) -> None:
    index = project_of(tmp_path, PACKAGE).fact(ModuleIndex)
    assert index.resolve(importer, module, level, name) == found


def test_unique_suffixes(tmp_path: Path) -> None:
    index = project_of(tmp_path, {"a/one.py": "", "b/two.py": "", "c/two.py": ""}).fact(ModuleIndex)
    assert index.unique_suffix("one") == "a/one.py"
    assert index.unique_suffix("two") is None
    assert index.unique_suffix("c.two") == "c/two.py"
    assert index.unique_path("../a/one.py") == "a/one.py"
    assert index.unique_path("one.txt") is None


@pytest.mark.parametrize(
    ("name", "text", "root"),
    [
        ("pyproject.toml", '[tool.pytest.ini_options]\npythonpath = ["app"]\n', "app"),
        ("pyproject.toml", '[tool.setuptools.package-dir]\n"" = "code"\n', "code"),
        ("pyproject.toml", '[tool.setuptools.packages.find]\nwhere = ["code"]\n', "code"),
        ("pyproject.toml", '[tool.poetry]\npackages = [{include = "x", from = "code"}]\n', "code"),
        ("pyproject.toml", '[tool.hatch.build.targets.wheel]\npackages = ["code/x"]\n', "code"),
        ("setup.cfg", "[options.packages.find]\nwhere = code\n", "code"),
        ("setup.cfg", "[options]\npackage_dir =\n    = code\n", "code"),
        ("setup.py", 'setup(package_dir={"": "code"})\n', "code"),
        ("pytest.ini", "[pytest]\npythonpath = code other\n", "code"),
    ],
)
def test_roots(tmp_path: Path, name: str, text: str, root: str) -> None:
    project = project_of(tmp_path, {name: text, f"{root}/mod.py": "", "x/run.py": ""})
    assert root in project.fact(ModuleIndex).roots
    assert project.fact(ModuleIndex).resolve("x/run.py", "mod") == (f"{root}/mod.py",)


def test_a_broken_pyproject_declares_no_roots(tmp_path: Path) -> None:
    index = project_of(tmp_path, {"pyproject.toml": "[tool\n", "a.py": ""}).fact(ModuleIndex)
    assert index.roots == ("",)


def test_kinds_and_lines(tmp_path: Path) -> None:
    text = """\
from typing import TYPE_CHECKING
import importlib
if TYPE_CHECKING:
    import typed
else:
    import real
try:
    import fast
except ImportError:
    fast = None
def f():
    with open("x"):
        import inside
match 1:
    case 1:
        import matched
module = importlib.import_module("dynamic.mod")
"""
    facts = project_of(tmp_path, {"a.py": text}).file_facts(ImportFacts)["a.py"]
    found = {(i.module, i.kind, i.line) for i in facts.imports if i.module not in ("typing", "importlib")}
    assert found == {
        ("typed", "typing", 4),
        ("real", "plain", 6),
        ("fast", "optional", 8),
        ("inside", "plain", 13),
        ("matched", "plain", 16),
        ("dynamic.mod", "dynamic", 17),
    }
    assert facts.parsed
    assert facts.defines
    assert not facts.main_guard


def test_what_cannot_be_parsed_is_said(tmp_path: Path) -> None:
    facts = project_of(tmp_path, {"a.py": "import (\n", "b.py": 'if __name__ == "__main__":\n    pass\n'})
    assert not facts.file_facts(ImportFacts)["a.py"].parsed
    assert facts.file_facts(ImportFacts)["b.py"].main_guard


def test_the_graph_and_its_closure(tmp_path: Path) -> None:
    graph = project_of(tmp_path, PACKAGE).fact(ImportGraph)
    assert graph.imports["tests/test_cart.py"] == {
        "src/shop/__init__.py",
        "src/shop/cart.py",
        "tests/util.py",
        "helpers.py",
    }
    assert "tests/test_cart.py" in graph.importers["src/shop/cart.py"]
    reached = graph.closure(["tests/test_cart.py"])
    assert "src/shop/sub/deep.py" in reached
    assert "space/inner/tool.py" not in reached


def test_dependents_run_their_targets(tmp_path: Path) -> None:
    graph = project_of(tmp_path, PACKAGE).fact(ImportGraph)
    found = graph.dependents(["src/shop/prices.py"])
    assert found == {path for path in graph.imports if "src/shop/prices.py" in graph.closure([path])}
    assert "tests/test_cart.py" in found


def test_imports_for_type_checkers_do_not_run(tmp_path: Path) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import other\n"
    graph = project_of(tmp_path, {"a.py": text, "other.py": ""}).fact(ImportGraph)
    assert graph.imports["a.py"] == frozenset()


def test_computed_imports_reach_what_their_beginning_names(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/lang/__init__.py": "",
        "pkg/lang/de.py": "",
        "pkg/util.py": "import importlib\ndef get(code):\n    return importlib.import_module(f'pkg.lang.{code}')\n",
    }
    project = project_of(tmp_path, files)
    assert project.file_facts(ImportFacts)["pkg/util.py"].computed == ("pkg.lang.",)
    assert "pkg/lang/de.py" in project.fact(ImportGraph).imports["pkg/util.py"]


def test_lazy_packages_reach_the_modules_that_they_name(tmp_path: Path) -> None:
    init = '_NAMES = {"total": "cart"}\ndef __getattr__(name):\n    ...\n'
    graph = project_of(tmp_path, {"shop/__init__.py": init, "shop/cart.py": ""}).fact(ImportGraph)
    assert graph.imports["shop/__init__.py"] == {"shop/cart.py"}


def test_notebooks_import_too(tmp_path: Path) -> None:
    notebook = '{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": ["import helpers"]}], '
    notebook += '"metadata": {}, "nbformat": 4, "nbformat_minor": 4}'
    graph = project_of(tmp_path, {"nb/a.ipynb": notebook, "nb/helpers.py": ""}).fact(ImportGraph)
    assert graph.imports["nb/a.ipynb"] == {"nb/helpers.py"}
