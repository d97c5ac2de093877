"""JUnit XML, which every CI server shows: a suite for each file, a test case for each finding.

There is no one schema. This keeps to what Jenkins (its junit-10.xsd, the strictest), GitLab and pytest have in common.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.sax.saxutils import escape, quoteattr

from repro_lint.diagnostics import Diagnostic
from repro_lint.grades import Severity
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.places import addressed, repository_path, stored_span

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, look: Look) -> str:
    """Errors and warnings as failures, notes as skipped; one test that passes where nothing is found."""
    found = [d for d in report.diagnostics if d.counts]
    files: dict[str, list[Diagnostic]] = {}
    for diagnostic in found:
        files.setdefault(repository_path(diagnostic.location, look), []).append(diagnostic)
    suites = []
    for path, members in files.items():
        names: Counter[str] = Counter()
        suites.append(_suite(path, members, [_case(d, path, names) for d in members]))
    if not found:
        name = report.tool.name
        suites.append(_suite(name, found, [f"    <testcase{_attributes(name='no findings', classname=name)}/>\n"]))
    head = _attributes(name=report.tool.name, **_counts(found, max(len(found), 1)))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{head}>\n{"".join(suites)}</testsuites>\n'


def _suite(name: str, found: list[Diagnostic], cases: list[str]) -> str:
    skipped = sum(d.severity == Severity.NOTE for d in found)
    attributes = _attributes(name=name, **_counts(found, len(cases)), skipped=skipped)
    return f"  <testsuite{attributes}>\n{''.join(cases)}  </testsuite>\n"


def _counts(found: list[Diagnostic], tests: int) -> dict[str, object]:
    return {"tests": tests, "failures": sum(d.severity > Severity.NOTE for d in found), "errors": 0}


def _case(diagnostic: Diagnostic, path: str, names: Counter[str]) -> str:
    message = addressed(diagnostic.location, diagnostic.message)
    span = stored_span(diagnostic.location)
    place = f"{path}:{span.line}" if span else path
    # Servers tell test cases apart, and find them in the last run, by their names: no line numbers, but a count.
    name = f"{diagnostic.code} {diagnostic.rule}: {diagnostic.message}"
    names[name] += 1
    case = _attributes(name=f"{name} ({names[name]})" if names[name] > 1 else name, classname=path, time=0)
    element = "skipped" if diagnostic.severity == Severity.NOTE else "failure"
    outcome = _attributes(type=f"{diagnostic.severity} {diagnostic.rule}", message=message)
    text = escape(_xml_characters(f"{place}: {message}\nhelp: {diagnostic.help}"))
    return f"    <testcase{case}>\n      <{element}{outcome}>{text}</{element}>\n    </testcase>\n"


def _attributes(**values: object) -> str:
    return "".join(f" {name}={quoteattr(_xml_characters(str(value)))}" for name, value in values.items())


def _xml_characters(text: str) -> str:
    """The text with a mark in place of each character that XML 1.0 cannot hold, not even as a reference."""
    return _NOT_XML.sub("\ufffd", text)
