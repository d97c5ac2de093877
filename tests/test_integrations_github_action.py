"""The GitHub Action, without GitHub: its steps are run as a runner would, in repositories made by git alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import Lint, Repository, git, write_files

from repro_lint.commands import command_parser
from repro_lint.integrations.github_action import ActionError, Inputs, arguments, base_revision, drop_suppressed, run

pytestmark = pytest.mark.untraced

ROOT = Path(__file__).resolve().parent.parent
LOCKED = {
    "LICENSE": "MIT License\n",
    "requirements.txt": "numpy==2.1.0\n",
    "README.md": "# Study\n\nRun `python analysis.py`.\n",
}
BROKEN = "print 'hello'\n"
COMPARES = "--new-from" in command_parser("check").format_help()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a runner sets for each step."""
    temp = tmp_path / "runner"
    temp.mkdir()
    return {
        "RUNNER_TEMP": str(temp),
        "GITHUB_OUTPUT": str(temp / "output"),
        "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
        "GITHUB_EVENT_PATH": str(temp / "event.json"),
    }


def outputs(environment: Mapping[str, str]) -> dict[str, str]:
    """What the step hands to later ones."""
    lines = Path(environment["GITHUB_OUTPUT"]).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def inputs(**given: str) -> Inputs:
    return Inputs.read({"RUNNER_TEMP": "/temp"} | {f"INPUT_{name.upper()}": value for name, value in given.items()})


def test_the_command_line_is_what_the_inputs_say(environment: dict[str, str]) -> None:
    temp = environment["RUNNER_TEMP"]
    json_output = f"json:{temp}/repro-lint.json"
    assert arguments(inputs(), environment, None) == [
        *["check", "--output", "github", "--output", f"markdown:{temp}/summary.md"],
        *["--output", "sarif:/temp/repro-lint.sarif", "--output", json_output, "--", "."],
    ]
    given = inputs(
        paths="src\n\n  my notebooks\n--isolated\n",
        args="--level production\n--exclude 'old stuff/'",
        annotations="false",
        summary="False",
        sarif="out.sarif",
    )
    assert arguments(given, environment, "v1") == [
        *["check", "--output", "full", "--output", "sarif:out.sarif", "--output", json_output, "--new-from=v1"],
        *["--level", "production", "--exclude", "old stuff/", "--", "src", "my notebooks", "--isolated"],
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"args": "--level 'production"}, "the input args cannot be read: No closing quotation"),
        ({"summary": "yes"}, 'the input summary is true or false, not "yes"'),
        ({"sarif": "a.sarif\nlevel=production"}, "the input sarif-file is more than one line"),
    ],
)
def test_inputs_that_make_no_sense(given: dict[str, str], why: str) -> None:
    with pytest.raises(ActionError, match=f"^{re.escape(why)}$"):
        inputs(**given)


class PullRequest:
    """A repository with a pull request, which GitHub has merged into its base to have it tested."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        git(root, "commit", "-q", "-m", "Start")
        git(root, "switch", "-q", "-c", "topic")
        self.start = self._head()
        write_files(root, {"topic.py": BROKEN})
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Change")
        write_files(root, {"second.py": "x = 1\n"})
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Change again")
        self.topic = self._head()
        git(root, "switch", "-q", "main")
        write_files(root, {"meanwhile.py": BROKEN})
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "Somebody else's work")
        self.base = self._head()
        git(root, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
        self.merge = self._head()
        event = {"pull_request": {"base": {"sha": self.base}, "head": {"sha": self.topic}}}
        Path(environment["GITHUB_EVENT_PATH"]).write_text(json.dumps(event))
        environment |= {"GITHUB_BASE_REF": "main", "GITHUB_SHA": self.merge, "GITHUB_EVENT_NAME": "pull_request"}

    def _head(self) -> str:
        return git(self.root, "rev-parse", "HEAD").strip()

    def clone(self, folder: Path, depth: int | None, ref: str) -> Path:
        """What actions/checkout leaves behind."""
        git(self.root, "tag", "-f", "wanted", ref)
        shallow = ["--depth", str(depth)] if depth else []
        git(self.root, "clone", "-q", "--branch", "wanted", *shallow, self.root.as_uri(), str(folder))
        return folder


@pytest.fixture
def pull_request(repository: Repository, environment: dict[str, str]) -> PullRequest:
    """A pull request that breaks ``topic.py``."""
    return PullRequest(repository({**LOCKED, "analysis.py": "print(1)\n", "old.py": BROKEN}), environment)


def test_the_base_of_a_pull_request(
    pull_request: PullRequest, environment: dict[str, str], tmp_path: Path, lint: Lint
) -> None:
    lint.cd(pull_request.clone(tmp_path / "deep", None, pull_request.merge))
    assert base_revision(inputs(), environment) == pull_request.base
    assert base_revision(inputs(new_from="none"), environment) is None
    assert base_revision(inputs(new_from="v1.0"), environment) == "v1.0"
    del environment["GITHUB_BASE_REF"]
    assert base_revision(inputs(), environment) is None


def test_the_merge_commit_needs_its_parent_only(
    pull_request: PullRequest, environment: dict[str, str], tmp_path: Path, lint: Lint
) -> None:
    lint.cd(pull_request.clone(tmp_path / "two", 2, pull_request.merge))
    assert base_revision(inputs(), environment) == pull_request.base
    lint.cd(pull_request.clone(tmp_path / "one", 1, pull_request.merge))
    with pytest.raises(ActionError, match="is not in the clone: let actions/checkout use fetch-depth: 2, or set new-f"):
        base_revision(inputs(), environment)


def test_where_the_head_of_the_branch_is_checked_out(
    pull_request: PullRequest, environment: dict[str, str], tmp_path: Path, lint: Lint
) -> None:
    """Its parent would be the last commit but one: what the branch brought before would be old."""
    lint.cd(pull_request.clone(tmp_path / "deep", None, pull_request.topic))
    assert base_revision(inputs(), environment) == pull_request.start
    lint.cd(pull_request.clone(tmp_path / "two", 2, pull_request.topic))
    with pytest.raises(ActionError, match="is not in the clone: let actions/checkout use fetch-depth: 0, or set new-f"):
        base_revision(inputs(), environment)


@pytest.mark.skipif(not COMPARES, reason="this version has no --new-from")
@pytest.mark.parametrize("depth", [2, None])
def test_of_a_pull_request_counts_what_it_brings(
    depth: int | None,
    pull_request: PullRequest,
    environment: dict[str, str],
    tmp_path: Path,
    lint: Lint,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lint.cd(pull_request.clone(tmp_path / "clone", depth, pull_request.merge))
    assert run(environment) == 1
    said = capsys.readouterr().out
    assert re.findall(r"^::error file=([^,]+)", said, re.M) == ["topic.py"]
    assert outputs(environment)["findings"] == "1"
    # Code scanning takes what is not in the file for fixed.
    sarif = _json(outputs(environment)["sarif-file"])
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in sarif["runs"][0]["results"]]
    assert places == ["meanwhile.py", "old.py", "topic.py"]
    summary = Path(environment["GITHUB_STEP_SUMMARY"]).read_text()
    assert "`topic.py:1`" in summary
    assert "`old.py:1`" not in summary


def test_what_a_run_leaves_behind(
    lint: Lint, environment: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", environment["GITHUB_STEP_SUMMARY"])
    suppressed = "# repro-lint: file-ignore[unparsable-code] kept as it was\nprint 'hello'\n"
    lint.repository({**LOCKED, "analysis.py": "print(1)\n", "old.py": BROKEN, "legacy.py": suppressed})
    Path(environment["GITHUB_STEP_SUMMARY"]).write_text("## Another tool\n")
    assert run(environment) == 1
    said = capsys.readouterr().out
    assert "::error file=old.py,line=1,endLine=1,col=1" in said
    assert "legacy.py" not in said
    found = outputs(environment)
    assert {name: found[name] for name in ("exit-code", "findings", "level")} == {
        "exit-code": "1",
        "findings": "1",
        "level": "safe",
    }
    sarif = json.loads(Path(found["sarif-file"]).read_text())
    assert [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in sarif["runs"][0]["results"]] == [
        "old.py"
    ]
    states = {d["locations"][0]["path"]: d["disposition"]["state"] for d in _json(found["json-file"])["diagnostics"]}
    assert states == {"old.py": "new", "legacy.py": "suppressed"}
    summary = Path(environment["GITHUB_STEP_SUMMARY"]).read_text()
    assert summary.startswith("## Another tool\n<!-- repro-lint -->")
    assert "`old.py:1`" in summary
    assert "kept as it was" in summary


def test_a_run_that_fails_leaves_no_files_of_an_earlier_one(
    lint: Lint, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = lint.repository({**LOCKED, "analysis.py": "print(1)\n"})
    assert run(environment) == 0
    assert outputs(environment)["level"] == "reproducible"
    (root / "repro-lint.toml").write_text("lebel = 'safe'\n")
    Path(environment["GITHUB_OUTPUT"]).unlink()
    assert run(environment) == 2
    assert 'unknown key "lebel"' in capsys.readouterr().err
    assert outputs(environment) == {"exit-code": "2"}


def test_what_keeps_the_step_from_starting_is_an_annotation(
    environment: dict[str, str], tmp_path: Path, lint: Lint, capsys: pytest.CaptureFixture[str]
) -> None:
    lint.cd(tmp_path)
    environment |= {"GITHUB_BASE_REF": "main", "GITHUB_SHA": "0" * 40}
    assert run(environment) == 2
    said = capsys.readouterr().out
    assert said.startswith("::error title=repro-lint::git rev-parse failed: fatal: not a git repository")
    assert said.count("\n") == 1


def test_what_is_dropped_before_an_upload() -> None:
    kept = [{"ruleId": "A", "suppressions": []}, {"ruleId": "B"}]
    runs = [{"tool": {}, "results": [*kept, {"ruleId": "C", "suppressions": [{"kind": "inSource"}]}]}]
    assert drop_suppressed({"version": "2.1.0", "runs": runs}) == {
        "version": "2.1.0",
        "runs": [{"tool": {}, "results": kept}],
    }


def _json(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(path).read_text())
    return document


ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")


def test_nothing_of_a_workflow_is_pasted_into_a_script() -> None:
    steps = ACTION["runs"]["steps"]
    assert len(steps) == 2
    for step in steps:
        assert "uses" not in step  # an action that is not pinned, or one that is and grows old
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"


def test_every_input_and_output_is_connected() -> None:
    used = set(_EXPRESSION.findall(json.dumps(ACTION["runs"])))
    assert {f"inputs.{name}" for name in ACTION["inputs"]} == {name for name in used if name.startswith("inputs.")}
    script = (ROOT / "src/repro_lint/integrations/github_action.py").read_text()
    for name in ACTION["runs"]["steps"][1]["env"]:
        assert f'"{name.removeprefix("INPUT_")}"' in script or name == "REPRO_LINT_PYTHON"
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.check.outputs.{name} }}}}"
        assert f'"{name}"' in script


class Runner:
    """Runs the steps of ``action.yml`` as a runner does, until one fails."""

    def __init__(self, environment: Mapping[str, str], workspace: Path) -> None:
        self.environment = dict(environment)
        self.workspace = workspace
        self.values = {"github.action_path": str(ROOT)}

    def __call__(self, **given: str) -> tuple[int, str]:
        """The exit code of the last step that ran, and what all printed."""
        for name, declared in ACTION["inputs"].items():
            self.values[f"inputs.{name}"] = given.get(name.replace("-", "_"), declared["default"])
        said = ""
        for step in ACTION["runs"]["steps"]:
            output = Path(self.environment["RUNNER_TEMP"], f"output-{step['id']}")
            env = {name: self._evaluated(value) for name, value in step["env"].items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=self.workspace / self._evaluated(step.get("working-directory", ".")),
                env={**os.environ, **self.environment, **env, "GITHUB_OUTPUT": str(output)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            said += done.stdout
            for line in output.read_text().splitlines() if output.exists() else ():
                name, _, value = line.partition("=")
                self.values[f"steps.{step['id']}.outputs.{name}"] = value
            if done.returncode:
                break
        return done.returncode, said

    def _evaluated(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self.values.get(match[1], ""), text)


@pytest.mark.slow
def test_the_action_as_a_whole(repository: Repository, environment: dict[str, str], tmp_path: Path) -> None:
    """Installs from the locks. The checked files are bait: nothing of them may be run, or read as a command."""
    bait = "raise SystemExit('the checked repository was run')\n"
    root = repository({**LOCKED, "analysis.py": "print(1)\n", "json.py": bait, "repro_lint/__init__.py": bait})
    write_files(root, {"$(touch pwned)/old.py": BROKEN, "other.py": BROKEN})
    runner = Runner(environment, root)
    code, said = runner(paths="$(touch pwned)\nanalysis.py", args="--fail-on 'error'", sarif_file="x.sarif")
    assert code == 1, said
    assert "::error file=$(touch pwned)/old.py,line=1" in said
    assert "\n1 finding in 1 file (1 error)\n" in said
    assert runner.values["steps.check.outputs.sarif-file"] == "x.sarif"
    assert runner.values["steps.check.outputs.findings"] == "1"
    assert (root / "x.sarif").is_file()
    assert not (root / "build").exists()
    assert list(tmp_path.rglob("pwned")) == []


@pytest.mark.slow
def test_a_runner_without_python_is_told_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    runner = Runner({**environment, "PATH": f"{old.parent}:{os.environ['PATH']}"}, tmp_path)
    assert runner() == (
        2,
        "::error title=repro-lint::Python 3.10 or later is needed: run actions/setup-python first\n",
    )
