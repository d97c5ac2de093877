"""What rule authors import: every name is there, whether it is imported at once or when it is asked for."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from repro_lint import api


def _imported() -> dict[str, tuple[str, str]]:
    """Where the module's text, as type checkers read it, has each name from."""
    assert api.__file__ is not None
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(ast.parse(Path(api.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("repro_lint."):
            found |= {alias.asname or alias.name: (node.module or "", alias.name) for alias in node.names}
    return found


@pytest.mark.parametrize("name", api.__all__)
def test_a_name_is_what_type_checkers_take_it_for(name: str) -> None:
    module, own = _imported()[name]
    assert getattr(api, name) is getattr(importlib.import_module(module), own)


def test_nothing_else_is_imported() -> None:
    assert set(_imported()) == set(api.__all__)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(ImportError, match=r"cannot import name 'RuleOfLongAgo' from 'repro_lint\.api'"):
        exec("from repro_lint.api import RuleOfLongAgo")
    assert not hasattr(api, "RuleOfLongAgo")


def test_a_rule_about_code_imports_nothing_about_documents() -> None:
    program = """
import sys
from repro_lint.api import Confidence, Finding, Level, PythonSource, Rule, RuleMeta
print(*(name for name in sys.modules if name.startswith(("repro_lint.documents", "repro_lint.manifests"))))
from repro_lint.api import *
assert Dockerfile.__module__ == "repro_lint.documents.dockerfile"
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
