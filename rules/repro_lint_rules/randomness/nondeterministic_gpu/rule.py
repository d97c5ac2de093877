"""A seeded program allows its GPU to compute something else in each run."""

from __future__ import annotations

import ast

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Program,
    Project,
    ProjectFact,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.randomness.gpu_settings import GpuSettings
from repro_lint_rules.randomness.sinks import snippet
from repro_lint_rules.randomness.unordered_reports import place_of


class ReportedSettings(ProjectFact):
    """The places of findings so far: a setting in a module that many programs import is one finding."""

    def __init__(self) -> None:
        self.places: set[Place] = set()

    @classmethod
    def compute(cls, project: Project) -> ReportedSettings:
        """None yet."""
        return cls()


class NondeterministicGpu(Rule):
    """Walks through each program as it would run, and looks at the settings that it ends with."""

    meta = RuleMeta(
        code="RNG008",
        name="nondeterministic-gpu",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program that sets a seed also allows its GPU to compute something else in each run.",
        why="On a GPU the same seed then gives slightly other numbers, and after some epochs another model.",
        help="switch it off where a result must be repeated, and keep it for speed elsewhere",
    )
    triggers = (b"cudnn", b"deterministic", b"benchmark")
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each setting, where it gets the value that the program ends with."""
        heard = GpuSettings()
        problem = subject.walk(heard)
        harmful = heard.harmful() if heard.seeded else []
        if harmful and problem is not None:
            yield NotApplicable(problem)
            return
        reported = subject.project.fact(ReportedSettings).places
        for switch in harmful:
            place = place_of(switch.source, switch.node)
            if place not in reported:
                reported.add(place)
                written = snippet(_whole(switch.source.semantics.parent(switch.node), switch.node))
                text = f"{written} {switch.setting.effect}, so the seed does not fix what a GPU computes"
                yield Finding(place, text, help=switch.setting.remedy)


def _whole(parent: ast.AST | None, node: ast.expr) -> ast.AST:
    """The assignment of which the node is the target, or the call."""
    return parent if isinstance(parent, ast.Assign) else node
