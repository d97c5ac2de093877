"""There is code that could be imported by a test, and no test."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    ImportFacts,
    ImportGraph,
    Level,
    ModuleIndex,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
)
from repro_lint_rules.testing.presence import Tests
from repro_lint_rules.testing.suite import TestTexts

_SHOWN, _NAMED = 20, 3
_SPECIAL = lazy_pattern(
    r"(?:^|/)(?:setup|conf|noxfile|tasks|fabfile|versioneer|_version|version|__init__|__main__|conftest|manage|wsgi|asgi"
    r"|settings|config|constants|migrations/.*)\.py\Z|(?:^|/)(?:docs?|migrations|third_party|vendor)/|\{\{"
)


class NoTests(Rule):
    """Speaks once for the project; modules are what other files import, or what a package holds."""

    meta = RuleMeta(
        code="TST001",
        name="no-tests",
        family="testing",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="There is code that could be imported by a test, and no test.",
        why="Nobody knows whether the functions do what they say, nor notices when an update or a change breaks them.",
        help="add tests/test_<module>.py with one function that calls one of yours and asserts a result you know",
    )
    facts = (ImportFacts, TestTexts)

    def check(self, project: Project) -> Outcome:
        """One finding for the repository, related to the modules that most others import."""
        modules = _modules(project)
        if not modules:
            yield NotApplicable("there is no code that could be imported")
            return
        tests = project.fact(Tests)
        if tests.files:
            return
        if tests.in_test_directories:
            yield NotApplicable("a directory is named after tests", tests.in_test_directories[0])
            return
        named = ", ".join(modules[:_NAMED]) + (f" and {len(modules) - _NAMED} more" if len(modules) > _NAMED else "")
        yield Finding(
            project.place(),
            f"there are no tests: nothing checks {named}",
            related=tuple(Related(project.place(path), "nothing tests it") for path in modules[:_SHOWN]),
            subject="no tests",
        )


def _modules(project: Project) -> list[str]:
    """The files that define functions or classes for others to import, the most imported first."""
    facts = project.file_facts(ImportFacts)
    index, importers = project.fact(ModuleIndex), project.fact(ImportGraph).importers
    found = [
        path
        for path, file in facts.items()
        if path.endswith(".py")
        and file.parsed
        and file.defines
        and not _SPECIAL.search(path)
        and (importers.get(path) or (index.is_packaged(path) and not file.main_guard))
    ]
    return sorted(found, key=lambda path: (-len(importers.get(path, ())), path))
