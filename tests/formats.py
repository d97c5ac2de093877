"""What the formats of others ask for, written down from their specifications and as narrow as what is written here.

Each function reads a text as its platform does, refuses what that would refuse or drop, and returns what it found.
What is written here is held against what others wrote, in ``independent``, at every reading.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from tests.independent import check_gitlab, check_junit, check_rdjson, check_sarif

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "minLength": 1}
COUNTED: Schema = {"type": "integer", "minimum": 1}


def closed(required: Schema, optional: Schema | None = None) -> Schema:
    """An object with these keys and no others."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def array(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def one_of(*values: str) -> Schema:
    return {"enum": list(values)}


# SARIF 2.1.0 (OASIS), chapter 3, with the requirements and limits of GitHub code scanning.
MESSAGE = closed({"text": TEXT})
SHORT = closed({"text": {**TEXT, "maxLength": 1024}})
LEVEL = one_of("none", "note", "warning", "error")
LOCATION = closed(
    {
        "physicalLocation": closed(
            {
                "artifactLocation": closed({"uri": TEXT, "uriBaseId": {"const": "%SRCROOT%"}}),
                "region": closed(
                    {"startLine": COUNTED, "startColumn": COUNTED, "endLine": COUNTED}, {"endColumn": COUNTED}
                ),
            }
        )
    },
    {
        "id": {"type": "integer", "minimum": 0},
        "message": MESSAGE,
        "logicalLocations": array(closed({"name": TEXT, "fullyQualifiedName": TEXT, "kind": TEXT}), minItems=1),
        "properties": closed({"cell": COUNTED}, {"cellId": TEXT, "cellLine": COUNTED, "cellColumn": COUNTED}),
    },
)
RULE = closed(
    {
        "id": TEXT,
        "name": TEXT,
        "shortDescription": SHORT,
        "fullDescription": SHORT,
        "help": closed({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": closed({"level": LEVEL}),
        "properties": closed(
            {
                "tags": array(TEXT, maxItems=10),
                "precision": one_of("very-high", "high", "medium", "low"),
                "problem.severity": one_of("error", "warning", "recommendation"),
            }
        ),
    },
    {"helpUri": {"type": "string", "format": "uri"}},
)
SUPPRESSION = closed(
    {"kind": one_of("inSource", "external"), "status": one_of("accepted", "underReview", "rejected")},
    {"justification": TEXT},
)
RESULT = closed(
    {
        "ruleId": TEXT,
        "level": LEVEL,
        "message": MESSAGE,
        "locations": array(LOCATION, minItems=1, maxItems=1),
        "partialFingerprints": closed({"reproLint/v1": TEXT}),
        "suppressions": array(SUPPRESSION),
        "properties": closed({"confidence": TEXT, "level": TEXT, "disposition": TEXT}),
    },
    {
        "ruleIndex": {"type": "integer", "minimum": 0},
        "baselineState": one_of("new", "unchanged", "updated", "absent"),
        "relatedLocations": array(LOCATION, minItems=1, maxItems=999),
    },
)
RUN = closed(
    {
        "tool": closed({"driver": closed({"name": TEXT, "version": TEXT, "rules": array(RULE, maxItems=25_000)})}),
        "invocations": array(
            closed(
                {"executionSuccessful": {"type": "boolean"}},
                {"toolExecutionNotifications": array(closed({"level": LEVEL, "message": MESSAGE}))},
            )
        ),
        "originalUriBaseIds": closed({"%SRCROOT%": closed({"description": MESSAGE})}),
        "columnKind": one_of("utf16CodeUnits", "unicodeCodePoints"),
        "results": array(RESULT, maxItems=25_000),
    }
)
SARIF = closed(
    {"$schema": {"type": "string", "pattern": "^https://"}, "version": {"const": "2.1.0"}, "runs": array(RUN)}
)

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = array(
    closed(
        {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": one_of("info", "minor", "major", "critical", "blocker"),
            "location": closed({"path": TEXT, "lines": closed({"begin": COUNTED, "end": COUNTED})}),
        }
    )
)

# https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
POSITION = closed({"line": COUNTED}, {"column": COUNTED})
RDJSON = closed(
    {
        "source": closed({"name": TEXT}),
        "diagnostics": array(
            closed(
                {
                    "message": TEXT,
                    "location": closed({"path": TEXT}, {"range": closed({"start": POSITION}, {"end": POSITION})}),
                    "severity": one_of("ERROR", "WARNING", "INFO"),
                    "code": closed({"value": TEXT}, {"url": TEXT}),
                }
            )
        ),
    }
)


def _json(text: str, schema: Schema) -> Any:
    assert not text.startswith("\ufeff")
    value = json.loads(text)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(value)] == []
    return value


def _assert_ordered(start: tuple[int, int], end: tuple[int, int]) -> None:
    assert start <= end


def read_sarif(text: str) -> dict[str, Any]:
    """The one run."""
    (run,) = _json(text, SARIF)["runs"]
    check_sarif(text)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        if "ruleIndex" in result:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        related = result.get("relatedLocations", [])
        assert len({location["id"] for location in related}) == len(related)
        for location in (*result["locations"], *related):
            region, uri = (location["physicalLocation"][key] for key in ("region", "artifactLocation"))
            parts = urlsplit(uri["uri"])
            assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
            assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri["uri"])
            end = (region["endLine"], region.get("endColumn", region["startColumn"]))
            _assert_ordered((region["startLine"], region["startColumn"]), end)
    assert isinstance(run, dict)
    return run


def read_gitlab(text: str) -> list[dict[str, Any]]:
    """The issues that GitLab would show."""
    issues: list[dict[str, Any]] = _json(text, GITLAB)
    check_gitlab(text)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        lines = issue["location"]["lines"]
        _assert_ordered((lines["begin"], 0), (lines["end"], 0))
    return issues


def read_rdjson(text: str) -> list[dict[str, Any]]:
    """The diagnostics that reviewdog would place."""
    diagnostics: list[dict[str, Any]] = _json(text, RDJSON)["diagnostics"]
    check_rdjson(text)
    for diagnostic in diagnostics:
        found = diagnostic["location"].get("range", {})
        if "end" in found:
            assert ("column" in found["start"]) == ("column" in found["end"])
            start, end = ((found[side]["line"], found[side].get("column", 0)) for side in ("start", "end"))
            _assert_ordered(start, end)
    return diagnostics


# The elements and attributes of Jenkins' junit-10.xsd, of which the others know more.
_JUNIT = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "file", "timestamp", "hostname"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
}
_INSIDE = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "skipped"}}


def read_junit(text: str) -> list[ElementTree.Element]:
    """The test cases. There is at least one, or some servers call the file empty."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        assert set(element.attrib) <= _JUNIT[element.tag]
        assert {child.tag for child in element} <= _INSIDE.get(element.tag, set())
    for suite in root:
        assert len(suite) == int(suite.attrib["tests"]) > 0
        for kind, attribute in (("failure", "failures"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{kind}")) == int(suite.attrib[attribute])
    check_junit(text)
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.attrib["tests"]) > 0
    assert len(root.findall("testsuite/testcase/failure")) == int(root.attrib["failures"])
    assert all(len(case) <= 1 and case.attrib["name"] for case in cases)
    return cases


def read_github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands that the runner sees: name, properties and data, as it decodes them.

    It takes a line that begins with two colons, after white space, and the older ``##[name]`` anywhere in a line.
    https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    commands = []
    for line in re.split(r"\r\n|\r|\n", text):
        if not line.strip().startswith("::"):
            assert "##[" not in line
            continue
        head, separator, data = line.strip()[2:].partition("::")
        assert separator
        name, _, properties = head.partition(" ")
        pairs = [part.partition("=") for part in properties.split(",") if part]
        decoded = {key: _decoded(_decoded(value, "%3A:", "%2C,")) for key, _, value in pairs}
        commands.append((name, decoded, _decoded(data)))
    for name, properties_, _ in commands:
        assert name in ("error", "warning", "notice", "group", "endgroup")
        if "col" in properties_:
            assert properties_["line"] == properties_["endLine"]
            assert int(properties_["col"]) <= int(properties_.get("endColumn", properties_["col"]))
    for kind in ("error", "warning", "notice"):
        assert sum(name == kind for name, _, _ in commands) <= 10
    return commands


def _decoded(text: str, *more: str) -> str:
    for code in more or ("%0D\r", "%0A\n", "%25%"):
        text = text.replace(code[:3], code[3:])
    return text


def read_markdown(text: str) -> list[list[str]]:
    """The rows of all tables, each cell as it reads; nothing in it is markup but what the page itself needs."""
    assert text.startswith("<!-- repro-lint -->\n")
    assert len(text.encode()) <= 65_536
    rows: list[list[str]] = []
    lines = text.split("\n")
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "html_block":
            assert re.fullmatch(
                r"<!-- repro-lint -->|</details>|<details><summary>[\w, ]+</summary>", token.content.strip()
            )
        elif token.type == "inline":
            shown = ""
            for child in token.children or []:
                assert child.type in (
                    "text",
                    "text_special",
                    "code_inline",
                    "html_inline",
                    "strong_open",
                    "strong_close",
                )
                if child.type == "html_inline":
                    assert child.content in ("<br>", "<code>", "</code>", "<span>", "</span>", "<!-- -->")
                    shown += "\n" if child.content == "<br>" else ""
                else:
                    shown += child.content
                    # What GitHub acts on in plain text stands alone, or at the end of it.
                    assert child.type == "code_inline" or not re.search(r"[@#$](?=.)", child.content)
            if token.map and rows and token.level >= 3:
                rows[-1].append(shown)
        elif token.type == "thead_close":
            rows.pop()
        elif token.type == "table_open" and token.map:  # a row with too many cells would lose them
            assert len({line.count("|") for line in lines[slice(*token.map)]}) == 1
    return rows
