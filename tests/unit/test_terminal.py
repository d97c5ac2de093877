"""Colour, safe text and the progress line; and findings as a terminal shows them."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro_lint.diagnostics import Diagnostic, build_diagnostics
from repro_lint.finding import CellRef, Finding, Place, Related, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.reporters import Look
from repro_lint.reporters.full import render_diagnostic
from repro_lint.rule import RuleMeta
from repro_lint.terminal import ColorChoice, Style, printable, progress, wants_color, width


class Stream(io.StringIO):
    """A terminal, or not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "color"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_when_to_colour(
    choice: ColorChoice, terminal: bool, environment: dict[str, str], color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_color(choice, Stream(terminal)) is color


def test_style() -> None:
    assert Style(True)("x", "bold", "red") == "\x1b[1;31mx\x1b[0m"
    assert Style(True)("x") == "x"
    assert Style(False)("x", "bold") == "x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb", "a    b"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\rb\x00c\x7fd\x9be", "a\\x0db\\x00c\\x7fd\\x9be"),
        ("line\nbreak", "line\\x0abreak"),
        ("right\u202eleft", "right\ufffdleft"),  # would turn the rest of the line round
        ("\ud800", "\ufffd"),
        ("größe 数据 🙂 é", "größe 数据 🙂 é"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),  # blanks are harmless
    ],
    ids=ascii,
)
def test_a_file_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_what_is_shown_holds_no_control_characters(text: str) -> None:
    assert not [c for c in printable(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("数据", 4), ("", 0)])
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


class TestProgress:
    def test_none_off_a_terminal(self) -> None:
        with progress(Stream(False)) as advance:
            assert advance is None

    def test_none_on_a_dumb_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "dumb")
        with progress(Stream(True)) as advance:
            assert advance is None

    def test_nothing_for_a_short_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        stream = Stream(True)
        with progress(stream) as advance:
            assert advance is not None
            advance(1, 2)
        assert stream.getvalue() == ""

    def test_a_line_for_a_long_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm")
        stream = Stream(True)
        with progress(stream, delay=0.0) as advance:
            assert advance is not None
            advance(1, 2)
            advance(2, 2)
        assert "checking" in stream.getvalue()

    def test_the_default_is_the_stream_of_the_moment(self, capsys: pytest.CaptureFixture[str]) -> None:
        with progress() as advance:
            assert advance is None


META = RuleMeta("TST001", "a-rule", "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0", "s.", "w", "mend it")


def shown(place: Place, message: str = "it is wrong", look: Look | None = None, **rest: object) -> str:
    finding = Finding(place, message, **rest)  # type: ignore[arg-type]
    (diagnostic,) = build_diagnostics([(META, finding)], known=[META])
    assert isinstance(diagnostic, Diagnostic)
    return render_diagnostic(diagnostic, look)


class TestFrames:
    def test_a_line(self) -> None:
        place = Place("a.py", Span(12, 5, 12, 10), excerpt=("x = wrong()",))
        assert shown(place) == (
            "warning[a-rule] TST001: it is wrong\n"
            "   --> a.py:12:5\n"
            "    |\n"
            " 12 | x = wrong()\n"
            "    |     ^^^^^\n"
            "    = help: mend it"
        )

    def test_a_cell(self) -> None:
        place = Place("n.ipynb", Span(2, 1, 2, 2), CellRef(4, "id", 3), Span(118, 8), ("xy",))
        assert shown(place) == (
            "warning[a-rule] TST001: it is wrong\n"
            "  --> n.ipynb:cell 4:2:1   (line 118 of the file)\n"
            "   |\n"
            " 2 | xy\n"
            "   | ^\n"
            "   = help: mend it"
        )

    def test_a_whole_file(self) -> None:
        assert shown(Place("a.py")).splitlines()[1:] == [" --> a.py", "  = help: mend it"]

    def test_several_lines(self) -> None:
        place = Place("a.py", Span(1, 3, 4, 2), excerpt=("f(wrong,", "b", "c", ")"))
        assert shown(place).splitlines()[2:6] == ["   |", " 1 | f(wrong,", "   |   ^^^^^^", "   | …"]

    def test_carets_stand_under_what_is_wide(self) -> None:
        place = Place("a.py", Span(1, 7, 1, 9), excerpt=('\tx = "数据"',))
        frame = shown(place).splitlines()
        assert frame[3] == ' 1 |     x = "数据"'
        assert frame[4] == "   |          ^^^^"

    def test_a_very_long_line_is_cut_around_the_finding(self) -> None:
        text = "a" * 5000 + "WRONG" + "b" * 5000
        frame = shown(Place("a.js", Span(1, 5001, 1, 5006), excerpt=(text,))).splitlines()
        assert len(frame[3]) < 160
        start = frame[3].index("WRONG")
        assert frame[4] == "   | " + " " * (start - 5) + "^^^^^"
        assert frame[3][5] == "…"
        assert frame[3][-1] == "…"

    def test_a_span_beyond_the_text(self) -> None:
        frame = shown(Place("a.py", Span(1, 50, 1, 60), excerpt=("short",))).splitlines()
        assert frame[3:5] == [" 1 | short", "   |      ^"]

    def test_further_places(self) -> None:
        related = tuple(Related(Place("b.py", Span(n)), f"place {n}") for n in range(1, 9))
        lines = shown(Place("a.py"), related=related).splitlines()
        assert lines[2:] == [
            *(f"  = b.py:{n}:1: place {n}" for n in range(1, 7)),
            "  = and 2 more places",
            "  = help: mend it",
        ]

    def test_control_characters_everywhere(self) -> None:
        text = shown(Place("a\x1b.py", Span(1), excerpt=("\x1b[2J",)), "\x1b]0;title\x07", help="\x1b")
        assert "\x1b" not in text
        assert "\x07" not in text

    def test_colour(self) -> None:
        look = Look(Style(True))
        text = shown(Place("a.py", Span(1, 1, 1, 2), excerpt=("x",)), look=look)
        assert text.startswith("\x1b[1;33mwarning[a-rule]\x1b[0m TST001: ")
        assert "\x1b[33m^\x1b[0m" in text
