"""The rules about the repository as a whole, as checks for repo-review.

One run answers all checks: it is the fixture ``repro_lint``. The repository may be a directory, or a tree that is read
over the network (``repo-review gh:owner/name@branch``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from repro_lint.config import FILE_NAMES, Configuration, Settings, find_config, load_config
from repro_lint.diagnostics import Diagnostic
from repro_lint.errors import UsageError
from repro_lint.files import FileView
from repro_lint.grades import Severity
from repro_lint.project import Project
from repro_lint.registry import Entry, load_registry
from repro_lint.rule import RuleMeta
from repro_lint.session import Session, Target, find_target

if TYPE_CHECKING:
    from importlib.abc import Traversable

FAMILY = "repro-lint"
Verdicts = Mapping[str, "str | None"]
"""By the code of a rule: what is wrong, nothing (""), or that it was not judged (None)."""


class Check:
    """One rule. What the class documents is what repo-review shows for it."""

    family = FAMILY

    def __init__(self, meta: RuleMeta) -> None:
        self.code = meta.code
        self.url = meta.url or ""
        self.__doc__ = meta.name

    def check(self, repro_lint: Verdicts) -> str | None:
        """What is wrong, in Markdown; an empty string if nothing is, None if the rule does not apply."""
        return repro_lint.get(self.code)


def checks() -> dict[str, Check]:
    """The checks by the codes of the rules (entry point ``repo_review.checks``)."""
    return {entry.meta.code: Check(entry.meta) for entry in _repository_rules()}


def families() -> dict[str, dict[str, str]]:
    """How the family is shown (entry point ``repo_review.families``)."""
    return {FAMILY: {"name": "Reproducibility"}}


def verdicts(root: Traversable, list_all: bool) -> dict[str, str | None]:
    """What the rules say of the repository (entry point ``repo_review.fixtures``)."""
    if list_all:
        return {}
    try:
        return _verdicts(_session(root))
    except UsageError as error:  # repo-review has other checks, which must go on
        return dict.fromkeys(checks(), f"repro-lint could not run: {error}")


def _repository_rules() -> Iterator[Entry]:
    return (entry for entry in load_registry() if Project in entry.rule.subjects())


def _session(root: Traversable) -> Session:
    if isinstance(root, Path):
        target, configuration = find_target([root])
        session = Session(target, configuration, load_registry())
    else:
        view = TraversableView(root)
        session = Session(Target(view.root, (), False), _remote_configuration(root), load_registry(), view=view)
    session.rules = [rule for rule in session.rules if Project in rule.subjects()]
    return session


def _remote_configuration(root: Traversable) -> Configuration:
    """The configuration at the root of a tree that is not on disk; what it ``extend``s must be there, too."""
    with tempfile.TemporaryDirectory() as folder:
        for name in FILE_NAMES:
            if (file := root.joinpath(name)).is_file():
                (Path(folder) / name).write_bytes(file.read_bytes())
        found = find_config(Path(folder), Path(folder))
        return load_config(found) if found else Configuration(Settings())


def _verdicts(session: Session) -> dict[str, str | None]:
    report = session.report()
    session.project.view.close()
    fail_on = session.settings.fail_on
    silent = {n.rule for n in report.not_applicable}
    said: dict[str, str | None] = {r.meta.code: None if r.meta.name in silent else "" for r in session.rules}
    for diagnostic in report.diagnostics:
        if diagnostic.counts and fail_on != "never" and diagnostic.severity >= Severity(fail_on):
            said[diagnostic.code] = (said.get(diagnostic.code) or "") + _paragraph(diagnostic)
    return said


def _paragraph(diagnostic: Diagnostic) -> str:
    place = diagnostic.location
    where = "" if place.path == "." else f"`{place.path}{f':{place.line}' if place.line else ''}`: "
    return f"{where}{diagnostic.message}\n\nWhat to do: {diagnostic.help}\n\n"


class TraversableView(FileView):
    """A tree that offers no more than names and contents."""

    kind = "directory"

    def __init__(self, root: Traversable) -> None:
        super().__init__(Path("/") / root.name)
        self._top = root

    def paths(self) -> tuple[str, ...]:
        """Every file."""
        return tuple(sorted(self._files))

    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``."""
        if path not in self._files:
            raise FileNotFoundError(path)
        try:
            return self._files[path].read_bytes()
        except UnicodeError as error:  # repo-review reads files of GitHub as text
            raise OSError(f"{path} is not text") from error

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""
        return len(self.read(path))

    @cached_property
    def _files(self) -> dict[str, Traversable]:
        found = {}
        folders = [(PurePosixPath(), self._top)]
        while folders:
            above, folder = folders.pop()
            for item in folder.iterdir():
                path = above / item.name
                if item.is_dir():
                    folders.append((path, item))
                elif item.is_file():
                    found[str(path)] = item
        return found
