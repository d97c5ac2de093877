"""Running rules over a project: one pass over the files, then the rules about the tree."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Any

from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR, UNREADABLE_FILE
from repro_lint.facts import FileFact, fact_key
from repro_lint.file_pass import FilePass, FileResult, Guard, apply
from repro_lint.finding import Finding, NotApplicable, Place
from repro_lint.lazy import dataclass
from repro_lint.on_demand import OnDemand
from repro_lint.project import Project
from repro_lint.registry import BrokenPlugin
from repro_lint.rule import EngineRule, Rule, RuleMeta
from repro_lint.sources.base import Subject, TreeSubject
from repro_lint.suppression import Suppression, find_suppressions
from repro_lint.workers import Garbage, look_at, rare_collection

if TYPE_CHECKING:
    from repro_lint.cache.results import KnownResults

Progress = Callable[[int, int], None]


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
    facts: Iterable[type[FileFact[Any]]] = (),
    notebooks_only: frozenset[str] = frozenset(),
    prefilter: bool = True,
    jobs: int | None = 1,
    results: KnownResults | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """What the rules find in the wanted files and, with ``tree_rules``, in the tree as a whole.

    A rule that raises becomes a finding of its own, and everything else goes on. Without the
    ``prefilter`` every file is shown to every rule, triggers or not: slower, with the same findings.
    Rules about single files look only at those that are ``judged``. ``facts`` are collected besides those that rules
    want; rules about single files that are named in ``notebooks_only`` leave scripts alone. ``jobs`` is the number of
    processes, None one that suits the machine and the files. ``results`` are those of earlier runs with the same rules.
    """
    engine = _Engine(project, rules, wanted, prefilter, tree_rules, jobs, results, tuple(facts), notebooks_only)
    for plugin in broken:
        engine.report_broken(plugin)
    engine.check_files(judged, progress)
    with rare_collection():
        for rule in engine.tree_rules:
            engine.check_tree(rule)
    if results:
        results.save()
    engine.look_for_suppressions(finding.place.path for _, finding in engine.outcome.findings)
    return engine.outcome


class _Engine:
    def __init__(
        self,
        project: Project,
        rules: Sequence[Rule],
        wanted: Callable[[str], bool],
        prefilter: bool,
        tree_rules: bool,
        jobs: int | None,
        results: KnownResults | None,
        facts: tuple[type[FileFact[Any]], ...],
        notebooks_only: frozenset[str],
    ) -> None:
        self.project = project
        self.wanted = wanted
        self.prefilter = prefilter
        self.jobs = jobs
        self.results = results
        self.whole_tree = tree_rules
        self.facts = facts
        self.notebooks_only = notebooks_only
        self.outcome = Outcome()
        self.metas = {rule.meta.name: rule.meta for rule in rules}
        self.metas |= {meta.name: meta for meta in (INTERNAL_ERROR, UNREADABLE_FILE)}
        checking = [rule for rule in rules if not isinstance(rule, EngineRule)]
        self.file_rules = [rule for rule in checking if _is_file_rule(rule)]
        others = [rule for rule in checking if not _is_file_rule(rule)]
        self.tree_rules = others if tree_rules else [rule for rule in others if _is_per_file(rule)]
        # What the engine itself reports runs whenever it is selected.
        own = {rule.meta.name for rule in rules if isinstance(rule, EngineRule)}
        self.outcome.ran = {rule.meta.name for rule in (*self.file_rules, *self.tree_rules)}
        self.outcome.ran |= own - {INTERNAL_ERROR.name, BROKEN_PLUGIN.name}
        self.garbage = Garbage(project)
        self._searched: set[str] = set()

    def check_files(self, judged: Callable[[str], bool], progress: Progress | None) -> None:
        """The one pass over the files: all of them, or, without rules about the tree, those that are wanted."""
        facts = dict.fromkeys((*self.facts, *(fact for rule in self.tree_rules for fact in rule.facts)))
        collected: dict[str, dict[str, Any]] = {}
        triggers = tuple(dict.fromkeys(rule.triggers for rule in self.tree_rules if rule.triggers))
        file_pass = FilePass(
            self.project,
            self.file_rules,
            facts,
            triggers,
            prefilter=self.prefilter,
            notebooks_only=self.notebooks_only,
        )
        paths = [path for path in self.project.files if self.whole_tree or self.wanted(path)]
        tasks = [(path, self.wanted(path) and judged(path)) for path in paths]
        known = {path: result for path, judged in tasks if (result := self._known(path, judged)) is not None}
        looked = look_at(file_pass, [task for task in tasks if task[0] not in known], self.jobs)
        for number, (path, _) in enumerate(tasks, 1):
            if progress:
                progress(number, len(tasks))
            result = known.pop(path, None) or self._kept(*next(looked))
            self.outcome.files_checked += result.judged and (self.whole_tree or result.checked)
            self._merge(path, result)
            self.project.own_files[path].remember(triggers, result.holds)
            collected[path] = result.facts
        looked.close()
        self.project.wants = self.wanted
        accepted: dict[type[Subject], dict[str, None]] = {}
        for key, fact in file_pass.facts.items():
            if self.whole_tree:
                values = {path: found[key] for path, found in collected.items() if key in found}
                self.project.keep_file_facts(fact, values)
            else:
                if fact.subject not in accepted:
                    accepted[fact.subject] = dict.fromkeys(self.project.accepted(fact.subject))
                find = partial(self._fact_of, file_pass, collected, key)
                self.project.keep_file_facts(fact, OnDemand(accepted[fact.subject], find))

    def _fact_of(self, file_pass: FilePass, collected: dict[str, dict[str, Any]], key: str, path: str) -> Any:
        """One fact about a file, which is looked at now if it was not wanted for itself."""
        if path not in collected:
            result = self._known(path, judged=False)
            if result is None:
                result = self._kept(path, file_pass.look(path, judged=False))
                self._merge(path, result)
            collected[path] = result.facts
        return collected[path].get(key)

    def _known(self, path: str, judged: bool) -> FileResult | None:
        result = self.results.find(path, judged=judged) if self.results else None
        if result is None or not result.asked:
            return result
        try:
            return result if self.project.still_answers(result.asked) else None
        except Exception:  # of a fact: the rule that asks meets it as well, and is told of it
            return None

    def _kept(self, path: str, result: FileResult) -> FileResult:
        if self.results:
            self.results.keep(path, result)
        return result

    def _merge(self, path: str | None, result: FileResult) -> None:
        self.outcome.findings += [(self.metas[name], finding) for name, finding in result.findings]
        self.outcome.not_applicable += [(self.metas[name], found) for name, found in result.not_applicable]
        if result.suppressions is not None and path is not None:
            self._searched.add(path)
            self.outcome.suppressions += result.suppressions
        if result.crashed:
            self.outcome.ran -= result.crashed
            broken = {r.meta.name for r in self.tree_rules if result.crashed.intersection(map(fact_key, r.facts))}
            self.outcome.ran -= broken

    def look_for_suppressions(self, paths: Iterable[str]) -> None:
        """Gather the suppressions in files that no rule has looked at alone, but that a finding is about."""
        for path in paths:
            file = self.project.files.get(path)
            if file is None or path in self._searched:
                continue
            self._searched.add(path)
            with contextlib.suppress(OSError):  # reported where a rule wanted to read it
                self.outcome.suppressions += find_suppressions(file, self.project)

    def check_tree(self, rule: Rule) -> None:
        """One rule over the subjects it finds in the tree."""
        result = FileResult()
        with Guard(result, rule.meta.name, None):
            for subject_type in rule.subjects():
                triggers = rule.triggers if self.prefilter else ()
                for subject in self._tree_subjects(subject_type, triggers):
                    with Guard(result, rule.meta.name, subject.path):
                        apply(rule, subject, subject.path, result, self.wanted)
                    self.garbage.of_subject()
        self._merge(None, result)

    def _tree_subjects(self, kind: type[Any], triggers: tuple[bytes, ...]) -> Iterator[Any]:
        if issubclass(kind, TreeSubject):
            for subject in kind.from_project(self.project, triggers):
                if subject.path is None or self.wanted(subject.path):
                    yield subject
        else:  # a rule that reads both the tree and single files
            for path in self.project.accepted(kind):
                if self.wanted(path) and (loaded := self.project.load(kind, path)) is not None:
                    yield loaded

    def report_broken(self, plugin: BrokenPlugin) -> None:
        """Say that rules are missing."""
        message = f"{plugin.what} of {plugin.pack} could not be loaded: {plugin.error}"
        self.outcome.findings.append(
            (BROKEN_PLUGIN, Finding(Place("."), message, subject=f"{plugin.pack}:{plugin.what}"))
        )


def _is_file_rule(rule: Rule) -> bool:
    return all(issubclass(subject, Subject) for subject in rule.subjects())


def _is_per_file(rule: Rule) -> bool:
    return all(issubclass(s, Subject) or s.per_file for s in rule.subjects())
