"""The tests of a project: which files they are, and what they run besides what they import."""

from __future__ import annotations

import ast
import fnmatch
import posixpath
import re
from collections.abc import Iterator, Mapping

from repro_lint.api import (
    FileFact,
    ImportFacts,
    ImportGraph,
    ModuleIndex,
    Project,
    ProjectFact,
    PythonSource,
    code_of,
    dataclass,
    lazy_pattern,
    read_text,
    read_toml,
)

_TEST_NAME = lazy_pattern(r"(?:^|/)(?:test_[^/]*|[^/]*_test|tests?|conftest)\.py$")
_RUNNERS = (b"subprocess", b"system", b"popen", b"spawn", b"run", b"invoke", b"call", b"script", b'"-m"', b"'-m'")
_DOTTED = lazy_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::[A-Za-z_]\w*)?")
_MODULE_OPTION = lazy_pattern(r"(?:^|\s)-m\s+([A-Za-z_][\w.]*)")
_SCRIPT = lazy_pattern(r"[\w./\\-]+\.py")
_ENTRY = lazy_pattern(r"""["']?(?P<name>[\w.-]+)["']?\s*=\s*["']?(?P<module>[A-Za-z_][\w.]*)\s*:\s*\w""")
_NOTEBOOK_PLUGINS = lazy_pattern(r"--nbval|--nbmake")
_EXPORTING_TESTS = lazy_pattern(r"nbdev_test")
_NOTEBOOK = lazy_pattern(r"[\w./\\ -]+\.ipynb")
_CONFIGURATION = ("pyproject.toml", "pytest.ini", "tox.ini", "setup.cfg", "noxfile.py", "Makefile", "settings.ini")


@dataclass(frozen=True)
class TestFileText:
    """What a file that may hold tests says: whether it does, and the strings by which it may run other code."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    tests: bool
    strings: frozenset[str]


class TestTexts(FileFact[TestFileText]):
    """The test definitions and strings of the files whose name is that of tests."""

    __test__ = False
    subject = PythonSource

    @classmethod
    def collect(cls, source: PythonSource) -> TestFileText | None:
        """None for a file with another name."""
        if not _TEST_NAME.search(source.path) and "test" not in posixpath.dirname(source.path):
            return None
        nodes = source.semantics.nodes
        tests = any(node.name.startswith("test_") for node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)) or any(
            "TestCase" in code_of(base) for node in nodes(ast.ClassDef) for base in node.bases
        )
        # A word alone is the name of a command or a module only where commands are run.
        runs = any(word in source.file.data for word in _RUNNERS)
        strings = {
            node.value
            for node in nodes(ast.Constant)
            if isinstance(node.value, str)
            and len(node.value) <= 300
            and (runs or "." in node.value or ":" in node.value)
        }
        return TestFileText(tests or ">>> " in source.file.data.decode("latin-1"), frozenset(strings))


@dataclass(frozen=True)
class TestSuite(ProjectFact):
    """The test files, those of them that cannot be parsed, and every file that they run."""

    __test__ = False

    files: tuple[str, ...]
    broken: tuple[str, ...]
    reached: frozenset[str]
    in_notebooks: bool
    """Whether the code itself is exported from notebooks that test it, so that more is reached than is seen."""

    @classmethod
    def compute(cls, project: Project) -> TestSuite:
        """The suite as pytest and unittest would collect it."""
        texts = project.file_facts(TestTexts)
        facts = project.file_facts(ImportFacts)
        patterns = _patterns(project)
        named = [path for path in texts if is_test_path(path, patterns)]
        files = [path for path in named if texts[path].tests or path.endswith("conftest.py")]
        broken = [path for path in named if path in facts and not facts[path].parsed]
        configuration = list(_configuration(project))
        exporting = any(_EXPORTING_TESTS.search(text) for text in configuration)
        seeds = set(files)
        commands = entry_points(project)
        for path in files:
            seeds.update(_run_by_name(project, path, texts[path].strings, commands))
            seeds.update(_out_of_place(project, path))
        if any(_NOTEBOOK_PLUGINS.search(text) for text in configuration):
            seeds.update(path for path in facts if path.endswith(".ipynb"))
        if any("--doctest-modules" in text for text in configuration):
            seeds.update(path for path in facts if path.endswith(".py"))
        seeds.update(_plugins(project))
        has_tests = any(texts[path].tests for path in files)
        reached = project.fact(ImportGraph).closure(seeds) if has_tests else frozenset()
        return cls(tuple(files) if has_tests else (), tuple(broken), reached, exporting)


def is_test_path(path: str, patterns: tuple[str, ...] = ("test_*.py", "*_test.py")) -> bool:
    """Whether pytest or unittest would look for tests in a file of this name."""
    name = posixpath.basename(path)
    return name in ("conftest.py", "tests.py") or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _patterns(project: Project) -> tuple[str, ...]:
    """pytest's ``python_files``, its defaults and unittest's where it is not set."""
    options = read_toml(project, "pyproject.toml").get("tool", {})
    for key in ("pytest", "ini_options"):
        options = options.get(key, {}) if isinstance(options, dict) else {}
    value = options.get("python_files") if isinstance(options, dict) else None
    found = value if isinstance(value, list) else str(value or "").split()
    for name in ("pytest.ini", "setup.cfg", "tox.ini"):
        if match := re.search(r"^\s*python_files\s*=\s*(.+)$", read_text(project, name), re.M):
            found = [*found, *match[1].split()]
    return ("test_*.py", "*_test.py", *map(str, found))


def _configuration(project: Project) -> Iterator[str]:
    for path in project.files:
        if path in _CONFIGURATION or path.startswith(".github/workflows/") or path == ".gitlab-ci.yml":
            yield read_text(project, path)


def _run_by_name(project: Project, path: str, strings: frozenset[str], commands: Mapping[str, str]) -> Iterator[str]:
    """What a test runs by naming it: modules in dotted strings, scripts by path, ``-m`` and console commands."""
    index = project.fact(ModuleIndex)
    runs_modules = "-m" in strings
    for text in strings:
        if _DOTTED.fullmatch(text) and ("." in text or ":" in text or runs_modules):
            module = text.partition(":")[0]
            yield from _resolved(index, path, module)
        if match := _MODULE_OPTION.search(text):
            yield from _resolved(index, path, match[1])
        for script in _SCRIPT.findall(text):
            if found := index.unique_path(script):
                yield found
        yield from _notebooks_named(project, path, text)
        for word in text.split()[:1]:
            if word in commands:
                yield from _resolved(index, path, commands[word])


def _notebooks_named(project: Project, path: str, text: str) -> Iterator[str]:
    """The notebooks that a test names, to run them with testbook, papermill or nbconvert."""
    for name in _NOTEBOOK.findall(text):
        for base in ("", posixpath.dirname(path)):
            place = posixpath.normpath(posixpath.join(base, name.strip().replace("\\", "/")))
            if place in project.files:
                yield place


def _resolved(index: ModuleIndex, path: str, dotted: str) -> Iterator[str]:
    """The files of a dotted name, whose last parts may be attributes; a package run by ``-m`` is its ``__main__``."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        if found := index.resolve(path, ".".join(parts[:end]), 0, "__main__"):
            yield from found
            return


def _out_of_place(project: Project, path: str) -> Iterator[str]:
    """The targets of imports that resolve nowhere, where one file's path ends like the module's name.

    Tests that change ``sys.path`` or run in another directory import so.
    """
    index = project.fact(ModuleIndex)
    for i in project.file_facts(ImportFacts)[path].imports:
        if i.level or i.kind == "typing" or index.resolve(path, i.module, 0, i.name):
            continue
        parts = i.module.split(".")
        for start in range(len(parts)):
            dotted = ".".join(parts[start:])
            found = (i.name and index.unique_suffix(f"{dotted}.{i.name}")) or index.unique_suffix(dotted)
            if found:
                yield found
                break


def entry_points(project: Project) -> dict[str, str]:
    """The modules of the console scripts that the project installs, by command."""
    found = {}
    for name in ("pyproject.toml", "setup.cfg", "setup.py", "settings.ini"):
        for match in _ENTRY.finditer(read_text(project, name)):
            found[match["name"]] = match["module"]
    return found


def _plugins(project: Project) -> Iterator[str]:
    """The modules that pytest loads by itself, because the project is a plugin of it."""
    if "pytest11" not in read_text(project, "pyproject.toml") + read_text(project, "setup.cfg") + read_text(
        project, "setup.py"
    ):
        return
    index = project.fact(ModuleIndex)
    for module in entry_points(project).values():
        yield from index.resolve("", module)


def plugin_targets(project: Project) -> Iterator[str]:
    """The packages that the project declares as plugins of some host, which loads them by itself."""
    groups = read_toml(project, "pyproject.toml").get("project", {})
    groups = groups.get("entry-points", {}) if isinstance(groups, dict) else {}
    for group in groups.values() if isinstance(groups, dict) else ():
        for target in group.values() if isinstance(group, dict) else ():
            yield str(target).partition(":")[0]
