"""No test reaches this module, not even through other modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from repro_lint.api import (
    Confidence,
    Field,
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
    RuleOptions,
    Severity,
    lazy_pattern,
)
from repro_lint_rules.testing.suite import TestSuite, TestTexts, is_test_path, plugin_targets

_SPECIAL = lazy_pattern(
    r"(?:^|/)(?:setup|conf|noxfile|tasks|fabfile|versioneer|_version|version|__init__|__main__|conftest|manage|wsgi|asgi)\.py$"
    r"|(?:^|/)(?:docs?|examples?|tutorials?|benchmarks?|scripts?|tools|migrations|fixtures|testing|tests?|notebooks?)/|^\.|\{\{"
)

_ONE_FILE = "one test file"


class UntestedModule(Rule):
    """Compares the first-party modules with what the tests import, directly or not, or run by name."""

    class Options(RuleOptions):
        """Options of the rule."""

        summary_above: int = Field(30, ge=1, description="More modules than this are one finding with all places")

    meta = RuleMeta(
        code="TST002",
        name="untested-module",
        family="testing",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="No test reaches this module, not even through other modules.",
        why="Nothing tells when it stops working, not even that it can still be imported.",
        help="add a test that imports the module and checks one result",
    )
    facts = (ImportFacts, TestTexts)

    def check(self, project: Project) -> Outcome:
        """One finding for each module that is not reached, or one for all if they are many."""
        suite = project.fact(TestSuite)
        if reason := _reason_to_abstain(suite):
            yield NotApplicable(reason)
            return
        candidates = _candidates(project, suite)
        unreached = [path for path in candidates if path not in suite.reached]
        tests = _ONE_FILE if len(suite.files) == 1 else f"{len(suite.files)} test files"
        if not candidates or not unreached:
            return
        if len(unreached) == len(candidates):
            count = len(candidates)
            which = "the project's one module is not" if count == 1 else f"none of the project's {count} modules is"
            message = f"{which} reached by its {tests}"
            yield Finding(
                project.place(suite.files[0]), message, related=_places(project, unreached), subject="no module"
            )
            return
        doubtful = _doubtful_places(project, suite)
        for confidence in (None, Confidence.LOW):
            paths = [path for path in unreached if path.startswith(doubtful) is (confidence is Confidence.LOW)]
            if len(paths) > self.options.summary_above:
                message = f"{len(paths)} of {len(candidates)} modules are reached by {_none_of(tests)}"
                yield _summary(project, paths, message, confidence)
            else:
                yield from _by_directory(project, paths, candidates, tests, confidence)


def _by_directory(
    project: Project, unreached: Sequence[str], candidates: Sequence[str], tests: str, confidence: Confidence | None
) -> Iterator[Finding]:
    """One finding for a top-level directory that the tests leave out altogether, else one for each module."""
    for top, paths in groupby(sorted(unreached, key=_top), key=_top):
        group = list(paths)
        if len(group) > 1 and len(group) == sum(_top(path) == top for path in candidates):
            where = f"in {top}/" if top else "at the root"
            message = f"none of the {len(group)} modules {where} is reached by the {tests}"
            yield _summary(project, group, message, confidence)
        else:
            for path in group:
                message = f"{_none_of(tests)} reaches this module, not even through other modules"
                yield Finding(project.place(path), message, confidence=confidence)


def _none_of(tests: str) -> str:
    return "no test file" if tests == _ONE_FILE else f"none of the {tests}"


def _top(path: str) -> str:
    """The top-level directory of the path, "" for a file at the root."""
    return path.partition("/")[0] if "/" in path else ""


def _doubtful_places(project: Project, suite: TestSuite) -> tuple[str, ...]:
    """The directories with code that is loaded as a plugin, or by names which tests compute and nobody else knows."""
    facts = project.file_facts(ImportFacts)
    found = {f"{_package(path)}/" for path, file in facts.items() if "" in file.computed and path in suite.reached}
    index = project.fact(ModuleIndex)
    for target in plugin_targets(project):
        if files := index.resolve("", target):
            found.add(files[0].rpartition("/")[0] + "/")
    return tuple(found)


def _package(path: str) -> str:
    return path.partition("/")[0] if not path.startswith("src/") else "/".join(path.split("/")[:2])


def _summary(project: Project, paths: Sequence[str], message: str, confidence: Confidence | None) -> Finding:
    first, *others = _places(project, paths)
    return Finding(first.place, message, related=tuple(others), confidence=confidence, subject="several modules")


def _places(project: Project, paths: Sequence[str]) -> tuple[Related, ...]:
    return tuple(Related(project.place(path), "is not reached either") for path in paths)


def _reason_to_abstain(suite: TestSuite) -> str | None:
    if not suite.files:
        return "there are no tests"
    if suite.broken:
        return f"the test file {suite.broken[0]} cannot be parsed"
    if suite.in_notebooks:
        return "the code is exported from notebooks that test it"
    return None


def _candidates(project: Project, suite: TestSuite) -> Sequence[str]:
    """The modules that a test could be expected for: part of a package, or imported by others; no scripts."""
    facts = project.file_facts(ImportFacts)
    index, importers = project.fact(ModuleIndex), project.fact(ImportGraph).importers
    return [
        path
        for path, file in facts.items()
        if path.endswith(".py")
        and file.parsed
        and not _SPECIAL.search(path)
        and not is_test_path(path)
        and (
            any(other not in suite.files for other in importers.get(path, ()))
            or (index.is_packaged(path) and file.defines and not file.main_guard)
        )
    ]
