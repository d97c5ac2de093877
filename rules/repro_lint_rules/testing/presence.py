"""Whether a project has tests at all, in whatever language and by whatever runner."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from repro_lint.api import Project, ProjectFact, dataclass, lazy_pattern, read_text
from repro_lint_rules.testing.suite import TestSuite, TestTexts

_OTHER_LANGUAGES = lazy_pattern(
    r"(?:^|/)tests/testthat/test[^/]*\.[rR]\Z|(?:^|/)test/runtests\.jl\Z|\.bats\Z|\.(?:test|spec)\.[jt]sx?\Z"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_(?:test|spec))\.(?:rb|go|cpp|cc)\Z|(?:^|/)tests?/(?:.*/)?test_[^/]*\.(?:R|jl|sh)\Z"
    r"|(?:^|/)(?:run[_-]?)?(?:all[_-]?)?tests?\.(?:R|jl|sh|bash)\Z"
    r"|(?:^|/)[A-Z]\w*Test\.(?:java|scala|kt)\Z|(?:^|/)inst/tinytest/|(?:^|/)tests/[^/]*\.[rR]\Z"
)
_IN_TESTS = lazy_pattern(r"(?:^|/)(?:tests?|testing|spec)/", re.I)
_CODE = (".py", ".R", ".r", ".sh", ".jl", ".ipynb", ".bash")
_EXECUTES = lazy_pattern(
    rb"subprocess|nbconvert|papermill|nbclient|Rscript|os\.system|source\(|render\(|\bassert\b|exit 1|diff "
)
_NOTEBOOKS = lazy_pattern(
    r"--nbval|--nbmake|nbdev_test|testbook|pytest-notebook|nbmake|treon|--doctest-modules|--xdoctest"
)
_NBDEV = lazy_pattern(r"^\s*(?:nbs_path|nbs)\s*=|^\[tool\.nbdev\]|\bnbdev\b", re.M)
_CONFIGURATION = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", "noxfile.py", "Makefile", "settings.ini")


@dataclass(frozen=True)
class Tests(ProjectFact):
    """The files that hold tests or say that notebooks or docstrings are some, in the order of kinds; empty without."""

    __test__ = False

    files: tuple[str, ...]
    in_test_directories: tuple[str, ...]
    """Code in directories named after tests, whether or not it tests anything."""

    @classmethod
    def compute(cls, project: Project) -> Tests:
        """What pytest and unittest would collect, then other languages, notebooks and scripts."""
        texts = project.file_facts(TestTexts)
        python = [path for path in project.fact(TestSuite).files if path in texts and texts[path].tests]
        beside = tuple(path for path in project.files if _IN_TESTS.search(path) and path.endswith(_CODE))
        return cls(tuple(dict.fromkeys([*python, *_others(project, beside)])), beside)


def _others(project: Project, beside: tuple[str, ...]) -> Iterator[str]:
    for path in project.files:
        if _OTHER_LANGUAGES.search(path) and not path.endswith(".py"):
            yield path
    for path in project.files:
        name = posixpath.basename(path)
        if path in _CONFIGURATION or path.startswith(".github/workflows/") or path == ".gitlab-ci.yml":
            text = read_text(project, path)
            if _NOTEBOOKS.search(text) or (name in ("settings.ini", "pyproject.toml") and _NBDEV.search(text)):
                yield path
    for path in beside:
        if re.match(r"(?:run|all|smoke|check|execute)", posixpath.basename(path), re.I):
            try:
                executes = _EXECUTES.search(project.files[path].data)
            except OSError:
                continue
            if executes:
                yield path
