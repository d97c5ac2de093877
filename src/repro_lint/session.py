"""One run from paths and settings to a report."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from repro_lint.bridges.bridge import BridgeRule
from repro_lint.bridges.catalogue import consult, switches
from repro_lint.cache.tree_state import State
from repro_lint.config import Configuration, Settings, find_config, load_config
from repro_lint.engine import Outcome, Progress, run
from repro_lint.engine_rules import BROKEN_PLUGIN, INTERNAL_ERROR
from repro_lint.errors import UsageError, did_you_mean
from repro_lint.files import FileView, Start, StartView, display_path, git_toplevel, open_view
from repro_lint.finding import Finding, Place
from repro_lint.grades import Level
from repro_lint.importers import with_importers
from repro_lint.judge import Judge
from repro_lint.lazy import dataclass
from repro_lint.manifests.scripts import ScriptMetadata
from repro_lint.notebook_summaries import NotebookShapes, notebook_summaries
from repro_lint.patterns import Patterns
from repro_lint.project import Project
from repro_lint.registry import Registry
from repro_lint.report import Comparison, Report, ReportedRule, not_applicable_rules, summarise
from repro_lint.rule import Rule, RuleMeta
from repro_lint.selection import Selection, check_selectors, select
from repro_lint.verdict import verdicts

if TYPE_CHECKING:
    from repro_lint.baseline import Baseline, Entry
    from repro_lint.cache.results import KnownResults
    from repro_lint.diagnostics import Diagnostic


@dataclass(frozen=True)
class Target:
    """What to look at: the root of the project, and the paths below it that were asked for."""

    root: Path
    paths: tuple[str, ...]
    """Relative to the root; empty for everything."""
    files_only: bool
    """Whether only single files were asked for."""

    def wants(self, path: str) -> bool:
        """Whether the path is among what was asked for."""
        return not self.paths or path in self.paths or path.startswith(self._folders)

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        return tuple(f"{path}/" for path in self.paths)


def find_target(paths: Sequence[Path], config: Path | None = None) -> tuple[Target, Configuration]:
    """The project that the paths belong to, and its configuration.

    The root is the directory of the nearest configuration file, else that of the git work tree, else the
    common directory of the paths. Raises ``UsageError`` for a path that does not exist.
    """
    given = [path.absolute() for path in paths or [Path()]]
    for path, shown in zip(given, paths or [Path()], strict=True):
        if not path.exists():
            raise UsageError(f"{shown}: no such file or directory")
    # Git's paths are free of symbolic links; a file that is one is still the file that was asked for.
    given = [path.resolve() if path.is_dir() else path.parent.resolve() / path.name for path in given]
    start = Path(os.path.commonpath([p if p.is_dir() else p.parent for p in given]))
    top = git_toplevel(start)
    if top is None and (inner := _inner_repository(given, start)):
        raise UsageError(f"{inner} is a repository of its own: check one repository at a time")
    found = config.absolute() if config else find_config(start, top)
    configuration = load_config(found) if found else Configuration(Settings())
    root = top or start
    if found and config is None and (top is None or found.parent.is_relative_to(top)):
        root = found.parent
    outside = [path for path in given if not path.is_relative_to(root)]
    if outside:
        raise UsageError(f"{outside[0]} is not inside {root}: check one repository at a time")
    relative = tuple(sorted({p.relative_to(root).as_posix() for p in given}))
    files_only = all(path.is_file() for path in given)
    return Target(root, () if "." in relative else relative, files_only), configuration


def _inner_repository(paths: Iterable[Path], start: Path) -> Path | None:
    """The root of a repository that one of the paths lies in, below the directory that they have in common."""
    for path in paths:
        for folder in (path, *path.parents):
            if folder == start:
                break
            if (folder / ".git").exists():
                return folder
    return None


@dataclass(frozen=True)
class Checked:
    """What a run found, each with its disposition, and what is known about the run."""

    diagnostics: list[Diagnostic]
    outcome: Outcome
    metas: dict[str, RuleMeta]
    unseen: list[Diagnostic]
    """What was found for the verdict on notebooks only."""


class Session:
    """The settings, rules and project of one run."""

    def __init__(
        self,
        target: Target,
        configuration: Configuration,
        registry: Registry,
        *,
        view: FileView | None = None,
        tree_rules: bool | None = None,
        force_exclude: bool = False,
        prefilter: bool = True,
        jobs: int | None = 1,
    ) -> None:
        settings = configuration.settings
        self.target = target
        self.configuration = configuration
        self.settings = settings
        self.registry = registry
        self.prefilter = prefilter
        self.jobs = jobs
        self.results: KnownResults | None = None
        self.force_exclude = force_exclude
        self.tree_rules = not target.files_only if tree_rules is None else tree_rules
        on, off = switches(settings.bridges.ruff, settings.bridges.notebook_linters)
        self.selection: Selection = select(
            registry,
            level=settings.level,
            select=settings.select,
            # Who selects rules on the command line asks for these only.
            extend_select=settings.extend_select if settings.select is not None else (*settings.extend_select, *on),
            ignore=(*settings.ignore, *off),
        )
        self.rules = self._make_rules()
        self.warnings = [*self.selection.warnings, *self._check_rule_names()]
        view = view or open_view(target.root)
        if view.warning:
            self.warnings.append(view.warning)
        self.project = Project(
            view,
            excluded=Patterns(settings.exclude).matches,
            explicit=frozenset() if force_exclude else frozenset(target.paths),
            max_file_size=int(settings.max_file_size * 2**20),
        )
        if self.selection.unseen and any(path.endswith(".ipynb") for path in view.paths()):
            self.rules += self._with_options(entry.rule for entry in self.selection.unseen)

    def _make_rules(self) -> list[Rule]:
        """The selected rules with their options. Raises ``ConfigError`` for options that are wrong."""
        for entry in self.registry:
            self.configuration.options_for(entry.rule)
        return self._with_options(entry.rule for entry in self.selection.entries)

    def _with_options(self, rules: Iterable[type[Rule]]) -> list[Rule]:
        return [rule(self.configuration.options_for(rule)) for rule in rules]

    def _check_rule_names(self) -> list[str]:
        """Warnings for unknown rules where they do no harm. Raises ``ConfigError`` where a setting would be lost."""
        names = [entry.meta.name for entry in self.registry]
        for table, keys in (("severity", self.settings.severity), ("rules", self.settings.rules)):
            for key in keys:
                if key not in names:
                    raise self.configuration.error(f'unknown rule "{key}"{did_you_mean(key, names)}', table, key)
        ignored = [rule for entry in self.settings.per_file_ignores for rule in entry.rules]
        return check_selectors(ignored, self.registry)

    def files(self) -> list[str]:
        """The files that would be checked."""
        return [path for path in self.project.files if self.target.wants(path)]

    def remember(self, tree: State | None) -> None:
        """Use what files gave to earlier runs, and keep what they give to this one; ``tree`` is the state of the tree.

        Only where every rule runs by which a secret could be found, for what is found decides what may be kept.
        """
        safe = {entry.meta.name for entry in self.registry if entry.meta.level is Level.SAFE}
        if self.project.view.can_be_shared and safe <= self.selection.names:
            rules = sorted((rule.meta.name, repr(self.settings.rules.get(rule.meta.name))) for rule in self.rules)
            from repro_lint.cache.results import KnownResults

            options = (self.prefilter, self.project.max_file_size, sorted(self._asides))
            self.results = KnownResults(
                str(self.project.root),
                git=self.project.view.kind == "git",
                tree=tree,
                rules=(rules, self.tree_rules, *options),
                wider=None if self.tree_rules else (rules, True, *options),
                code=self.registry.code,
            )

    @property
    def _asides(self) -> frozenset[str]:
        """The rules that run for the verdict on notebooks only, and are not reported."""
        return frozenset(entry.meta.name for entry in self.selection.unseen)

    def check(self, progress: Progress | None = None, judged: Callable[[str], bool] = lambda path: True) -> Checked:
        """Run the rules, those about single files only on those that are ``judged``."""
        outcome = run(
            self.project,
            self.rules,
            wanted=self.target.wants,
            tree_rules=self.tree_rules,
            broken=self.registry.broken,
            facts=(NotebookShapes, ScriptMetadata),
            notebooks_only=self._asides,
            prefilter=self.prefilter,
            jobs=self.jobs,
            results=self.results,
            judged=judged,
            progress=progress,
        )
        self._consult_others(outcome, filter(judged, self.files()))
        if self.tree_rules:
            outcome.findings = with_importers(self.project, outcome.findings)
        enabled = self.selection.names | {INTERNAL_ERROR.name, BROKEN_PLUGIN.name}
        asides = self._asides
        aside = [(meta, finding) for meta, finding in outcome.findings if meta.name in asides]
        outcome.findings = [(meta, finding) for meta, finding in outcome.findings if meta.name in enabled]
        outcome.ran -= asides
        judge = Judge(self, outcome)
        return Checked(judge.diagnostics(), outcome, judge.metas, judge.judged(aside))

    def report(
        self,
        progress: Progress | None = None,
        *,
        start: Start | None = None,
        count_touched: bool = False,
        baseline: Baseline | None = None,
    ) -> Report:
        """Run the rules and gather the report, in which what the ``start`` or the ``baseline`` knows does not count.

        With ``count_touched`` what was there at the start on lines that are edited since counts as new.

        Raises ``GitError`` where the tree that the change started with cannot be read.
        """
        checked = self.check(progress)
        fixed: list[Diagnostic] = []
        stale: Counter[Entry] = Counter()
        if start is not None:
            checked, fixed = self._compared(checked, start, count_touched)
        if baseline is not None:
            from repro_lint.baseline import baselined

            used, stale, _ = self.known(checked, baseline)
            found = [baselined(d) if number in used else d for number, d in enumerate(checked.diagnostics)]
            checked = replace(checked, diagnostics=found)
        outcome = checked.outcome
        shown, fixed = self._shown(checked.diagnostics), self._shown(fixed)
        judged = verdicts((*shown, *checked.unseen))
        notebooks = notebook_summaries(self.project, self.target.wants, judged, outcome, checked.metas)
        named = sorted({d.rule for d in (*shown, *fixed)})
        return Report(
            diagnostics=tuple(shown),
            rules=tuple(ReportedRule.of(checked.metas[name]) for name in named),
            not_applicable=not_applicable_rules(outcome.not_applicable),
            notebooks=notebooks,
            comparison=Comparison(revision=start.revision, commit=start.commit, fixed=tuple(fixed)) if start else None,
            summary=summarise(
                shown,
                notebooks=notebooks,
                files_checked=outcome.files_checked,
                rules_run=len(outcome.ran),
                below_min_confidence=len(checked.diagnostics) - len(shown),
                target=self.settings.level,
                judged=not self.selection.narrowed and self.tree_rules and not self.target.paths,
                fixed=len(fixed),
                stale=stale.total(),
            ),
        )

    def _shown(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        return [d for d in diagnostics if d.confidence >= self.settings.min_confidence]

    def _compared(self, checked: Checked, start: Start, count_touched: bool) -> tuple[Checked, list[Diagnostic]]:
        """The findings by what they were when the change started, and those that are gone."""
        view = StartView(self.project.view, start)
        former = [old for old, new in view.renames.items() if self.target.paths and self.target.wants(new)]
        before = Session(
            replace(self.target, paths=(*self.target.paths, *former)),
            self.configuration,
            self.registry,
            view=view,
            tree_rules=self.tree_rules,
            force_exclude=self.force_exclude,
            prefilter=self.prefilter,
        )
        # In a file that is as it was and in which nothing is found, nothing can be found again.
        found_in = {d.location.path for d in checked.diagnostics}
        then = before.check(judged=lambda path: path in view.changed or display_path(path) in found_in)
        view.require()
        if unknown := sorted(checked.outcome.ran - then.outcome.ran):
            names = ", ".join(unknown)
            self.warnings.append(f"{names} crashed on {start.commit[:12]}: what it finds now counts as new")
        from repro_lint.comparison import Change

        found, fixed = Change(view, before.project, self.project).compare(then.diagnostics, checked.diagnostics)
        view.close()
        if count_touched:
            from repro_lint.diagnostics import Disposition

            new = {"disposition": Disposition()}
            found = [d.model_copy(update=new) if d.disposition.state == "touched" else d for d in found]
        fixed = [d for d in fixed if d.rule in checked.outcome.ran]
        return replace(checked, diagnostics=found), fixed

    def known(self, checked: Checked, baseline: Baseline) -> tuple[set[int], Counter[Entry], Counter[Entry]]:
        """The positions of the diagnostics that the baseline knows, its stale entries, and those to keep unseen.

        What this run did not look at, other files or rules, is not stale.
        """
        candidates = [
            number
            for number, d in enumerate(checked.diagnostics)
            if d.disposition.state != "suppressed" and checked.metas[d.rule].suppressible
        ]
        # Of several copies, it is the old ones that the baseline knows.
        candidates.sort(key=lambda number: checked.diagnostics[number].counts)
        paths = frozenset(map(display_path, self.project.view.paths()))
        used, left = baseline.apply([checked.diagnostics[number] for number in candidates], paths.__contains__)
        stale = Counter({entry: count for entry, count in left.items() if self._judges(entry, checked)})
        return {candidates[number] for number in used}, stale, left - stale

    def _judges(self, entry: Entry, checked: Checked) -> bool:
        """Whether the run would have found what the entry stands for: a rule that is no more finds nothing."""
        if entry.rule not in checked.metas:
            return True
        return entry.rule in checked.outcome.ran and self.target.wants(entry.path)

    def _consult_others(self, outcome: Outcome, paths: Iterable[str]) -> None:
        """Add what other linters say to the outcome, and which of them could not say anything."""
        metas = [rule.meta for rule in self.rules if isinstance(rule, BridgeRule)]
        for answer in consult(self.project, list(paths), metas) if metas else ():
            outcome.findings += answer.findings
            if answer.failure is not None:
                outcome.ran -= answer.rules
                finding = Finding(
                    Place("."),
                    f"not all that {answer.linter} would say is known: {answer.failure}",
                    why="The linter did not do its work, so the report is not complete.",
                    help=f"install or repair {answer.linter} beside repro-lint, or --ignore {answer.selector}",
                    subject=answer.linter,
                )
                outcome.findings.append((BROKEN_PLUGIN, finding))
