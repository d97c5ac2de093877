"""The module that could hold what a notebook defines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from repro_lint.api import ModuleIndex, Project, lazy_pattern

_HELPER = lazy_pattern(r"(?:^|_)(?:utils?|helpers?|functions?|tools?|common|lib|shared)(?:_|$)")
_OTHER = lazy_pattern(r"^(?:setup|conf|conftest|noxfile|tasks|manage|__init__|__main__)$|^test_|_test$")


def helper_module(project: Project, path: str, imports: Iterable[tuple[str, int, str | None]]) -> str:
    """What to do with functions of the notebook, in words: the module is one that it imports from or lies beside it.

    Where there is none, the words propose a name.
    """
    index = project.fact(ModuleIndex)
    imported = [found[-1] for i in imports if (found := index.resolve(path, *i)) and _is_plain(found[-1])]
    if imported:
        module = next((module for module in imported if _HELPER.search(_stem(module))), imported[0])
        return f"move them to {module}, from which the notebook imports already"
    folder = posixpath.dirname(path)
    beside = [
        other
        for other in project.files
        if other.endswith(".py") and posixpath.dirname(other) == folder and _is_plain(other)
    ]
    helpers = [other for other in beside if _HELPER.search(_stem(other))]
    if len(helpers) == 1:
        return f"move them to {helpers[0]}, which lies beside the notebook, and import them"
    return f"move them to a module such as {posixpath.join(folder, _proposal(path))}, and import them"


def _is_plain(path: str) -> bool:
    return not _OTHER.search(_stem(path)) and _stem(path).isidentifier()


def _stem(path: str) -> str:
    return posixpath.basename(path).rpartition(".")[0]


def _proposal(path: str) -> str:
    """``clean_data_helpers.py`` for ``01-Clean data.ipynb``."""
    words = re.sub(r"[^a-z0-9]+", "_", _stem(path).lower()).strip("_0123456789")
    return f"{words}_helpers.py" if words else "helpers.py"
