"""A column holds a measured quantity, and its name does not say in which unit."""

from __future__ import annotations

import ast

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity

_ENDINGS = ("_temp", "_mass", "_length")


class MissingUnits(Rule):
    """Looks at the columns that a program makes: ``table["water_temp"] = …``."""

    meta = RuleMeta(
        code="LAB001",
        name="missing-units",
        family="field_notes",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="2.0",
        summary="A column holds a measured quantity, and its name does not say in which unit.",
        why="Half of the group measures in Fahrenheit.",
        help='name the unit: "water_temp_celsius"',
    )
    triggers = (b"_temp", b"_mass", b"_length")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each such column, at its name."""
        for statement in ast.walk(source.tree):
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                key = target.slice if isinstance(target, ast.Subscript) else None
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.endswith(_ENDINGS):
                    yield Finding(source.place(key), f"the column {key.value} has no unit")
