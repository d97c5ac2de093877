"""``repro-lint check``: exit codes, what goes where, and what is said of a wrong command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from tests.conftest import Lint, Repository, git, write_files

BROKEN = "print 'hello'\n"
CLEAN = {"a.py": "x = 1\n"}
DIRTY = {"a.py": "x = 1\n", "pkg/b.py": BROKEN, "pkg/c.py": "def (:\n"}


def command(
    *arguments: str, cwd: Path, environment: dict[str, str] | None = None, check: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """The real command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "repro_lint", *arguments],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=check,
    )


class TestExitCodes:
    def test_nothing_found(self, lint: Lint) -> None:
        lint.repository(CLEAN)
        result = lint()
        assert (result.code, result.err) == (0, "")
        assert result.lines[0].startswith("no findings: 1 file checked, with ")
        assert result.lines[1].startswith("level reached: reproducible")

    def test_findings(self, lint: Lint) -> None:
        lint.repository(DIRTY)
        result = lint()
        assert (result.code, result.err) == (1, "")
        assert "error[unparsable-code] RUN007: " in result.out
        assert "  --> pkg/b.py:1:1" in result.out
        assert result.lines[-2:] == [
            "2 findings in 2 files (2 errors)",
            "level reached: safe · next: runnable (blocked by unparsable-code ×2)",
        ]

    def test_check_is_the_default_command(self, lint: Lint) -> None:
        lint.repository(DIRTY)
        assert lint() == lint("check") == lint(".") == lint("check", ".")

    @pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("error", 1), ("warning", 1), ("note", 1)])
    def test_fail_on(self, lint: Lint, fail_on: str, code: int) -> None:
        lint.repository(DIRTY)
        assert lint("--fail-on", fail_on).code == code

    def test_notes_do_not_fail_by_default(self, lint: Lint) -> None:
        lint.repository({"a.py": "x = 1  # repro-lint: ignore[no-such-rule]\n"})
        assert lint().code == 0
        assert lint("--fail-on=note").code == 1

    def test_severity_is_configured(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "repro-lint.toml": '[severity]\nunparsable-code = "note"\n'})
        assert lint().code == 0

    def test_nothing_to_check_is_a_warning(self, lint: Lint) -> None:
        lint.repository({})
        result = lint()
        assert result.code == 0
        assert result.err == "repro-lint: warning: there is nothing to check here\n"
        assert lint("--quiet").err == ""

    def test_a_real_process_ends_with_the_same_code(self, repository: Repository) -> None:
        root = repository(DIRTY)
        found = command("--output-format", "concise", cwd=root)
        assert (found.returncode, found.stderr) == (1, b"")
        assert found.stdout.splitlines()[0].startswith(b"pkg/b.py:1:1: error RUN007 [unparsable-code] ")
        wrong = command("--no-such-option", cwd=root)
        assert (wrong.returncode, wrong.stdout) == (2, b"")


class TestWrongUse:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["no/such/path"], "no/such/path: no such file or directory"),
            (["--selct", "x"], 'unrecognized arguments: --selct (did you mean "--select"?)'),
            (["--sel=x"], 'unrecognized arguments: --sel=x (did you mean "--select"?)'),
            (["--level", "best"], "argument --level: invalid choice: 'best'"),
            (["--fail-on", "errors"], "argument --fail-on: invalid choice: 'errors'"),
            (["--output-format", "xml"], "argument --output-format: invalid choice: 'xml'"),
            (["--min-confidence"], "argument --min-confidence: expected one argument"),
            (
                ["--select", "unparsable"],
                'unknown rule, family or level "unparsable" (did you mean "unparsable-code"?)',
            ),
            (["--extend-select", "RUN07"], 'unknown rule, family or level "RUN07"'),
            (["--output", "jsn:x"], '--output jsn:x: unknown format "jsn" (did you mean "json"?)'),
            (["--output", "json:"], "--output json:: the file is missing; write json:FILE, or json to print"),
            (
                ["--output", "json", "--output-format", "full"],
                "--output json and --output-format both say how findings are printed: use one of them",
            ),
            (["--config", "nope.toml"], "--config nope.toml: no such file"),
            (["--config", "typo.toml"], 'typo.toml:1: unknown key "levle" (did you mean "level"?)'),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else None,
    )
    def test_is_one_line_on_stderr_and_exit_code_2(self, lint: Lint, arguments: list[str], message: str) -> None:
        root = lint.repository({**DIRTY, "typo.toml": "levle = 1\n"})
        result = lint(*arguments)
        assert (result.code, result.out) == (2, "")
        assert result.err.count("\n") == 1
        assert result.err.replace(f"{root}/", "").startswith(f"repro-lint: error: {message}")

    def test_a_wrong_configuration(self, lint: Lint) -> None:
        root = lint.repository({**DIRTY, "repro-lint.toml": '\nlevel = "hihg"\n'})
        result = lint()
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"repro-lint: error: {root}/repro-lint.toml:2: level: Input should be 'safe', ")

    def test_an_unknown_rule_in_ignore_is_a_warning(self, lint: Lint) -> None:
        lint.repository(CLEAN)
        result = lint("--ignore", "unparsable-cod")
        assert result.code == 0
        expected = 'unknown rule, family or level "unparsable-cod" (did you mean "unparsable-code"?)'
        assert result.err == f"repro-lint: warning: {expected}\n"

    def test_two_repositories(self, lint: Lint, tmp_path: Path) -> None:
        root = lint.repository(CLEAN)
        other = write_files(tmp_path / "other", {"a.py": "x = 1\n"})
        git(other, "init", "-q")
        result = lint(root, other)
        assert (result.code, result.out) == (2, "")
        assert "check one repository at a time" in result.err
        assert lint(root / "a.py", other / "a.py").code == 2

    def test_a_path_outside_of_the_configured_root(self, lint: Lint) -> None:
        lint.repository({"a/repro-lint.toml": "", "a/x.py": "", "b/y.py": ""})
        assert lint("a", "b").code == 0  # the root of the work tree holds both


class TestSelection:
    def test_select_ignore_and_level(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "requirements.txt": "numpy<3\n"})

        def rules(*arguments: str) -> set[str]:
            shown = lint("--output-format", "concise", *arguments).lines
            return {line.split("[")[1].split("]")[0] for line in shown if "[" in line}

        assert rules() == {"no-lockfile", "unparsable-code"}
        assert rules("--select", "environment") == {"no-lockfile"}
        assert rules("--select", "RUN007,ENV") == {"no-lockfile", "unparsable-code"}
        assert rules("--select", "RUN007", "--select", "ENV002") == {"no-lockfile", "unparsable-code"}
        assert rules("--ignore", "RUN") == {"no-lockfile"}
        assert rules("--level", "safe") == set()

    def test_a_narrowed_run_is_not_judged(self, lint: Lint) -> None:
        lint.repository(CLEAN)
        unjudged = "level: not judged, because only some of the rules or files were looked at"
        assert lint("--select", "RUN007").lines[-1] == unjudged
        assert lint("a.py").lines[-1] == unjudged
        assert lint().lines[-1] != unjudged

    def test_min_confidence(self, lint: Lint) -> None:
        lint.repository(DIRTY)
        assert lint("--min-confidence", "high").lines[-2] == "2 findings in 2 files (2 errors)"

    def test_isolated_and_config(self, lint: Lint) -> None:
        files = {**DIRTY, "repro-lint.toml": 'ignore = ["RUN"]\n', "other.toml": 'exclude = ["b.py"]\n'}
        lint.repository(files)
        assert lint().code == 0
        assert lint("--isolated").lines[-2] == "2 findings in 2 files (2 errors)"
        assert lint("--config", "other.toml").lines[-2] == "1 finding in 1 file (1 error)"

    def test_options_add_to_the_configuration(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "repro-lint.toml": 'exclude = ["b.py"]\n'})
        assert lint("--exclude", "c.py").code == 0


class TestFiles:
    def concise(self, lint: Lint, *arguments: str | Path) -> list[str]:
        shown = lint("--output-format", "concise", *arguments).lines
        return [line.split(": error")[0] for line in shown if ": error" in line]

    def test_in_a_sub_directory_paths_are_relative_to_it(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        lint.cd(root / "pkg")
        assert self.concise(lint) == ["b.py:1:1", "c.py:1:5"]
        assert self.concise(lint, "..") == ["b.py:1:1", "c.py:1:5"]
        assert self.concise(lint, "b.py") == ["b.py:1:1"]
        assert self.concise(lint, root / "pkg" / "b.py") == ["b.py:1:1"]

    def test_from_a_sibling_directory(self, lint: Lint) -> None:
        root = lint.repository({**DIRTY, "docs/x.txt": ""})
        lint.cd(root / "docs")
        assert self.concise(lint, "../pkg/b.py") == ["../pkg/b.py:1:1"]

    def test_from_outside(self, lint: Lint, tmp_path: Path) -> None:
        root = lint.repository(DIRTY)
        lint.cd(tmp_path)
        assert self.concise(lint, "project/pkg/b.py") == ["project/pkg/b.py:1:1"]
        (tmp_path / "elsewhere").mkdir()
        lint.cd(tmp_path / "elsewhere")
        assert self.concise(lint, "../project/pkg/b.py") == [f"{root}/pkg/b.py:1:1"]

    def test_through_a_symbolic_link(self, lint: Lint, tmp_path: Path) -> None:
        root = lint.repository(DIRTY)
        (tmp_path / "link").symlink_to(root, target_is_directory=True)
        lint.cd(tmp_path / "link")
        assert self.concise(lint, tmp_path / "link" / "pkg") == ["pkg/b.py:1:1", "pkg/c.py:1:5"]

    def test_a_single_file_leaves_out_rules_about_the_repository(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "requirements.txt": "numpy<3\n"})
        assert self.concise(lint, "pkg/b.py", "requirements.txt") == ["pkg/b.py:1:1"]
        assert self.concise(lint, "--scope", "all", "requirements.txt") == ["requirements.txt:1:1"]
        assert self.concise(lint, "--scope", "files") == ["pkg/b.py:1:1", "pkg/c.py:1:5"]

    def test_excluded_files_are_checked_when_they_are_named(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "repro-lint.toml": 'exclude = ["pkg/"]\n'})
        assert self.concise(lint) == []
        assert self.concise(lint, "pkg/b.py") == ["pkg/b.py:1:1"]
        assert self.concise(lint, "--force-exclude", "pkg/b.py") == []

    def test_outside_of_git(self, lint: Lint, tmp_path: Path) -> None:
        root = write_files(tmp_path / "loose", DIRTY)
        lint.cd(root)
        assert self.concise(lint, "--isolated") == ["pkg/b.py:1:1", "pkg/c.py:1:5"]

    def test_ignored_files_are_not_the_projects(self, lint: Lint) -> None:
        root = lint.repository({".gitignore": "out/\n", **CLEAN})
        write_files(root, {"out/b.py": BROKEN, "new.py": BROKEN})
        assert self.concise(lint) == ["new.py:1:1"]
        assert self.concise(lint, "out/b.py") == ["out/b.py:1:1"]  # but whoever names one means it
        assert self.concise(lint, "--force-exclude", "out/b.py") == []

    def test_show_files(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        result = lint("--show-files")
        assert (result.code, result.lines, result.err) == (0, ["a.py", "pkg/b.py", "pkg/c.py"], "")
        assert lint("--show-files", "pkg").lines == ["pkg/b.py", "pkg/c.py"]
        assert lint("--show-files", "--exclude", "b.py,a.py").lines == ["pkg/c.py"]
        lint.cd(root / "pkg")
        assert lint("--show-files").lines == ["b.py", "c.py"]


class TestOutput:
    def test_json_is_one_object_with_paths_relative_to_the_root(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        lint.cd(root / "pkg")
        result = lint("--output-format", "json", "..")
        report = json.loads(result.out)
        assert (result.code, result.err) == (1, "")
        assert [d["locations"][0]["path"] for d in report["diagnostics"]] == ["pkg/b.py", "pkg/c.py"]
        assert report["schema_version"] == "1.0"
        assert report["tool"]["name"] == "repro-lint"
        assert report["summary"]["errors"] == 2

    def test_a_file_beside_the_terminal(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        result = lint("--output", "json:report.json", "--output", "concise:report.txt", "--color", "always")
        assert "\x1b[" in result.out
        assert json.loads((root / "report.json").read_text())["summary"]["findings"] == 2
        text = (root / "report.txt").read_text()
        assert text.startswith("pkg/b.py:1:1: error RUN007 [unparsable-code] ")
        assert "\x1b" not in text

    def test_quiet(self, lint: Lint) -> None:
        lint.repository(DIRTY)
        quiet = lint("-q", "--output-format", "concise")
        assert len(quiet.lines) == 2
        lint.repository({"pkg/b.py": "", "pkg/c.py": ""})
        assert lint("-q").out == ""

    def test_statistics(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "requirements.txt": "numpy<3\n"})
        result = lint("--statistics")
        assert (result.code, result.err) == (1, "")
        assert result.lines == ["2  RUN007  unparsable-code (error)", "1  ENV002  no-lockfile (error)"]

    def test_color(self, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
        lint.repository(DIRTY)
        assert "\x1b[" not in lint().out
        assert "\x1b[" in lint("--color", "always").out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[" in lint().out
        assert "\x1b[" not in lint("--color", "never").out
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[" not in lint().out

    def test_show_settings(self, lint: Lint) -> None:
        text = 'level = "safe"\nexclude = ["a\\"b\\\\c"]\n[severity]\nunparsable-code = "note"\n'
        root = lint.repository({"repro-lint.toml": text})
        result = lint("--show-settings", "--fail-on", "never")
        assert (result.code, result.err) == (0, "")
        assert result.lines[:2] == [f"# root: {root} (git)", f"# configuration: {root}/repro-lint.toml"]
        assert "#   NBK006 broken-notebook" in result.lines
        assert "#   RUN007 unparsable-code" not in result.lines
        shown = tomli.loads(result.out)
        assert shown["level"] == "safe"
        assert shown["fail-on"] == "never"
        assert shown["exclude"] == ['a"b\\c']
        assert shown["severity"] == {"unparsable-code": "note"}
        assert "select" not in shown

    def test_what_is_shown_of_the_settings_is_a_configuration(self, lint: Lint) -> None:
        lint.repository(CLEAN)
        shown = lint("--show-settings").out
        lint.repository({"repro-lint.toml": shown})
        assert lint().code == 0

    def test_a_pipe_that_closes_keeps_the_exit_code(self, repository: Repository) -> None:
        root = repository({"LICENSE": "MIT License\n", **{f"m{n}.py": BROKEN for n in range(400)}})
        process = subprocess.Popen(
            [sys.executable, "-m", "repro_lint"], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"error[unparsable-code]")
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=60), said) == (1, b"")

    def test_a_terminal_that_knows_only_ascii(self, repository: Repository) -> None:
        root = repository({"größe.py": "x = 'é\n"})
        result = command(cwd=root, environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert (result.returncode, result.stderr) == (1, b"")
        assert b"gr\\xf6\\xdfe.py:1:5" in result.stdout
        assert b"x = '\\xe9" in result.stdout
        assert result.stdout.isascii()

    def test_no_bytes_are_written_beside_the_tree(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        before = sorted(p for p in root.rglob("*") if ".git" not in p.parts)
        lint()
        assert sorted(p for p in root.rglob("*") if ".git" not in p.parts) == before
