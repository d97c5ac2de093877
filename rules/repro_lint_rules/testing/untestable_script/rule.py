"""A long script does all its work at the top level, where no test can reach a part of it."""

from __future__ import annotations

import ast
import re

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    lazy_pattern,
)

_NO_PROGRAM = lazy_pattern(
    r"(?:^|/)(?:setup|conf|settings[^/]*|config[^/]*|__init__|versioneer|noxfile|tasks|fabfile|urls|constants?|plot_[^/]*)\.py$"
    r"|(?:^|/)(?:tests?|docs?|examples?|galler(?:y|ies)|tutorials?|migrations|fixtures|configs?|settings)/|\{\{"
)
_DEFINES = lazy_pattern(rb"^[ \t]*(?:async[ \t]+def|def|class)[ \t]|__main__", re.M)
"""What spares most files the reading: a text that looks so."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class UntestableScript(Rule):
    """Counts the statements of scripts that define nothing and have no main guard."""

    class Options(RuleOptions):
        """Options of the rule."""

        statements: int = Field(60, ge=1, description="Scripts of more statements than this are long")

    meta = RuleMeta(
        code="TST005",
        name="untestable-script",
        family="testing",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A long script does all its work at the top level, where no test can reach a part of it.",
        why="A test, or another program, can only run all of it, with its files and for as long as it takes.",
        help='move the steps into functions, and call them under `if __name__ == "__main__":`',
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for the script."""
        if source.path.endswith(".ipynb") or _NO_PROGRAM.search(source.path) or _DEFINES.search(source.file.data):
            return
        if source.file.data.count(b"\n") < self.options.statements or source.form != "script":
            return
        if source.syntax_errors:
            yield NotApplicable("it cannot be parsed")
            return
        index = source.semantics
        if any(not isinstance(node, ast.Lambda) for node in index.nodes(*_DEFINITIONS)) or index.main_guard is not None:
            return
        work = [node for node in index.nodes(ast.stmt) if not isinstance(node, (ast.Import, ast.ImportFrom))]
        calls = sum(isinstance(node, ast.Expr | ast.Assign) and _does(node) for node in work)
        if len(work) > self.options.statements and calls * 3 >= len(work):
            yield Finding(
                source.file_place(),
                f"all {len(work)} statements of this script stand at its top level: no part of it can be tested alone",
            )


def _does(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(statement))
