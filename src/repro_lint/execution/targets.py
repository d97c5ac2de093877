"""Assignments: names, attributes and items, and what is told of those that are not the project's own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from repro_lint.execution.events import AssignEvent
from repro_lint.execution.expressions import Expressions
from repro_lint.execution.frames import Frame
from repro_lint.execution.values import (
    UNKNOWN,
    Class,
    Constant,
    Function,
    Mapping,
    Member,
    Name,
    Object,
    Package,
    Result,
    Sequence,
    Value,
    join,
    options_of,
    qualified,
)

if TYPE_CHECKING:
    from repro_lint.execution.events import Handler
    from repro_lint.project import Project
    from repro_lint.sources.python import PythonSource


class Targets(Expressions):
    """How targets are bound."""

    def __init__(self, project: Project, handler: Handler, within: frozenset[str] | None = None) -> None:
        super().__init__(project, handler, within)
        self._counters: dict[str, frozenset[str]] = {}

    def counters(self, source: PythonSource) -> frozenset[str]:
        """The names of attributes that some statement of the file counts up, or that are set in several places."""
        if source.path not in self._counters:
            counted = {
                n.target.attr for n in source.semantics.nodes(ast.AugAssign) if isinstance(n.target, ast.Attribute)
            }
            targets = [t for n in source.semantics.nodes(ast.Assign) for t in n.targets if isinstance(t, ast.Attribute)]
            names = [target.attr for target in targets]
            self._counters[source.path] = frozenset(counted | {name for name in names if names.count(name) > 1})
        return self._counters[source.path]

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind a target to a value."""
        if isinstance(target, ast.Name):
            self.journal.set(frame.home(target.id), target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._assign_elements(target, value, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, Sequence([value], complete=False), frame)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value, frame)
        elif isinstance(target, ast.Subscript):
            self._assign_item(target, value, frame)

    def _assign_elements(self, target: ast.Tuple | ast.List, value: Value, frame: Frame) -> None:
        starred = any(isinstance(element, ast.Starred) for element in target.elts)
        rows = [row for row in options_of(value) if isinstance(row, Sequence) and row.complete]
        exact = len(rows) == len(options_of(value)) and all(len(row.items) == len(target.elts) for row in rows)
        for position, element in enumerate(target.elts):
            if exact and not starred:
                self.assign(element, join(*(row.items[position] for row in rows)), frame)
            else:
                self.assign(element, self.element(value), frame)

    def _assign_attribute(self, target: ast.Attribute, value: Value, frame: Frame) -> None:
        owner = self.evaluate(target.value, frame)
        if isinstance(value, Constant) and target.attr in self.counters(frame.source):
            value = join(value, UNKNOWN)  # methods run more than once
        if isinstance(owner, (Object, Class)):
            self.journal.set(owner.attributes, target.attr, value)
        elif isinstance(owner, Package) and owner.state is not None:
            self.journal.set(owner.state.frame.values, target.attr, value)
        elif isinstance(owner, (Name, Result, Member)):
            if isinstance(owner, Result):
                self.journal.set(owner.notes, target.attr, value)
            name = qualified(owner)
            if name is not None:
                self._tell_assigned(target, f"{name}.{target.attr}", None, value, frame)

    def _assign_item(self, target: ast.Subscript, value: Value, frame: Frame) -> None:
        owner, key = self.evaluate(target.value, frame), self.evaluate(target.slice, frame)
        if isinstance(owner, Mapping):
            if isinstance(key, Constant):
                self.journal.set(owner.items, key.value, value)
            else:
                owner.complete = False
                if isinstance(value, (Function, Class)):  # it is still one of the items, whatever its key
                    self.journal.set(owner.items, (None, id(value)), value)
        elif isinstance(owner, Name):
            self._tell_assigned(target, owner.qualified, key, value, frame)

    def _tell_assigned(
        self, node: ast.Attribute | ast.Subscript, name: str, key: Value | None, value: Value, frame: Frame
    ) -> None:
        certain, stack = self.doubt == 0, tuple(self.stack)
        self.handler.assign(AssignEvent(node, frame.source, name, key, value, certain, self.order, stack))
