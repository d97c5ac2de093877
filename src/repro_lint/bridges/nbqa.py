"""Runs by nbQA, which hands linters a temporary script instead of the notebook.

The script has lost magics, outputs and cells, and nbQA maps lines back only nearly: it inserts blank lines around
functions before it counts (nbQA 1.9.1). The notebook itself stands beside the script and has the right places.
"""

from __future__ import annotations

from pathlib import Path

from repro_lint.lazy import lazy_pattern

_TEMPORARY = lazy_pattern(r"(?P<stem>.+).{8}_nbqa_ipynb\.py")


def notebook_behind(path: Path) -> Path:
    """The notebook that nbQA made the file from; the path itself for any other file."""
    match = _TEMPORARY.fullmatch(path.name)
    notebook = path.with_name(match["stem"] + ".ipynb") if match else path
    return notebook if notebook.is_file() else path
