"""The engine: what becomes a subject, what a crash costs, and what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.conftest import MemoryView, memory_project

from repro_lint.config import Configuration, Settings
from repro_lint.engine import Outcome as EngineOutcome
from repro_lint.engine import run
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR
from repro_lint.facts import FileFact, ProjectFact
from repro_lint.finding import Finding, NotApplicable, Place, Span
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.project import Project
from repro_lint.registry import BrokenPlugin, Entry, Pack, build_registry
from repro_lint.rule import Outcome, Rule, RuleMeta
from repro_lint.session import Session, Target
from repro_lint.source_file import MAX_FILE_SIZE
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.sources.python import PythonSource
from repro_lint.sources.text import TextFile


def meta(name: str, code: str = "TST001") -> RuleMeta:
    return RuleMeta(code, name, "tests", Level.SAFE, Severity.WARNING, Confidence.HIGH, "0.1.0", "s.", "w", "h")


class EachFile(Rule):
    """One finding for each Python file."""

    meta = meta("each-file")

    def check(self, source: PythonSource) -> Outcome:
        yield Finding(source.file_place(), "a file")


class Tree(Rule):
    """One finding for the repository, and one for each of its files."""

    meta = meta("tree", "TST002")

    def check(self, project: Project) -> Outcome:
        yield project.finding("the repository")
        for path in project.files:
            yield project.finding("a file of it", path=path)


def shorten(outcome: EngineOutcome) -> list[str]:
    return [f"{finding.place.path} {meta.name}: {finding.message}" for meta, finding in outcome.findings]


def check(files: Mapping[str, str | bytes | Exception], *rules: Rule, **options: Any) -> EngineOutcome:
    return run(memory_project(files), rules, **options)


class TestCrashes:
    def make(self, error: BaseException, *, when: str = "bad") -> Rule:
        class Crashing(Rule):
            meta = meta("crashing", "TST003")

            def check(self, source: PythonSource) -> Outcome:
                yield Finding(source.file_place(), "before")
                if when in source.path:
                    raise error
                yield Finding(source.file_place(), "after")

        return Crashing()

    def test_one_file_costs_one_finding_and_nothing_else(self) -> None:
        files = {"a.py": "", "bad.py": "", "c.py": ""}
        outcome = check(files, self.make(ValueError("no such thing")), EachFile())
        crash = [f for m, f in outcome.findings if m is INTERNAL_ERROR]
        assert [f.place.path for f in crash] == ["bad.py"]
        assert crash[0].message.startswith("crashing crashed on this file: ValueError: no such thing (test_engine.py:")
        assert [text for text in shorten(outcome) if "internal-error" not in text] == [
            "a.py crashing: before",
            "a.py crashing: after",
            "a.py each-file: a file",
            "bad.py crashing: before",
            "bad.py each-file: a file",
            "c.py crashing: before",
            "c.py crashing: after",
            "c.py each-file: a file",
        ]
        assert outcome.ran == {"each-file"}

    @pytest.mark.parametrize(
        "error",
        [SystemExit(0), RecursionError(), MemoryError(), KeyError("k"), AssertionError(), NotImplementedError()],
        ids=lambda e: type(e).__name__,
    )
    def test_whatever_is_raised(self, error: BaseException) -> None:
        outcome = check({"bad.py": "", "c.py": ""}, self.make(error), EachFile())
        assert f"crashed on this file: {type(error).__name__}" in "\n".join(shorten(outcome))
        assert "c.py each-file: a file" in shorten(outcome)

    def test_an_interrupt_is_not_a_crash(self) -> None:
        with pytest.raises(KeyboardInterrupt):
            check({"bad.py": ""}, self.make(KeyboardInterrupt()))

    def test_the_message_is_short_stable_and_one_line(self) -> None:
        error = ValueError(f"<object at 0x7f00aabb> {'x' * 500}\nsecond line: secret")
        ((_, finding),) = [f for f in check({"bad.py": ""}, self.make(error)).findings if f[0] is INTERNAL_ERROR]
        assert "<object at …> xxx" in finding.message
        assert "second line" not in finding.message
        assert len(finding.message) < 250
        assert finding.subject == "crashing:ValueError"

    def test_a_check_that_gives_nothing_to_iterate(self) -> None:
        class Returns(Rule):
            meta = meta("returns")

            def check(self, source: PythonSource) -> Outcome:  # type: ignore[empty-body]
                pass

        (text,) = shorten(check({"a.py": ""}, Returns()))
        assert text.startswith("a.py internal-error: returns crashed on this file: TypeError")

    def test_a_check_that_gives_something_else(self) -> None:
        class Strange(Rule):
            meta = meta("strange")

            def check(self, source: PythonSource) -> Outcome:
                yield "text"  # type: ignore[misc]

        (text,) = shorten(check({"a.py": ""}, Strange()))
        assert text.startswith("a.py internal-error: strange crashed on this file: AttributeError")

    def test_an_impossible_finding(self) -> None:
        class Impossible(Rule):
            meta = meta("impossible")

            def check(self, source: PythonSource) -> Outcome:
                yield Finding(Place(source.path, Span(0)), "at line 0")
                yield Finding(source.file_place(), "possible")

        report = session({"a.py": ""}, Impossible, EachOther).report()
        assert [(d.rule, d.message) for d in report.diagnostics] == [
            (
                "internal-error",
                "impossible gave an impossible finding: line: Input should be greater than or equal to 1",
            ),
            ("impossible", "possible"),
            ("each-other", "a file"),
        ]
        assert report.exit_code("never") == 2

    def test_a_subject_that_cannot_be_made(self) -> None:
        class Broken(Subject):
            @classmethod
            def accepts(cls, path: str) -> bool:
                return True

            @classmethod
            def from_file(cls, file: Any, project: Project) -> Broken:
                raise ValueError("broken subject")

        class Asking(Rule):
            meta = meta("asking")

            @classmethod
            def subjects(cls) -> tuple[type[Any], ...]:
                return (Broken,)

        texts = shorten(check({"a.py": ""}, Asking(), EachFile()))
        assert texts[0].startswith("a.py internal-error: asking crashed on this file: ValueError: broken subject")
        assert texts[1] == "a.py each-file: a file"

    def test_a_tree_rule(self) -> None:
        class Failing(Rule):
            meta = meta("failing", "TST004")

            def check(self, project: Project) -> Outcome:
                raise ZeroDivisionError("nothing")

        outcome = check({"a.py": ""}, Failing(), Tree())
        texts = shorten(outcome)
        assert texts[0].startswith(". internal-error: failing crashed on this project: ZeroDivisionError: nothing (")
        assert texts[1:] == [". tree: the repository", "a.py tree: a file of it"]
        assert outcome.ran == {"tree"}


@dataclass(frozen=True)
class Broken(ProjectFact):
    @classmethod
    def compute(cls, project: Project) -> Broken:
        raise ValueError("no fact")


class UsesBroken(Rule):
    meta = meta("uses-broken", "TST005")

    def check(self, project: Project) -> Outcome:
        project.fact(Broken)
        yield project.finding("never")


class Size(FileFact[int]):
    subject = PythonSource
    triggers = (b"size",)
    made: list[str] = []

    @classmethod
    def collect(cls, subject: Any) -> int:
        cls.made.append(subject.path)
        if "bad" in subject.path:
            raise ValueError("too large")
        return len(subject.lines)


class UsesSize(Rule):
    meta = meta("uses-size", "TST006")
    facts = (Size,)

    def check(self, project: Project) -> Outcome:
        yield project.finding(f"sizes: {dict(project.file_facts(Size))}")


class TestFacts:
    def test_one_that_raises_fails_the_rules_that_need_it(self) -> None:
        class Another(UsesBroken):
            meta = meta("another", "TST007")

        texts = shorten(check({"a.py": ""}, UsesBroken(), Another(), Tree()))
        assert [t.partition(" (")[0] for t in texts] == [
            ". internal-error: uses-broken crashed on this project: ValueError: no fact",
            ". internal-error: another crashed on this project: ValueError: no fact",
            ". tree: the repository",
            "a.py tree: a file of it",
        ]

    def test_are_collected_in_one_pass_where_a_trigger_is(self) -> None:
        Size.made.clear()
        outcome = check({"a.py": "SIZE\n", "b.py": "x\n", "c.py": "# size\n\n", "d.txt": "size"}, UsesSize())
        assert shorten(outcome) == [". uses-size: sizes: {'a.py': 2, 'c.py': 3}"]
        assert Size.made == ["a.py", "c.py"]

    def test_one_that_raises_on_a_file_is_reported_there(self) -> None:
        outcome = check({"a.py": "size", "bad.py": "size"}, UsesSize())
        texts = shorten(outcome)
        assert texts[0].startswith("bad.py internal-error: Size crashed on this file: ValueError: too large (")
        assert texts[1:] == [". uses-size: sizes: {'a.py': 1}"]
        assert outcome.ran == set()

    def test_are_collected_when_asked_for_without_being_announced(self) -> None:
        project = memory_project({"a.py": "size"})
        assert project.file_facts(Size) == {"a.py": 1}

    def test_are_collected_from_all_files_when_only_some_are_wanted(self) -> None:
        outcome = check({"a.py": "size", "b.py": "size"}, UsesSize(), wanted=lambda path: path == "a.py")
        assert shorten(outcome) == [". uses-size: sizes: {'a.py': 1, 'b.py': 1}"]


def test_what_does_not_apply_is_collected_with_its_reason() -> None:
    class Abstaining(Rule):
        meta = meta("abstaining")

        def check(self, source: PythonSource) -> Outcome:
            yield NotApplicable("cannot be known")
            yield NotApplicable("nor here", "other.py")

    outcome = check({"a.py": ""}, Abstaining())
    assert outcome.findings == []
    assert [(m.name, n.reason, n.path) for m, n in outcome.not_applicable] == [
        ("abstaining", "cannot be known", "a.py"),
        ("abstaining", "nor here", "other.py"),
    ]


class Counting(Subject):
    """Counts the files that become it."""

    made: list[str] = []

    def __init__(self, file: Any, project: Project) -> None:
        super().__init__(file, project)
        self.made.append(self.path)

    @classmethod
    def accepts(cls, path: str) -> bool:
        return path.endswith((".py", ".ipynb", ".txt"))


class Triggered(Rule):
    meta = meta("triggered")
    triggers: ClassVar[tuple[bytes, ...]] = (b"numpy", b"Random")

    def check(self, subject: Counting) -> Outcome:
        yield Finding(Place(subject.path), "seen")


class TestTriggers:
    FILES: Mapping[str, str | bytes] = {
        "a.py": "import numpy",
        "b.py": "import pandas",
        "c.py": "RANDOM",
        "d.txt": "",
        "e.txt": "numpy".encode("utf-16"),
        "f.ipynb": b'{"a": "\\u006eumpy"}',
        "g.ipynb": b'{"a": "num py"}',
    }

    def test_a_file_without_one_never_becomes_a_subject(self) -> None:
        Counting.made.clear()
        texts = shorten(check(self.FILES, Triggered()))
        # UTF-16 and JSON escapes could hide a trigger, so such files are looked at.
        assert Counting.made == ["a.py", "c.py", "e.txt", "f.ipynb"]
        assert texts == [f"{path} triggered: seen" for path in Counting.made]

    def test_without_the_prefilter_every_file_does(self) -> None:
        Counting.made.clear()
        check(self.FILES, Triggered(), prefilter=False)
        assert Counting.made == list(self.FILES)

    def test_a_rule_without_triggers_sees_every_file(self) -> None:
        class All(Triggered):
            meta = meta("all-of-them")
            triggers = ()

        Counting.made.clear()
        check(self.FILES, All())
        assert Counting.made == list(self.FILES)

    def test_subjects_are_shared_by_rules(self) -> None:
        class Second(Triggered):
            meta = meta("second")

        Counting.made.clear()
        check({"a.py": "numpy"}, Triggered(), Second())
        assert Counting.made == ["a.py"]


class TestReading:
    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            (FileNotFoundError(2, "No such file or directory"), "No such file or directory"),
            (PermissionError(13, "Permission denied"), "Permission denied"),
            (OSError("strange"), "strange"),
            (OSError(), "OSError"),
        ],
        ids=["vanished", "forbidden", "other", "silent"],
    )
    def test_a_file_that_cannot_be_read(self, error: OSError, reason: str) -> None:
        files: dict[str, str | bytes | Exception] = {"a.py": error, "b.py": ""}
        assert shorten(check(files, EachFile())) == [
            f"a.py unreadable-file: a.py cannot be read: {reason}",
            "b.py each-file: a file",
        ]

    def test_a_file_that_is_too_large(self) -> None:
        project = Project(MemoryView({"a.py": "x" * 2049}), max_file_size=2048)
        (text,) = shorten(run(project, [EachFile()]))
        assert text.startswith("a.py unreadable-file: a.py cannot be read: 0.0 MiB is more than max-file-size (")

    def test_the_limit_itself_is_not_too_large(self) -> None:
        project = Project(MemoryView({"a.py": "#" * 2048}), max_file_size=2048)
        assert shorten(run(project, [EachFile()])) == ["a.py each-file: a file"]
        assert MAX_FILE_SIZE == 20 * 1024 * 1024

    def test_is_of_no_interest_where_no_rule_reads_it(self) -> None:
        assert shorten(check({"a.csv": OSError("x"), "b.txt": OSError("y")}, EachFile())) == []

    def test_text_that_is_none(self) -> None:
        class Text(Rule):
            meta = meta("text")

            def check(self, file: TextFile) -> Outcome:
                yield Finding(file.place(), "text")

        assert shorten(check({"a.toml": b"a\0b"}, Text())) == [
            "a.toml text: text",
            "a.toml unreadable-file: a.toml is not text: it holds NUL bytes",
        ]
        assert shorten(check({"data.txt": b"a\0b"}, Text())) == ["data.txt text: text"]

    def test_every_file_is_read_once(self) -> None:
        class Second(EachFile):
            meta = meta("second")

        view = MemoryView({"a.py": "import os", "b.py": "", "c.csv": ""})
        run(Project(view), [EachFile(), Second()])
        assert view.reads == ["a.py", "b.py"]


class PerFile(TreeSubject):
    per_file = True

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def from_project(cls, project: Project, triggers: tuple[bytes, ...]) -> Iterable[PerFile]:
        return [cls(path) for path in project.files]


class AboutPrograms(Rule):
    meta = meta("about-programs", "TST008")

    def check(self, program: PerFile) -> Outcome:
        if program.path == "bad.py":
            raise ValueError("bad program")
        yield Finding(Place(program.path or "."), "a program")


class Mixed(Rule):
    """Reads the tree and single files."""

    meta = meta("mixed", "TST009")

    def check(self, subject: Project | PythonSource) -> Outcome:
        if isinstance(subject, Project):
            yield subject.finding("the tree")
        else:
            yield Finding(subject.file_place(), "a source")


class TestScope:
    FILES = {"a.py": "", "b.py": "", "d/c.py": ""}

    def test_only_wanted_files_are_judged(self) -> None:
        outcome = check(self.FILES, EachFile(), Tree(), AboutPrograms(), Mixed(), wanted=lambda p: p == "b.py")
        assert shorten(outcome) == [
            "b.py each-file: a file",
            ". tree: the repository",
            "b.py tree: a file of it",
            "b.py about-programs: a program",
            ". mixed: the tree",
            "b.py mixed: a source",
        ]
        assert outcome.files_checked == 1

    def test_without_tree_rules_only_rules_about_single_files_run(self) -> None:
        outcome = check(self.FILES, EachFile(), Tree(), AboutPrograms(), Mixed(), tree_rules=False)
        assert {text.split(" ")[1] for text in shorten(outcome)} == {"each-file:", "about-programs:"}
        assert outcome.ran == {"each-file", "about-programs"}
        assert outcome.files_checked == 3

    def test_a_program_that_crashes_costs_only_itself(self) -> None:
        texts = shorten(check({"bad.py": "", "good.py": ""}, AboutPrograms()))
        assert texts[0].startswith("bad.py internal-error: about-programs crashed on this file: ValueError")
        assert texts[1:] == ["good.py about-programs: a program"]

    def test_progress_counts_the_files(self) -> None:
        steps: list[tuple[int, int]] = []
        check(self.FILES, EachFile(), progress=lambda done, total: steps.append((done, total)))
        assert steps == [(1, 3), (2, 3), (3, 3)]


class EachOther(EachFile):
    meta = meta("each-other", "TST010")


def session(
    files: Mapping[str, str | bytes | Exception], *rules: type[Rule], broken: tuple[BrokenPlugin, ...] = ()
) -> Session:
    registry = build_registry([Entry(rule, Pack("tests"), Path()) for rule in rules], broken)
    target = Target(Path("/project"), (), False)
    return Session(target, Configuration(Settings()), registry, view=MemoryView(files))


def test_a_broken_plugin_is_a_finding_and_the_others_run() -> None:
    broken = BrokenPlugin(Pack("mylab"), "pack mylab_rules", "ImportError: no")
    report = session({"a.py": ""}, EachFile, broken=(broken,)).report()
    assert [(d.rule, d.message) for d in report.diagnostics] == [
        (
            BROKEN_PLUGIN.name,
            "pack mylab_rules of mylab (unknown distribution ?) could not be loaded: ImportError: no",
        ),
        ("each-file", "a file"),
    ]
    assert report.exit_code("never") == 2


class TestRule:
    def test_the_annotation_tells_the_subjects(self) -> None:
        assert Mixed.subjects() == (Project, PythonSource)
        assert Tree.subjects() == (Project,)

    def test_no_annotation(self) -> None:
        class Silent(Rule):
            def check(self, subject):  # type: ignore[no-untyped-def]
                return ()

        with pytest.raises(TypeError, match=r"Silent\.check must annotate its one parameter"):
            Silent.subjects()

    def test_an_annotation_that_is_no_type(self) -> None:
        class Strange(Rule):
            def check(self, subject: 3) -> Outcome:  # type: ignore[valid-type]
                return ()

        with pytest.raises(TypeError, match="3 is not a subject type"):
            Strange.subjects()
