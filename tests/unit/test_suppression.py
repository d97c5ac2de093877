"""Suppressions: where they may be written, what they cover, and what is said of those that suppress nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import MemoryView, memory_project, write_files

from repro_lint.config import Configuration, Settings, load_config
from repro_lint.diagnostics import Diagnostic
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION
from repro_lint.finding import Finding
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.project import Project
from repro_lint.registry import Entry, Pack, build_registry
from repro_lint.report import Report
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta
from repro_lint.session import Session, Target
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.python import PythonSource
from repro_lint.sources.text import TextFile
from repro_lint.suppression import Suppression, find_suppressions
from repro_lint.tables import validated


def meta(code: str, name: str) -> RuleMeta:
    return RuleMeta(code, name, "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0.1.0", "s.", "w", "h")


class BadCall(Rule):
    """Finds calls of bad()."""

    meta = meta("TST001", "bad-call")

    def check(self, source: PythonSource) -> Outcome:
        for call in source.semantics.calls:
            if call.method == "bad":
                yield Finding(source.place(call.node), "bad() is called")


class BadArgument(Rule):
    """Finds "bad" as an argument, on its own line."""

    meta = meta("TST004", "bad-argument")

    def check(self, source: PythonSource) -> Outcome:
        for call in source.semantics.calls:
            for argument in call.args:
                if getattr(argument, "value", None) == "bad":
                    yield Finding(source.place(argument), "bad argument")


class BadLine(Rule):
    """Finds lines of text that hold BAD."""

    meta = meta("TST002", "bad-line")

    def check(self, file: TextFile) -> Outcome:
        for line in [n for n, text in enumerate(file.lines, 1) if "BAD" in text]:
            yield Finding(file.project.line_place(file.path, line), "bad line")


class BadNotebook(Rule):
    """Finds every notebook, as a whole, and its first cell."""

    meta = meta("TST005", "bad-notebook")

    def check(self, notebook: Notebook) -> Outcome:
        yield Finding(notebook.place(), "bad notebook")
        yield Finding(notebook.cell_place(notebook.cells[0]), "bad cell")


class Crashing(Rule):
    """Always raises."""

    meta = meta("TST003", "crashing")

    def check(self, source: PythonSource) -> Outcome:
        raise ValueError("on purpose")


class AboutRequirements(Rule):
    """Finds one thing about the tree, at a file that no other rule of these reads."""

    meta = meta("TST006", "about-requirements")

    def check(self, project: Project) -> Outcome:
        if "requirements.txt" in project.files:
            yield Finding(project.line_place("requirements.txt", 1), "about the first line")


def engine_rule(metadata: RuleMeta) -> type[Rule]:
    class Made(EngineRule):
        meta = metadata

    return Made


RULES: list[type[Rule]] = [BadCall, BadArgument, BadLine, BadNotebook, Crashing, AboutRequirements]
ENGINE = [engine_rule(m) for m in (INTERNAL_ERROR, UNREADABLE_FILE, UNUSED_SUPPRESSION, BROKEN_PLUGIN)]
REGISTRY = build_registry([Entry(rule, Pack("tests"), Path()) for rule in [*RULES, *ENGINE]])
DEFAULT = ("bad-call", "bad-argument", "bad-line", "unused-suppression")


def run(files: Mapping[str, str | bytes], *select: str, **settings: Any) -> Report:
    values = {"select": select or DEFAULT, "level": Level.PRODUCTION, **settings}
    configuration = Configuration(validated(Settings, values))
    target = Target(Path("/project"), (), False)
    return Session(target, configuration, REGISTRY, view=MemoryView(files)).report()


def said(report: Report) -> list[str]:
    """What counts, in short."""
    return [shorten(d) for d in report.diagnostics if d.counts]


def shorten(d: Diagnostic) -> str:
    cell = f"cell {d.location.cell.index}:" if d.location.cell else ""
    return f"{d.location.path}:{cell}{d.location.line} {d.rule}"


def set_aside(report: Report) -> list[tuple[str, str | None, str | None]]:
    """What was suppressed, by what and why."""
    return [(shorten(d), d.disposition.by, d.disposition.reason) for d in report.diagnostics if not d.counts]


def notebook(*cells: str | dict[str, Any]) -> str:
    made: list[dict[str, Any]] = []
    for number, cell in enumerate(cells, 1):
        stored = cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell}
        stored = {"id": f"c{number}", "metadata": {}, **stored}
        if stored["cell_type"] == "code":
            stored |= {"outputs": [], "execution_count": None}
        made.append(stored)
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


class TestPython:
    def test_at_the_end_of_the_line(self) -> None:
        report = run({"a.py": "bad()  # repro-lint: ignore[bad-call] it is a test\nbad()\n"})
        assert said(report) == ["a.py:2 bad-call"]
        assert set_aside(report) == [("a.py:1 bad-call", "comment", "it is a test")]

    @pytest.mark.parametrize("selector", ["bad-call", "TST001", "tst001", "tests", "TST", "safe", "all"])
    def test_any_selector(self, selector: str) -> None:
        assert said(run({"a.py": f"bad()  # repro-lint: ignore[{selector}]\n"})) == []

    def test_several_rules(self) -> None:
        text = 'bad("bad")  # repro-lint: ignore[bad-call, bad-argument] both\n'
        assert [state for _, state, _ in set_aside(run({"a.py": text}))] == ["comment", "comment"]

    def test_on_a_line_of_its_own(self) -> None:
        text = "# repro-lint: ignore[bad-call] why\n\nbad()\nbad()\n"
        assert said(run({"a.py": text})) == ["a.py:4 bad-call"]

    def test_further_comments_may_stand_between(self) -> None:
        text = """\
# repro-lint: ignore[bad-call] one
# repro-lint: ignore[bad-argument] two
# more about it
bad("bad")
bad()
"""
        report = run({"a.py": text})
        assert said(report) == ["a.py:5 bad-call"]
        assert [reason for _, _, reason in set_aside(report)] == ["one", "two"]

    def test_on_a_line_of_its_own_before_a_statement_of_several_lines(self) -> None:
        text = """\
# repro-lint: ignore[bad-argument] all of it
f(
    "bad",
    "bad",
)
f("bad")
"""
        assert said(run({"a.py": text})) == ["a.py:6 bad-argument"]

    def test_inside_of_a_statement_of_several_lines(self) -> None:
        text = """\
f(
    "bad",  # repro-lint: ignore[bad-argument] this one
    "bad",
    # repro-lint: ignore[bad-argument] the next one
    "bad",
    "bad",
)
"""
        report = run({"a.py": text})
        assert said(report) == ["a.py:3 bad-argument", "a.py:6 bad-argument"]

    def test_behind_a_statement_of_several_lines(self) -> None:
        text = "bad(\n    1,\n)  # repro-lint: ignore[bad-call] the call ends here\n"
        assert said(run({"a.py": text})) == []

    def test_before_a_function_it_is_not_about_the_body(self) -> None:
        text = "# repro-lint: ignore[bad-call] no\ndef f(\n    x,\n):\n    bad()\n"
        assert said(run({"a.py": text})) == ["a.py:1 unused-suppression", "a.py:5 bad-call"]

    def test_indented(self) -> None:
        text = "def f():\n    # repro-lint: ignore[bad-call] yes\n    bad()\n"
        assert said(run({"a.py": text})) == []

    def test_for_the_file(self) -> None:
        report = run({"a.py": "bad()\n\nx = 1  # repro-lint: file-ignore[bad-call] old\nbad()\n", "b.py": "bad()\n"})
        assert said(report) == ["b.py:1 bad-call"]
        assert set_aside(report) == [
            ("a.py:1 bad-call", "file-comment", "old"),
            ("a.py:4 bad-call", "file-comment", "old"),
        ]

    def test_not_in_strings(self) -> None:
        text = 'x = "# repro-lint: ignore[bad-call]"; bad()\n"""\n# repro-lint: file-ignore[all]\n"""\n'
        report = run({"a.py": text})
        assert said(report) == ["a.py:1 bad-call"]
        assert report.summary.suppressed == 0

    def test_not_for_another_rule(self) -> None:
        text = "bad()  # repro-lint: ignore[bad-line] wrong\n"
        assert said(run({"a.py": text})) == ["a.py:1 bad-call", "a.py:1 unused-suppression"]

    def test_no_reason(self) -> None:
        assert set_aside(run({"a.py": "bad()  # repro-lint: ignore[bad-call]\n"})) == [
            ("a.py:1 bad-call", "comment", None)
        ]

    def test_after_another_comment(self) -> None:
        assert said(run({"a.py": "bad()  # noqa: E501 # repro-lint: ignore[bad-call] x\n"})) == []

    def test_crlf_and_cr(self) -> None:
        for end in ("\r\n", "\r"):
            text = f"x = 1{end}bad()  # repro-lint: ignore[bad-call] why{end}bad()"
            report = run({"a.py": text})
            assert said(report) == ["a.py:3 bad-call"]
            assert set_aside(report) == [("a.py:2 bad-call", "comment", "why")]

    def test_in_code_that_does_not_parse(self) -> None:
        (found,) = find("a.py", "def (:\n  x = '''  # repro-lint: ignore[bad-call] why\n")
        assert (found.rules, found.reason, found.lines) == (("bad-call",), "why", (2,))


class TestNotebooks:
    def test_in_a_cell(self) -> None:
        report = run({"n.ipynb": notebook("bad()  # repro-lint: ignore[bad-call] x", "bad()")})
        assert said(report) == ["n.ipynb:cell 2:1 bad-call"]
        assert set_aside(report) == [("n.ipynb:cell 1:1 bad-call", "comment", "x")]

    def test_a_tag_is_about_its_cell(self) -> None:
        tagged = {"cell_type": "code", "source": "bad()", "metadata": {"tags": ["x", "repro-lint-ignore-bad-call"]}}
        report = run({"n.ipynb": notebook(tagged, "bad()")})
        assert said(report) == ["n.ipynb:cell 2:1 bad-call"]
        assert set_aside(report) == [("n.ipynb:cell 1:1 bad-call", "cell-tag", None)]

    def test_a_file_comment_is_about_all_cells(self) -> None:
        report = run({"n.ipynb": notebook("bad()", "# repro-lint: file-ignore[bad-call] draft")})
        assert said(report) == []

    def test_in_a_markdown_cell(self) -> None:
        words = {"cell_type": "markdown", "source": "# T\n<!-- repro-lint: file-ignore[bad-call] draft -->"}
        assert said(run({"n.ipynb": notebook(words, "bad()")})) == []

    def test_findings_about_the_notebook_and_about_a_cell(self) -> None:
        tagged = {"cell_type": "code", "source": "x", "metadata": {"tags": ["repro-lint-ignore-bad-notebook"]}}
        report = run({"n.ipynb": notebook(tagged)}, "bad-notebook")
        assert said(report) == ["n.ipynb:None bad-notebook"]
        assert set_aside(report) == [("n.ipynb:cell 1:None bad-notebook", "cell-tag", None)]

    def test_beside_magics(self) -> None:
        source = "!pip install x\n%matplotlib inline\nbad()  # repro-lint: ignore[bad-call] x\nprint(it?)"
        (found,) = find("n.ipynb", notebook(source))
        assert found.lines == (3,)

    def test_an_unused_tag_is_reported_at_its_cell(self) -> None:
        tagged = {"cell_type": "code", "source": "x = 1", "metadata": {"tags": ["repro-lint-ignore-bad-call"]}}
        assert said(run({"n.ipynb": notebook("x = 2", tagged)})) == ["n.ipynb:cell 2:None unused-suppression"]


class TestText:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (".env", "X=BAD # repro-lint: ignore[bad-line] local\n"),
            (".env", "# repro-lint: ignore[bad-line] local\nX=BAD\n"),
            ("a.yaml", "a:\n  - BAD  # repro-lint: ignore[bad-line] local\n"),
            ("a.yml", "# repro-lint: file-ignore[bad-line] local\na: BAD\n"),
            ("a.toml", 'a = "BAD"  # repro-lint: ignore[bad-line] local\n'),
            ("a.sql", "-- repro-lint: ignore[bad-line] local\nBAD\n"),
            ("a.js", "BAD() // repro-lint: ignore[bad-line] local\n"),
            ("a.css", "BAD {} /* repro-lint: ignore[bad-line] local */\n"),
            ("a.ini", "; repro-lint: ignore[bad-line] local\nx = BAD\n"),
            ("a.tex", "BAD % repro-lint: ignore[bad-line] local\n"),
            ("a.rst", ".. repro-lint: ignore[bad-line] local\n\nBAD\n"),
            ("a.R", "BAD # repro-lint: ignore[bad-line] local\n"),
            ("a.md", "BAD <!-- repro-lint: ignore[bad-line] local -->\n"),
            ("a.md", "<!-- repro-lint: ignore[bad-line] local -->\n\nBAD\n"),
            ("a.md", "<!-- repro-lint: ignore[bad-line] local --> BAD\n"),
            ("a.MD", "BAD\n<!-- repro-lint: file-ignore[bad-line] local -->\n"),
        ],
    )
    def test_comments_of_each_kind(self, path: str, text: str) -> None:
        report = run({path: text})
        assert said(report) == []
        assert [(by in ("comment", "file-comment"), reason) for _, by, reason in set_aside(report)] == [(True, "local")]

    def test_an_example_in_a_fence_is_none(self) -> None:
        text = "```html\n<!-- repro-lint: file-ignore[bad-line] -->\n```\n\nBAD\n"
        assert said(run({"a.md": text})) == ["a.md:5 bad-line"]

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("notes.txt", "write # repro-lint: file-ignore[bad-line] there\nBAD\n"),
            ("data.json", '{"a": "# repro-lint: file-ignore[bad-line]",\n "b": "BAD"}\n'),
            ("a.md", "write `<!-- repro-lint: file-ignore[bad-line] -->` there\nBAD\n"),
            ("a.rst", "write # repro-lint: file-ignore[bad-line] there\nBAD\n"),
        ],
    )
    def test_prose_and_data_that_mention_one_hold_none(self, path: str, text: str) -> None:
        assert said(run({path: text})) == [f"{path}:2 bad-line"]

    def test_a_number_sign_in_markdown_is_a_heading(self) -> None:
        assert said(run({"a.md": "# repro-lint: file-ignore[bad-line]\nBAD\n"})) == ["a.md:2 bad-line"]

    def test_in_files_that_no_selected_rule_reads(self) -> None:
        files = {"requirements.txt": "numpy  # repro-lint: ignore[about-requirements] on purpose\n"}
        report = run(files, "about-requirements", "unused-suppression")
        assert said(report) == []
        assert set_aside(report) == [("requirements.txt:1 about-requirements", "comment", "on purpose")]


class TestConfiguration:
    IGNORE = {"paths": ["old/"], "rules": ["bad-call"], "reason": "kept as published"}

    def test_keeps_the_reason(self) -> None:
        files = {"old/a.py": "bad()\n", "new/a.py": "bad()\n"}
        report = run(files, **{"per-file-ignores": [self.IGNORE]})
        assert said(report) == ["new/a.py:1 bad-call"]
        assert set_aside(report) == [("old/a.py:1 bad-call", "config", "kept as published")]

    def test_a_comment_comes_first(self) -> None:
        files = {"old/a.py": "bad()  # repro-lint: ignore[bad-call] here\n"}
        report = run(files, **{"per-file-ignores": [self.IGNORE]})
        assert set_aside(report) == [("old/a.py:1 bad-call", "comment", "here")]

    def test_an_unused_one_is_reported_at_its_line(self, tmp_path: Path) -> None:
        text = 'select = ["bad-call"]\n\n[[per-file-ignores]]\npaths = ["old/"]\nrules = ["bad-call"]\nreason = "x"\n'
        write_files(tmp_path, {"repro-lint.toml": text, "a.py": "bad()\n"})
        configuration = load_config(tmp_path / "repro-lint.toml")
        report = Session(Target(tmp_path, (), False), configuration, REGISTRY).report()
        assert said(report) == ["a.py:1 bad-call", "repro-lint.toml:3 unused-suppression"]
        assert report.diagnostics[1].message == "per-file-ignores: nothing to suppress for bad-call in old/"
        part = Session(Target(tmp_path, ("a.py",), True), configuration, REGISTRY).report()
        assert said(part) == ["a.py:1 bad-call"]


class TestUnused:
    def message(self, text: str, *select: str) -> list[tuple[int | None, str]]:
        found = run({"a.py": text}, *select).diagnostics
        return [(d.location.line, d.message) for d in found if d.rule == "unused-suppression"]

    def test_is_reported_at_the_comment(self) -> None:
        text = "x = 1\ny = 2  # repro-lint: ignore[bad-call] why\n"
        report = run({"a.py": text})
        (found,) = report.diagnostics
        assert found.rule == "unused-suppression"
        assert found.message == "nothing to suppress here for bad-call"
        assert (found.location.line, found.location.column) == (2, 10)
        assert found.location.excerpt == ("y = 2  # repro-lint: ignore[bad-call] why",)

    def test_each_rule_for_itself(self) -> None:
        text = "bad()  # repro-lint: ignore[bad-call, bad-argument]\n"
        assert self.message(text) == [(1, "nothing to suppress here for bad-argument")]

    def test_an_unknown_rule(self) -> None:
        text = "bad()  # repro-lint: ignore[bad-cal]\n"
        expected = 'this suppression names an unknown rule, family or level "bad-cal" (did you mean "bad-call"?)'
        assert self.message(text) == [(1, expected)]

    def test_no_rule_suppresses_nothing(self) -> None:
        text = "bad()  # repro-lint: ignore\nbad()  # repro-lint: ignore[]\n"
        report = run({"a.py": text})
        assert said(report) == [
            "a.py:1 bad-call",
            "a.py:1 unused-suppression",
            "a.py:2 bad-call",
            "a.py:2 unused-suppression",
        ]
        assert self.message(text) == [(1, "this suppression names no rule"), (2, "this suppression names no rule")]

    def test_is_not_known_of_a_rule_that_did_not_run(self) -> None:
        text = "x = 1  # repro-lint: ignore[bad-call]\n"
        assert self.message(text, "bad-argument", "unused-suppression") == []

    def test_is_not_known_of_a_rule_that_crashed(self) -> None:
        text = "x = 1  # repro-lint: ignore[crashing]\n"
        assert self.message(text, "crashing", "unused-suppression") == []

    def test_is_not_known_of_a_family_of_which_one_rule_did_not_run(self) -> None:
        text = "x = 1  # repro-lint: ignore[tests]\n"
        assert self.message(text, "bad-call", "unused-suppression") == []

    def test_is_silent_when_it_is_ignored(self) -> None:
        assert said(run({"a.py": "x = 1  # repro-lint: ignore[bad-call]\n"}, ignore=["unused-suppression"])) == []

    def test_can_itself_be_suppressed(self) -> None:
        text = "# repro-lint: file-ignore[unused-suppression] generated\nx = 1  # repro-lint: ignore[bad-call]\n"
        report = run({"a.py": text})
        assert ("a.py:2 unused-suppression", "file-comment", "generated") in set_aside(report)

    def test_never_shows_a_secret_of_the_line(self) -> None:
        secret = "hun" + "ter2!"

        class Leak(Rule):
            meta = meta("TST009", "leak")

            def check(self, source: PythonSource) -> Outcome:
                yield Finding(source.place(source.tree.body[0]), "leak", secrets=(secret,))

        rules: list[type[Rule]] = [Leak, BadCall, *ENGINE]
        registry = build_registry([Entry(rule, Pack("tests"), Path()) for rule in rules])
        view = MemoryView({"a.py": f'key = "{secret}"  # repro-lint: ignore[leak, bad-call] test data\n'})
        report = Session(Target(Path("/project"), (), False), Configuration(Settings()), registry, view=view).report()
        assert said(report) == ["a.py:1 unused-suppression"]
        assert secret not in Report.adapter().dump_json(report).decode()


def test_a_crash_cannot_be_suppressed() -> None:
    ignore = {"paths": ["*"], "rules": ["all"], "reason": "x"}
    text = "# repro-lint: file-ignore[internal-error, LNT001, all] no\nx = 1\n"
    report = run({"a.py": text}, "crashing", **{"per-file-ignores": [ignore], "ignore": ["internal-error"]})
    assert said(report) == ["a.py:None internal-error"]
    assert report.exit_code("never") == 2


def find(path: str, data: str | bytes) -> list[Suppression]:
    project = memory_project({path: data})
    return find_suppressions(project.files[path], project)


def test_a_file_without_the_marker_is_not_looked_at() -> None:
    assert find("a.py", "# ignore[bad-call]\n") == []
    assert find("a.bin", "# repro-lint: ignore[bad-call]\n") == []


PIECES = st.sampled_from(
    ["# repro-lint: ignore[a]", "repro-lint: file-ignore", "<!--", "-->", "```", "'''", '"', "(", ")", "\\", "\n", "\r"]
)


@given(
    st.sampled_from(["a.py", "a.md", "a.yaml", "n.ipynb"]),
    st.lists(PIECES | st.text(max_size=4) | st.just("\x00") | st.just("\f"), max_size=20).map("".join),
)
def test_never_crashes(path: str, text: str) -> None:
    data = notebook(text) if path == "n.ipynb" else text
    for found in find(path, data.encode("utf-8", "surrogatepass")):
        assert found.place.path == path


@given(st.binary(max_size=200))
def test_never_crashes_on_bytes(data: bytes) -> None:
    for path in ("a.py", "a.md", "a.yaml", "n.ipynb"):
        find(path, b"# repro-lint: ignore[x]\n" + data)
