"""The hooks, as pre-commit runs them: cloned, installed into an environment of their own, given what is staged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.conftest import Repository, git, write_files

ROOT = Path(__file__).resolve().parent.parent
LOCKED = {
    "pyproject.toml": '[project]\nname = "study"\nversion = "1"\ndependencies = ["numpy>=2,<3"]\n',
    "uv.lock": "version = 1\n",
    "README.md": "# Study\n\nRun it:\n\n```sh\nuv run analysis.py\n```\n",
    "analysis.py": "print(1)\n",
    "LICENSE": "MIT License\n",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its environments in these tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this project as it stands, committed or not."""
    copy = tmp_path_factory.mktemp("hooks") / "repro-lint"
    for path in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if path and (ROOT / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, copy / path)
    git(copy, "init", "-q")
    git(copy, "add", "-A")
    git(copy, "commit", "-q", "-m", "As it stands")
    return copy


def pre_commit(*arguments: str, cwd: Path, home: Path) -> tuple[int, str]:
    """The exit code of pre-commit and what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env={**os.environ, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_manifest_is_valid(home: Path) -> None:
    assert pre_commit("validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT, home=home) == (0, "")


@pytest.mark.slow
def test_try_repo(hooks: Path, repository: Repository, home: Path) -> None:
    root = repository({**LOCKED, "old.py": "print 'hello'\n"})
    code, said = pre_commit("try-repo", str(hooks), "repro-lint", "--all-files", cwd=root, home=home)
    assert code == 1, said
    assert "repro-lint...............................................................Failed" in said
    assert "- exit code: 1" in said
    assert "error[unparsable-code] RUN007: " in said
    assert "  --> old.py:1:1" in said
    assert "1 finding in 1 file (1 error)" in said


@pytest.mark.slow
def test_in_the_life_of_a_repository(hooks: Path, repository: Repository, home: Path) -> None:
    config = configuration(hooks, "repro-lint", "repro-lint-files")
    root = repository({**LOCKED, ".pre-commit-config.yaml": config})

    code, said = pre_commit("run", "--all-files", cwd=root, home=home)
    assert code == 0, said
    assert said.count("Passed") == 2
    git(root, "commit", "-q", "--no-verify", "-m", "All is well")

    # Nothing but a deletion is staged: no file can be given to a hook, and what is wrong is what is gone.
    git(root, "rm", "-q", "uv.lock")
    code, said = pre_commit("run", cwd=root, home=home)
    assert code == 1, said
    assert "error[no-lockfile] ENV002: " in said
    assert "(no files to check)Skipped" in said
    git(root, "reset", "-q", "--hard")

    write_files(root, {"committed.py": "print 'known to all'\n"})
    git(root, "add", "-A")
    git(root, "commit", "-q", "--no-verify", "-m", "Break something")
    write_files(root, {"staged.py": "print 'new'\n", "untracked.py": "print 'not staged'\n"})
    git(root, "add", "staged.py")
    code, said = pre_commit("run", "repro-lint-files", cwd=root, home=home)
    assert code == 1, said
    assert "--> staged.py:1:1" in said
    assert "1 finding in 1 file (1 error)" in said

    # The whole repository is what will be committed, without what is not staged.
    code, said = pre_commit("run", "repro-lint", cwd=root, home=home)
    assert code == 1, said
    assert "2 findings in 2 files (2 errors)" in said
    assert "untracked.py" not in said


def configuration(hooks: Path, *ids: str) -> str:
    """A configuration of pre-commit with these hooks."""
    wanted = "".join(f"      - id: {name}\n" for name in ids)
    return f"repos:\n  - repo: {hooks}\n    rev: {git(hooks, 'rev-parse', 'HEAD').strip()}\n    hooks:\n{wanted}"


def many_files(hooks: Path) -> dict[str, str | bytes]:
    """A repository whose paths fill more than one command line of pre-commit (128 KiB), without a lock."""
    folder = "/".join(["a" * 100] * 2)
    files = {f"{folder}/m{number}.py": "x = 1\n" for number in range(700)}
    first, last = min(files), max(files)
    unlocked = {path: text for path, text in LOCKED.items() if path != "uv.lock"}
    config = configuration(hooks, "repro-lint", "repro-lint-files")
    return {**unlocked, **files, first: "print 'first'\n", last: "print 'last'\n", ".pre-commit-config.yaml": config}


@pytest.mark.slow
def test_more_files_than_one_command_line_holds(hooks: Path, repository: Repository, home: Path) -> None:
    root = repository(many_files(hooks))
    code, said = pre_commit("run", "repro-lint-files", "--all-files", cwd=root, home=home)
    assert code == 1, said
    summaries = re.findall(r"^(?:no findings|\d+ findings? in .*)$", said, re.M)
    assert len(summaries) > 1, "there was one command line only"
    assert said.count("[unparsable-code]") == 2
    assert "[no-lockfile]" not in said

    # What is wrong with the repository as a whole is said once, however many files there are.
    code, said = pre_commit("run", "repro-lint", "--all-files", cwd=root, home=home)
    assert code == 1, said
    assert said.count("[no-lockfile]") == 1
    assert said.count("[unparsable-code]") == 2
    assert "\n3 findings in 3 files (3 errors)\n" in said


@pytest.mark.slow
def test_between_two_commits(hooks: Path, repository: Repository, home: Path) -> None:
    config = configuration(hooks, "repro-lint", "repro-lint-files")
    root = repository({**LOCKED, "old.py": "print 'old'\n", ".pre-commit-config.yaml": config})
    commits = []
    for change in ({}, {"new.py": "print 'new'\n"}, {"uv.lock": None}):
        for path, text in change.items():
            if text is None:
                (root / path).unlink()
            else:
                write_files(root, {path: text})
        git(root, "add", "-A")
        git(root, "commit", "-q", "--no-verify", "-m", "Change")
        commits.append(git(root, "rev-parse", "HEAD").strip())
    start, added, deleted = commits

    between = ("run", "repro-lint-files", "--from-ref", start, "--to-ref", added)
    code, said = pre_commit(*between, cwd=root, home=home)
    assert code == 1, said
    assert "--> new.py:1:1" in said
    assert "\n1 finding in 1 file (1 error)\n" in said

    # A commit that deletes gives no hook a file; the one about the repository runs all the same.
    code, said = pre_commit("run", "--from-ref", added, "--to-ref", deleted, cwd=root, home=home)
    assert code == 1, said
    assert "(no files to check)Skipped" in said
    assert said.count("[no-lockfile]") == 1


@pytest.mark.slow
def test_prek(hooks: Path, repository: Repository, tmp_path: Path) -> None:
    """prek reads the same manifest; it installs with uv."""
    root = repository(many_files(hooks))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["prek", "run", "--all-files"],
        cwd=root,
        env={**os.environ, "PATH": path, "PREK_HOME": str(tmp_path / "prek"), "PREK_COLOR": "never"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert done.stdout.count("[no-lockfile]") == 1
    assert done.stdout.count("[unparsable-code]") == 4  # by each of the two hooks


def local(root: Path, identifier: str) -> str:
    """A configuration with the hook of the manifest, run by this interpreter."""
    hook = next(
        hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()) if hook["id"] == identifier
    )
    command, arguments = hook["entry"].split(" ", 1)
    assert command == "repro-lint"
    hook |= {"language": "system", "entry": f"{sys.executable} -m repro_lint {arguments}"}
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]})


@pytest.mark.slow
def test_only_what_is_new(repository: Repository, home: Path) -> None:
    root = repository({**LOCKED, "old.py": "print 'known to all'\n"})
    write_files(root, {".pre-commit-config.yaml": local(root, "repro-lint-new")})
    git(root, "add", "-A")

    # Before the first commit everything is new.
    code, said = pre_commit("run", cwd=root, home=home)
    assert (code, "1 finding in 1 file (1 error)" in said) == (1, True), said
    git(root, "commit", "-q", "-m", "Begin")
    first = git(root, "rev-parse", "HEAD").strip()

    write_files(root, {"staged.py": "print(2)\n", "untracked.py": "print 'not staged'\n"})
    git(root, "add", "staged.py")
    code, said = pre_commit("run", cwd=root, home=home)
    assert code == 0, said
    git(root, "commit", "-q", "-m", "Add")

    git(root, "rm", "-q", "uv.lock")
    code, said = pre_commit("run", cwd=root, home=home)
    assert (code, "error[no-lockfile]" in said, "(1 error; 1 existing)" in said) == (1, True, True), said
    git(root, "commit", "-q", "-m", "Delete")

    # It is committed now, and in the range that is about to be pushed.
    assert pre_commit("run", cwd=root, home=home)[0] == 0
    code, said = pre_commit("run", "--from-ref", first, "--to-ref", "HEAD", cwd=root, home=home)
    assert (code, "error[no-lockfile]" in said, "known to all" in said) == (1, True, False), said
