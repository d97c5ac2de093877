"""The contract between a rule and the engine."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from repro_lint.finding import Finding, NotApplicable, RunOutcome
from repro_lint.grades import Confidence, Level, Severity
from repro_lint.lazy import dataclass

if TYPE_CHECKING:
    from repro_lint.facts import FileFact
    from repro_lint.tables import Table

Outcome = Iterable["Finding | NotApplicable"]


@dataclass(frozen=True)
class RuleMeta:
    """What is known of a rule without running it.

    ``name`` is canonical (kebab-case, names the smell); ``code`` is a short alias. ``summary`` says in
    one sentence what is wrong, ``why`` what it leads to, ``help`` what to do; a finding may sharpen the last two.
    """

    code: str
    name: str
    family: str
    level: Level
    severity: Severity
    confidence: Confidence
    since: str
    summary: str
    why: str
    help: str
    status: Literal["stable", "preview"] = "stable"
    fix: Literal["none", "sometimes", "always"] = "none"
    predicts: Literal["nothing", "stop", "start", "data", "network"] = "nothing"
    """What a finding says of a run that gets to its place: for an error that it stops there, for what is weaker that
    it may; that the file does not even start, whatever the place; or that it needs the network, or data which somebody
    has to get first. Rules about the last two run for the verdict on notebooks, wherever all rules do."""
    suppressible: bool = True
    url: str | None = None

    def outcome(self, finding: Finding) -> RunOutcome | None:
        """What a finding of the rule predicts, whatever a configuration makes of its severity."""
        if finding.outcome is not None or self.predicts == "nothing":
            return None if finding.outcome == "runs" else finding.outcome
        if self.predicts == "network":
            return "needs-network"
        if self.predicts == "data":
            return "needs-data"
        sure = (finding.confidence or self.confidence) > Confidence.LOW
        return "stops" if sure and (finding.severity or self.severity) is Severity.ERROR else "may-stop"


class Rule:
    """One kind of problem. A rule is a folder with a subclass of this in ``rule.py`` and a ``README.md``.

    The annotation of ``check``'s parameter says what the rule reads: ``Project``, ``PythonSource``,
    ``Notebook``, ``TextFile`` or another ``Subject``; a union asks for the first that accepts the file.
    """

    meta: ClassVar[RuleMeta]
    Options: ClassVar[type[Table] | None] = None
    triggers: ClassVar[tuple[bytes, ...]] = ()
    """ASCII strings, matched without regard to case, of which a file must contain at least one for the
    rule to have anything to say about it. A file without any is not read further. None: every file."""
    facts: ClassVar[tuple[type[FileFact[Any]], ...]] = ()
    """The per-file facts that a project rule builds on, so that the engine collects them in its one pass."""

    def __init__(self, options: Any = None) -> None:
        self.options: Any = options if options is not None or self.Options is None else self.Options()

    def check(self, subject: Any) -> Outcome:
        """The findings for one subject, and ``NotApplicable`` where the rule cannot judge it."""
        raise NotImplementedError

    @classmethod
    def imported(cls) -> type[Rule]:
        """The rule itself, where this class may only stand in for one that is imported when a file calls for it."""
        return cls

    @classmethod
    def subjects(cls) -> tuple[type[Any], ...]:
        """The subject types that ``check`` is annotated with, in order. Raises ``TypeError`` if there are none."""
        annotations = {k: v for k, v in cls.check.__annotations__.items() if k != "return"}
        if len(annotations) != 1:
            raise TypeError(f"{cls.__name__}.check must annotate its one parameter with a subject type")
        (hint,) = annotations.values()
        if isinstance(hint, str):
            hint = eval(hint, vars(sys.modules[cls.check.__module__]))  # the annotation is the rule's own code
        found = get_args(hint) or (hint,)
        if not all(isinstance(subject, type) for subject in found):
            raise TypeError(f"{cls.__name__}.check: {hint!r} is not a subject type")
        return found


class EngineRule(Rule):
    """A rule whose findings come from the engine itself; it has a page and can be looked up like the others."""

    def check(self, subject: object) -> Outcome:
        """Nothing: the engine reports it."""
        return ()
