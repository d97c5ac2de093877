"""One setting has different values in several files, or one value is copied into many."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.configuration.tunables import FileSettings, Setting, Settings

_SMALL = 12
"""Up to so many programs with settings a repository is one analysis; a larger one is as many as it has directories."""
_MOST_VALUES = 4
"""With more values than these a setting is varied on purpose."""
_COPIES = 3
_COMPARED = ("analysis", "model", "passed")
"""Bounds and constants are each module's own."""
_SHOWN = 40


class ScatteredConstant(Rule):
    """Compares what the programs of a project bind to the same names."""

    meta = RuleMeta(
        code="CFG005",
        name="scattered-constant",
        family="configuration",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="One setting has different values in several files, or one value is copied into many.",
        why="Nobody can say which value the results were made with, and a change in one file leaves the others behind.",
        help="bind it once, in a module or a configuration file, and import it from there",
    )
    facts = (Settings,)

    def check(self, project: Project) -> Outcome:
        """One finding for each setting or value, with all its places."""
        from repro_lint_rules.configuration.lessons import Lessons, is_aside

        facts = {path: fact for path, fact in project.file_facts(Settings).items() if not is_aside(path)}
        if len(facts) < 2:
            return
        if project.fact(Lessons).everywhere:
            yield NotApplicable("the repository is made of lessons or examples, each with settings of its own")
            return
        for group in _groups(facts):
            yield from _different(group, alone=len(group) == len(facts))
        yield from _copied(facts)


def _groups(facts: Mapping[str, FileSettings]) -> Iterator[dict[str, FileSettings]]:
    """The programs that are taken for one analysis."""
    if len(facts) <= _SMALL:
        yield dict(facts)
        return
    directories: defaultdict[str, dict[str, FileSettings]] = defaultdict(dict)
    for path, fact in facts.items():
        directories[posixpath.dirname(path)][path] = fact
    yield from (group for group in directories.values() if 2 <= len(group) <= _SMALL)


def _different(group: Mapping[str, FileSettings], *, alone: bool) -> Iterator[Finding]:
    """``alone`` groups are all there is; others may lie side by side with no more in common than a directory."""
    bound: defaultdict[str, list[Setting]] = defaultdict(list)
    for fact in group.values():
        for setting in _bound_once(fact):
            bound[setting.name.lower()].append(setting)
    for settings in bound.values():
        values = list(dict.fromkeys(setting.value for setting in settings))
        if not 2 <= len(values) <= _MOST_VALUES:
            continue
        times = sorted([setting.value for setting in settings].count(value) for value in values)
        deliberate = times[-2] > 1  # as in scripts for training data and scripts for validation data
        first, *rest = settings
        related = alone and first.kind != "passed"
        if not related and not _share_data([group[setting.place.path] for setting in settings]):
            continue
        told = " and ".join([", ".join(map(_shown, values[:-1])), _shown(values[-1])])
        yield Finding(
            first.place,
            f"`{first.name}` is {told} in {len(settings)} files of one project",
            help=f"bind `{first.name}` once, in a module or a configuration file, and import it in the others",
            confidence=Confidence.LOW if first.kind == "model" or deliberate else Confidence.MEDIUM,
            related=tuple(Related(other.place, f"here `{other.name}` is {_shown(other.value)}") for other in rest),
            subject=first.name.lower(),
        )


def _bound_once(fact: FileSettings) -> Iterator[Setting]:
    """The settings to which the file gives one value: others are varied in it."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for setting in fact.settings:
        values[setting.name.lower()].add(setting.value)
    seen = set()
    for setting in fact.settings:
        name = setting.name.lower()
        if len(values[name]) == 1 and name not in seen and setting.kind in _COMPARED:
            seen.add(name)
            yield setting


def _share_data(facts: list[FileSettings]) -> bool:
    """Whether the files have a path, a date or a number in common, so that they are about one thing."""
    return bool(frozenset.intersection(*(frozenset(literal for literal, _ in fact.copies) for fact in facts)))


def _copied(facts: Mapping[str, FileSettings]) -> Iterator[Finding]:
    places: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    for path, fact in facts.items():
        for literal, place in fact.copies:
            places[literal].setdefault(path, place)
    for literal, found in places.items():
        if len(found) >= _COPIES:
            first, *rest = found.values()
            yield Finding(
                first,
                f"{_shown(literal)} is written into {len(found)} files",
                severity=Severity.NOTE,
                related=tuple(Related(place, "also here") for place in rest),
                subject=literal,
            )


def _shown(literal: str) -> str:
    return f"`{literal}`" if len(literal) <= _SHOWN else f"`{literal[: _SHOWN - 1]}…`"
