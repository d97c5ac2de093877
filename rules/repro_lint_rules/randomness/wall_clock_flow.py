"""Follows what the clock says to where it decides data."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource, lazy_pattern
from repro_lint_rules.randomness.sinks import Sink, last_name, shown_by, snippet
from repro_lint_rules.randomness.unordered_definitions import Definitions

_MAX_STEPS = 300
_CALLED = (
    *(b"now(", b"today(", b"yesterday(", b"time(", b"time_ns(", b"current_date", b"current_timestamp", b"time as"),
    *(b"time_ns as", b"'now", b'"now', b"'today", b'"today', b"now (", b"today (", b"time ("),
)
"""Parts of texts of which one stands in every file that reads the clock, but not in one that says ``timesteps``."""
_RENAMED = lazy_pattern(
    rb"(?:import|,) (?:time|time_ns|strftime|localtime|gmtime|ctime|to_datetime|Timestamp|datetime64) as\b"
)
_DATE_PARTS = frozenset({"year", "month", "day"})
_DATES = frozenset({"to_datetime", "strptime", "fromisoformat", "Timestamp", "parse", "datetime64"})
_TO_TEXT = frozenset({"strftime", "isoformat", "ctime"})
_SECONDS = frozenset({"total_seconds", "seconds", "microseconds"})
_CHECKING = frozenset({"exists", "isfile", "isdir", "lexists", "getsize", "getmtime", "stat", "access", "isinstance"})
_UPKEEP = lazy_pattern(
    r"(?i)(^|_)(ttl|expir\w*|token|session|cached?|stale\w*|backup|timeout|deadline|uptime|heartbeat|until|lease"
    r"|last_?(seen|login|updated?|modified|checked|run|train\w*|sync\w*|scan\w*|refresh\w*))(_|$)"
)
"""Names of what a program keeps up: what has run out, what was saved, who is still there."""
_TENDING = lazy_pattern(
    r"(?i)(^|_)(clean_?up|clean|cleanup|prune|purge|evict|expire\w*|retention|rotate|monitor\w*|health\w*|alerts?|heartbeat"
    r"|watch\w*|stale|archive|is_fresh|freshness|rate_limit\w*|throttle)(_|$)"
)
"""Names of functions that tend a service."""
_ROWS = frozenset({"loc", "at", "ix", "truncate"})


@lru_cache(maxsize=1)
def clock_names() -> Mapping[str, frozenset[str]]:
    """The names in ``wall_clock.toml`` by what they do."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "wall_clock.toml").read_text(encoding="utf-8"))
    return {kind: frozenset(names.split()) for table in data.values() for kind, names in table.items()}


def clocks(source: PythonSource) -> Iterator[ast.Call]:
    """The calls of the program that read the clock."""
    if not any(part in source.file.written for part in _CALLED):
        return
    names = clock_names()
    renamed = _RENAMED.search(source.file.written) is not None
    for call in source.semantics.nodes(ast.Call):
        if not renamed and last_name(call.func) not in _last_names():
            continue
        name = source.semantics.resolve(call.func)
        first = call.args[0] if call.args else None
        worded = isinstance(first, ast.Constant) and first.value in names["words"]
        without = len(call.args) < (2 if last_name(call.func) == "strftime" else 1)
        if (
            name in names["always"]
            or (worded and name in names["worded"])
            or (without and name in names["unless_given"])
        ):
            yield call


@lru_cache(maxsize=1)
def _last_names() -> frozenset[str]:
    kinds = (clock_names()[kind] for kind in ("always", "worded", "unless_given"))
    return frozenset(name.rpartition(".")[2] for names in kinds for name in names)


class ClockFlow:
    """Follows dates through one program: names, attributes, texts, its own functions."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._source = source
        self._semantics = source.semantics
        self._definitions = definitions
        self._clocks = set(clocks(source))
        self._counts_seconds = False
        self._texts: set[ast.AST] = set()
        self._names: set[ast.AST] = set()
        self._handed = False
        """Whether the value goes to code of which nothing is known, which may write what is read later."""

    def sinks(self, clock: ast.Call) -> list[Sink]:
        """Where the value decides data; nothing where it only names what the program itself writes."""
        # A number of seconds selects no rows: text that scrolls is cut with it.
        self._counts_seconds = (self._semantics.resolve(clock.func) or "").startswith("time.time")
        self._texts, self._names = ({clock} if last_name(clock.func) in _TO_TEXT else set()), set()
        self._handed = False
        found: list[Sink] = []
        queue: list[ast.AST] = [clock]
        seen: set[ast.AST] = set()
        written = False
        while queue and len(seen) < _MAX_STEPS:
            node = queue.pop(0)
            if node in seen or shown_by(self._source, node) not in (None, "display"):
                continue
            seen.add(node)
            parent = self._semantics.parent(node)
            handler = _HANDLERS.get(type(parent))
            written = written or self._is_written(parent)
            for item in handler(self, parent, node) if handler is not None else ():
                if isinstance(item, Sink):
                    found.append(item)
                else:
                    self._note_text(node, item)
                    queue.append(item)
        return [sink for sink in found if not ((written or self._handed) and _reads(sink.node))]

    def _note_text(self, before: ast.AST, after: ast.AST) -> None:
        """Keep track of what is a text, and of texts that are put together: these are names."""
        method = after.func if isinstance(after, ast.Call) and isinstance(after.func, ast.Attribute) else None
        joined = isinstance(after, ast.JoinedStr) and len(after.values) > 1
        if isinstance(after, ast.BinOp):
            joined = before in self._texts or _is_text(after.left) or _is_text(after.right)
        elif method is not None:
            joined = method.attr == "format" and _is_text(method.value)
        if joined or before in self._names:
            self._names.add(after)
        elif before in self._texts or (isinstance(after, ast.Call) and last_name(after.func) in _TO_TEXT):
            self._texts.add(after)

    def _is_written(self, parent: ast.AST | None) -> bool:
        call = self._semantics.parent(parent) if isinstance(parent, ast.keyword) else parent
        return isinstance(call, ast.Call) and (
            last_name(call.func) in clock_names()["writing"] or _opens_to_write(call)
        )

    def _argument(self, parent: ast.Call | ast.keyword, node: ast.AST) -> Iterator[ast.AST | Sink]:
        call = self._semantics.parent(parent) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or node is call.func:
            return
        argument = parent if isinstance(parent, ast.keyword) else node
        names, name = clock_names(), last_name(call.func)
        qualified = self._semantics.resolve(call.func)
        parameter = self._definitions.parameter(call, argument)
        if parameter is not None:
            yield from self._definitions.uses(parameter)
        elif name in names["fetching"] or qualified in names["fetching_with"]:
            yield Sink(call, f"{snippet(call)} fetches what there is up to then")
        elif _reads(call):
            asks = (name or "").startswith("read_sql")
            read = "asks for what there is at that time" if asks else "reads what has that date in its name"
            yield Sink(call, f"{snippet(call)} {read}")
        elif name in names["ranging"]:
            yield Sink(call, f"{snippet(call)} makes the dates of the data")
        elif name in names["comparing"]:
            yield Sink(call, f"{snippet(call)} decides values with it")
        elif name in names["scheduling"] and isinstance(parent, ast.keyword) and parent.arg == "start_date":
            yield Sink(call, "the workflow starts at another date each time it is parsed")
        elif name in names["functions"] or (name == "format" and isinstance(call.func, ast.Attribute)):
            yield call
        elif name not in _CHECKING:
            self._handed = True

    def _attribute(self, parent: ast.Attribute, node: ast.AST) -> Iterator[ast.AST]:
        if parent.attr in clock_names()["attributes"]:
            call = self._semantics.parent(parent)
            yield call if isinstance(call, ast.Call) and call.func is parent else parent

    def _operation(self, parent: ast.BinOp, node: ast.AST) -> Iterator[ast.AST | Sink]:
        other = parent.left if node is parent.right else parent.right
        if node in self._texts or node in self._names:
            yield parent
        elif self._is_data(other):
            if self._counts_seconds or self._tests_age(parent) or self._is_elapsed(parent) or self._keeps_up(parent):
                return  # how old something is
            yield Sink(parent, f"{snippet(parent)} computes with it")
        elif isinstance(parent.op, (ast.Add, ast.Mod, ast.Div)) or self._is_offset(other):
            yield parent

    def _is_elapsed(self, difference: ast.AST) -> bool:
        """Whether a difference of two times is only taken in seconds: how long something takes or is off."""
        parent = self._semantics.parent(difference)
        if isinstance(parent, ast.Attribute):
            return parent.attr in _SECONDS
        if not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            return False
        uses = [use for target in self._definitions.targets(parent) for use in self._definitions.uses(target)]
        asked = [self._semantics.parent(use) for use in uses if shown_by(self._source, use) is None]
        return bool(asked) and all(isinstance(node, ast.Attribute) and node.attr in _SECONDS for node in asked)

    def _keeps_up(self, node: ast.AST) -> bool:
        """Whether the names in a difference or comparison, or of what it is kept as, are those of upkeep."""
        function = self._definitions.function_of(node)
        if function is not None and _TENDING.search(function.name):
            return True
        statement = self._semantics.statement_of(node)
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        for part in (part for root in (node, *targets) for part in ast.walk(root)):
            name = getattr(part, "id", None) or getattr(part, "attr", None) or getattr(part, "value", None)
            if isinstance(name, str) and _UPKEEP.search(name):
                return True
        return False

    def _tests_age(self, node: ast.AST) -> bool:
        """Whether a difference of times only tells if something is too old, as for what is cached."""
        for parent in self._semantics.ancestors(node):
            if isinstance(parent, ast.Compare):
                return not self._selects_rows(parent)
            if not isinstance(parent, (ast.Attribute, ast.Call, ast.BinOp)):
                break
        return False

    def _comparison(self, parent: ast.Compare, node: ast.AST) -> Iterator[Sink]:
        others = [part for part in (parent.left, *parent.comparators) if part is not node]
        # Seconds of the clock tell what has expired, and a name with the date in it finds what was named so before.
        dated = not self._counts_seconds and node not in self._names and any(map(self._is_data, others))
        dated = dated and not self._keeps_up(parent)
        if dated or self._selects_rows(parent):
            yield Sink(parent, f"{snippet(parent)} selects by it")

    def _selects_rows(self, node: ast.AST) -> bool:
        child = node
        for parent in self._semantics.ancestors(node):
            if isinstance(parent, ast.Subscript):
                return child is parent.slice
            if not isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Tuple)):
                return False
            child = parent
        return False

    def _is_data(self, node: ast.AST, depth: int = 0) -> bool:
        """Whether an expression is a date out of the data: a column, a part of a date, what was parsed."""
        if isinstance(node, ast.Subscript):
            named = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
            return named or self._is_data(node.value, depth + 1)
        if isinstance(node, ast.Attribute):
            if node.attr in _DATE_PARTS:
                return not self._has_clock(node.value)
            return node.attr == "dt" or self._is_data(node.value, depth + 1)
        if isinstance(node, ast.Call):
            if last_name(node.func) in _DATES:
                return bool(node.args) and not isinstance(node.args[0], ast.Constant) and not self._has_clock(node)
            return isinstance(node.func, ast.Attribute) and self._is_data(node.func.value, depth + 1)
        if isinstance(node, ast.Name) and depth < 4:
            binding = self._semantics.binding_of(node)
            value = binding.assigned if binding is not None else None
            return value is not None and self._is_data(value, depth + 1)
        return isinstance(node, ast.BinOp) and (
            self._is_data(node.left, depth + 1) or self._is_data(node.right, depth + 1)
        )

    def _has_clock(self, node: ast.AST, depth: int = 0) -> bool:
        """Whether the expression reads the clock itself, as what is timed does."""
        for part in ast.walk(node):
            if part in self._clocks:
                return True
            if isinstance(part, ast.Name) and depth < 3:
                binding = self._semantics.binding_of(part)
                value = binding.assigned if binding is not None else None
                if value is not None and self._has_clock(value, depth + 1):
                    return True
        return False

    def _is_offset(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            binding = self._semantics.binding_of(node)
            return binding is not None and binding.assigned is not None and self._is_offset(binding.assigned)
        if isinstance(node, ast.BinOp):
            return self._is_offset(node.left) or self._is_offset(node.right)
        return isinstance(node, ast.Constant) or (
            isinstance(node, ast.Call) and last_name(node.func) in clock_names()["offsets"]
        )

    def _slice(self, parent: ast.Slice, node: ast.AST) -> Iterator[Sink]:
        holder = self._semantics.parent(parent)
        holder = self._semantics.parent(holder) if isinstance(holder, ast.Tuple) else holder
        if holder is not None and not self._counts_seconds:
            yield Sink(holder, f"{snippet(holder)} selects by it")

    def _subscript(self, parent: ast.Subscript, node: ast.AST) -> Iterator[ast.AST | Sink]:
        if node is parent.slice:
            rows = isinstance(parent.value, ast.Attribute) and parent.value.attr in _ROWS
            if rows and isinstance(parent.ctx, ast.Load):
                yield Sink(parent, f"{snippet(parent)} selects by it")
        elif isinstance(parent.ctx, ast.Load):
            yield parent

    def _entry(self, parent: ast.Dict, node: ast.AST) -> Iterator[ast.AST | Sink]:
        position = parent.values.index(node) if node in parent.values else None
        key = parent.keys[position] if position is not None else None
        if isinstance(key, ast.Constant) and key.value == "start_date" and self._schedules:
            yield Sink(parent, "the workflow starts at another date each time it is parsed")
        elif isinstance(self._semantics.parent(parent), (ast.Call, ast.keyword)):
            yield parent  # requests.get(url, params={"end": today})
        elif isinstance(key, ast.Constant):
            yield from self._entries(parent, key.value)

    def _entries(self, display: ast.Dict, key: object) -> Iterator[ast.AST]:
        """Where the dictionary is asked for this key, or goes to somebody else as a whole."""
        holder = self._semantics.parent(display)
        for target in self._definitions.targets(holder) if isinstance(holder, (ast.Assign, ast.AnnAssign)) else ():
            for use in self._definitions.uses(target):
                parent = self._semantics.parent(use)
                if isinstance(parent, ast.Subscript) and parent.value is use:
                    if isinstance(parent.slice, ast.Constant) and parent.slice.value == key:
                        yield parent
                elif isinstance(parent, (ast.Call, ast.keyword)):
                    yield use

    @cached_property
    def _schedules(self) -> bool:
        return any(found.top == "airflow" for found in self._semantics.imports)

    def _assigned(self, parent: ast.Assign | ast.AnnAssign | ast.NamedExpr, node: ast.AST) -> Iterator[ast.AST]:
        for target in parent.targets if isinstance(parent, ast.Assign) else [parent.target]:
            yield from self._definitions.uses(target)
        if isinstance(parent, ast.NamedExpr):
            yield parent

    def _part(self, parent: ast.Tuple, node: ast.AST) -> Iterator[ast.AST]:
        """``start, end = a, b`` and ``"%s to %s" % (a, b)``."""
        outer = self._semantics.parent(parent)
        if isinstance(outer, ast.BinOp):
            yield parent
        elif isinstance(outer, ast.Assign) and isinstance(outer.targets[0], ast.Tuple) and node in parent.elts:
            targets = outer.targets[0].elts
            if len(targets) == len(parent.elts):
                yield from self._definitions.uses(targets[parent.elts.index(node)])

    def _returned(self, parent: ast.Return, node: ast.AST) -> Iterator[ast.AST]:
        yield from self._definitions.results(parent, None)

    def _default(self, parent: ast.arguments, node: ast.AST) -> Iterator[ast.AST]:
        positional = [*parent.posonlyargs, *parent.args]
        with_default = positional[len(positional) - len(parent.defaults) :]
        for parameter, default in (
            *zip(with_default, parent.defaults, strict=True),
            *zip(parent.kwonlyargs, parent.kw_defaults, strict=True),
        ):
            if default is node:
                yield from self._definitions.uses(parameter)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _passed_on(flow: ClockFlow, parent: ast.AST, node: ast.AST) -> Iterator[ast.AST | Sink]:
    if node is not getattr(parent, "test", None):
        yield parent


def _reads(node: ast.AST) -> bool:
    """Whether a call reads a file."""
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    if name == "open" and isinstance(node.func, ast.Name):
        return not _opens_to_write(node)
    return name in clock_names()["reading"]


def _opens_to_write(call: ast.Call) -> bool:
    if last_name(call.func) != "open":
        return False
    modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(not isinstance(mode, ast.Constant) or any(sign in str(mode.value) for sign in "wax+") for mode in modes)


# Of the class and not of each object: methods that an object holds of itself keep it, and the tree, in memory.
_HANDLERS: dict[type[ast.AST] | type[None], Callable[[ClockFlow, Any, ast.AST], Iterator[ast.AST | Sink]]] = {
    ast.Call: ClockFlow._argument,
    ast.keyword: ClockFlow._argument,
    ast.Attribute: ClockFlow._attribute,
    ast.BinOp: ClockFlow._operation,
    ast.Compare: ClockFlow._comparison,
    ast.Slice: ClockFlow._slice,
    ast.Subscript: ClockFlow._subscript,
    ast.Dict: ClockFlow._entry,
    ast.Assign: ClockFlow._assigned,
    ast.AnnAssign: ClockFlow._assigned,
    ast.NamedExpr: ClockFlow._assigned,
    ast.Return: ClockFlow._returned,
    ast.arguments: ClockFlow._default,
    ast.Tuple: ClockFlow._part,
    **dict.fromkeys((ast.JoinedStr, ast.FormattedValue, ast.IfExp, ast.BoolOp, ast.UnaryOp), _passed_on),
}
