"""Whether continuous integration runs the tests, directly or through a task or a script of the project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from repro_lint.api import (
    Project,
    ProjectFact,
    Runner,
    TaskFile,
    Tasks,
    Workflow,
    dataclass,
    is_template,
    lazy_pattern,
    read_text,
)
from repro_lint_rules.testing.presence import Tests

Answer = Literal["yes", "no", "unknown"]

_RUNNERS = frozenset(
    "pytest py.test tox nox nosetests nose2 ward behave robot nbdev_test nbdev-test trial stestr bats ctest jest vitest"
    " mocha treon".split()
)
_WORDS = lazy_pattern(
    r"\b(?:pytest|py\.test|unittest|nosetests?|doctest|nbval|nbmake|nbdev_test|testbook|testthat|test_check|tinytest"
    r"|devtools::(?:test|check)|rcmdcheck|R\s+CMD\s+check|Pkg\.test|manage\.py\s+test|setup\.py\s+(?:py)?test"
    r"|run_?tests?|test_all|repro_?lint\s+test)\b"
)
_INSTALLS = frozenset(
    "pip pip3 conda mamba micromamba apt apt-get brew pipx poetry pdm echo cat grep cp mv mkdir rm curl wget"
    " git".split()
)
_ACTIONS = lazy_pattern(r"(?:py)?test|tox|nox|check-r-package|julia-runtest|nbdev|coverage|rcmdcheck|wheels", re.I)
_TASK_RUNNERS: dict[str, Runner] = {
    "make": "make", "tox": "tox", "nox": "nox", "npm": "npm", "pixi": "pixi", "poe": "poe", "pdm": "pdm",
    "hatch": "hatch",
}  # fmt: skip
_STARTING_TASKS: tuple[Runner, ...] = ("pixi", "pdm", "hatch", "poetry")
"""Runners whose ``run`` starts a task as it starts a program."""
_UNSEEN = frozenset("just invoke inv task doit earthly dagger pants rake mage ninja scons dvc snakemake".split())
"""Runners whose files are not read here."""
_CONTAINERS = frozenset({"docker", "podman", "docker-compose"})
_ASIDE = frozenset({"run", "exec", "up", "compose"})
_OTHER_SERVICES = (
    ".travis.yml", "azure-pipelines.yml", ".azure-pipelines.yml", "appveyor.yml", ".appveyor.yml",
    ".circleci/config.yml",
    "bitbucket-pipelines.yml", ".drone.yml", ".woodpecker.yml", "Jenkinsfile", "cloudbuild.yaml", ".cirrus.yml",
    "buildspec.yml",
)  # fmt: skip
_NAMED_SO = lazy_pattern(
    r"(?:azure|pipeline|buildkite|cloudbuild)[^/]*(?:/.*)?\.ya?ml\Z", re.I
)  # their place is set elsewhere
_TEST_NAME = lazy_pattern(
    r"(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|run[_-]?(?:all[_-]?)?tests?[^/]*)\.(?:py|sh|R|jl|bash)\Z", re.I
)
_DEEPEST = 3


@dataclass(frozen=True)
class CiTests(ProjectFact):
    """``answer``: whether a workflow runs tests, "unknown" where a command leads out of sight.

    ``workflows`` are the files of all workflows, ``where`` the one that runs tests.
    """

    answer: Answer
    workflows: tuple[str, ...]
    where: str | None = None

    @classmethod
    def compute(cls, project: Project) -> CiTests:
        """Read all workflows until one runs tests."""
        paths = tuple(path for path in project.accepted(Workflow) if _is_workflow(path))
        others = tuple(
            path for path in project.files if path not in paths and (path in _OTHER_SERVICES or _NAMED_SO.search(path))
        )
        for path in others:
            if _WORDS.search(read_text(project, path)) or _names_runner(read_text(project, path)):
                return cls("yes", (*paths, *others), path)
        follower = _Follower(project)
        unknown = False
        for path in paths:
            workflow = project.load(Workflow, path)
            if workflow is None or workflow.problem:
                unknown = True
                continue
            answer = follower.in_workflow(workflow)
            if answer == "yes":
                return cls("yes", (*paths, *others), path)
            unknown |= answer == "unknown"
        return cls("unknown" if unknown or others else "no", (*paths, *others))


def _is_workflow(path: str) -> bool:
    return not posixpath.basename(path).startswith("action.") and not is_template(path)


def _names_runner(text: str) -> bool:
    return bool(set(re.findall(r"[\w.-]+", text)) & _RUNNERS)


class _Follower:
    """Follows commands into tasks and scripts of the project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tasks = project.fact(Tasks)
        self.tests = set(project.fact(Tests).files)

    def in_workflow(self, workflow: Workflow) -> Answer:
        unknown = False
        for use in workflow.uses:
            inputs = " ".join(use.inputs.values())
            if _ACTIONS.search(use.name) or _WORDS.search(inputs) or _names_runner(inputs):
                return "yes"
            local = workflow.used(use)
            if use.is_local:
                answer = self._in_action(local, workflow)
                if answer == "yes":
                    return "yes"
                unknown |= answer == "unknown"
            unknown |= use.name.endswith((".yml", ".yaml")) and not use.is_local
        for command in workflow.commands:
            if not command.is_shell:
                if _WORDS.search(command.script) or _names_runner(command.script):
                    return "yes"
                continue
            answer = self.of_all((s.argv for s in command.statements), command.directory or "")
            if answer == "yes":
                return "yes"
            unknown |= answer == "unknown"
        return "unknown" if unknown else "no"

    def _in_action(self, action: Workflow | None, user: Workflow) -> Answer:
        """What a local action does; one that is a program in a container cannot be seen."""
        if action is None or not (action.commands or action.uses):
            return "unknown"
        return "no" if action.path == user.path else self.in_workflow(action)

    def of_all(self, commands: Iterable[tuple[str, ...]], directory: str, depth: int = 0) -> Answer:
        unknown = False
        for argv in commands:
            if argv and argv[0] == "cd" and len(argv) > 1:
                directory = posixpath.normpath(posixpath.join(directory, argv[1]))
                continue
            answer = self.of(argv, directory, depth)
            if answer == "yes":
                return "yes"
            unknown |= answer == "unknown"
        return "unknown" if unknown else "no"

    def of(self, argv: tuple[str, ...], directory: str, depth: int) -> Answer:
        """Whether one command runs tests."""
        argv = _fetched(argv)
        if not argv:
            return "no"
        program = posixpath.basename(argv[0])
        for runner in _STARTING_TASKS:  # "pixi run check" comes here as "check", and PDM needs no "run"
            task = argv[1] if program == runner and len(argv) > 1 else argv[0].rpartition(":")[2]
            if depth < _DEEPEST and any(task in file.tasks for file in self._files(runner, directory)):
                return self._tasks(runner, (task,), directory, depth)
        if program in _INSTALLS or argv[1:4] == ("-m", "pip", "install"):
            return "no"
        if program in _RUNNERS - {"tox", "nox"} or _WORDS.search(" ".join(argv)):
            return "yes"
        if any(_TEST_NAME.search(word) or word in self.tests for word in argv[:4]) or "test" in argv[1:3]:
            return "yes"
        if depth >= _DEEPEST or program in _UNSEEN or (program in _CONTAINERS and not _ASIDE.isdisjoint(argv[1:3])):
            return "unknown"
        if program in _TASK_RUNNERS:
            return self._tasks(_TASK_RUNNERS[program], argv[1:], directory, depth)
        if any(word.endswith((".yaml", ".yml", ".json")) and word in self.project.files for word in argv):
            return "unknown"  # a job that is described there, and runs somewhere else
        for word in argv[:3]:
            if word.endswith((".sh", ".bash", ".py", ".R")) and (found := self._script(word, directory, depth)):
                return found
        return "no"

    def _tasks(self, runner: Runner, words: tuple[str, ...], directory: str, depth: int) -> Answer:
        if runner == "make" and "-C" in words[:-1]:
            directory = posixpath.normpath(posixpath.join(directory, words[words.index("-C") + 1]))
        files = self._files(runner, directory)
        names = [word for word in words if not word.startswith("-") and "=" not in word and word != "run"]
        if not files:
            return "unknown"
        if any("test" in name for name in names) or (runner in ("tox", "nox") and not names):
            return "yes"
        known = [(file, name) for file in files for name in names or _default(file.tasks) if name in file.tasks]
        for file, name in known:
            answer = self.of_all((c.argv for c in file.commands(name)), directory, depth + 1)
            if answer != "no":
                return answer
        return "no" if known and all(file.complete for file in files) else "unknown"

    def _files(self, runner: Runner, directory: str) -> tuple[TaskFile, ...]:
        return self.tasks.of(runner, "" if directory == "." else directory) or self.tasks.of(runner, "")

    def _script(self, word: str, directory: str, depth: int) -> Answer | None:
        for base in dict.fromkeys((directory, "")):
            path = posixpath.normpath(posixpath.join(base, word))
            if path in self.project.files:
                text = read_text(self.project, path)
                return "yes" if _WORDS.search(_without_comments(text)) or _names_runner_call(text) else "no"
        return None


def _fetched(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command without what chooses or fetches its program: ``uvx nox -s tests``, ``pipx run tox``, ``+py=3.12``."""
    argv = argv[1:] if argv[:1] and argv[0].startswith("+") else argv
    fetches = argv[:1] == ("uvx",) or argv[:2] == ("pipx", "run") or argv[:3] == ("uv", "tool", "run")
    at = next((n for n, word in enumerate(argv) if word.partition("@")[0] in _TASK_RUNNERS), None) if fetches else None
    return (argv[at].partition("@")[0], *argv[at + 1 :]) if at is not None else argv


def _default(tasks: Iterable[str]) -> list[str]:
    """What make runs without a target: the first one."""
    return [name for name in tasks if not name.startswith(".")][:1]


def _without_comments(text: str) -> str:
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        stripped = line.strip()
        if not stripped.startswith("#") and not re.match(r"(?:python3?\s+-m\s+)?pip3?\s+install", stripped):
            yield stripped


def _names_runner_call(text: str) -> bool:
    return any(line.split()[:1] and posixpath.basename(line.split()[0]) in _RUNNERS for line in _lines(text))
