"""Elements that are taken by their position: whether anything but looking at them is done with them."""

from __future__ import annotations

import ast
from enum import IntEnum

from repro_lint.api import PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import does, last_name, shown_by
from repro_lint_rules.randomness.unordered_definitions import Definitions

_MAX_STEPS = 300
_SPLITS = lazy_pattern(r"(?i)(^|_)(train|test|val|valid|dev|holdout|calib)")
_DISPLAYS = lazy_pattern(r"(?i)(^|_)(show\w*|display\w*|plot\w*|visuali[sz]\w*|draw\w*|view\w*|preview\w*)(_|$)")
_PASSING = (
    *(ast.Call, ast.keyword, ast.Subscript, ast.FormattedValue, ast.JoinedStr, ast.BinOp),
    *(ast.ListComp, ast.GeneratorExp, ast.Tuple, ast.List),
)
_PROBES = frozenset(
    {
        *(
            "shape",
            "size",
            "dtype",
            "ndim",
            "suffix",
            "columns",
            "dtypes",
            "nbytes",
            "index",
            "mode",
            "st_size",
            "keys",
        ),
        *("affine", "header", "crs", "profile", "meta"),  # of images that were taken alike
    }
)
_NAMING = frozenset({"str", "len", "repr", "basename", "join", "format", "type", "list", "sorted"})
_RENAMING = _NAMING | frozenset(
    {
        *("replace", "split", "rsplit", "partition", "rpartition", "splitext", "strip", "rstrip", "lstrip", "lower"),
        *("upper", "title", "dirname", "abspath", "relpath", "realpath", "normpath", "joinpath", "relative_to", "sub"),
        *("with_suffix", "with_name", "with_stem", "Path", "PurePath", "fsdecode", "as_posix", "resolve", "group"),
        *("search", "match", "zfill", "removesuffix", "removeprefix", "mkdir", "makedirs", "exists", "isfile", "isdir"),
        *("run", "call", "check_call", "system", "Popen", "time", "perf_counter", "now"),
    }
)
"""What makes a name of the name of a file, or tells only how it went."""


class Fate(IntEnum):
    """What is done with an element that was taken by its position, the least first."""

    SEEN = 0
    """It is looked at, in a plot, a log, or at the end of a cell."""
    PRINTED = 1
    READ = 2
    """What is printed was read from it, or computed."""
    RESULT = 3


class Picks:
    """Follows what was taken through one program."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._source = source
        self._semantics = source.semantics
        self._definitions = definitions

    def fate(self, start: ast.AST) -> Fate:
        """The most that is done with what was taken."""
        queue: list[tuple[ast.AST, bool]] = [(start, False)]
        seen: set[ast.AST] = set()
        fate = Fate.SEEN
        while queue and fate is not Fate.RESULT and len(seen) < _MAX_STEPS:
            node, read = queue.pop()
            if node in seen:
                continue
            seen.add(node)
            shown = shown_by(self._source, node)
            if shown is None:
                fate = max(fate, self._follow(node, read, queue))
            elif does("printing", shown) and not is_probed(self._semantics.parent(node)):
                fate = max(fate, Fate.READ if read or self._is_read(node, shown) else Fate.PRINTED)
        return fate

    def is_shown(self, start: ast.AST) -> bool:
        """Whether what was taken is looked at, as the names of functions tell, and nothing else is done with it."""
        queue: list[ast.AST] = [start]
        seen: set[ast.AST] = set()
        looked_at = False
        while queue and len(seen) < _MAX_STEPS:
            node = queue.pop()
            if node in seen:
                continue
            seen.add(node)
            parent = self._semantics.parent(node)
            displayed = isinstance(parent, ast.Call) and _DISPLAYS.search(last_name(parent.func) or "")
            if displayed or shown_by(self._source, node) is not None:
                looked_at = True
                continue
            following: list[tuple[ast.AST, bool]] = []
            if isinstance(parent, (ast.Expr, ast.Compare)) or self._follow(node, False, following) is Fate.RESULT:
                return False
            queue += [found for found, _ in following]
        return looked_at and len(seen) < _MAX_STEPS

    def _follow(self, node: ast.AST, read: bool, queue: list[tuple[ast.AST, bool]]) -> Fate:
        """Go on to where the value goes; RESULT where that is more than looking at it."""
        parent = self._semantics.parent(node)
        if isinstance(parent, _PASSING):
            if isinstance(parent, ast.Call) and (_computes(last_name(parent.func)) or _writes(parent)):
                return Fate.RESULT
            if _is_extension(self._semantics.parent(parent), parent):
                return Fate.SEEN
            queue.append((parent, read or _reads(parent)))
        elif isinstance(parent, ast.Attribute):
            call = self._semantics.parent(parent)
            if does("computing", parent.attr):
                return Fate.RESULT
            called = isinstance(call, ast.Call) and call.func is parent
            read = read or (called and parent.attr not in _RENAMING)
            if parent.attr not in _PROBES:
                queue.append((call, read) if called and call is not None else (parent, read))
        elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.withitem, ast.NamedExpr)):
            targets = self._definitions.targets(parent)
            if not targets or any(_SPLITS.search(getattr(target, "id", "")) for target in targets):
                return Fate.RESULT
            queue += [(use, read) for target in targets for use in self._definitions.uses(target)]
        elif isinstance(parent, (ast.For, ast.comprehension)) and node is parent.iter:
            names = (part for part in ast.walk(parent.target) if isinstance(part, ast.Name))
            queue += [(use, read) for name in names for use in self._definitions.uses(name)]
        elif not isinstance(parent, (ast.Expr, ast.Compare, ast.If, ast.Assert)):
            return Fate.RESULT
        return Fate.SEEN

    def _is_read(self, node: ast.AST, shown: str) -> bool:
        """Whether something is called with it before it is printed."""
        for parent in self._semantics.ancestors(node):
            if isinstance(parent, ast.Call):
                if last_name(parent.func) == shown:
                    return False
                if _reads(parent):
                    return True
        return False


def _reads(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) not in _NAMING


def makes_content(made: ast.AST | None) -> bool:
    """Whether a call makes more of the name of a file than another name."""
    return isinstance(made, ast.Call) and last_name(made.func) not in _RENAMING


def is_probed(holder: ast.AST | None) -> bool:
    """``image.shape``, ``len(rows)``: how large something is, which is the holder of a value."""
    if isinstance(holder, ast.Attribute):
        return holder.attr in _PROBES
    return isinstance(holder, ast.Call) and last_name(holder.func) in ("len", "type")


def _is_extension(part: ast.AST | None, whole: ast.AST) -> bool:
    """``os.path.splitext(name)[1]``, which files that are listed together share."""
    if not (isinstance(part, ast.Subscript) and isinstance(whole, ast.Call) and last_name(whole.func) == "splitext"):
        return False
    return code_of(part.slice) in ("1", "-1")


def _writes(call: ast.Call) -> bool:
    """``handle.write(x)``, but not to the screen."""
    func = call.func
    return isinstance(func, ast.Attribute) and func.attr == "write" and "std" not in code_of(func.value)


def _computes(name: str | None) -> bool:
    """Whether a function makes a result of what it is given."""
    return any(does(kind, name) for kind in ("collecting", "learning", "drawing", "writing", "computing"))


def is_rest(node: ast.AST) -> bool:
    """Whether a set is made on the spot by taking others apart: what is popped from it is the one that is left."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ("difference", "intersection", "symmetric_difference")
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Sub, ast.BitAnd, ast.BitXor))
