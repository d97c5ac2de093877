"""Facts: what project-level rules know about files, as plain data that outlives the parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.project import Project

T = TypeVar("T")


class FileFact(Generic[T]):
    """Something to know about one file. ``collect`` returns plain, picklable data, never the parsed file; or None."""

    subject: ClassVar[type[Any]]
    triggers: ClassVar[tuple[bytes, ...]] = ()

    @classmethod
    def collect(cls, subject: Any) -> T | None:
        """The fact for the subject."""
        raise NotImplementedError


def fact_key(fact: type[FileFact[Any]]) -> str:
    """The name of a fact that is the same in every process."""
    return f"{fact.__module__}.{fact.__qualname__}"


class ProjectFact:
    """Something to know about the whole tree, computed once and shared by all rules that ask for it.

    ``questions`` are the methods that take texts and return a plain value which says little of the tree, so that the
    same answer is often given although the tree has changed: ``Project.ask``.
    """

    questions: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def compute(cls, project: Project) -> Self:
        """The fact for the project."""
        raise NotImplementedError
