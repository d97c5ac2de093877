"""Elements that are taken by their position: whether anything but looking at them is done with them."""

from __future__ import annotations

import ast
from enum import Enum

from repro_lint.api import PythonSource, lazy_pattern
from repro_lint_rules.randomness.sinks import does, last_name, shown_by
from repro_lint_rules.randomness.unordered_definitions import Definitions

_MAX_STEPS = 300
_SPLITS = lazy_pattern(r"(?i)(^|_)(train|test|val|valid|dev|holdout|calib)")
_PASSING = (
    *(ast.Call, ast.keyword, ast.Subscript, ast.FormattedValue, ast.JoinedStr, ast.BinOp),
    *(ast.ListComp, ast.GeneratorExp, ast.Tuple, ast.List),
)
_PROBES = frozenset(
    {"shape", "size", "dtype", "ndim", "suffix", "columns", "dtypes", "nbytes", "index", "mode", "st_size"}
)


class Fate(Enum):
    """What is done with an element that was taken by its position."""

    SEEN = "it is only looked at"
    PRINTED = "it is printed"
    RESULT = "something else"


class Picks:
    """Follows what was taken through one program."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._source = source
        self._semantics = source.semantics
        self._definitions = definitions

    def fate(self, start: ast.AST) -> Fate:
        """What is done with what was taken."""
        queue: list[ast.AST] = [start]
        seen: set[ast.AST] = set()
        fate = Fate.SEEN
        while queue and len(seen) < _MAX_STEPS:
            node = queue.pop()
            if node in seen:
                continue
            seen.add(node)
            shown = shown_by(self._source, node)
            if shown is not None:
                fate = Fate.PRINTED if does("printing", shown) else fate
                continue
            parent = self._semantics.parent(node)
            if isinstance(parent, _PASSING):
                if isinstance(parent, ast.Call) and _computes(last_name(parent.func)):
                    return Fate.RESULT
                queue.append(parent)
            elif isinstance(parent, ast.Attribute):
                call = self._semantics.parent(parent)
                if does("computing", parent.attr):
                    return Fate.RESULT
                if parent.attr not in _PROBES:
                    queue.append(call if isinstance(call, ast.Call) and call.func is parent else parent)
            elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.withitem, ast.NamedExpr)):
                targets = self._definitions.targets(parent)
                if not targets or any(_SPLITS.search(getattr(target, "id", "")) for target in targets):
                    return Fate.RESULT
                queue += [use for target in targets for use in self._definitions.uses(target)]
            elif isinstance(parent, (ast.For, ast.comprehension)) and node is parent.iter:
                names = (part for part in ast.walk(parent.target) if isinstance(part, ast.Name))
                queue += [use for name in names for use in self._definitions.uses(name)]
            elif not isinstance(parent, (ast.Expr, ast.Compare, ast.If, ast.Assert)):
                return Fate.RESULT
        return fate


def _computes(name: str | None) -> bool:
    """Whether a function makes a result of what it is given."""
    return any(does(kind, name) for kind in ("collecting", "learning", "drawing", "writing", "computing"))
