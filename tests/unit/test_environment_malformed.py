"""Manifests and locks that are cut off or changed anywhere: what is wrong is said at its place, and nothing crashes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import MemoryView
from tests.test_bad_input import rules_at, run
from tests.unit.test_environment_locks import PAIRS

from repro_lint.api import Project
from repro_lint_rules.environment.broken_manifest.rule import BrokenManifest

pytestmark = pytest.mark.untraced

TEXTS = {
    **{pair.manifest: pair.content for pair in PAIRS.values()},
    **{pair.lock: pair.locked for pair in PAIRS.values()},
    "requirements/dev.txt": "-r ../requirements.in\n-c versions.txt\nnumpy==1.26 ; python_version < '3.9' --hash=sha256:0\n",
    "setup.cfg": "[metadata]\nname = churn\n[options]\npython_requires = >=3.9\ninstall_requires =\n  pandas>=2\n",
    "setup.py": "from setuptools import setup\nsetup(name='churn', install_requires=['pandas>=2'])\n",
    "renv.lock": json.dumps({"R": {"Version": "4.3.1"}, "Packages": {"renv": {"Version": "1.0"}}}),
    "conda-linux-64.lock": "@EXPLICIT\nhttps://registry.example/linux-64/six-1.17.0-py_0.conda\n",
    ".python-version": "3.12.1\n",
    "runtime.txt": "python-3.11\n",
    ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n      - with: {python-version: '3.9'}\n      - run: pip install .\n",
    "Dockerfile": "FROM python:3.9\nRUN pip install .\n",
}
WITNESS = {"witness.ipynb": "{"}


def assert_sound(files: Mapping[str, str | bytes]) -> None:
    """No rule crashes, and what is wrong with another file is said, whatever the manifests look like."""
    report = run({**files, **WITNESS})
    assert [d.message for d in report.diagnostics if d.rule in ("internal-error", "broken-plugin")] == []
    assert "broken-notebook" in rules_at(report, "witness.ipynb")


PIECES = st.sampled_from(
    "[ ] { } \" ' = == >= ~= ^ , ; # \n \n\n \t : - | * % @ \\ \0 \ufeff -r -e .. git+https:// [[package]] "
    "[project] [tool.poetry] <<<<<<< {{ é 1.2.3.4.5.6 9999999999999999999999 python_version".split(" ")
)


@pytest.mark.parametrize("name", TEXTS)
def test_cut_off_anywhere(name: str) -> None:
    text = TEXTS[name]
    for length in range(0, len(text), max(len(text) // 6, 1)):
        assert_sound({**TEXTS, name: text[:length]})


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2_000), st.integers(0, 9), PIECES)
@settings(max_examples=50)
@example("Pipfile.lock", 0, 5_000, "[" * 100_000)
@example("pyproject.toml", 0, 0, "x = " + "[" * 3_000 + "]" * 3_000 + "\n")
def test_changed_anywhere(name: str, start: int, removed: int, inserted: str) -> None:
    text = TEXTS[name]
    start = start % (len(text) + 1)
    assert_sound({**TEXTS, name: text[:start] + inserted + text[start + removed :]})


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith((".toml", ".lock", ".yml", "Pipfile"))])
def test_random_bytes(name: str) -> None:
    for data in (b"\xff\xfe\x00", bytes(range(256)), b"\x80abc", b"[" * 5_000):
        assert_sound({name: data})


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("pyproject.toml", '[project]\nname = "a\n', 2, "Illegal character '\\n'"),
        ("pyproject.toml", "[project]\nname = ", 2, "Invalid value"),
        ("Pipfile", "[packages]\nsix = \n", 2, "Invalid value"),
        ("pixi.toml", "[dependencies]\nsix = 1.2.3\n", 2, "Expected newline or end of document after a statement"),
        ("uv.lock", "version = 1\n[[package]\n", 2, "Expected ']]' at the end of an array declaration"),
        ("Pipfile.lock", '{"default": {\n"six": }\n', 2, "Expecting value"),
        ("environment.yml", "dependencies:\n  - python=3.12\n  pip: [\n", 3, "did not find expected '-' indicator"),
        ("requirements.txt", "six\n=======\n>>>>>>> main\n", 3, "it holds the marks of a merge conflict"),
        ("pixi.lock", "version: 6\n<<<<<<< HEAD\n", 2, "it holds the marks of a merge conflict"),
    ],
)
def test_it_is_said_where_it_is(name: str, text: str, line: int, message: str) -> None:
    (found,) = BrokenManifest().check(Project(MemoryView({name: text})))
    assert found.place.span.line == line  # type: ignore[union-attr]
    assert found.message == f"{name} cannot be parsed: {message}"  # type: ignore[union-attr]
    assert "broken-manifest" in rules_at(run({name: text}), name)
