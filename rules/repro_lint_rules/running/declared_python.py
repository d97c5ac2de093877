"""The Python that a project says it is for, as far as syntax is concerned."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from repro_lint.api import ProjectFact

if TYPE_CHECKING:
    from repro_lint.api import Project

# Where a version is declared, and the words before it.
_DECLARATIONS = {
    "pyproject.toml": r"requires-python\s*=\s*|^python\s*=\s*",
    "setup.py": r"python_requires\s*=\s*",
    "setup.cfg": r"python_requires\s*=\s*",
    "Pipfile": r"python_(?:full_)?version\s*=\s*",
    "runtime.txt": r"python-",
    ".python-version": r"^",
    "environment.yml": r"^\s*-\s*python\s*",
    "environment.yaml": r"^\s*-\s*python\s*",
}
_VERSION = r"""["']?\s*(?P<op>[~^=<>!]*)\s*(?P<major>[23])(?:\.(?P<minor>\d+))?"""


class DeclaredPython(ProjectFact):
    """``python2``: the project declares Python 2; ``newer``: a later Python than the one that runs the check."""

    def __init__(self, python2: bool, newer: bool) -> None:
        self.python2 = python2
        self.newer = newer

    @classmethod
    def compute(cls, project: Project) -> DeclaredPython:
        """What the manifests in the root directory declare; undeclared is neither."""
        python2 = newer = False
        for name, before in _DECLARATIONS.items():
            if name not in project.files:
                continue
            try:
                text = project.files[name].data.decode("utf-8", "replace")
            except OSError:
                continue
            for match in re.finditer(f"(?:{before}){_VERSION}", text, re.M):
                major, minor = int(match["major"]), int(match["minor"] or 0)
                exact = match["op"] in ("", "=", "==", "~=", "~", "^", "<=")
                python2 |= major == 2 and exact
                newer |= (major, minor) > sys.version_info[:2] and match["op"] not in ("<", "<=", "!=")
        return cls(python2, newer)
