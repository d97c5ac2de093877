"""What looks at a change before it becomes part of a project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from repro_lint.api import Project, ProjectFact, dataclass, lazy_pattern, read_text

_HOOKS = {
    ".pre-commit-config.yaml", ".pre-commit-config.yml", "lefthook.yml", ".lefthook.yml", ".overcommit.yml",
    "prek.toml",
}  # fmt: skip
_SERVICES = {
    ".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml", ".azure-pipelines.yml", "Jenkinsfile", "appveyor.yml",
    ".appveyor.yml", "bitbucket-pipelines.yml", ".drone.yml", ".woodpecker.yml", "cloudbuild.yaml", ".cirrus.yml",
    "codefresh.yml", "buildspec.yml", ".circleci/config.yml", ".semaphore/semaphore.yml", ".sourcehut.yml",
    ".build.yml", "wercker.yml", "shippable.yml", "tea.yaml",
}  # fmt: skip
_LINTERS = {
    "ruff.toml", ".ruff.toml", ".flake8", ".pylintrc", "pylintrc", "mypy.ini", ".mypy.ini", "pyrightconfig.json",
    ".lintr", ".style.yapf", ".isort.cfg", ".pycodestyle", "pycodestyle.cfg", ".bandit", ".yamllint",
    ".eslintrc.json", ".eslintrc.js", "black.toml", ".JuliaFormatter.toml", ".sqlfluff", "biome.json",
    ".pre-commit-hooks.yaml", ".codeclimate.yml", ".codacy.yml", "sonar-project.properties", ".landscape.yml",
    ".landscape.yaml", ".deepsource.toml", ".coderabbit.yaml", "reviewdog.yml",
}  # fmt: skip
_OWNERS = {
    "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS",
}  # fmt: skip
_SECTIONS = {
    "pyproject.toml": r"^\s*\[tool\.(?:ruff|black|flake8|pylint|mypy|pyright|isort|yapf|bandit|ty|repro-lint)\b",
    "setup.cfg": r"^\[(?:flake8|pycodestyle|pylint|mypy|isort|yapf|pep8)\b",
    "tox.ini": r"^\[(?:flake8|pycodestyle|pylint|mypy|isort|pep8)\b|\b(?:flake8|ruff|pylint|black)\b",
    "Makefile": r"^\t.*\b(?:flake8|ruff|pylint|black|mypy|lintr)\b",
    "noxfile.py": r"\b(?:flake8|ruff|pylint|black|mypy|pre-commit)\b",
    "package.json": r"\"(?:eslint|prettier|husky|lint-staged)\"",
}
_ON_CHANGES = lazy_pattern(r"\b(?:pull_request|pull_request_target|merge_group|push)\b")
_WORKFLOWS = (".github/workflows", ".gitea/workflows", ".forgejo/workflows")
_ELSEWHERE = (".husky", ".buildkite", ".gitlab/ci", ".woodpecker")


@dataclass(frozen=True)
class ReviewGates(ProjectFact):
    """The files that set up a check of changes: hooks, linters, services that run on pushes and pull requests."""

    paths: tuple[str, ...]

    @classmethod
    def compute(cls, project: Project) -> ReviewGates:
        """Look for them by name, and into the files that may or may not set one up."""
        return cls(tuple(dict.fromkeys(_found(project))))


def _found(project: Project) -> Iterator[str]:
    for path in project.view.paths():
        directory, name = posixpath.split(path)
        known = path in _SERVICES or path in _OWNERS or directory.startswith(_ELSEWHERE)
        at_root = not directory and name in _HOOKS | _LINTERS
        if known or at_root or (directory in _WORKFLOWS and _runs_on_changes(project, path)):
            yield path
    for name, pattern in _SECTIONS.items():
        if name in project.files and re.search(pattern, read_text(project, name), re.M):
            yield name


def _runs_on_changes(project: Project, path: str) -> bool:
    return bool(_ON_CHANGES.search(read_text(project, path)))
