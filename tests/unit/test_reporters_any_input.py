"""Whatever a path, a message or a place holds: each format says it, whole and in the form that its platform reads."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.formats import read_github, read_gitlab, read_junit, read_markdown, read_rdjson, read_sarif

from repro_lint.diagnostics import Cell, Diagnostic, Disposition, Location, Span
from repro_lint.files import display_path
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.report import Report, summarise
from repro_lint.reporters import FORMATS, Look, render
from repro_lint.terminal import printable

SPECIAL = "|`*_[]()<>&\"'\\~#@$%:,;!{}=+-\r\n\t\x00\x1b\x85\u2028\u202e\ufeff\ufffe é😀"
FRAGMENTS = ["::error::", "##[error]", "%0A", "]]>", "<!-- -->", "</details>", "&#124;", "\\|", "```", "$$", "www.x.y"]
TEXTS = st.lists(st.sampled_from([*SPECIAL, *FRAGMENTS, "a", "x y", "1"]) | st.text(max_size=8), max_size=12).map(
    "".join
)
# As they come from a repository: never absolute, never with an end of a line in them.
PATHS = TEXTS.map(lambda text: display_path(text).strip("/")).filter(lambda path: path and "//" not in path)
NUMBERS = st.integers(1, 60)
SPANS = st.builds(
    lambda line, column, end_line, end_column: {
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    },
    NUMBERS,
    NUMBERS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
)


@st.composite
def locations(draw: st.DrawFn, primary: bool = True) -> Location:
    """A place in a script or in a notebook, or a whole file; its end may lie before its start."""
    span: dict[str, Any] = draw(st.just({}) | SPANS)
    cell = draw(st.none() | st.builds(Cell, index=NUMBERS, id=st.none() | TEXTS))
    physical = Span(**draw(SPANS)) if cell or draw(st.booleans()) else None
    excerpt = tuple(draw(st.lists(TEXTS, max_size=2)))
    label = None if primary else draw(TEXTS)
    path = draw(PATHS | st.just("."))
    return Location(path=path, cell=cell, physical=physical, excerpt=excerpt, primary=primary, label=label, **span)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    return Diagnostic(
        rule=draw(st.sampled_from(["a-rule", "b-rule"])),
        code="TST001",
        message=draw(TEXTS),
        why=draw(TEXTS),
        help=draw(TEXTS),
        severity=draw(st.sampled_from(Severity)),
        confidence=Confidence.HIGH,
        level=draw(st.sampled_from(Level)),
        locations=(draw(locations()), *draw(st.lists(locations(primary=False), max_size=2))),
        fingerprint=draw(st.sampled_from(["a" * 64, "b" * 64])),
        disposition=draw(
            st.builds(
                Disposition,
                state=st.sampled_from(["new", "new", "existing", "suppressed", "baselined"]),
                by=st.sampled_from(["comment", "config"]),
                reason=st.none() | TEXTS,
            )
        ),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    found = tuple(draw(st.lists(diagnostics(), max_size=6)))
    counts = summarise(
        found, files_checked=1, rules_run=1, below_min_confidence=0, target=draw(st.sampled_from(Level)), judged=True
    )
    return Report(diagnostics=found, summary=counts)


def visible(text: str) -> str:
    """The text as one line without control characters, and without the backticks that make code of it."""
    return printable(" ".join(text.split())).replace("`", "").replace(" ", "")


@pytest.mark.untraced
@given(reports(), st.sampled_from(["", "sub dir/"]))
@settings(max_examples=60)
def test_every_format(report: Report, prefix: str) -> None:
    look = Look(prefix=prefix)
    texts = {name: render(name, report, look) for name in FORMATS}
    for text in texts.values():
        text.encode()
    counting = [d for d in report.diagnostics if d.counts]
    assert json.loads(texts["json"])["summary"]["findings"] == len(counting)
    assert [Diagnostic.model_validate_json(line) for line in texts["jsonl"].split("\n")[:-1]] == list(
        report.diagnostics
    )
    assert len(read_sarif(texts["sarif"])["results"]) == len(report.diagnostics)
    before = [d for d in report.diagnostics if d.disposition.state == "existing"]
    assert len(read_gitlab(texts["gitlab"])) == len(counting) + len(before)
    assert len(read_rdjson(texts["rdjson"])) == len(counting)
    assert len(read_junit(texts["junit"])) == max(1, len(counting))
    assert len(read_github(texts["github"])) == len(counting)
    aside = [d for d in report.diagnostics if d.disposition.state == "suppressed"]
    assert len(read_markdown(texts["markdown"])) == len(counting) + len(aside)


@pytest.mark.untraced
@given(TEXTS, PATHS)
@settings(max_examples=150)
@example("a `b | c` d", "x|y`z.py")
@example("``", "a b.py")
@example("` `", "`")
@example("` a ` \\", "a\\")
def test_what_is_said_arrives_whole(message: str, path: str) -> None:
    place = Location(path=path, line=3, column=1)
    found = Diagnostic(
        rule="a-rule",
        code="TST001",
        message=message,
        why="w",
        help="h",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        level=Level.SAFE,
        locations=(place,),
        fingerprint="f",
    )
    counts = summarise([found], files_checked=1, rules_run=1, below_min_confidence=0, target=Level.SAFE, judged=True)
    report = Report(diagnostics=(found,), summary=counts)
    ((_, properties, data),) = read_github(render("github", report, Look()))
    assert (properties["file"], data) == (path, f"{path}:3: {message}\nhelp: h")
    (issue,) = read_gitlab(render("gitlab", report, Look()))
    assert (issue["location"]["path"], issue["description"]) == (path, f"TST001: {message}")
    (diagnostic,) = read_rdjson(render("rdjson", report, Look()))
    assert (diagnostic["location"]["path"], diagnostic["message"]) == (path, f"[a-rule] {message}\nhelp: h")
    (result,) = read_sarif(render("sarif", report, Look()))["results"]
    assert result["message"]["text"].replace("\\", "") == f"{message}\nhelp: h".replace("\\", "")
    ((where, what),) = read_markdown(render("markdown", report, Look()))
    assert visible(where) == visible(f"{path}:3")
    assert visible(what) == visible(message)
