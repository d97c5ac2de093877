"""Subjects: what a file becomes before a rule looks at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile


class Subject:
    """A view of one file that rules can ask for by annotating the parameter of ``check``.

    A pack may define subjects of its own: a class that says which files it ``accepts`` and how it is
    made from one. Making a subject never raises for bad content; what is wrong is kept as data.
    """

    title: ClassVar[str] = "file"
    """What a reader calls it, in ``repro-lint rules`` and in messages."""
    problem: str | None = None
    """Why the content cannot be trusted to be what it looks like (it is binary, say), or None."""

    def __init__(self, file: SourceFile, project: Project) -> None:
        self.file = file
        self.project = project

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether a file of this path can become this subject; decided on the name alone."""
        raise NotImplementedError

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The subject for the file, or None where its content shows that it is something else."""
        return cls(file, project)

    @property
    def path(self) -> str:
        """The path relative to the project's root, with forward slashes."""
        return self.file.path


class TreeSubject:
    """A view of the tree that is not one file: the project itself, or a program made of several files.

    ``path`` is that of the file a subject begins with, or None for one that spans the tree; only
    subjects with a path can be judged when a run is limited to some files.
    """

    title: ClassVar[str] = "project"
    per_file: ClassVar[bool] = False
    """Whether each subject belongs to one file, so that rules about it make sense for single files."""
    path: str | None = None

    @classmethod
    def from_project(cls, project: Project, triggers: tuple[bytes, ...]) -> Iterable[Self]:
        """The subjects of this kind; those without any of the triggers may be left out."""
        raise NotImplementedError
