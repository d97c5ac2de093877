"""Running rules over a project: one pass over the files, then the rules about the tree."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE
from repro_lint.facts import FileFact
from repro_lint.files import display_path
from repro_lint.finding import Finding, NotApplicable, Place
from repro_lint.lazy import lazy_pattern
from repro_lint.project import Project, SourceFile
from repro_lint.registry import BrokenPlugin
from repro_lint.rule import EngineRule, Rule, RuleMeta
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.suppression import Suppression, find_suppressions

Progress = Callable[[int, int], None]
_ADDRESS = lazy_pattern(r"\bat 0x[0-9a-f]+")


@dataclass
class Outcome:
    """What the rules said, before anything is set aside."""

    findings: list[tuple[RuleMeta, Finding]] = field(default_factory=list)
    not_applicable: list[tuple[RuleMeta, NotApplicable]] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    files_checked: int = 0
    ran: set[str] = field(default_factory=set)
    """The names of the rules that ran, and did so without a crash."""


def run(
    project: Project,
    rules: Sequence[Rule],
    *,
    wanted: Callable[[str], bool] = lambda path: True,
    tree_rules: bool = True,
    judged: Callable[[str], bool] = lambda path: True,
    broken: Iterable[BrokenPlugin] = (),
    prefilter: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """What the rules find in the wanted files and, with ``tree_rules``, in the tree as a whole.

    A rule that raises becomes a finding of its own, and everything else goes on. Without the
    ``prefilter`` every file is shown to every rule, triggers or not: slower, with the same findings.
    Rules about single files look only at those that are ``judged``.
    """
    engine = _Engine(project, wanted, prefilter, tree_rules, judged)
    by_kind: dict[bool, list[Rule]] = {True: [], False: []}
    for rule in rules:
        if not isinstance(rule, EngineRule):
            by_kind[_is_file_rule(rule)].append(rule)
            engine.outcome.ran.add(rule.meta.name)
        elif rule.meta.name not in (INTERNAL_ERROR.name, BROKEN_PLUGIN.name):
            engine.outcome.ran.add(rule.meta.name)
    for plugin in broken:
        engine.report_broken(plugin)
    tree = by_kind[False] if tree_rules else [r for r in by_kind[False] if _is_per_file(r)]
    engine.outcome.ran -= {r.meta.name for r in by_kind[False]} - {r.meta.name for r in tree}
    engine.check_files(by_kind[True], {fact for rule in tree for fact in rule.facts}, progress)
    for rule in tree:
        engine.check_tree(rule)
        if engine.broken_facts.intersection(rule.facts):
            engine.outcome.ran.discard(rule.meta.name)
    engine.look_for_suppressions(finding.place.path for _, finding in engine.outcome.findings)
    return engine.outcome


def _is_file_rule(rule: Rule) -> bool:
    return all(issubclass(subject, Subject) for subject in rule.subjects())


def _is_per_file(rule: Rule) -> bool:
    return all(issubclass(s, Subject) or s.per_file for s in rule.subjects())


class _Engine:
    def __init__(
        self,
        project: Project,
        wanted: Callable[[str], bool],
        prefilter: bool,
        tree_rules: bool,
        judged: Callable[[str], bool],
    ) -> None:
        self.project = project
        self.judged = judged
        self.tree_rules = tree_rules
        self.wanted = wanted
        self.prefilter = prefilter
        self.outcome = Outcome()
        self.broken_facts: set[type[FileFact[Any]]] = set()
        self._searched: set[str] = set()

    def check_files(
        self, rules: Sequence[Rule], facts: Iterable[type[FileFact[Any]]], progress: Progress | None
    ) -> None:
        collected: dict[type[FileFact[Any]], dict[str, Any]] = {fact: {} for fact in facts}
        total = len(self.project.files)
        for number, (path, file) in enumerate(self.project.files.items(), 1):
            if progress:
                progress(number, total)
            subjects = {rule: s for rule in rules if (s := _subject_type(rule, path)) is not None}
            relevant = [fact for fact in collected if fact.subject.accepts(path)]
            wanted = self.wanted(path) and self.judged(path)
            self.outcome.files_checked += wanted and (self.tree_rules or bool(subjects))
            if not relevant and not (wanted and subjects):
                continue
            if wanted and subjects and self._readable(file):
                self._check_file(file, subjects)
            for fact in relevant:
                self._collect(fact, path, collected[fact])
            file.release()
        for fact, values in collected.items():
            self.project.keep_file_facts(fact, values)

    def _readable(self, file: SourceFile) -> bool:
        """Whether the file can be read; if not, that is a finding."""
        try:
            file.data  # noqa: B018 - reading is what may fail
        except OSError as error:
            reason = error.strerror or str(error) or type(error).__name__
            self._unreadable(file.path, f"cannot be read: {reason}")
            return False
        return True

    def _check_file(self, file: SourceFile, subjects: dict[Rule, type[Subject]]) -> None:
        self.look_for_suppressions([file.path])
        problem: str | None = None
        for rule, subject_type in subjects.items():
            if self.prefilter and not file.contains_any(rule.triggers):
                continue
            with _Guard(self, rule, file.path):
                subject = self.project.load(subject_type, file.path)
                if subject is not None:
                    problem = problem or subject.problem
                    self._apply(rule, subject, file.path)
        if problem and not _may_be_data(file.path):
            self._unreadable(file.path, problem)

    def look_for_suppressions(self, paths: Iterable[str]) -> None:
        """Gather the suppressions in files that no rule has looked at alone, but that a finding is about."""
        for path in paths:
            file = self.project.files.get(path)
            if file is None or path in self._searched:
                continue
            self._searched.add(path)
            with contextlib.suppress(OSError):  # reported where a rule wanted to read it
                self.outcome.suppressions += find_suppressions(file, self.project)

    def _collect(self, fact: type[FileFact[Any]], path: str, into: dict[str, Any]) -> None:
        try:
            value = self.project.collect(fact, path)
        except (Exception, SystemExit) as error:
            self.broken_facts.add(fact)
            self._crash(fact.__name__, path, error)
            return
        if value is not None:
            into[path] = value

    def check_tree(self, rule: Rule) -> None:
        """One rule over the subjects it finds in the tree."""
        with _Guard(self, rule, None):
            for subject_type in rule.subjects():
                triggers = rule.triggers if self.prefilter else ()
                for subject in self._tree_subjects(subject_type, triggers):
                    with _Guard(self, rule, subject.path):
                        self._apply(rule, subject, subject.path)

    def _tree_subjects(self, kind: type[Any], triggers: tuple[bytes, ...]) -> Iterator[Any]:
        if issubclass(kind, TreeSubject):
            for subject in kind.from_project(self.project, triggers):
                if subject.path is None or self.wanted(subject.path):
                    yield subject
        else:  # a rule that reads both the tree and single files
            for path in self.project.accepted(kind):
                if self.wanted(path) and (loaded := self.project.load(kind, path)) is not None:
                    yield loaded

    def _apply(self, rule: Rule, subject: Any, path: str | None) -> None:
        for result in rule.check(subject):
            if isinstance(result, NotApplicable):
                reason = NotApplicable(result.reason, result.path or path)
                self.outcome.not_applicable.append((rule.meta, reason))
            elif result.place.path == "." or self.wanted(result.place.path):
                self.outcome.findings.append((rule.meta, result))

    def report_broken(self, plugin: BrokenPlugin) -> None:
        """Say that rules are missing."""
        message = f"{plugin.what} of {plugin.pack} could not be loaded: {plugin.error}"
        self.outcome.findings.append(
            (BROKEN_PLUGIN, Finding(Place("."), message, subject=f"{plugin.pack}:{plugin.what}"))
        )

    def _unreadable(self, path: str, problem: str) -> None:
        finding = Finding(Place(display_path(path)), f"{display_path(path)} {problem}", subject=problem)
        self.outcome.findings.append((UNREADABLE_FILE, finding))

    def _crash(self, what: str, path: str | None, error: Exception | SystemExit) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(frame.filename).name}:{frame.lineno}"
        # Only the first line: the text of an exception can quote the file that was read.
        text = _ADDRESS.sub("at …", str(error).split("\n", 1)[0])[:120]
        message = f"{what} crashed on this {'file' if path else 'project'}: {type(error).__name__}: {text} ({at})"
        place = Place(display_path(path)) if path else Place(".")
        self.outcome.findings.append(
            (INTERNAL_ERROR, Finding(place, message, subject=f"{what}:{type(error).__name__}"))
        )


class _Guard:
    """Turns an exception of a rule into a finding, and goes on."""

    def __init__(self, engine: _Engine, rule: Rule, path: str | None) -> None:
        self._engine, self._rule, self._path = engine, rule, path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(
            error, (Exception, SystemExit)
        ):  # sys.exit() in a rule must not end the run as if all was well
            return False
        self._engine.outcome.ran.discard(self._rule.meta.name)
        self._engine._crash(self._rule.meta.name, self._path, error)
        return True


def _may_be_data(path: str) -> bool:
    """Whether the name promises nothing that a rule would need: a .txt file may hold any data but requirements."""
    return path.lower().endswith(".txt") and "requirements" not in path.lower()


def _subject_type(rule: Rule, path: str) -> type[Subject] | None:
    return next((s for s in rule.subjects() if issubclass(s, Subject) and s.accepts(path)), None)
