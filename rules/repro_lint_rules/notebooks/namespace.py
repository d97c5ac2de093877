"""The names that a fresh kernel knows while a notebook runs from top to bottom."""

from __future__ import annotations

import ast

from repro_lint.api import BUILTINS, dataclass, lazy_pattern

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

# https://ipython.readthedocs.io/en/stable/interactive/reference.html: the history, the output cache, the shell itself.
_KERNEL_NAMES = frozenset(
    {"get_ipython", "display", "In", "Out"}
    | {"_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "_exit_code", "_sh"}
    | {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtins__", "__builtin__", "__session__"}
    | {"__annotations__", "__IPYTHON__"}
)
_HISTORY = lazy_pattern(r"_i?\d+")

# Names that a host puts into the namespace: Databricks, Synapse, Fabric, VS Code. Whether a notebook should depend on
# its host is another rule's question.
_HOST_NAMES = frozenset({"spark", "dbutils", "displayHTML", "mssparkutils", "notebookutils", "__vsc_ipynb_file__"})
SPARK_NAMES = frozenset({"sc", "sqlContext", "sqlc", "glueContext"})
"""What kernels for Spark bind beside ``spark``; too short to be taken for theirs anywhere else."""
DATABRICKS_NAMES = SPARK_NAMES | {"sql", "table", "udf", "getArgument"}
"""What Databricks binds: https://docs.databricks.com/en/notebooks/index.html."""

PYTHON2_BUILTINS = {
    "basestring": "str",
    "cmp": "(a > b) - (a < b)",
    "execfile": "exec(open(path).read())",
    "file": "open",
    "long": "int",
    "raw_input": "input",
    "reduce": "functools.reduce",
    "reload": "importlib.reload",
    "unichr": "chr",
    "unicode": "str",
    "xrange": "range",
}
"""Builtins that Python 3 no longer has, and what takes their place."""


@dataclass(frozen=True)
class Function:
    """A function of the notebook. ``signature``, ``runs`` and ``plain``: whether its decorators leave its parameters
    as they are, are known to call it, and do nothing else."""

    node: FunctionNode
    signature: bool = True
    runs: bool = True
    plain: bool = True


@dataclass(frozen=True)
class Class:
    """A class of the notebook."""

    node: ast.ClassDef
    decorated: bool = False


@dataclass(frozen=True)
class Instance:
    """An object of a class of the notebook."""

    node: ast.ClassDef


@dataclass(frozen=True)
class Pending:
    """A generator or a coroutine: the body of its function runs when somebody asks it for values."""

    function: Function


Value = Function | Class | Instance | Pending | None
"""What is known of a value: None for nothing."""


class Namespace:
    """The names that are bound, or may be, and what is known of their values.

    ``unknown`` tells what may have bound any name at all, after which no name can be called undefined.
    ``revision`` changes when a name is taken away or means another thing than before.
    """

    def __init__(self, extra: frozenset[str] = frozenset()) -> None:
        self._extra = extra
        self._values: dict[str, Value] = {}
        self.removed: dict[str, ast.AST] = {}
        self.unknown: ast.AST | str | None = None
        self.revision = 0

    def __contains__(self, name: str) -> bool:
        if name in self._values or name in BUILTINS or name in _KERNEL_NAMES or name in _HOST_NAMES:
            return True
        return name in self._extra or bool(_HISTORY.fullmatch(name))

    def value(self, name: str) -> Value:
        """What is known of the name's value."""
        return self._values.get(name)

    def bind(self, name: str, value: Value = None, *, certain: bool = True) -> None:
        """Give the name a value; one that it may have been given leaves two possibilities, so that none is known."""
        if name in self._values:
            if not certain and self._values[name] != value:
                value = None
            if self._values[name] is not None and self._values[name] != value:
                self.revision += 1
        self._values[name] = value
        self.removed.pop(name, None)

    def unbind(self, name: str, node: ast.AST) -> None:
        """Take the name away, as ``del`` does."""
        if self._values.pop(name, self) is not self:
            self.removed[name] = node
        self.revision += 1

    def clear(self, node: ast.AST) -> None:
        """Take all names away, as ``%reset`` does."""
        for name in list(self._values):
            self.unbind(name, node)

    def names(self) -> frozenset[str]:
        """The names that are bound now."""
        return frozenset(self._values)

    def keep_only(self, names: frozenset[str]) -> None:
        """Forget the names that a scope of their own held."""
        for name in self._values.keys() - names:
            del self._values[name]
