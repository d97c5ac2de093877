"""Rules that are known without being imported: a run of one file needs a tenth of them.

A stand-in tells what the engine asks of every rule. What a rule says of a file is said by the rule itself, which is
imported at the first file that calls for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from repro_lint.grades import Confidence, Level, Severity
from repro_lint.rule import EngineRule, Outcome, Rule, RuleMeta

if TYPE_CHECKING:
    from repro_lint.facts import FileFact

Name = tuple[str, str]
"""A module and what it calls a class."""
FactRow = tuple[Name, Name, tuple[bytes, ...]]
"""A fact, its subject, and its triggers."""
Row = tuple[Name, bool, tuple[Any, ...], tuple[bytes, ...], tuple[Name, ...], tuple[FactRow, ...]]
"""A rule, whether the engine reports it, its metadata, its triggers, subjects and facts: nothing but plain values."""

_GRADES = {"level": Level, "severity": Severity, "confidence": Confidence}


def row_of(rule: type[Rule]) -> Row:
    """What a stand-in has to tell of the rule."""
    meta = tuple(getattr(rule.meta, field.name) for field in fields(RuleMeta))
    return (
        _name(rule),
        issubclass(rule, EngineRule),
        tuple(value.value if isinstance(value, (Level, Severity, Confidence)) else value for value in meta),
        rule.triggers,
        tuple(map(_name, rule.subjects())),
        tuple((_name(fact), _name(fact.subject), fact.triggers) for fact in rule.facts),
    )


def stand_in(row: Row) -> type[Rule]:
    """The stand-in for a rule."""
    (module, name), of_the_engine, meta, triggers, subjects, facts = row
    values = dict(zip(RuleMeta.__annotations__, meta, strict=True))
    values |= {grade: kind(values[grade]) for grade, kind in _GRADES.items()}
    told = {
        "__module__": module,
        "meta": RuleMeta(**values),
        "triggers": triggers,
        "facts": tuple(cast("type[FileFact[Any]]", _FactStandIn(*fact)) for fact in facts),
        "subject_names": subjects,
    }
    return type(name, (_EngineStandIn if of_the_engine else _StandIn,), told)


def packages_of(row: Row) -> set[str]:
    """The packages that the rule, its subjects and its facts are imported from."""
    name, _, _, _, subjects, facts = row
    named = (name, *subjects, *(one for fact in facts for one in fact[:2]))
    return {module.partition(".")[0] for module, _ in named}


class _StandIn(Rule):
    subject_names: ClassVar[tuple[Name, ...]]

    def check(self, subject: Any) -> Outcome:
        return self._rule.check(subject)

    @cached_property
    def _rule(self) -> Rule:
        return self.imported()(self.options)

    @classmethod
    def imported(cls) -> type[Rule]:
        return cast("type[Rule]", _find((cls.__module__, cls.__name__)))

    @classmethod
    def subjects(cls) -> tuple[type[Any], ...]:
        return tuple(map(_find, cls.subject_names))

    def __reduce__(self) -> tuple[object, ...]:
        return _make, (type(self).__module__, type(self).__name__, self.options)


class _EngineStandIn(_StandIn, EngineRule):
    pass


def _make(module: str, name: str, options: Any) -> Rule:
    """The rule itself, in a process that has been told of a stand-in."""
    return cast(Rule, _find((module, name))(options))


class _FactStandIn:
    """Stands in for the class of a fact, under its name."""

    def __init__(self, name: Name, subject: Name, triggers: tuple[bytes, ...]) -> None:
        self.__module__, self.__qualname__ = name
        self.triggers = triggers
        self._subject = subject

    @cached_property
    def subject(self) -> type[Any]:
        return _find(self._subject)

    def collect(self, subject: Any) -> Any:
        return _find((self.__module__, self.__qualname__)).collect(subject)


def _name(named: type[Any]) -> Name:
    return named.__module__, named.__qualname__


def _find(name: Name) -> type[Any]:
    found: Any = importlib.import_module(name[0])
    for part in name[1].split("."):
        found = getattr(found, part)
    return cast("type[Any]", found)


def can_stand_in(rules: Sequence[type[Rule]]) -> bool:
    """Whether all that the rules refer to can be found again by its name."""
    named = [*rules, *(subject for rule in rules for subject in rule.subjects())]
    named += [one for rule in rules for fact in rule.facts for one in (fact, fact.subject)]
    return all(_is_found(one) for one in dict.fromkeys(named))


def _is_found(named: type[Any]) -> bool:
    try:
        return _find(_name(named)) is named
    except (ImportError, AttributeError):
        return False
