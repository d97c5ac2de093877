"""The same findings, byte for byte, however many processes look for them, and however Python hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Lint, git

from repro_lint import workers
from repro_lint.file_pass import FilePass, FileResult
from repro_lint.registry import load_registry
from repro_lint.testing.runner import cases_of

pytestmark = pytest.mark.untraced

ARGUMENTS = ("--no-cache", "--level", "production", "--output-format", "jsonl", ".")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One repository with the bad examples of all rules, each in a directory of its own."""
    root = tmp_path_factory.mktemp("examples").resolve()
    for entry in load_registry():
        cases = cases_of(entry) if (entry.folder / "README.md").is_file() else []  # bridged rules have no page
        for number, case in enumerate(case for case in cases if case.kind == "bad"):
            case.write(root / entry.meta.name / str(number))
    for nested in sorted(root.rglob(".git"), reverse=True):
        nested.rename(nested.with_name("git-of-the-case"))
    git(root, "init", "-q")
    git(root, "add", "-A", "-f")
    return root


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_change_nothing(examples: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    if method == "fork" and sys.platform != "linux":
        pytest.skip("forking is used on Linux only")
    monkeypatch.setattr(workers, "_start_method", lambda: method)
    lint.cd(examples)
    alone = lint("-j1", *ARGUMENTS)
    assert alone.out.count("\n") > 200
    assert lint("-j3", *ARGUMENTS).out == alone.out


def test_hashing_changes_nothing(examples: Path) -> None:
    command = [sys.executable, "-m", "repro_lint", "-j2", *ARGUMENTS]
    said = {
        subprocess.run(
            command, cwd=examples, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=False
        ).stdout
        for seed in ("0", "4711")
    }
    assert len(said) == 1
    assert said.pop().count(b"\n") > 200


def test_a_process_that_dies_costs_nothing_but_time(
    examples: Path, lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sys.platform != "linux":
        pytest.skip("the patch reaches forked processes only")
    lint.cd(examples)
    alone = lint("-j1", *ARGUMENTS).out
    look, parent, deaths = FilePass.look, os.getpid(), []

    def dying(self: FilePass, path: str, *, judged: bool) -> FileResult:
        if os.getpid() != parent and path > "m":
            os._exit(9)
        deaths.append(path)
        return look(self, path, judged=judged)

    monkeypatch.setattr(FilePass, "look", dying)
    assert lint("-j2", *ARGUMENTS).out == alone
    assert deaths  # what the dead process has left undone was done here


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_a_number_of_processes_must_be_one(lint: Lint, number: str) -> None:
    result = lint("-j", number, ".")
    assert result.code == 2
    assert "is no number of processes" in result.err
