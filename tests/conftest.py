"""What the tests share: small repositories, the command in this process, and a view that lives in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from repro_lint.cli import main
from repro_lint.files import FileView
from repro_lint.project import Project

settings.register_profile("repro-lint", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
settings.load_profile("repro-lint")

# What would make the output of a run depend on who runs the tests.
_FOREIGN = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PRE_COMMIT", "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/golden --update-golden`` rewrites the golden files."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is printed now")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Run what is marked ``untraced`` without a tracer, which makes it two to eight times as slow.

    pytest-cov's marker ``no_cover`` does nothing in the workers of pytest-xdist: there two measurements are begun, one
    within the other, and it stops the inner one only.
    """
    tracer = sys.gettrace() if item.get_closest_marker("untraced") is not None else None
    if tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name in _FOREIGN or name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REPRO_LINT_NO_CACHE", "1")  # the tests of the cache switch it on
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(root: Path, *arguments: str) -> str:
    """What the git command prints. Raises for a failure."""
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below the directory."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


Repository = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Makes a git work tree with the given files; all are tracked, nothing is committed."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path.resolve() / "project"
        root.mkdir(exist_ok=True)
        if not (root / ".git").exists():
            git(root, "init", "-q")
        write_files(root, files)
        git(root, "add", "-A")
        return root

    return make


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()


class Lint:
    """Runs the command in this process, by default in the repository that was made last."""

    def __init__(self, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self._repository = repository
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def repository(self, files: Mapping[str, str | bytes]) -> Path:
        """A repository with the files, which becomes the current directory."""
        root = self._repository(files)
        self.cd(root)
        return root

    def cd(self, folder: Path) -> None:
        """Change the current directory for the rest of the test."""
        self._monkeypatch.chdir(folder)

    def __call__(self, *arguments: str | Path) -> Result:
        """The result of ``repro-lint ARGUMENTS``."""
        self._capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Result(code, captured.out, captured.err)


@pytest.fixture
def lint(repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Runs ``repro-lint`` in this process."""
    return Lint(repository, monkeypatch, capsys)


class MemoryView(FileView):
    """A tree that is not on disk: counts what is read, and raises where a file holds an exception."""

    kind = "directory"

    def __init__(self, files: Mapping[str, str | bytes | Exception]) -> None:
        super().__init__(Path("/project"))
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.reads: list[str] = []

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.files))

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        content = self.files[path]
        if isinstance(content, Exception):
            raise content
        return content

    def size(self, path: str) -> int:
        content = self.files[path]
        return 0 if isinstance(content, Exception) else len(content)


def memory_project(files: Mapping[str, str | bytes | Exception]) -> Project:
    """A project of the files."""
    return Project(MemoryView(files))
