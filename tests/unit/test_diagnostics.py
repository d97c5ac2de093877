"""The diagnostics model: its promises, its order, its fingerprints and what it never tells."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pydantic import ValidationError

from repro_lint.diagnostics import Diagnostic, Location, UnknownRuleError, build_diagnostics, sort_key
from repro_lint.finding import CellRef, Edit, Finding, Fix, Place, Related, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.masking import Mask
from repro_lint.rule import RuleMeta

META = RuleMeta(
    code="TST001",
    name="some-rule",
    family="tests",
    level=Level.SAFE,
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    since="0.1.0",
    summary="It is wrong.",
    why="because",
    help="mend it",
)
OTHER = dataclasses.replace(META, code="TST002", name="other-rule")


def place(line: int | None = 1, text: str = "x = 1", path: str = "a.py", **rest: Any) -> Place:
    span = None if line is None else Span(line, 1, line, len(text) + 1)
    return Place(path, span, excerpt=(text,) if line else (), **rest)


def build(*findings: Finding, meta: RuleMeta = META, **rest: Any) -> list[Diagnostic]:
    return build_diagnostics([(meta, f) for f in findings], known=[META, OTHER], **rest)


def one(finding: Finding, **rest: Any) -> Diagnostic:
    (diagnostic,) = build(finding, **rest)
    return diagnostic


class TestModel:
    def test_takes_the_texts_and_grades_of_the_rule_unless_the_finding_says_otherwise(self) -> None:
        plain = one(Finding(place(), "m"))
        assert (plain.rule, plain.code, plain.message) == ("some-rule", "TST001", "m")
        assert (plain.why, plain.help, plain.severity, plain.confidence, plain.level) == (
            "because",
            "mend it",
            Severity.WARNING,
            Confidence.HIGH,
            Level.SAFE,
        )
        own = one(
            Finding(place(), "m", help="h", why="w", severity=Severity.NOTE, confidence=Confidence.LOW),
        )
        assert (own.help, own.why, own.severity, own.confidence) == ("h", "w", Severity.NOTE, Confidence.LOW)

    def test_the_users_severity_beats_that_of_the_finding(self) -> None:
        found = one(Finding(place(), "m", severity=Severity.NOTE), severities={"some-rule": Severity.ERROR})
        assert found.severity is Severity.ERROR

    def test_locations(self) -> None:
        finding = Finding(
            Place("n.ipynb", Span(2, 3, 2, 5), CellRef(4, "abc", 2), Span(30, 7, 30, 9), ("  xy",)),
            "m",
            related=(Related(place(7, path="b.py"), "there"),),
        )
        primary, related = one(finding).locations
        assert primary.model_dump(exclude_none=True) == {
            "path": "n.ipynb",
            "cell": {"index": 4, "id": "abc", "code_index": 2},
            "line": 2,
            "column": 3,
            "end_line": 2,
            "end_column": 5,
            "physical": {"line": 30, "column": 7, "end_line": 30, "end_column": 9},
            "excerpt": ("  xy",),
            "primary": True,
        }
        assert (related.path, related.line, related.primary, related.label) == ("b.py", 7, False, "there")

    def test_there_is_exactly_one_primary_location_and_it_comes_first(self) -> None:
        diagnostic = one(Finding(place(), "m"))
        first, second = Location(path="a.py"), Location(path="b.py", primary=False)
        fields = {name: getattr(diagnostic, name) for name in Diagnostic.model_fields}
        assert Diagnostic(**{**fields, "locations": (first, second, second)}).location is first
        for wrong in ((), (second,), (first, first), (second, first)):
            with pytest.raises(ValidationError, match="exactly one primary location"):
                Diagnostic(**{**fields, "locations": wrong})

    def test_is_frozen_and_refuses_unknown_fields(self) -> None:
        diagnostic = one(Finding(place(), "m"))
        with pytest.raises(ValidationError, match="frozen"):
            diagnostic.message = "n"  # type: ignore[misc]
        with pytest.raises(ValidationError, match="Extra inputs"):
            Location(path="a.py", row=1)  # type: ignore[call-arg]

    def test_a_finding_of_an_unknown_rule_is_refused(self) -> None:
        with pytest.raises(UnknownRuleError, match="strange-rule"):
            build(Finding(place(), "m"), meta=dataclasses.replace(META, name="strange-rule"))


def test_order_is_path_cell_line_column_code_message() -> None:
    def at(path: str, cell: int | None, line: int | None, column: int = 1) -> Place:
        return Place(path, Span(line, column) if line else None, CellRef(cell) if cell else None)

    findings = [
        (META, Finding(at("b.py", None, 1), "m")),
        (OTHER, Finding(at("a.ipynb", 2, 1, 2), "m")),
        (META, Finding(at("a.ipynb", 2, 1, 2), "z")),
        (META, Finding(at("a.ipynb", 2, 1, 2), "a")),
        (META, Finding(at("a.ipynb", 2, 1, 1), "m")),
        (META, Finding(at("a.ipynb", 10, 1), "m")),
        (META, Finding(at("a.ipynb", 2, None), "m")),
        (META, Finding(at("a.ipynb", None, 9), "m")),
        (META, Finding(at(".", None, None), "m")),
    ]
    found = build_diagnostics(findings, known=[META, OTHER])
    assert [sort_key(d) for d in found] == [
        (".", 0, 0, 0, "TST001", "m"),
        ("a.ipynb", 0, 9, 1, "TST001", "m"),
        ("a.ipynb", 2, 0, 0, "TST001", "m"),
        ("a.ipynb", 2, 1, 1, "TST001", "m"),
        ("a.ipynb", 2, 1, 2, "TST001", "a"),
        ("a.ipynb", 2, 1, 2, "TST001", "z"),
        ("a.ipynb", 2, 1, 2, "TST002", "m"),
        ("a.ipynb", 10, 1, 1, "TST001", "m"),
        ("b.py", 0, 1, 1, "TST001", "m"),
    ]


class TestFingerprints:
    def fingerprints(self, *findings: Finding) -> list[str]:
        return [d.fingerprint for d in build(*findings)]

    def test_do_not_change_when_lines_move_or_are_indented(self) -> None:
        assert self.fingerprints(Finding(place(1), "m")) == self.fingerprints(Finding(place(90, "    x  =  1"), "m"))

    def test_do_not_change_with_the_message(self) -> None:
        assert self.fingerprints(Finding(place(), "m")) == self.fingerprints(Finding(place(), "said better"))

    def test_are_distinct_for_two_equal_lines_and_the_first_keeps_its_own(self) -> None:
        alone = self.fingerprints(Finding(place(1), "m"))
        first, second = self.fingerprints(Finding(place(1), "m"), Finding(place(5), "m"))
        assert [first] == alone
        assert second != first

    @pytest.mark.parametrize(
        "other",
        [
            place(text="x = 2"),
            place(path="b.py"),
            place(scope="f"),
            place(cell=CellRef(1, "abc")),
        ],
        ids=["text", "path", "scope", "cell"],
    )
    def test_depend_on(self, other: Place) -> None:
        assert self.fingerprints(Finding(place(), "m")) != self.fingerprints(Finding(other, "m"))

    def test_depend_on_the_rule(self) -> None:
        assert one(Finding(place(), "m")).fingerprint != one(Finding(place(), "m"), meta=OTHER).fingerprint

    def test_know_a_cell_by_its_id_wherever_it_moves(self) -> None:
        moved = [self.fingerprints(Finding(place(cell=CellRef(n, "abc")), "m")) for n in (1, 8)]
        assert moved[0] == moved[1]
        assert moved[0] != self.fingerprints(Finding(place(cell=CellRef(1, "xyz")), "m"))

    def test_know_a_subject_better_than_a_line(self) -> None:
        by_subject = [self.fingerprints(Finding(place(text=t), "m", subject="numpy")) for t in ("a", "b")]
        assert by_subject[0] == by_subject[1]
        assert by_subject[0] != self.fingerprints(Finding(place(text="a"), "m", subject="scipy"))

    def test_are_sha256(self) -> None:
        (fingerprint,) = self.fingerprints(Finding(place(), "m"))
        assert len(fingerprint) == 64
        assert int(fingerprint, 16) > 0


class TestSecrets:
    SECRET = "hun" + "ter2!"

    def test_are_masked_in_every_text(self) -> None:
        secret = self.SECRET
        where = place(text=f'key = "{secret}"')
        finding = Finding(
            where,
            f"message {secret}",
            help=f"help {secret}",
            why=f"why {secret}",
            related=(Related(where, f"label {secret}"),),
            subject=f"subject {secret}",
            secrets=(secret,),
            fixes=(Fix(f"title {secret}", True, (Edit(where, f"text {secret}"),)),),
        )
        found = one(finding)
        assert secret not in found.model_dump_json()
        assert found.message == "message ***"
        assert found.help == "help ***"
        assert found.why == "why ***"
        assert found.location.excerpt == ('key = "***"',)
        assert found.locations[1].label == "label ***"
        assert found.locations[1].excerpt == ('key = "***"',)
        assert found.fixes[0].title == "title ***"
        assert found.fixes[0].edits[0].text == "text ***"
        assert found.fixes[0].edits[0].location.excerpt == ('key = "***"',)

    def test_do_not_show_in_the_finding_itself(self) -> None:
        assert self.SECRET not in repr(Finding(place(), "m", secrets=(self.SECRET,)))

    def test_do_not_enter_the_fingerprint(self) -> None:
        first = one(Finding(place(text="k = 'aaaa'"), "m", secrets=("aaaa",)))
        second = one(Finding(place(text="k = 'bbbb'"), "m", secrets=("bbbb",)))
        assert first.fingerprint == second.fingerprint

    def test_the_longest_goes_first(self) -> None:
        assert Mask(["abc", "abcdef", ""])("abcdef abc") == "*** ***"

    def test_a_secret_of_several_lines_is_masked_in_each(self) -> None:
        mask = Mask(["first-part\nsecond-part\n"])
        assert mask('key = """first-part') == 'key = """***'
        assert mask('second-part"""') == '***"""'

    def test_are_masked_in_other_findings_about_the_same_file(self) -> None:
        line = f'key = "{self.SECRET}"'
        findings = [Finding(place(1, line), "a", secrets=(self.SECRET,)), Finding(place(1, line), "b")]
        for diagnostic in build(*findings):
            assert diagnostic.location.excerpt == ('key = "***"',)
