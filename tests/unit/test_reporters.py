"""The formats that platforms read: what they carry, how it is escaped, and where a platform's limits are."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any, get_args

import pytest
from tests.formats import read_github, read_gitlab, read_junit, read_markdown, read_rdjson, read_sarif

from repro_lint import config
from repro_lint.diagnostics import Cell, Diagnostic, Disposition, Location, Span
from repro_lint.engine_rules import INTERNAL_ERROR
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.report import Report, ReportedRule, summarise
from repro_lint.reporters import FORMATS, Look, github, markdown, render, sarif
from repro_lint.rule import RuleMeta

META = RuleMeta(
    "TST001",
    "a-rule",
    "tests",
    Level.RUNNABLE,
    Severity.WARNING,
    Confidence.HIGH,
    "0",
    "It is so.",
    "It matters.",
    "Mend.",
)
NOTEBOOK = Location(
    path="nb/größe 1.ipynb",
    cell=Cell(index=4, id="abc", code_index=3),
    line=2,
    column=5,
    end_line=2,
    end_column=9,
    physical=Span(line=118, column=12, end_line=118, end_column=16),
    excerpt=("x = draw()",),
)


def place(path: str = "a.py", line: int | None = 3, **values: Any) -> Location:
    return Location(path=path, line=line, **({"column": 1} if line else {}), **values)


def diagnostic(location: Location | None = None, *related: Location, **values: Any) -> Diagnostic:
    defaults = {
        "rule": META.name,
        "code": META.code,
        "message": "it draws",
        "why": META.why,
        "help": META.help,
        "severity": META.severity,
        "confidence": META.confidence,
        "level": META.level,
        "locations": (location or place(), *(r.model_copy(update={"primary": False}) for r in related)),
        "fingerprint": "f" * 64,
    }
    return Diagnostic.model_validate({**defaults, **values})


def aside(state: str, by: str | None = None, reason: str | None = None, **values: Any) -> Diagnostic:
    disposition = Disposition.model_validate({"state": state, "by": by, "reason": reason})
    return diagnostic(disposition=disposition, **values)


def report(*found: Diagnostic, rules: tuple[ReportedRule, ...] = (ReportedRule.of(META),)) -> Report:
    counts = {"files_checked": 1, "rules_run": 1, "below_min_confidence": 0, "target": Level.SAFE, "judged": True}
    return Report(diagnostics=found, rules=rules, summary=summarise(found, **counts))  # type: ignore[arg-type]


def shown(name: str, *found: Diagnostic, look: Look | None = None) -> str:
    return render(name, report(*found), look or Look())


def result(*locations: Location, **values: Any) -> dict[str, Any]:
    """The SARIF result for a diagnostic."""
    (found,) = read_sarif(shown("sarif", diagnostic(*locations, **values)))["results"]
    assert isinstance(found, dict)
    return found


def test_the_configuration_knows_the_formats() -> None:
    assert get_args(config.Format) == FORMATS


def test_a_format_is_imported_when_it_is_asked_for() -> None:
    code = """
import sys
import repro_lint.commands.check
from repro_lint.reporters import FORMATS
loaded = sorted(name for name in sys.modules if name.startswith("repro_lint.reporters."))
assert loaded == [], loaded
assert "sarif" in FORMATS
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestPlaces:
    """Each format carries the line of the file as it is stored, and tells the cell."""

    def test_sarif(self) -> None:
        (location,) = result(NOTEBOOK)["locations"]
        assert location == {
            "physicalLocation": {
                "artifactLocation": {"uri": "nb/gr%C3%B6%C3%9Fe%201.ipynb", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 118, "startColumn": 12, "endLine": 118, "endColumn": 16},
            },
            "logicalLocations": [{"name": "cell 4", "fullyQualifiedName": "nb/größe 1.ipynb#abc", "kind": "cell"}],
            "properties": {"cell": 4, "cellId": "abc", "cellLine": 2, "cellColumn": 5},
        }
        assert result(NOTEBOOK)["message"] == {"text": "cell 4, line 2: it draws\nhelp: Mend."}

    def test_github(self) -> None:
        ((name, properties, data),) = read_github(shown("github", diagnostic(NOTEBOOK)))
        assert name == "warning"
        assert properties == {
            "file": "nb/größe 1.ipynb",
            "line": "118",
            "endLine": "118",
            "col": "12",
            "endColumn": "16",
            "title": "TST001 a-rule",
        }
        assert data == "nb/größe 1.ipynb: cell 4, line 2: it draws\nhelp: Mend."

    def test_gitlab(self) -> None:
        (issue,) = read_gitlab(shown("gitlab", diagnostic(NOTEBOOK)))
        assert issue["location"] == {"path": "nb/größe 1.ipynb", "lines": {"begin": 118, "end": 118}}
        assert issue["description"] == "TST001: cell 4, line 2: it draws"
        assert (issue["check_name"], issue["severity"]) == ("a-rule", "minor")

    def test_rdjson(self) -> None:
        (found,) = read_rdjson(shown("rdjson", diagnostic(NOTEBOOK)))
        assert found["location"] == {"path": "nb/größe 1.ipynb", "range": {"start": {"line": 118}}}
        assert found["message"] == "[a-rule] cell 4, line 2: it draws\nhelp: Mend."

    def test_junit(self) -> None:
        (case,) = read_junit(shown("junit", diagnostic(NOTEBOOK)))
        assert case.attrib["classname"] == "nb/größe 1.ipynb"
        assert case.attrib["name"] == "TST001 a-rule: it draws"
        assert case[0].attrib == {"type": "warning a-rule", "message": "cell 4, line 2: it draws"}
        assert case[0].text == "nb/größe 1.ipynb:118: cell 4, line 2: it draws\nhelp: Mend."

    def test_markdown(self) -> None:
        assert read_markdown(shown("markdown", diagnostic(NOTEBOOK))) == [
            ["nb/größe 1.ipynb cell 4, line 2", "it draws"]
        ]

    def test_jsonl(self) -> None:
        found = [diagnostic(NOTEBOOK), aside("suppressed", "comment", "a demonstration")]
        lines = shown("jsonl", *found).split("\n")
        assert [Diagnostic.model_validate_json(line) for line in lines[:-1]] == found
        assert lines[-1] == ""

    def test_a_whole_file(self) -> None:
        found = diagnostic(place(line=None))
        assert result(place(line=None))["locations"][0]["physicalLocation"]["region"] == {
            "startLine": 1,
            "startColumn": 1,
            "endLine": 1,
            "endColumn": 1,
        }
        assert read_github(shown("github", found))[0][1] == {"file": "a.py", "title": "TST001 a-rule"}
        assert read_github(shown("github", found))[0][2].startswith("a.py: it draws\n")
        assert read_gitlab(shown("gitlab", found))[0]["location"]["lines"] == {"begin": 1, "end": 1}
        assert read_rdjson(shown("rdjson", found))[0]["location"] == {"path": "a.py"}
        assert read_junit(shown("junit", found))[0][0].text == "a.py: it draws\nhelp: Mend."
        assert read_markdown(shown("markdown", found)) == [["a.py", "it draws"]]

    def test_the_repository_as_a_whole(self) -> None:
        found = diagnostic(place(".", None))
        assert "file" not in read_github(shown("github", found))[0][1]
        assert result(place(".", None))["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "."
        assert read_gitlab(shown("gitlab", found, look=Look(prefix="sub/")))[0]["location"]["path"] == "sub"

    def test_several_lines(self) -> None:
        where = place(end_line=5, end_column=2, excerpt=("f(", "x", ")"))
        assert result(where)["locations"][0]["physicalLocation"]["region"] == {
            "startLine": 3,
            "startColumn": 1,
            "endLine": 5,
            "endColumn": 2,
        }
        properties = read_github(shown("github", diagnostic(where)))[0][1]
        assert properties == {"file": "a.py", "line": "3", "endLine": "5", "title": "TST001 a-rule"}
        assert read_rdjson(shown("rdjson", diagnostic(where)))[0]["location"]["range"] == {
            "start": {"line": 3, "column": 1},
            "end": {"line": 5, "column": 2},
        }
        assert read_gitlab(shown("gitlab", diagnostic(where)))[0]["location"]["lines"] == {"begin": 3, "end": 5}

    def test_whole_lines(self) -> None:
        where = place(end_line=5)
        region = result(where)["locations"][0]["physicalLocation"]["region"]
        assert region == {"startLine": 3, "startColumn": 1, "endLine": 5}
        assert read_rdjson(shown("rdjson", diagnostic(where)))[0]["location"]["range"] == {
            "start": {"line": 3},
            "end": {"line": 5},
        }

    def test_an_end_before_the_start_is_left_out(self) -> None:
        for where in (
            place(end_line=2, end_column=9),
            Location(path="a.py", line=3, column=9, end_line=3, end_column=2),
        ):
            region = result(where)["locations"][0]["physicalLocation"]["region"]
            assert (region["endLine"], region["endColumn"]) == (3, region["startColumn"])
            assert read_gitlab(shown("gitlab", diagnostic(where)))[0]["location"]["lines"]["end"] == 3
            assert "endColumn" not in read_github(shown("github", diagnostic(where)))[0][1]

    def test_a_root_below_the_top_of_the_repository(self) -> None:
        look = Look(prefix="analysis/", path=lambda path: f"../{path}")
        found = diagnostic(place("b.py"), place("c.py", label="there"))
        run = read_sarif(shown("sarif", found, look=look))
        locations = (*run["results"][0]["locations"], *run["results"][0]["relatedLocations"])
        uris = [location["physicalLocation"]["artifactLocation"]["uri"] for location in locations]
        assert uris == ["analysis/b.py", "analysis/c.py"]
        assert read_github(shown("github", found, look=look))[0][1]["file"] == "analysis/b.py"
        assert read_gitlab(shown("gitlab", found, look=look))[0]["location"]["path"] == "analysis/b.py"
        assert read_junit(shown("junit", found, look=look))[0].attrib["classname"] == "analysis/b.py"
        assert read_markdown(shown("markdown", found, look=look))[0][0] == "analysis/b.py:3"
        # Reviewdog resolves paths from the directory that it runs in.
        assert read_rdjson(shown("rdjson", found, look=look))[0]["location"]["path"] == "../b.py"

    def test_further_places(self) -> None:
        there = NOTEBOOK.model_copy(update={"primary": False, "label": "it draws too", "line": 7})
        other = place("b.py", 9, label="and here")
        first, second = result(NOTEBOOK, there, other)["relatedLocations"]
        assert first["message"] == {"text": "cell 4, line 7: it draws too"}
        assert second["message"] == {"text": "and here"}
        assert second["physicalLocation"]["region"]["startLine"] == 9
        ((_, what),) = read_markdown(shown("markdown", diagnostic(NOTEBOOK, there, other, other, other)))
        assert what.split("\n") == [
            "it draws",
            "cell 4, line 7: it draws too",
            "b.py:9: and here",
            "b.py:9: and here",
            "and 1 more place",
        ]


class TestSetAside:
    FOUND = (
        diagnostic(),
        aside("suppressed", "comment", "a demonstration"),
        aside("suppressed", "file-comment"),
        aside("suppressed", "cell-tag"),
        aside("suppressed", "config", "kept as | published"),
        aside("baselined"),
        aside("existing"),
    )

    def test_sarif_has_all_and_says_why(self) -> None:
        results = read_sarif(shown("sarif", *self.FOUND))["results"]
        in_source: dict[str, Any] = {"kind": "inSource", "status": "accepted"}
        external = {"kind": "external", "status": "accepted"}
        assert [r["suppressions"] for r in results] == [
            [],
            [{**in_source, "justification": "a demonstration"}],
            [in_source],
            [in_source],
            [{**external, "justification": "kept as | published"}],
            [{**external, "justification": "recorded in the baseline"}],
            [],
        ]
        states = [r["properties"]["disposition"] for r in results]
        assert states == ["new", *["suppressed"] * 4, "baselined", "existing"]

    def test_markdown_lists_the_suppressed_with_their_reasons(self) -> None:
        text = shown("markdown", *self.FOUND)
        assert read_markdown(text) == [
            ["a.py:3", "it draws"],
            ["a.py:3", "a-rule", "comment", "a demonstration"],
            ["a.py:3", "a-rule", "file-comment", "none given"],
            ["a.py:3", "a-rule", "cell-tag", "none given"],
            ["a.py:3", "a-rule", "config", "kept as | published"],
        ]
        assert "### repro-lint: 1 finding in 1 file (1 warning; 1 existing, 1 baselined, 4 suppressed)\n" in text
        assert "<details><summary>4 suppressed findings</summary>\n\n|" in text

    def test_the_others_show_what_counts(self) -> None:
        assert len(read_github(shown("github", *self.FOUND))) == 1
        assert len(read_rdjson(shown("rdjson", *self.FOUND))) == 1
        assert len(read_junit(shown("junit", *self.FOUND))) == 1

    def test_gitlab_which_compares_itself_gets_what_was_there_before(self) -> None:
        found = (*self.FOUND, aside("touched"))
        assert len(read_gitlab(shown("gitlab", *found))) == 3


class TestNothingFound:
    @pytest.mark.parametrize("found", [(), TestSetAside.FOUND[1:]])
    def test_each_format_says_so(self, found: tuple[Diagnostic, ...]) -> None:
        assert shown("gitlab", *found[:-1]) == "[]\n"
        assert read_rdjson(shown("rdjson", *found)) == []
        assert read_github(shown("github", *found)) == []
        assert shown("github", *found, look=Look(quiet=True)) == ""
        (case,) = read_junit(shown("junit", *found))  # an empty file is an error for some servers
        assert (case.attrib["name"], len(case)) == ("no findings", 0)
        assert "### repro-lint: no findings: 1 file checked, with 1 rule" in shown("markdown", *found)

    def test_sarif_and_jsonl(self) -> None:
        assert read_sarif(shown("sarif"))["results"] == []
        assert shown("jsonl") == ""


class TestSarif:
    def test_a_rule_explains_itself(self) -> None:
        url = "https://example.org/a-rule"
        described = replace(ReportedRule.of(META), url=url, summary="s" * 2000)
        found = report(diagnostic(), rules=(described,))
        (rule,) = read_sarif(render("sarif", found, Look()))["tool"]["driver"]["rules"]
        assert (rule["id"], rule["name"], rule["helpUri"]) == ("TST001", "a-rule", url)
        assert rule["shortDescription"]["text"] == "s" * 1024
        assert "**What to do:** Mend." in rule["help"]["markdown"]
        assert rule["properties"] == {
            "tags": ["tests", "runnable"],
            "precision": "high",
            "problem.severity": "warning",
        }

    @pytest.mark.parametrize("severity", Severity)
    def test_severity(self, severity: Severity) -> None:
        assert result(severity=severity)["level"] == str(severity)

    def test_a_bracket_does_not_make_a_link(self) -> None:
        text = result(message="calls handlers[0](event), not [1, 2] or x[3]")["message"]["text"]
        assert text == "calls handlers\\[0](event), not [1, 2] or x[3]\nhelp: Mend."

    @pytest.mark.parametrize(
        ("path", "uri"),
        [
            ("a b/ü.py", "a%20b/%C3%BC.py"),
            ("50%.py", "50%25.py"),
            ("a:b.py", "a%3Ab.py"),
            ("q?x#y.py", "q%3Fx%23y.py"),
            (r"\xff.py", "%5Cxff.py"),
        ],
    )
    def test_uris(self, path: str, uri: str) -> None:
        (location,) = result(place(path))["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == uri

    def test_a_crash_is_a_run_without_success(self) -> None:
        crash = diagnostic(rule=INTERNAL_ERROR.name, code=INTERNAL_ERROR.code)
        assert read_sarif(shown("sarif", crash))["invocations"] == [{"executionSuccessful": False}]
        assert read_sarif(shown("sarif", diagnostic()))["invocations"] == [{"executionSuccessful": True}]

    def test_limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert (sarif.MAX_RESULTS, sarif.MAX_LOCATIONS) == (25_000, 1_000)
        monkeypatch.setattr(sarif, "MAX_RESULTS", 4)
        monkeypatch.setattr(sarif, "MAX_LOCATIONS", 3)
        related = [place(label=f"place {n}") for n in range(5)]
        found = [
            diagnostic(message="1", severity=Severity.NOTE),
            diagnostic(place(), *related, message="2"),
            aside("suppressed", "comment", message="3", severity=Severity.ERROR),
            diagnostic(message="4", severity=Severity.ERROR),
            diagnostic(message="5", severity=Severity.NOTE),
            diagnostic(message="6"),
        ]
        run = read_sarif(shown("sarif", *found))
        assert [r["message"]["text"][0] for r in run["results"]] == ["1", "2", "4", "6"]
        assert len(run["results"][1]["relatedLocations"]) == 2
        (notification,) = run["invocations"][0]["toolExecutionNotifications"]
        assert notification["message"]["text"].startswith("2 less severe results are left out")


class TestGithub:
    def test_ten_of_each_kind_and_the_others_in_the_log(self) -> None:
        found = [diagnostic(place(line=n), severity=s) for s in Severity for n in range(1, 14)]
        text = shown("github", *found)
        names = [name for name, _, _ in read_github(text)]
        assert names == [*["error"] * 10, *["warning"] * 10, *["notice"] * 10, "group", "endgroup"]
        assert github.LIMIT == 10
        log = text.splitlines()[30:-2]
        assert log[0].startswith("::group::9 more findings: GitHub shows 10 annotations of each kind; the job summary")
        assert log[1:-1] == [f"{s} a.py:{n}: it draws" for s in ("error", "warning", "note") for n in (11, 12, 13)]

    def test_room_for_all(self) -> None:
        text = shown("github", *[diagnostic(place(line=n)) for n in range(1, 11)])
        assert [name for name, _, _ in read_github(text)] == ["warning"] * 10
        assert text.splitlines()[-2] == "10 findings in 1 file (10 warnings)"

    def test_nothing_ends_a_command_or_begins_another(self) -> None:
        path, message = "a,b:c=%25.py", "100%\r\n::error::%0A, ##[add-mask]x"
        ((_, properties, data),) = read_github(shown("github", diagnostic(place(path), message=message)))
        assert properties["file"] == path
        assert data == f"{path}:3: {message}\nhelp: Mend."

    def test_the_log_holds_no_commands(self) -> None:
        message = "x\n::add-mask::y\n##[add-mask]z"
        found = [diagnostic(place("::warning::.py"), message=message) for _ in range(11)]
        assert [name for name, _, _ in read_github(shown("github", *found))] == ["warning"] * 10 + ["group", "endgroup"]


def test_gitlab_gets_a_fingerprint_for_each_issue() -> None:
    issues = read_gitlab(shown("gitlab", diagnostic(), diagnostic(), diagnostic(fingerprint="e" * 64)))
    assert [issue["fingerprint"] for issue in issues[::2]] == ["f" * 64, "e" * 64]
    assert len(issues[1]["fingerprint"]) == 64
    assert shown("gitlab", diagnostic(), diagnostic()) == shown("gitlab", diagnostic(), diagnostic())


class TestRdjson:
    @pytest.mark.parametrize(
        ("where", "found"),
        [
            (place(excerpt=("x",)), {"start": {"line": 3, "column": 1}}),
            (
                Location(path="a.py", line=3, column=4, end_line=3, end_column=7, excerpt=("é = 'ü'",)),
                {"start": {"line": 3, "column": 5}, "end": {"line": 3, "column": 9}},
            ),
            (
                Location(path="a.py", line=3, column=1, end_line=3, end_column=9, excerpt=("*** = 1",)),
                {"start": {"line": 3}},
            ),
            (Location(path="a.py", line=3, column=9, end_line=3, end_column=10), {"start": {"line": 3}}),
            (
                Location(path="a.py", line=3, column=9, end_line=3, end_column=10, excerpt=("short",)),
                {"start": {"line": 3}},
            ),
            (
                Location(path="a.py", line=3, column=1, end_line=4, end_column=2, excerpt=("f(",)),
                {"start": {"line": 3}, "end": {"line": 4}},
            ),
        ],
        ids=["point", "bytes", "masked", "no excerpt", "other excerpt", "last line unknown"],
    )
    def test_columns_count_bytes_where_the_line_is_known(self, where: Location, found: dict[str, Any]) -> None:
        assert read_rdjson(shown("rdjson", diagnostic(where)))[0]["location"]["range"] == found

    def test_severities_and_code(self) -> None:
        found = [diagnostic(severity=s, url="https://example.org/r") for s in Severity]
        read = read_rdjson(shown("rdjson", *found))
        assert [r["severity"] for r in read] == ["INFO", "WARNING", "ERROR"]
        assert read[0]["code"] == {"value": "TST001", "url": "https://example.org/r"}


class TestJunit:
    def test_notes_do_not_fail(self) -> None:
        cases = read_junit(shown("junit", *(diagnostic(severity=s) for s in Severity)))
        assert [case[0].tag for case in cases] == ["skipped", "failure", "failure"]

    def test_cases_of_a_file_differ_in_their_names(self) -> None:
        found = [diagnostic(place(path, line)) for path in ("a.py", "b.py") for line in (1, 2, 3)]
        names = [case.attrib["name"].removeprefix("TST001 a-rule: ") for case in read_junit(shown("junit", *found))]
        assert names == ["it draws", "it draws (2)", "it draws (3)"] * 2

    def test_characters_that_xml_cannot_hold(self) -> None:
        message = "a\x00b\x1b\ufffe <&\"'>]]>\n\tc"
        (case,) = read_junit(shown("junit", diagnostic(message=message)))
        readable = "a\ufffdb\ufffd\ufffd <&\"'>]]>\n\tc"
        assert case[0].attrib["message"] == readable
        assert case[0].text == f"a.py:3: {readable}\nhelp: Mend."


class TestMarkdown:
    def test_is_grouped_by_rung_and_rule(self) -> None:
        found = [
            diagnostic(rule="later", code="Z1", level=Level.REPRODUCIBLE, severity=Severity.ERROR),
            diagnostic(rule="b", code="B1"),
            diagnostic(rule="a", code="A1", help="do this"),
            diagnostic(rule="a", code="A1", help="do that", severity=Severity.ERROR),
        ]
        text = shown("markdown", *found)
        heads = [line for line in text.splitlines() if line.startswith(("####", "**"))]
        assert heads == [
            "#### runnable",
            "**a** A1 · 1 error, 1 warning · It matters.",
            "**b** B1 · 1 warning · It matters.<br>What to do: Mend.",
            "#### reproducible",
            "**later** Z1 · 1 error · It matters.<br>What to do: Mend.",
        ]
        assert [row[2] for row in read_markdown(text)[:2]] == ["do that", "do this"]  # the error first

    def test_a_rule_with_a_page_is_a_link(self) -> None:
        text = shown("markdown", diagnostic(url="https://example.org/a|b (c)?d=<e>"))
        assert "**[a-rule](<https://example.org/a%7Cb%20%28c%29?d=%3Ce%3E>)**" in text

    @pytest.mark.parametrize(
        ("message", "written"),
        [
            ("a | b", "a &#124; b"),
            ("`a | b`", "<code>a &#124; b</code>"),
            ("`x_y` *is* __all__ snake_case", r"`x_y` \*is\* \_\_all\_\_ snake_case"),
            ("<img src=x> & co", "&lt;img src=x&gt; &amp; co"),
            ("@property of #12", "@<!-- -->property of #<!-- -->12"),
            ("${HOME} and $x$", "<span>$</span>{HOME} and <span>$</span>x<span>$</span>"),
            ("two\nlines\tand \x1b", r"two lines and \\x1b"),
            ("[a](b) ~~c~~ one ` alone", r"\[a\](b) \~\~c\~\~ one \` alone"),
            ("x" * 500, "x" * 399 + "…"),
        ],
    )
    def test_text_reads_as_it_was_written(self, message: str, written: str) -> None:
        text = shown("markdown", diagnostic(message=message))
        assert f"| `a.py:3` | {written} |\n" in text
        assert len(read_markdown(text)) == 1

    def test_paths(self) -> None:
        text = shown("markdown", diagnostic(place("a|b`c.py")))
        assert "| <code>a&#124;b\\`c.py:3</code> |" in text
        assert read_markdown(text)[0][0] == "a|b`c.py:3"

    def test_the_most_severe_are_kept_and_the_others_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(markdown, "MAX_FINDINGS", 3)
        found = [
            diagnostic(message="1", severity=Severity.NOTE),
            aside("suppressed", "comment", "why"),
            diagnostic(message="2"),
            diagnostic(message="3", severity=Severity.ERROR),
            diagnostic(message="4", severity=Severity.NOTE),
        ]
        text = shown("markdown", *found)
        assert sorted(row[1] for row in read_markdown(text)) == ["1", "2", "3"]
        assert "**1 more finding** not shown here: the `json` and `sarif` formats have all.\n" in text
        assert "<summary>1 suppressed finding, 1 of them not shown</summary>\n\n</details>" in text

    @pytest.mark.parametrize("text", ["it draws", "größe " * 60, "|" * 400, "@" * 400])
    def test_size(self, text: str) -> None:
        found = [diagnostic(place(line=n), message=f"{n} {text}", severity=Severity.ERROR) for n in range(1, 700)]
        found += [aside("suppressed", "comment", text) for _ in range(700)]
        rows = read_markdown(shown("markdown", *found))  # which knows the limit
        assert 10 < len(rows) <= 500
        assert f"**{699 - len(rows)} more findings** not shown" in shown("markdown", *found)

    def test_one_finding_too_big_for_a_comment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(markdown, "MAX_BYTES", 300)
        text = shown("markdown", diagnostic(message="y" * 400))
        assert read_markdown(text) == []
        assert "**1 more finding** not shown" in text


def test_what_the_readers_refuse() -> None:
    """The checks of this module can fail."""
    sarif_text = shown("sarif", diagnostic())
    for old, new in (
        ('"version": "2.1.0"', '"version": "2.0.0"'),
        ('"startLine": 3', '"startLine": 0'),
        ('"endLine": 3', '"endLine": 2'),
        ('"uri": "a.py"', '"uri": "a b.py"'),
        ('"uri": "a.py"', '"uri": "//host/a.py"'),
        ('"suppressions": [],', ""),
        ('"ruleIndex": 0', '"ruleIndex": 0, "extra": 1'),
        ('"level": "warning"', '"level": "fatal"'),
    ):
        assert old in sarif_text
        with pytest.raises(AssertionError):
            read_sarif(sarif_text.replace(old, new))
    gitlab_text = shown("gitlab", diagnostic())
    twice = json.dumps(json.loads(gitlab_text) * 2)
    for text in (twice, gitlab_text.replace("minor", "warning"), "\ufeff" + gitlab_text):
        with pytest.raises(AssertionError):
            read_gitlab(text)
    junit_text = shown("junit", diagnostic())
    for old, new in (
        ('failures="1"', 'failures="0"'),
        ("<failure ", '<failure line="3" '),
        ('time="0"', 'file="a.py"'),
    ):
        assert old in junit_text
        with pytest.raises(AssertionError):
            read_junit(junit_text.replace(old, new))
    for text in ("::set-env name=x::y\n", "x ##[error]y\n", "::error line=1,endLine=2,col=3::x\n", "::error::x\n" * 11):
        with pytest.raises(AssertionError):
            read_github(text)
    markdown_text = shown("markdown", diagnostic())
    for old, new in (("it draws |", "it | draws |"), ("it draws", "*it*"), ("it draws", "@it"), ("it draws", "<b>it")):
        with pytest.raises(AssertionError):
            read_markdown(markdown_text.replace(old, new))
