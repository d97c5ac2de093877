"""The hooks, as pre-commit runs them: cloned, installed into an environment of their own, given what is staged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.conftest import Repository, git, write_files

ROOT = Path(__file__).resolve().parent.parent
LOCKED = {
    "pyproject.toml": '[project]\nname = "study"\nversion = "1"\ndependencies = ["numpy"]\n',
    "uv.lock": "version = 1\n",
    "README.md": "# Study\n\nRun it:\n\n```sh\nuv run analysis.py\n```\n",
    "analysis.py": "print(1)\n",
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
    config = f"""\
repos:
  - repo: {hooks}
    rev: {git(hooks, "rev-parse", "HEAD").strip()}
    hooks:
      - id: repro-lint
      - id: repro-lint-files
"""
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


@pytest.mark.slow
def test_more_files_than_fit_on_a_command_line(repository: Repository, home: Path) -> None:
    names = [f"{'long' * 20}_{number:04}.py" for number in range(2500)]
    root = repository({**LOCKED, **dict.fromkeys(names, "x = 1\n"), names[0]: "print 'a'\n", names[-1]: "print 'z'\n"})
    write_files(root, {".pre-commit-config.yaml": local(root, "repro-lint-files")})
    git(root, "add", "-A")
    code, said = pre_commit("run", "--all-files", cwd=root, home=home)
    assert code == 1, said[-500:]
    assert said.count("1 finding in 1 file (1 error)") == 2  # there were two runs at least, and each finding came once
    for name in (names[0], names[-1]):
        assert said.count(f"--> {name}:1:1") == 1
