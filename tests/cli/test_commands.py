"""The other commands, and the command line as a whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import tomli
from tests.conftest import Lint, write_files

from repro_lint import __version__
from repro_lint.commands import COMMANDS, check
from repro_lint.commands.completion import SHELLS
from repro_lint.config import load_config


def loaded(code: str, cwd: Path) -> set[str]:
    """The modules that are imported after the code has run; measuring coverage would import some of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
    code = f"import sys; {code}; print(*sys.modules, sep='\\n')"
    command = [sys.executable, "-c", code]
    return set(
        subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=True).stdout.split()
    )


class TestOverview:
    @pytest.mark.parametrize("option", ["-V", "--version"])
    def test_version(self, lint: Lint, option: str) -> None:
        result = lint(option)
        assert (result.code, result.out, result.err) == (0, f"repro-lint {__version__}\n", "")

    def test_help_names_every_command(self, lint: Lint) -> None:
        result = lint("--help")
        assert result.code == 0
        for name, text in COMMANDS.items():
            assert f"  {name:<12} {text}" in result.lines
        assert "--fail-on" in result.out

    @pytest.mark.parametrize("name", COMMANDS)
    def test_each_command_has_help(self, lint: Lint, capsys: pytest.CaptureFixture[str], name: str) -> None:
        with pytest.raises(SystemExit) as end:
            lint(name, "--help")
        assert end.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: repro-lint {name} ")

    def test_both_names_are_installed(self) -> None:
        scripts = metadata.entry_points(group="console_scripts")
        for name in ("repro-lint", "repro-linter"):
            (script,) = [s for s in scripts if s.name == name]
            assert script.value == "repro_lint.cli:main"

    def test_nothing_heavy_is_imported_to_show_the_version(self, tmp_path: Path) -> None:
        found = loaded("from repro_lint.cli import main; main(['--version'])", tmp_path)
        assert "repro_lint.cli" in found
        assert not found & {"pydantic", "yaml", "rich", "markdown_it", "nbformat", "packaging", "shtab", "ast"}

    def test_nothing_heavy_is_imported_to_check(self, tmp_path: Path) -> None:
        write_files(tmp_path, {"a.py": "import os\n"})
        found = loaded("from repro_lint.cli import main; main(['.'])", tmp_path)
        assert "repro_lint.engine" in found
        assert not found & {"yaml", "rich", "markdown_it", "nbformat", "packaging", "shtab"}


class TestEnds:
    def test_an_interrupt(self, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(**options: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(check, "load_registry", interrupted)
        lint.repository({"a.py": ""})
        result = lint()
        assert (result.code, result.out, result.err) == (130, "", "repro-lint: interrupted\n")

    def test_a_pipe_that_closes(self, tmp_path: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        command = [sys.executable, "-m", "repro_lint", "schema", "report"]
        done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")


class TestExplain:
    @pytest.mark.parametrize("rule", ["no-lockfile", "ENV002", "env002"])
    def test_a_page(self, lint: Lint, rule: str) -> None:
        result = lint("explain", rule)
        assert (result.code, result.err) == (0, "")
        assert result.lines[0] == "# no-lockfile (ENV002)"
        assert "## How to fix" in result.lines

    def test_json(self, lint: Lint) -> None:
        shown = json.loads(lint("explain", "no-lockfile", "--format", "json").out)
        assert shown["name"] == "no-lockfile"
        assert shown["code"] == "ENV002"
        assert shown["level"] == "runnable"
        assert shown["severity"] == "error"
        assert shown["suppressible"] is True
        assert shown["pack"] == f"builtin (repro-linter {metadata.version('repro-linter')})"
        assert shown["page"].startswith("# no-lockfile (ENV002)\n")
        assert set(shown) >= {"family", "confidence", "status", "since", "fix", "summary", "why", "help"}

    def test_on_a_terminal_the_page_is_rendered(self, lint: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        text = lint("explain", "no-lockfile").out
        assert "no-lockfile (ENV002)" in text
        assert "## How to fix" not in text

    def test_an_unknown_rule(self, lint: Lint) -> None:
        result = lint("explain", "no-lockfil")
        assert (result.code, result.out) == (2, "")
        assert result.err == 'repro-lint: error: unknown rule "no-lockfil" (did you mean "no-lockfile"?)\n'

    def test_no_rule(self, lint: Lint) -> None:
        assert lint("explain").code == 2


class TestRules:
    def test_the_table(self, lint: Lint) -> None:
        result = lint("rules")
        assert (result.code, result.err) == (0, "")
        (line,) = [line for line in result.lines if "no-lockfile" in line]
        assert line.split()[:4] == ["ENV002", "no-lockfile", "runnable", "error"]
        assert result.lines == sorted(result.lines)

    def test_filters(self, lint: Lint) -> None:
        def names(*arguments: str) -> set[str]:
            return {rule["name"] for rule in json.loads(lint("rules", "--format", "json", *arguments).out)}

        assert names("--family", "lint") == {
            "internal-error",
            "unreadable-file",
            "unused-suppression",
            "broken-plugin",
        }
        assert "no-lockfile" in names("--level", "runnable")
        assert "internal-error" not in names("--level", "runnable")
        assert "no-lockfile" in names("--status", "stable")
        assert "no-lockfile" not in names("--status", "preview")
        assert lint("rules", "--family", "nothing").out == ""
        assert lint("rules", "--level", "nothing").code == 2


class TestInit:
    def test_writes_a_configuration_that_holds(self, lint: Lint) -> None:
        root = lint.repository({"a.py": ""})
        result = lint("init")
        assert (result.code, result.err) == (0, "")
        assert f"wrote {root}/repro-lint.toml" in result.lines
        assert "      - id: repro-lint          # the whole repository" in result.lines
        assert load_config(root / "repro-lint.toml").settings.level == "reproducible"
        again = lint("init")
        assert (again.code, again.out) == (2, "")
        assert again.err == f"repro-lint: error: {root}/repro-lint.toml exists already\n"

    def test_what_is_commented_out_holds_too(self, lint: Lint) -> None:
        root = lint.repository({"pyproject.toml": "[project]\nname = 'x'\n"})
        lint("init")
        text = (root / "pyproject.toml").read_text()
        for comment in ("# exclude", "# [[", "# paths", "# rules", "# reason"):
            assert comment in text
            text = text.replace(comment, comment[2:])
        write_files(root, {"pyproject.toml": text})
        settings = load_config(root / "pyproject.toml").settings
        assert settings.exclude == ("archive/",)
        assert settings.per_file_ignores[0].reason == "kept as it was published"

    def test_adds_to_pyproject_and_keeps_what_is_there(self, lint: Lint) -> None:
        before = '# mine\r\n[project]\r\nname = "größe"\r\n'
        root = lint.repository({"pyproject.toml": before.encode()})
        assert lint("init", root).code == 0
        after = (root / "pyproject.toml").read_bytes().decode()
        assert after.startswith(before + "\r\n[tool.repro-lint]\r\n")
        assert "\n" not in after.replace("\r\n", "")
        assert tomli.loads(after)["tool"]["repro-lint"]["level"] == "reproducible"
        assert lint("init").code == 2

    def test_the_root_of_the_repository_is_meant(self, lint: Lint) -> None:
        root = lint.repository({"a/b.py": ""})
        lint.cd(root / "a")
        assert lint("init").code == 0
        assert (root / "repro-lint.toml").is_file()

    def test_dry_run(self, lint: Lint) -> None:
        root = lint.repository({"a.py": ""})
        result = lint("init", "--dry-run")
        assert result.code == 0
        assert 'level = "reproducible"' in result.out
        assert not (root / "repro-lint.toml").exists()

    @pytest.mark.parametrize(
        "files",
        [
            {"pyproject.toml": "[tool.repro-lint]\n"},
            {"pyproject.toml": "[tool\n"},
            {"pyproject.toml": b"# \xff\n"},
            {"pyproject.toml": "tool = 3\n"},
            {".repro-lint.toml": ""},
        ],
        ids=["table", "broken", "latin-1", "no table", "hidden"],
    )
    def test_nothing_is_overwritten(self, lint: Lint, files: dict[str, str | bytes]) -> None:
        root = lint.repository(files)
        result = lint("init")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("repro-lint: error: ")
        assert sorted(p.name for p in root.iterdir()) == sorted([".git", *files])

    def test_no_such_directory(self, lint: Lint) -> None:
        lint.repository({})
        assert lint("init", "nope").err == "repro-lint: error: nope: no such directory\n"


class TestNewRule:
    ARGUMENTS = ("new-rule", "calendar-input", "--code", "TST900", "--family", "tests")

    def test_a_rule_that_loads_and_fails_until_it_is_written(self, lint: Lint, tmp_path: Path) -> None:
        pack = write_files(tmp_path / "packs" / "fresh_pack", {"__init__.py": ""})
        information = {"METADATA": "Metadata-Version: 2.1\nName: fresh\nVersion: 1.2\n"}
        information["entry_points.txt"] = "[repro_lint.rules]\nfresh = fresh_pack\n"
        write_files(tmp_path / "packs" / "fresh-1.2.dist-info", information)
        result = lint(*self.ARGUMENTS, "--pack", pack, "--level", "safe")
        assert (result.code, result.err) == (0, "")
        folder = pack / "tests" / "calendar_input"
        assert sorted(p.name for p in folder.iterdir()) == ["README.md", "__init__.py", "rule.py"]
        compile((folder / "rule.py").read_text(), "rule.py", "exec")
        done = subprocess.run(
            [sys.executable, "-m", "repro_lint", "test", "fresh"],
            env={"PYTHONPATH": str(tmp_path / "packs"), "PATH": str(Path(sys.executable).parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        # The rule loads; what it is to find is still to be said.
        assert done.stdout.splitlines()[-1].startswith("1 rules, 4 cases: ")
        assert done.returncode == 1

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("new-rule", "WallClock", "--code", "TST900", "--family", "tests"), "WallClock: a rule's name"),
            (("new-rule", "wall-clock", "--code", "T1", "--family", "tests"), "T1: a code is"),
            (("new-rule", "wall-clock", "--code", "TST900", "--family", "../x"), "../x: a family is"),
            (("new-rule", "wall-clock", "--code", "TST900"), "the following arguments are required: --family"),
            ((*ARGUMENTS, "--pack", "nope"), "nope: no such folder"),
        ],
    )
    def test_wrong_use(self, lint: Lint, arguments: tuple[str, ...], message: str) -> None:
        root = lint.repository({"rules/repro_lint_rules/__init__.py": ""})
        result = lint(*arguments)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"repro-lint: error: {message}")
        assert [p.name for p in (root / "rules" / "repro_lint_rules").iterdir()] == ["__init__.py"]

    def test_an_existing_rule_stays(self, lint: Lint) -> None:
        lint.repository({"rules/repro_lint_rules/tests/calendar_input/rule.py": "x"})
        result = lint(*self.ARGUMENTS)
        assert (result.code, result.out) == (2, "")
        assert "calendar_input exists" in result.err


class TestTest:
    def test_one_rule_of_the_builtin_pack(self, lint: Lint) -> None:
        result = lint("test", "builtin", "--rule", "broken-notebook")
        assert (result.code, result.err) == (0, "")
        assert result.lines[-1].startswith("1 rules, ")
        assert result.lines[-1].endswith(": all is well")

    def test_an_unknown_pack_or_rule(self, lint: Lint) -> None:
        result = lint("test", "builtn")
        assert result.err == 'repro-lint: error: no pack is called "builtn" (did you mean "builtin"?)\n'
        assert result.code == 2
        result = lint("test", "builtin", "--rule", "nope")
        assert (result.code, result.err) == (2, "repro-lint: error: builtin has no rule nope\n")


class TestSchema:
    @pytest.mark.parametrize(("of", "title"), [("report", "repro-lint report"), ("config", "repro-lint configuration")])
    def test_is_json(self, lint: Lint, of: str, title: str) -> None:
        result = lint("schema", of)
        assert (result.code, result.err) == (0, "")
        schema = json.loads(result.out)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["title"] == title

    def test_of_what(self, lint: Lint) -> None:
        assert lint("schema").code == 2
        assert lint("schema", "rules").code == 2


class TestCompletion:
    @pytest.mark.parametrize("shell", SHELLS)
    def test_a_script(self, lint: Lint, shell: str) -> None:
        result = lint("completion", shell)
        assert (result.code, result.err) == (0, "")
        for word in ("explain", "new-rule", "--fail-on"):
            assert word in result.out

    @pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
    def test_bash_accepts_it(self, lint: Lint) -> None:
        script = lint("completion", "bash").out
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)

    def test_an_unknown_shell(self, lint: Lint) -> None:
        assert lint("completion", "cmd").code == 2


def test_a_word_that_is_a_command_can_still_be_a_path(lint: Lint) -> None:
    lint.repository({"rules/a.py": "def (:\n"})
    assert lint("check", "rules", "--output-format", "concise").lines[0].startswith("rules/a.py:1:5: error RUN007")


def test_options_stand_anywhere_between_paths(lint: Lint) -> None:
    lint.repository({"a.py": 'open("/home/ada/a.csv")\n', "b.py": 'open("/home/ada/b.csv")\n'})
    assert lint("baseline", "write", "--baseline", "known.jsonl", ".").code == 0
    result = lint("a.py", "--output-format", "concise", "b.py")
    assert "a.csv" in result.out
    assert "b.csv" in result.out


def test_as_a_module_it_imports_nothing_of_the_repository(tmp_path: Path) -> None:
    write_files(tmp_path, {"tomli.py": "raise SystemExit(7)\n", "README.md": "# A\n"})
    command = [sys.executable, "-m", "repro_lint", "--no-cache", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 finding" in done.stdout
