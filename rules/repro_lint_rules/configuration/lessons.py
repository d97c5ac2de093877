"""Files that stand side by side and not for one use: lessons, examples, tests, configurations, attempts kept aside."""

from __future__ import annotations

from repro_lint.api import Project, ProjectFact, dataclass, lazy_pattern

_WORD = (
    r"(?:tests?|testing|fixtures?|mocks?|examples?|samples?|demos?|docs?|tutorials?|courses?|bootcamp|lessons?|lectures?"
    r"|exercises?|solutions?|homeworks?|hw|assignments?|quiz(?:zes)?|workshops?|cohorts?|chapters?|chap|ch|weeks?|days?|labs?"
    r"|books?|handbook|cookbook|recipes?|benchmarks?|archives?|archived|old|backups?|legacy|deprecated|templates?|vendor"
    r"|third_party|playground|scratch|sandbox|starter|snippets?|learn(?:ing)?|intro(?:duction)?|guides?|practice|bonus"
    r"|projects|experiments?|ablations?|conftest)"
)
_ASIDE = lazy_pattern(rf"(?:^|[/_\-. ]){_WORD}[-_ ]?\d*(?=[/_\-. ]|$)")
_CHAPTER = lazy_pattern(r"(?:^|/)(?:conf(?:ig)?s?/|ch(?:ap(?:ter)?)?[-_ ]?\d|\d+(?:\.\d+|[-_. ][^/]*/|[-_. ]\d+))")
_TEACHES = lazy_pattern(
    r"\b(?:tutorials?|course|book|textbook|lectures?|lessons?|exercises?|workshop|bootcamp|curriculum|cookbook|handbook"
    r"|collection of|code examples?|learn(?:ing)? (?:path|python|data|machine|deep)|assignments"
    r"|implementations of|playground)\b"
)
_READ = 1500


@dataclass(frozen=True)
class Lessons(ProjectFact):
    """Whether the repository as a whole is made of lessons or examples, by its name and the beginning of its README."""

    everywhere: bool

    @classmethod
    def compute(cls, project: Project) -> Lessons:
        """Read off the README at the root."""
        if _ASIDE.search(project.name.lower().replace("_", "-")):
            return cls(True)
        for path, file in project.files.items():
            if "/" not in path and path.lower().startswith("readme"):
                try:
                    text = file.data[:_READ].decode("utf-8", "replace").lower()
                except OSError:
                    continue
                return cls(_TEACHES.search(text) is not None)
        return cls(False)


def is_aside(path: str) -> bool:
    """Whether the file is a test, an example, a lesson, one of several configurations or an attempt, by its path."""
    return _ASIDE.search(path.lower()) is not None or _CHAPTER.search(path.lower()) is not None
