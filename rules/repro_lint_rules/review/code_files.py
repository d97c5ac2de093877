"""How much code there is, by the names of files alone."""

from __future__ import annotations

from repro_lint.api import Project, is_template, lazy_pattern

_CODE = lazy_pattern(
    r"\.(?:pyw?|ipynb|[rR]|[rR]md|qmd|jl|sh|bash|do|sas|m|scala|java|js|ts|c|cpp|f90|nf|smk|sql)\Z|/Snakefile\Z"
)
_SIGNS_OF_A_COPY = (".gitignore", ".gitattributes", ".git_archival.txt", ".gitlab-ci.yml", "PKG-INFO")
PROJECT = 3  # files of code that make more than a snippet


def code_files(project: Project) -> list[str]:
    """The project's own files with code in any language, notebooks among them, without templates."""
    return [path for path in project.files if _CODE.search(path) and not is_template(path)]


def is_copy(project: Project) -> bool:
    """Whether a tree outside of version control shows that it was taken from a repository."""
    return any(path in _SIGNS_OF_A_COPY or path.startswith(".github/") for path in project.files)
