"""The notebook does not say which kernel runs it, or names one that others do not have."""

from __future__ import annotations

import ast
import warnings

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Notebook,
    NotebookCell,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.notebooks.kernels import (
    ExplainedKernels,
    conda_environment,
    is_common,
    is_from_editor,
    python2_version,
)

# Languages that no text of many Python statements is valid in. Sage, Starlark and the like are not among them.
_UNLIKE_PYTHON = {
    "r",
    "julia",
    "javascript",
    "typescript",
    "scala",
    "c++",
    "c#",
    "c",
    "java",
    "bash",
    "sql",
    "go",
    "rust",
}
_STATEMENTS = (ast.FunctionDef, ast.ImportFrom, ast.ClassDef, ast.For, ast.If, ast.With, ast.Try)
_SERVICES = (
    "application/vnd.databricks.v1+notebook",
    "colab",
    "kaggle",
    "deepnote",
    "deepnote_notebook_id",
    "hex_info",
)


class MissingKernel(Rule):
    """Looks at what a notebook's metadata say of kernel and language, and whether its code agrees."""

    meta = RuleMeta(
        code="NBK008",
        name="missing-kernel",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The notebook does not say which kernel runs it, or names one that others do not have.",
        why="Whoever opens it must guess a kernel, and tools that execute notebooks stop before the first cell.",
        help="open it in Jupyter, choose the kernel (Python 3), and save it",
    )

    def check(self, notebook: Notebook) -> Outcome:
        """At most one finding, about the file as a whole."""
        if not any(cell.source.strip() for cell in notebook.code_cells):
            return
        kernel = notebook.kernel_name
        if finding := _of_other_language(notebook):
            yield finding
        elif kernel is None:
            yield from _nothing_said(notebook)
        elif notebook.language == "python" and (version := python2_version(notebook)):
            if not _needs_python2(notebook):
                message = f"the notebook is for Python 2 ({version}), which no supported kernel runs"
                help_ = "run it with the kernel python3, compare the results (3 / 2 is 1.5 there), and save it"
                yield Finding(notebook.place(), message, help=help_, subject="Python 2")
        elif notebook.language == "python" and not is_common(kernel):
            if notebook.project.fact(ExplainedKernels).explain(kernel):
                yield NotApplicable(f"the repository says how to get the kernel {kernel}")
            else:
                yield _own_kernel(notebook, kernel)


def _nothing_said(notebook: Notebook) -> Outcome:
    if notebook.nbformat is not None and notebook.nbformat < 4 and notebook.language:
        return  # kernels have been named since nbformat 4; before, each cell names its language
    if any(key in notebook.metadata for key in _SERVICES):
        yield NotApplicable("a hosted service runs the notebook, and chooses the kernel")
    elif notebook.language is None:
        message = "nothing says which language the notebook is in, nor which kernel runs it"
        yield Finding(notebook.place(), message, subject="no kernel")
    elif notebook.language == "python" and notebook.language_version is None:
        message = "the notebook says that it is in Python, but not for which version, nor which kernel runs it"
        yield Finding(notebook.place(), message, severity=Severity.NOTE, subject="no kernel")


def _of_other_language(notebook: Notebook) -> Finding | None:
    """The finding for a notebook whose code is in another language than its kernel, where that is certain."""
    cells = [cell for cell in notebook.code_cells if cell.source.strip()]
    stated = notebook.language
    if stated in _UNLIKE_PYTHON and any(isinstance(statement, _STATEMENTS) for statement in _statements(cells) or ()):
        return Finding(notebook.place(), f"the kernel is for {stated}, but the code is Python", subject="language")
    return None


def _statements(cells: list[NotebookCell]) -> list[ast.stmt] | None:
    """The statements of the cells, or None if one of them is not plain Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about invalid escapes, say
            return [statement for cell in cells for statement in ast.parse(cell.source).body]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _needs_python2(notebook: Notebook) -> bool:
    """Whether there is syntax of Python 2 in it, which is another rule's to report."""
    source = notebook.project.load(PythonSource, notebook.path)
    return source is None or any(error.python2 for error in source.syntax_errors)


def _own_kernel(notebook: Notebook, kernel: str) -> Finding:
    if environment := conda_environment(kernel):
        where = f"is there only where nb_conda_kernels finds a conda environment {environment}"
    elif is_from_editor(kernel):
        where = "names an interpreter on the machine of one editor"
    else:
        where = "is there only where somebody has registered it under that name"
    made_up = bool(environment) or is_from_editor(kernel)
    help_ = "save the notebook with the kernel python3, which every Jupyter has"
    if not made_up:
        help_ += f", or say in the README how to get it (`python -m ipykernel install --user --name {kernel}`)"
    confidence = None if made_up else Confidence.MEDIUM
    return Finding(notebook.place(), f"the kernel {kernel} {where}", help=help_, confidence=confidence, subject=kernel)
