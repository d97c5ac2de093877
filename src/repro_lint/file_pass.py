"""What one file gives, whoever asks: its findings, its facts and its suppressions, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from repro_lint.engine_rules import INTERNAL_ERROR, UNREADABLE_FILE
from repro_lint.facts import FileFact, fact_key
from repro_lint.files import display_path
from repro_lint.finding import Finding, NotApplicable, Place
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.project import Project, Question
from repro_lint.rule import Rule
from repro_lint.sources.base import Subject
from repro_lint.suppression import Suppression, find_suppressions

_ADDRESS = lazy_pattern(r"\bat 0x[0-9a-f]+")


@dataclass
class FileResult:
    """What is known of one file when the pass has left it. Rules and facts are named, so that it can be stored."""

    findings: list[tuple[str, Finding]] = field(default_factory=list)
    not_applicable: list[tuple[str, NotApplicable]] = field(default_factory=list)
    suppressions: list[Suppression] | None = None
    """None where nobody has looked for them."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Values by ``fact_key``; facts that the file does not have are left out."""
    crashed: set[str] = field(default_factory=set)
    """The rules, and the keys of the facts, that raised."""
    judged: bool = False
    checked: bool = False
    """Whether some rule looks at files of this name, and was to look at this one."""
    unreadable: bool = False
    consulted: bool = False
    """Whether a rule looked at more than this file, so that another tree may give other findings."""
    facts_consulted: bool = False
    """The same of the facts."""
    asked: tuple[Question, ...] = ()
    """What rules asked of the tree, for findings that are the same as long as the answers are."""
    holds: tuple[bool, ...] = ()
    """For each of the pass's triggers whether the file holds it, for whoever asks when the content is gone."""


class FilePass:
    """Shows a file to each rule that may have something to say about it, and collects its facts, in one parse."""

    def __init__(
        self,
        project: Project,
        rules: Sequence[Rule],
        facts: Iterable[type[FileFact[Any]]],
        triggers: Sequence[tuple[bytes, ...]] = (),
        *,
        prefilter: bool = True,
        notebooks_only: frozenset[str] = frozenset(),
    ) -> None:
        self.project = project
        self.prefilter = prefilter
        self.notebooks_only = notebooks_only
        self.triggers = triggers
        self.facts = {fact_key(fact): fact for fact in facts}
        self._rules: dict[tuple[type[Any], ...], list[Rule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.subjects(), []).append(rule)

    def size(self, path: str) -> int:
        """The bytes of the file, none where it cannot be looked at."""
        try:
            return self.project.view.size(path)
        except OSError:
            return 0

    def look(self, path: str, *, judged: bool) -> FileResult:
        """What the file gives; its findings only where it is ``judged``."""
        result = FileResult(judged=judged)
        self.project.begin(path)
        if judged:
            chosen = [(t, rules) for s, rules in self._rules.items() if (t := _first_accepting(s, path))]
            result.checked = bool(chosen)
            if chosen and self._readable(path, result):
                self._check(path, chosen, result)
        result.consulted, result.asked = self.project.consulted, tuple(self.project.asked)
        self.project.begin(path)
        for key, fact in self.facts.items():
            if fact.subject.accepts(path):
                self._collect(key, fact, path, result)
        result.facts_consulted = self.project.consulted or bool(self.project.asked)
        file = self.project.own_files[path]
        if file.is_loaded:
            result.holds = tuple(file.contains_any(triggers) for triggers in self.triggers)
        self.project.release(path)
        return result

    def _readable(self, path: str, result: FileResult) -> bool:
        """Whether the file can be read; if not, that is a finding."""
        try:
            self.project.own_files[path].data  # noqa: B018 - reading is what may fail
        except OSError as error:
            reason = error.strerror or str(error) or type(error).__name__
            result.findings.append(_unreadable(path, f"cannot be read: {reason}"))
            result.unreadable = True
            return False
        return True

    def _check(self, path: str, chosen: list[tuple[type[Subject], list[Rule]]], result: FileResult) -> None:
        file = self.project.own_files[path]
        result.suppressions = find_suppressions(file, self.project)
        problem: str | None = None
        for subject_type, rules in chosen:
            for rule in rules:
                if self.prefilter and not file.contains_any(rule.triggers):
                    continue
                if rule.meta.name in self.notebooks_only and not path.endswith(".ipynb"):
                    continue
                with Guard(result, rule.meta.name, path):
                    subject = self.project.load(subject_type, path)
                    if subject is not None:
                        problem = problem or subject.problem
                        apply(rule, subject, path, result)
        if problem and not _may_be_data(path):
            result.findings.append(_unreadable(path, problem))

    def _collect(self, key: str, fact: type[FileFact[Any]], path: str, result: FileResult) -> None:
        try:
            value = self.project.collect(fact, path)
        except (Exception, SystemExit) as error:
            result.crashed.add(key)
            result.findings.append(crash(fact.__name__, path, error))
            return
        if value is not None:
            result.facts[key] = value


def _first_accepting(subjects: tuple[type[Subject], ...], path: str) -> type[Subject] | None:
    return next((subject for subject in subjects if subject.accepts(path)), None)


def apply(
    rule: Rule, subject: Any, path: str | None, result: FileResult, wanted: Callable[[str], bool] = lambda path: True
) -> None:
    """Add what the rule says of the subject, as far as it is about paths that are ``wanted``."""
    name = rule.meta.name
    for found in rule.check(subject):
        if isinstance(found, NotApplicable):
            result.not_applicable.append((name, NotApplicable(found.reason, found.path or path)))
        elif found.place.path == "." or wanted(found.place.path):
            result.findings.append((name, found))


class Guard:
    """Turns an exception of a rule into a finding, and goes on."""

    def __init__(self, result: FileResult, rule: str, path: str | None) -> None:
        self._result, self._rule, self._path = result, rule, path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        # sys.exit() in a rule must not end the run as if all was well
        if not isinstance(error, (Exception, SystemExit)):
            return False
        self._result.crashed.add(self._rule)
        self._result.findings.append(crash(self._rule, self._path, error))
        return True


def crash(what: str, path: str | None, error: Exception | SystemExit) -> tuple[str, Finding]:
    """The finding that a rule or a fact raised."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{Path(frame.filename).name}:{frame.lineno}"
    # Only the first line: the text of an exception can quote the file that was read.
    text = _ADDRESS.sub("at …", str(error).split("\n", 1)[0])[:120]
    message = f"{what} crashed on this {'file' if path else 'project'}: {type(error).__name__}: {text} ({at})"
    place = Place(display_path(path)) if path else Place(".")
    return INTERNAL_ERROR.name, Finding(place, message, subject=f"{what}:{type(error).__name__}")


def _unreadable(path: str, problem: str) -> tuple[str, Finding]:
    finding = Finding(Place(display_path(path)), f"{display_path(path)} {problem}", subject=problem)
    return UNREADABLE_FILE.name, finding


def _may_be_data(path: str) -> bool:
    """Whether the name promises nothing that a rule would need: a .txt file may hold any data but requirements."""
    return path.lower().endswith(".txt") and "requirements" not in path.lower()
