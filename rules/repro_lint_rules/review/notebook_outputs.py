"""What notebooks store besides what people wrote, and what projects do about it."""

from __future__ import annotations

import posixpath
import re

from repro_lint.api import FileFact, Notebook, Project, lazy_pattern, read_text

_TOOLS = lazy_pattern(
    r"nbstripout|nbdime|jupytext|nb-clean|nb_clean|databooks|ReviewNB|review-?nb|clear-output|ClearOutput|nbdev|gitnotebooks"
    r"|nbmake|nbval|nbsphinx|myst[-_]nb|mkdocs-jupyter|jupyter-?book|nbconvert",
    re.I,
)
_FILTERED = lazy_pattern(r"^[^#\n]*\.ipynb[ \t][^\n]*\b(?:filter|diff|merge|linguist-generated|-diff)\b", re.M)
_PLACES = (
    ".pre-commit-config.yaml", ".gitattributes", "pyproject.toml", "setup.cfg", "tox.ini", "noxfile.py", "Makefile",
    "package.json", "jupytext.toml", ".jupytext.toml", "_config.yml", "mkdocs.yml", "docs/conf.py",
    "docs/source/conf.py", "doc/conf.py", "requirements-dev.txt", "CONTRIBUTING.md", ".github/CONTRIBUTING.md",
    "README.md", "README.rst", "settings.ini", "_quarto.yml",
)  # fmt: skip


_PER_CELL, _PER_FILE = 300, 1500  # what the format itself takes, in bytes


class StoredOutputs(FileFact[int]):
    """About how many bytes of a notebook are outputs, if they are more than what people wrote in its cells."""

    subject = Notebook
    triggers = (b'"output_type"',)

    @classmethod
    def collect(cls, notebook: Notebook) -> int | None:
        """None for a notebook without outputs, or with small ones."""
        if not any(cell.outputs for cell in notebook.code_cells):
            return None
        written = sum(len(cell.source) for cell in notebook.cells)
        stored = len(notebook.file.data) - written - _PER_CELL * len(notebook.cells) - _PER_FILE
        return stored if stored > written else None


def convention(project: Project) -> str | None:
    """The file that shows that notebooks are paired, stripped, compared by cells or published with their outputs."""
    for path in project.files:
        if path in _PLACES or path.startswith(".github/workflows/") or path == ".gitlab-ci.yml":
            text = read_text(project, path)
            if _TOOLS.search(text) or (path == ".gitattributes" and _FILTERED.search(text)):
                return path
    return None


def is_paired(project: Project, path: str) -> bool:
    """Whether a text of the same name stands beside the notebook, as jupytext keeps it."""
    stem = posixpath.splitext(path)[0]
    return any(stem + suffix in project.files for suffix in (".py", ".md", ".Rmd", ".R"))
