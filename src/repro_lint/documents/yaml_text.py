"""YAML whose every text knows where it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from repro_lint.finding import Place
from repro_lint.sources.text import LineMap
from repro_lint.sources.yaml_nodes import yaml_documents


class YamlText:
    """A YAML file as a tree. ``problem`` is why it is none, with the line; the tree is empty then."""

    def __init__(self, text: str) -> None:
        self.lines = LineMap(text)
        self.problem: str | None = None
        self._root: Any = None
        try:
            documents = yaml_documents(text)
        except ValueError as error:
            self.problem = _describe(error, len(self.lines))
        else:
            self._root = next((document for document in reversed(documents) if document is not None), None)

    @property
    def root(self) -> Node:
        """The top of the last document: what comes before the one of a GitLab pipeline are its inputs."""
        return Node(self._root, self.lines)

    def place(self, path: str, start: int, end: int) -> Place:
        """The place of some characters of the file at ``path``, which is this text."""
        span = self.lines.span(start, end)
        return Place(path, span, excerpt=self.lines.excerpt(span))


class Node:
    """A node, or nothing: what is looked up in it and is not there is a node that is false."""

    def __init__(self, node: Any, lines: LineMap) -> None:
        self._node = node
        self._lines = lines

    def __bool__(self) -> bool:
        return self._node is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._node is other._node

    def __hash__(self) -> int:
        return id(self._node)

    def __getitem__(self, key: str) -> Node:
        """The value of a key of a mapping, merge keys included."""
        return Node(_value(self._node, key), self._lines)

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return bool(self) and self._node.id == "mapping"

    @property
    def is_sequence(self) -> bool:
        """Whether it has entries."""
        return bool(self) and self._node.id == "sequence"

    @property
    def tag(self) -> str:
        """Its tag: ``!reference`` where the file says so."""
        return str(self._node.tag) if self else ""

    @property
    def text(self) -> str:
        """The text of a scalar; empty for anything else."""
        return str(self._node.value) if self and self._node.id == "scalar" else ""

    def items(self) -> Iterator[tuple[str, Node]]:
        """The keys of a mapping that are texts, with their values."""
        if self.is_mapping:
            for key, value in self._node.value:
                if key.id == "scalar":
                    yield str(key.value), Node(value, self._lines)

    def entries(self) -> Iterator[Node]:
        """The entries of a sequence."""
        if self.is_sequence:
            for entry in self._node.value:
                yield Node(entry, self._lines)

    @property
    def extent(self) -> tuple[int, int]:
        """The offsets of the node in the file; of a block of text, those of its lines."""
        starts, offsets = self.pieces
        if not self.text:
            mark = self._node.start_mark
            start = self._lines.offset(mark.line + 1, mark.column + 1)
            return start, start
        return offsets[0], offsets[-1] + len(self.text.rstrip()) - starts[-1]

    @cached_property
    def pieces(self) -> tuple[list[int], list[int]]:
        """From where the text comes: its character ``starts[n]`` stands at ``offsets[n]`` of the file."""
        first, last = self._node.start_mark, self._node.end_mark
        begin = self._lines.offset(first.line + 1, first.column + 1)
        end = self._lines.offset(last.line + 1, last.column + 1)
        block = getattr(self._node, "style", None) in ("|", ">")
        starts: list[int] = []
        offsets: list[int] = []
        cursor = 0
        for number in range(first.line + (2 if block else 1), last.line + 2):
            at = self._lines.offset(number, 1)
            line = self._lines.line(number)
            line, at = (line[max(begin - at, 0) :], max(at, begin)) if number == first.line + 1 else (line, at)
            written = line[: max(end - at, 0)]
            part = written.strip() if block else written.strip().strip("'\"")
            found = self.text.find(part, cursor) if part else -1
            if found >= 0:
                starts.append(found)
                offsets.append(at + written.index(part))
                cursor = found + len(part)
        return (starts, offsets) if starts else ([0], [begin])


def _value(mapping: Any, key: str) -> Any:
    """The value of the key in a mapping, or in one that it merges; none is looked at twice."""
    pending, seen = [mapping], set()
    while pending:
        node = pending.pop(0)
        if node is None or node.id != "mapping" or id(node) in seen:
            continue
        seen.add(id(node))
        for name, value in node.value:
            if name.id == "scalar" and name.value == key:
                return value
        for name, value in node.value:
            if name.id == "scalar" and name.value == "<<":
                pending += value.value if value.id == "sequence" else [value]
    return None


def _describe(error: ValueError, last_line: int) -> str:
    """What is wrong, with the line if the YAML reader told it; the end of the text is a line of its own to it."""
    mark = getattr(error.__cause__, "problem_mark", None)
    problem = getattr(error.__cause__, "problem", None) or str(error)
    return f"line {min(mark.line + 1, last_line)}: {problem}" if mark is not None else str(problem)
