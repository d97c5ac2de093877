"""Names and their values while a program is walked: frames, modules, and the journal that branches are undone with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from repro_lint.execution.values import Value, join

if TYPE_CHECKING:
    from repro_lint.execution.values import Function
    from repro_lint.sources.python import PythonSource

_Write = tuple[dict[Any, Value], Any, "Value | None"]
Effects = dict[tuple[int, Any], tuple[dict[Any, Value], Any, Value]]
"""The values that a branch left, by dictionary and key."""


class ModuleState:
    """A module of the project that has been run, or is being run."""

    def __init__(self, source: PythonSource, name: str) -> None:
        self.source = source
        self.name = name
        self.frame = Frame("module", None, self, source)
        self.stars: list[str] = []
        """The modules of others from which it imports everything."""


class Frame:
    """The names of one scope while it runs."""

    __slots__ = (
        "function",
        "globals",
        "kind",
        "module",
        "nonlocals",
        "parent",
        "results",
        "source",
        "values",
        "yields",
    )

    def __init__(
        self,
        kind: Literal["module", "class", "function", "comprehension"],
        parent: Frame | None,
        module: ModuleState,
        source: PythonSource,
        function: Function | None = None,
    ) -> None:
        self.kind = kind
        self.parent = parent
        self.module = module
        self.source = source
        self.function = function
        self.values: dict[str, Value] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.results: list[Value] = []
        self.yields: list[Value] = []

    def find(self, name: str) -> Value | None:
        """The value of the name as seen from here; None for builtins and what is not known."""
        frame: Frame | None = self
        first = True
        while frame is not None:
            if name in frame.globals:
                return frame.module.frame.values.get(name)
            if name in frame.values and (first or frame.kind != "class"):
                return frame.values[name]
            first = first and frame.kind == "comprehension"
            frame = frame.parent
        return None

    def home(self, name: str) -> dict[str, Value]:
        """The dictionary that an assignment to the name writes to."""
        frame = self
        if name in frame.globals:
            return self.module.frame.values
        if name in frame.nonlocals:
            outer = frame.parent
            while outer is not None:
                if outer.kind == "function" and name in outer.values:
                    return outer.values
                outer = outer.parent
        return frame.values


class Journal:
    """All writes to names, attributes and items, so that the branches of a condition can be run one after the other."""

    def __init__(self) -> None:
        self._writes: list[list[_Write]] = []

    def set(self, target: dict[Any, Value], key: Any, value: Value) -> None:
        """Write, so that it can be undone."""
        if self._writes:
            self._writes[-1].append((target, key, target.get(key)))
        target[key] = value

    def begin(self) -> None:
        """Start a branch."""
        self._writes.append([])

    def undo(self) -> Effects:
        """End the branch as if it had not run; returns what it left."""
        writes = self._writes.pop()
        effects: Effects = {(id(target), key): (target, key, target[key]) for target, key, _ in writes}
        for target, key, old in reversed(writes):
            if old is None:
                target.pop(key, None)
            else:
                target[key] = old
        return effects

    def merge(self, branches: Iterable[Effects]) -> None:
        """Go on as after one of the branches; what only some of them define is taken as defined."""
        found = list(branches)
        for target, key, _ in {slot: effect for effects in found for slot, effect in effects.items()}.values():
            old = target.get(key)
            values = [
                value
                for effects in found
                if (value := effects[(id(target), key)][2] if (id(target), key) in effects else old) is not None
            ]
            self.set(target, key, join(*values))
