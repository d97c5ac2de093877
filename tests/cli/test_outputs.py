"""Several outputs of one run, and what each says about notebooks however they are stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Lint, write_files
from tests.formats import read_github, read_gitlab, read_junit, read_markdown, read_rdjson, read_sarif

DIRTY = {"a.py": "x = 1\n", "pkg/b.py": "print 'hello'\n"}
FORMATS = ("jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "markdown")


class TestSeveral:
    def test_files_and_the_terminal(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        result = lint(*(f"--output={name}:out.{name}" for name in FORMATS))
        assert (result.code, result.err) == (1, "")
        assert result.lines[0].startswith("error[unparsable-code] RUN007: ")
        text = {name: (root / f"out.{name}").read_text(encoding="utf-8") for name in FORMATS}
        assert json.loads(text["jsonl"])["rule"] == "unparsable-code"
        run = read_sarif(text["sarif"])
        assert [rule["name"] for rule in run["tool"]["driver"]["rules"]] == ["unparsable-code"]
        assert [r["ruleIndex"] for r in run["results"]] == [0]
        assert read_github(text["github"])[0][1]["file"] == "pkg/b.py"
        assert read_gitlab(text["gitlab"])[0]["location"] == {"path": "pkg/b.py", "lines": {"begin": 1, "end": 1}}
        assert read_junit(text["junit"])[0].attrib["classname"] == "pkg/b.py"
        assert read_rdjson(text["rdjson"])[0]["location"]["path"] == "pkg/b.py"
        assert read_markdown(text["markdown"])[0][0] == "pkg/b.py:1"

    def test_without_a_file_it_is_printed_instead(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        result = lint("--output", "sarif:out.sarif", "--output", "github")
        assert result.lines[0].startswith("::error file=pkg/b.py,line=1,")
        assert "error[" not in result.out
        assert len(read_sarif((root / "out.sarif").read_text(encoding="utf-8"))["results"]) == 1

    def test_several_are_printed_in_order(self, lint: Lint) -> None:
        lint.repository(DIRTY)
        assert lint("--output", "concise", "--output", "github", "-q").out == (
            lint("--output-format", "concise", "-q").out + lint("--output-format", "github", "-q").out
        )

    def test_it_goes_before_the_configuration(self, lint: Lint) -> None:
        lint.repository({**DIRTY, "repro-lint.toml": 'output-format = "gitlab"\n'})
        assert len(read_gitlab(lint().out)) == 1
        assert lint("--output", "github").lines[0].startswith("::error ")

    def test_what_cannot_be_written_costs_nothing_else(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        result = lint("--output=json:no/such/x", "--output=gitlab:pkg", "--output=sarif:out.sarif")
        assert result.code == 2
        assert result.lines[-2] == "1 finding in 1 file (1 error)"
        assert result.err.splitlines() == [
            "repro-lint: error: --output json:no/such/x: No such file or directory",
            "repro-lint: error: --output gitlab:pkg: Is a directory",
        ]
        assert len(read_sarif((root / "out.sarif").read_text(encoding="utf-8"))["results"]) == 1

    def test_a_file_is_replaced_but_the_summary_of_a_step_goes_on(
        self, lint: Lint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        summary = write_files(tmp_path, {"summary.md": "before\n", "other.md": "before\n"}) / "summary.md"
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
        lint.repository(DIRTY)
        lint("--output", f"markdown:{summary}", "--output", f"markdown:{tmp_path / 'other.md'}")
        written = (tmp_path / "other.md").read_text(encoding="utf-8")
        assert written.startswith("<!-- repro-lint -->")
        assert summary.read_text(encoding="utf-8") == "before\n" + written

    def test_colour_and_quiet(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        lint("-q", "--color", "always", "--output", "concise:out.txt", "--output", "full:out.full")
        assert (root / "out.txt").read_text(encoding="utf-8").count("\n") == 1
        assert "\x1b" not in (root / "out.full").read_text(encoding="utf-8")


class TestPaths:
    """Platforms know the repository; reviewdog and readers know the directory they are in."""

    def paths(self, lint: Lint, *arguments: str) -> dict[str, str]:
        text = {name: lint(*arguments, "-q", "--output-format", name).out for name in FORMATS}
        (location,) = read_sarif(text["sarif"])["results"][0]["locations"]
        return {
            "sarif": location["physicalLocation"]["artifactLocation"]["uri"],
            "github": read_github(text["github"])[0][1]["file"],
            "gitlab": read_gitlab(text["gitlab"])[0]["location"]["path"],
            "junit": read_junit(text["junit"])[0].attrib["classname"],
            "markdown": read_markdown(text["markdown"])[0][0].removesuffix(":1"),
            "rdjson": read_rdjson(text["rdjson"])[0]["location"]["path"],
            "jsonl": json.loads(text["jsonl"])["locations"][0]["path"],
        }

    def test_a_project_inside_a_repository(self, lint: Lint) -> None:
        root = lint.repository({"sub/repro-lint.toml": "", "sub/pkg/b.py": "print 'x'\n"})
        below = dict.fromkeys(("sarif", "github", "gitlab", "junit", "markdown"), "sub/pkg/b.py")
        lint.cd(root / "sub")
        assert self.paths(lint) == {**below, "rdjson": "pkg/b.py", "jsonl": "pkg/b.py"}
        lint.cd(root)
        assert self.paths(lint, "sub") == {**below, "rdjson": "sub/pkg/b.py", "jsonl": "pkg/b.py"}

    def test_in_a_directory_of_the_project(self, lint: Lint) -> None:
        root = lint.repository(DIRTY)
        lint.cd(root / "pkg")
        top = dict.fromkeys(("sarif", "github", "gitlab", "junit", "markdown", "jsonl"), "pkg/b.py")
        assert self.paths(lint) == {**top, "rdjson": "b.py"}

    def test_outside_of_git(self, lint: Lint, tmp_path: Path) -> None:
        lint.cd(write_files(tmp_path / "loose", DIRTY))
        assert set(self.paths(lint, "--isolated").values()) == {"pkg/b.py"}


SOURCE = ['# é and "quotes"\n', "import numpy as np\n", "\n", "noise = 'ü', np.random.rand(3)\n"]
"""The fourth line draws; before it stand characters that JSON may store in several ways."""


def stored(source: str | list[str], **options: Any) -> str:
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Noise"]},
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source},
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content, **options)


NOTEBOOKS = {
    "list.ipynb": stored(SOURCE, indent=1, ensure_ascii=False),
    "string.ipynb": stored("".join(SOURCE), indent=1, ensure_ascii=False),
    "ascii.ipynb": stored(SOURCE, indent=1),
    "compact.ipynb": stored(SOURCE, ensure_ascii=False),
    "windows.ipynb": stored(SOURCE, indent=1, ensure_ascii=False).replace("\n", "\r\n"),
    "tabs.ipynb": stored(SOURCE, indent="\t"),
}
CALL = "np.random.rand(3)"


class TestNotebooks:
    @pytest.fixture
    def found(self, lint: Lint) -> dict[str, str]:
        """What each format says of the notebooks."""
        lint.repository({name: text.encode() for name, text in NOTEBOOKS.items()})
        return {name: lint("--select", "unseeded-rng", "-q", "--output-format", name).out for name in FORMATS}

    def assert_line(self, path: str, line: int) -> None:
        """The line of the file as it is stored holds the call."""
        assert CALL in NOTEBOOKS[path].split("\n")[line - 1]

    def test_the_columns_lead_to_the_call(self, found: dict[str, str]) -> None:
        results = read_sarif(found["sarif"])["results"]
        assert len(results) == len(NOTEBOOKS)
        for result in results:
            assert result["message"]["text"].startswith("cell 2, line 4: np.random.rand ")
            location = result["locations"][0]["physicalLocation"]
            region = location["region"]
            line = NOTEBOOKS[location["artifactLocation"]["uri"]].split("\n")[region["startLine"] - 1]
            assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == CALL

    def test_the_lines_lead_to_the_call(self, found: dict[str, str]) -> None:
        annotations = read_github(found["github"])
        issues = read_gitlab(found["gitlab"])
        diagnostics = read_rdjson(found["rdjson"])
        cases = read_junit(found["junit"])
        assert len(annotations) == len(issues) == len(diagnostics) == len(cases) == len(NOTEBOOKS)
        for _, properties, data in annotations:
            self.assert_line(properties["file"], int(properties["line"]))
            assert data.startswith(f"{properties['file']}: cell 2, line 4: ")
        for issue in issues:
            self.assert_line(issue["location"]["path"], issue["location"]["lines"]["begin"])
            assert issue["description"].startswith("RNG001: cell 2, line 4: ")
        for diagnostic in diagnostics:
            self.assert_line(diagnostic["location"]["path"], diagnostic["location"]["range"]["start"]["line"])
            assert "] cell 2, line 4: " in diagnostic["message"]
        for case in cases:
            match = re.match(r"(.+):(\d+): cell 2, line 4: ", case[0].text or "")
            assert match
            self.assert_line(match[1], int(match[2]))

    def test_readers_are_told_the_cell(self, found: dict[str, str]) -> None:
        rows = read_markdown(found["markdown"])
        assert {row[0] for row in rows} == {f"{name} cell 2, line 4" for name in NOTEBOOKS}
