"""The Dockerfile and the job for GitLab: what can be known of them without Docker and GitLab."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from tests.conftest import Repository
from tests.formats import read_gitlab

from repro_lint import __version__

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
JOB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["repro-lint"]


def test_the_image_is_built_from_one_pinned_base_and_runs_as_nobody_special() -> None:
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.M))
    assert len(bases) == 1
    assert re.fullmatch(r"python:[\d.]+-slim-\w+@sha256:[0-9a-f]{64}", bases.pop())
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert last.index("\nUSER 1000\n") > last.rindex("\nRUN ")
    installs = [line for line in DOCKERFILE.splitlines() if " pip " in line]
    assert len(installs) == 4
    for line in installs:
        assert "--no-cache-dir" in line
        assert "--require-hashes" in line or "--no-deps" in line


def test_what_the_image_copies_is_there_and_not_kept_out() -> None:
    copied = [
        word.rstrip("/") for words in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.M) for word in words.split()
    ]
    copied += re.findall(r"type=bind,source=([^,]+)", DOCKERFILE)
    assert {"pyproject.toml", "src", "requirements.lock"} <= set(copied)
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(copied) == kept
    assert [path for path in copied if not (ROOT / path).exists()] == []


def run_job(root: Path, **variables: str) -> tuple[int, str]:
    """Run the job's script as GitLab's runner does, with the version of the tests in the place of the installed one."""
    (script,) = JOB["script"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=root,
        env={**os.environ, **JOB["variables"], **variables, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_job_of_gitlab_reports_beside_the_changes(repository: Repository) -> None:
    root = repository(
        {"LICENSE": "MIT License\n", "README.md": "# Study\n\nRun `python old.py`.\n", "old.py": "print 'hello'\n"}
    )
    code, said = run_job(root)
    assert code == 1, said
    assert "--> old.py:1:1" in said
    report = JOB["artifacts"]["reports"]["codequality"]
    (found,) = read_gitlab((root / report).read_text())
    assert found["location"] == {"path": "old.py", "lines": {"begin": 1, "end": 1}}
    assert run_job(root, REPRO_LINT_OPTIONS="--fail-on never")[0] == 0
    assert json.loads((root / report).read_text()) == [found]


def test_the_job_of_gitlab_asks_for_what_is_new_in_a_merge_request(repository: Repository, tmp_path: Path) -> None:
    echo = tmp_path / "bin" / "repro-lint"
    echo.parent.mkdir()
    echo.write_text('#!/bin/sh\nfor word; do echo "$word"; done\n')
    echo.chmod(0o755)
    (script,) = JOB["script"]
    environment = {"PATH": f"{echo.parent}{os.pathsep}{os.environ['PATH']}", "REPRO_LINT_OPTIONS": "--level safe"}
    words = ["check", "--output", "full", "--output", f"gitlab:{JOB['artifacts']['reports']['codequality']}"]
    for base, new in (("a1b2c3", ["--new-from=a1b2c3"]), ("", [])):
        variables = environment | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        done = subprocess.run(["sh", "-e", "-c", script], env=variables, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == [*words, *new, "--level", "safe", "."]


def test_the_job_of_gitlab_installs_this_version() -> None:
    assert JOB["variables"]["REPRO_LINT_VERSION"] == __version__
