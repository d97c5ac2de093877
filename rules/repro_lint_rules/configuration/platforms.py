"""Which hosted platforms a repository or a notebook is written for, by its own account."""

from __future__ import annotations

import posixpath
import re

from repro_lint.api import Project, ProjectFact, PythonSource, TextFile, dataclass

_DECLARED = {
    "Google Colab": re.compile(rb"colab\.research\.google\.com|google colab|open in colab|colab-badge", re.I),
    "Kaggle": re.compile(
        rb"kaggle\.com/(?:code|kernels|notebooks|[\w-]+/[\w-]+/notebook)|kaggle (?:kernel|notebook)", re.I
    ),
    "Databricks": re.compile(rb"databricks", re.I),
    "Amazon SageMaker": re.compile(rb"sagemaker", re.I),
}


@dataclass(frozen=True)
class Platforms(ProjectFact):
    """The platforms that the README names as the place to run."""

    names: frozenset[str]

    @classmethod
    def compute(cls, project: Project) -> Platforms:
        """Read off the READMEs at the root."""
        found: set[str] = set()
        for path, file in project.files.items():
            if "/" not in path and path.lower().startswith("readme"):
                try:
                    data = file.data
                except OSError:
                    continue
                found.update(name for name, pattern in _DECLARED.items() if pattern.search(data))
        return cls(frozenset(found))


def platforms_of(source: PythonSource) -> frozenset[str]:
    """The platforms that the notebook or its repository declares."""
    found = set(source.project.fact(Platforms).names)
    if source.form == "databricks":
        found.add("Databricks")
    if source.notebook is not None:
        metadata = source.notebook.metadata
        if "colab" in metadata:
            found.add("Google Colab")
        if "kaggle" in metadata:
            found.add("Kaggle")
        if any("databricks" in key for key in metadata):
            found.add("Databricks")
    return frozenset(found)


def runs_on_kaggle(subject: PythonSource | TextFile) -> bool:
    """Whether ``../input`` is Kaggle's: the repository has no such directory, and something speaks of Kaggle."""
    folder = posixpath.dirname(subject.path)
    if posixpath.normpath(posixpath.join(folder, "../input")) in subject.project.directories:
        return False
    if "Kaggle" in subject.project.fact(Platforms).names or "kaggle" in subject.path.lower():
        return True
    if "kaggle" in subject.project.name.lower():
        return True
    return isinstance(subject, PythonSource) and b"kaggle" in subject.file.written.lower()
