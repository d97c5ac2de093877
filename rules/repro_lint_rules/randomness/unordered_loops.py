"""Loops over what has no fixed order: what they leave behind that keeps it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.sinks import Shape, Sink, does, last_name, snippet
from repro_lint_rules.randomness.subscripts import takes_top
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_picks import is_probed, makes_content

_WRITING = frozenset({"rename", "move", "copy", "copy2", "copyfile", "save", "imwrite", "imsave", "savefig", "replace"})
_LEAVING = frozenset({"write", "writerow", "remove", "unlink", "run", "call", "check_call", "system", "add", "update"})
_OPENING = frozenset({"open", "writer", "DictWriter", "TextIOWrapper"})
_MAPPINGS = frozenset({"dict", "defaultdict", "OrderedDict", "Counter"})
_TEXTS = frozenset({"read", "read_text", "join", "format", "strip", "getvalue", "str"})
_PROGRESS = lazy_pattern(
    r"(?i)\W*(now )?((process|load|read|open|delet|remov|mov|copy|copi|sav|writ|convert|download|upload|skip|start"
    r"|import|pars|creat|renam|handl|analy[sz]|scann|check|work|runn|extract|merg|transform|exclud|includ|add|apply"
    r"|infer(enc)?|comput|generat|build|us|ignor|fetch|try|look|drop|resiz|crop|found|evaluat)(p|t|n|r)?(ing|ed)"
    r"|done|finished|wrote|error|fail|found|saved)"
)
"""How a message about what is going on begins."""
_LOGS = lazy_pattern(r"(?i)(^|_)(log|logs|logger|logfile|log_?file|messages|errors|warnings|failures|failed|err)(_|$)")
"""Names of what tells how a run went."""


class Loops:
    """What the body of a loop does with the order of its turns."""

    def __init__(self, source: PythonSource, definitions: Definitions) -> None:
        self._semantics = source.semantics
        self._definitions = definitions

    def walked(self, loop: ast.For | ast.AsyncFor) -> tuple[bool, list[ast.AST]]:
        """Whether a loop over ``os.walk`` sorts the folders, and its names of folders and files that it does not."""
        target = loop.target
        if not isinstance(target, ast.Tuple) or len(target.elts) < 3:
            return False, []
        folders, files = target.elts[1:3]
        is_sorted = self._definitions.is_sorted
        return is_sorted(folders), [name for name in (folders, files) if not is_sorted(name)]

    def index_name(self, target: ast.expr, shape: Shape) -> str | None:
        """The name that gets the number, of a loop over ``enumerate(...)``."""
        if shape is Shape.PAIRS and isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name):
            return target.elts[0].id
        return None

    def body(self, loop: ast.For | ast.AsyncFor, shape: Shape) -> Iterator[tuple[ast.AST, Shape] | Sink]:
        """The results that the order of the turns reaches, and the values that keep it behind the loop."""
        counters = self._counters(loop)
        index = self.index_name(loop.target, shape)
        if index is not None:
            counters.add(index)
        for statement in loop.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield from self._called(node, loop, counters)
                elif isinstance(node, ast.Assign):
                    yield from self._assigned(node, loop, counters)
                elif isinstance(node, ast.AugAssign):
                    yield from self._augmented(node, loop)
                elif isinstance(node, ast.If):
                    yield from _decided(node, counters)
                elif isinstance(node, (ast.Yield, ast.YieldFrom)):
                    for call in self._definitions.results(node, None):
                        yield call, Shape.LIST

    def comprehension(self, loop: ast.comprehension, shape: Shape) -> Iterator[tuple[ast.AST, Shape] | Sink]:
        """What a comprehension makes of the order in which it goes through its elements."""
        holder = self._semantics.parent(loop)
        index = self.index_name(loop.target, shape)
        if isinstance(holder, ast.DictComp):
            numbered = index is not None and self._definitions.mentions(index, holder.key, holder.value)
            if numbered and not self._definitions.tells_apart(holder):
                yield Sink(holder, f"{snippet(holder)} numbers them in that order")
            yield holder, Shape.DICT
        elif isinstance(holder, (ast.ListComp, ast.GeneratorExp)):
            numbered = index is not None and self._definitions.mentions(index, holder.elt)
            matching = isinstance(holder, ast.GeneratorExp) and loop.ifs and not numbered
            if shape is Shape.WALK and takes_top(holder.elt, loop):
                yield holder, Shape.TREE
            else:
                yield holder, Shape.PAIRS if numbered else Shape.MATCHES if matching else Shape.LIST

    def _counters(self, loop: ast.For | ast.AsyncFor) -> set[str]:
        """The names that the body itself counts up, but does not start anew at each turn."""
        counted: set[str] = set()
        for statement in loop.body:
            if not isinstance(statement, ast.AugAssign) or not isinstance(statement.op, ast.Add):
                continue
            if isinstance(statement.target, ast.Name) and isinstance(statement.value, ast.Constant):
                counted.add(statement.target.id)
        started = {
            target.id
            for statement in loop.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        return counted - started

    def _is_outer(self, name: ast.Name, loop: ast.AST) -> bool:
        """Whether the name has its value from before the loop."""
        inside = set(ast.walk(loop))
        bindings = self._semantics.bindings_of(name)
        return (
            bool(bindings)
            and any(binding.node not in inside for binding in bindings)
            and not any(
                binding.node in inside
                and binding.assigned is not None
                and not self._definitions.mentions(name.id, binding.assigned)
                for binding in bindings
            )
        )

    def _grown(self, owner: ast.expr, loop: ast.AST, shape: Shape) -> Iterator[tuple[ast.AST, Shape]]:
        """The uses behind the loop of what grows in it."""
        if isinstance(owner, ast.Name):
            if self._is_outer(owner, loop) and not self._definitions.is_sorted(self._binding(owner)):
                for use in self._definitions.later_uses(owner, loop):
                    yield use, shape
        elif isinstance(owner, ast.Attribute):
            if not self._definitions.is_sorted(owner):
                inside = set(ast.walk(loop))
                for use in self._definitions.uses(owner):
                    if use not in inside:
                        yield use, shape
        elif isinstance(owner, ast.Subscript) and shape is Shape.LIST:
            if isinstance(owner.value, ast.Subscript):  # texts[part][label]
                yield from self._grown(owner.value.value, loop, Shape.NESTED)
                return
            for read, _ in self._grown(owner.value, loop, Shape.LISTS):
                if not self._has_other_key(read, owner.slice):
                    yield read, Shape.LISTS
        elif isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr == "setdefault":
            yield from self._grown(owner.func.value, loop, Shape.LISTS)

    def _has_other_key(self, use: ast.AST, key: ast.expr) -> bool:
        """Whether a use of a dictionary asks it for something else than what has this key."""
        asked = self._semantics.parent(use)
        other = asked.slice if isinstance(asked, ast.Subscript) and asked.value is use else None
        return isinstance(other, ast.Constant) and isinstance(key, ast.Constant) and other.value != key.value

    def _binding(self, name: ast.Name) -> ast.AST:
        binding = self._semantics.binding_of(name)
        bindings = self._semantics.bindings_of(name)
        return binding.node if binding is not None else bindings[0].node if bindings else name

    def _called(self, call: ast.Call, loop: ast.AST, counters: set[str]) -> Iterator[tuple[ast.AST, Shape] | Sink]:
        func = call.func
        in_place = isinstance(self._semantics.parent(call), ast.Expr)
        if isinstance(func, ast.Attribute) and does("growing", func.attr) and call.args and in_place:
            if any(_is_counted(arg, counters) for arg in call.args):
                yield Sink(call, f"{snippet(call)} numbers them in that order")
            if not _keeps_log(func.value):
                yield from self._grown(func.value, loop, Shape.LIST)
        elif isinstance(func, ast.Attribute) and func.attr == "update" and self._is_digest(func.value):
            yield Sink(call, f"{snippet(call)} digests them in that order")
        elif self._goes_to_file(call, loop):
            yield Sink(call, f"{snippet(call)} writes them in that order")
        elif does("printing", last_name(func)) and not tells_progress(call) and _is_on_screen(call):
            named = (part for part in ast.walk(call) if isinstance(part, ast.Name))
            if _leaves_more(loop):
                return
            read = any(self._is_read(name, loop) for name in named)
            yield Sink(call, f"{snippet(call)} prints them in that order", printed=True, read=read)
        elif last_name(func) in _WRITING and _in_text(call, counters):
            yield Sink(call, f"{snippet(call)} names files by their number in that order")

    def _goes_to_file(self, call: ast.Call, loop: ast.AST) -> bool:
        """Whether the call adds to a file, or to a table that is written to one, that was opened before the loop."""
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in ("write", "writelines", "writerow", "writerows"):
            return self._is_opened(func.value, loop) and not _keeps_log(func.value)
        targets = [keyword.value for keyword in call.keywords if keyword.arg == "file"]
        return does("printing", last_name(func)) and any(self._is_opened(target, loop) for target in targets)

    def _is_opened(self, handle: ast.expr, loop: ast.AST) -> bool:
        binding = self._semantics.binding_of(handle) if isinstance(handle, ast.Name) else None
        if binding is None or binding.node in set(ast.walk(loop)):
            return False
        made = binding.value if binding.kind == "with" else binding.assigned
        return isinstance(made, ast.Call) and last_name(made.func) in _OPENING and not self._is_page(made)

    def _is_page(self, made: ast.Call) -> bool:
        """Whether a file is opened that is to be looked at."""
        path = made.args[0] if made.args else None
        binding = self._semantics.binding_of(path) if isinstance(path, ast.Name) else None
        whole = binding.assigned if binding is not None else path
        texts = (part.value for part in ast.walk(whole) if isinstance(part, ast.Constant)) if whole is not None else ()
        return any(isinstance(text, str) and text.endswith((".html", ".md")) for text in texts)

    def _is_read(self, name: ast.Name, loop: ast.AST) -> bool:
        """Whether the name has a value that a call in the loop made, such as the content of a file, not its size."""
        if is_probed(self._semantics.parent(name)):
            return False
        binding = self._semantics.binding_of(name)
        return binding is not None and makes_content(binding.assigned) and binding.node in set(ast.walk(loop))

    def _assigned(self, node: ast.Assign, loop: ast.AST, counters: set[str]) -> Iterator[tuple[ast.AST, Shape] | Sink]:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Subscript):
            owner = target.value
            counts = isinstance(value, ast.Name) and value.id in counters
            if counts or _is_length_of(value, owner):
                yield Sink(node, f"{snippet(node)} numbers them in that order")
            elif (isinstance(target.slice, ast.Name) and target.slice.id in counters) or self._first_is_counter(
                target, counters
            ):
                if self._is_mapping(owner):
                    yield Sink(node, f"{snippet(node)} numbers them in that order")
                else:
                    yield from self._grown(_frame_of(owner), loop, Shape.DATA)
            elif self._is_mapping(owner):
                yield from self._grown(owner, loop, Shape.DICT)
        elif isinstance(target, ast.Name) and _is_weighted(target, value):
            yield Sink(node, f"{snippet(node)} weighs what comes later more")
        elif isinstance(target, ast.Name) and isinstance(value, ast.Call):
            # data = np.vstack((data, row)), frame = frame.append(row)
            name = last_name(value.func)
            grows = does("collecting", name) or name == "append"
            if grows and self._definitions.mentions(target.id, value):
                yield from self._grown(target, loop, Shape.COLUMNS if _is_beside(value) else Shape.DATA)

    def _first_is_counter(self, target: ast.Subscript, counters: set[str]) -> bool:
        key = target.slice
        first = key.elts[0] if isinstance(key, ast.Tuple) and key.elts else None
        return isinstance(first, ast.Name) and first.id in counters

    def _is_digest(self, owner: ast.expr) -> bool:
        binding = self._semantics.binding_of(owner) if isinstance(owner, ast.Name) else None
        made = binding.assigned if binding is not None else None
        name = self._semantics.resolve(made.func) if isinstance(made, ast.Call) else None
        return name is not None and name.startswith("hashlib.")

    def _is_mapping(self, owner: ast.expr) -> bool:
        if not isinstance(owner, ast.Name):
            return False
        binding = self._semantics.binding_of(owner)
        value = binding.assigned if binding is not None else None
        return isinstance(value, ast.Dict) or (isinstance(value, ast.Call) and last_name(value.func) in _MAPPINGS)

    def _augmented(self, node: ast.AugAssign, loop: ast.AST) -> Iterator[tuple[ast.AST, Shape] | Sink]:
        if not isinstance(node.op, ast.Add):
            return
        value = node.value
        if isinstance(value, (ast.List, ast.ListComp)) or (
            isinstance(value, ast.Call) and last_name(value.func) == "list"
        ):
            yield from self._grown(node.target, loop, Shape.LIST)
        elif _is_text(value):
            yield from self._grown(node.target, loop, Shape.TEXT)


def _is_counted(value: ast.AST, counters: set[str]) -> bool:
    """Whether a counter is part of a value, but not where it only finds something in another list."""
    if isinstance(value, ast.Subscript):
        return _is_counted(value.value, counters)
    if isinstance(value, ast.Name):
        return value.id in counters
    return any(_is_counted(part, counters) for part in ast.iter_child_nodes(value))


def _is_beside(call: ast.Call) -> bool:
    """``pd.concat([frame, column], axis=1)``."""
    axes = (code_of(keyword.value) for keyword in call.keywords if keyword.arg == "axis")
    return any(axis in ("1", "'columns'") for axis in axes)


def _decided(node: ast.If, counters: set[str]) -> Iterator[Sink]:
    """``if i >= 20: break`` takes only the first ones, ``if i % 5 == 0: test.append(x)`` chooses by the number."""
    names = {part.id for part in ast.walk(node.test) if isinstance(part, ast.Name)}
    if not isinstance(node.test, ast.Compare) or not names & counters:
        return
    at_end = any(isinstance(part, ast.Call) and last_name(part.func) == "len" for part in ast.walk(node.test))
    if isinstance(node.body[-1], ast.Break) and not at_end:
        yield Sink(node, f"`if {code_of(node.test)}: break` takes only those that come first")
    calls = [part for statement in node.body for part in ast.walk(statement) if isinstance(part, ast.Call)]
    grown = next((call for call in calls if does("growing", last_name(call.func))), None)
    if grown is not None:
        yield Sink(grown, f"{snippet(grown)} chooses them by their number in that order")


def _keeps_log(owner: ast.expr) -> bool:
    """Whether the list, file or entry that grows is by its name a log."""
    key = owner.slice if isinstance(owner, ast.Subscript) else None
    name = key.value if isinstance(key, ast.Constant) else last_name(owner)
    return isinstance(name, str) and _LOGS.search(name) is not None


def _is_on_screen(call: ast.Call) -> bool:
    """Whether what is printed goes to no file; one that the loop itself opens has its own order."""
    return all(keyword.arg != "file" or "std" in code_of(keyword.value) for keyword in call.keywords)


def _leaves_more(loop: ast.AST) -> bool:
    """Whether the turns of a loop leave anything but what they print, which then only tells how far it is."""
    calls = [node for node in ast.walk(loop) if isinstance(node, ast.Call)]
    return any(
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript) for node in ast.walk(loop)
    ) or any(
        does("growing", name) or does("writing", name) or name in _WRITING or name in _LEAVING
        for name in (last_name(call.func) for call in calls)
    )


def tells_progress(call: ast.Call) -> bool:
    """``print(f"Reading {path} ...")``: what is done with a file, and nothing else."""
    text = call.args[0] if call.args else None
    if isinstance(text, ast.JoinedStr) and len(text.values) > 1:
        text = text.values[0]
    elif isinstance(text, ast.BinOp):
        text = text.left
    return isinstance(text, ast.Constant) and isinstance(text.value, str) and bool(_PROGRESS.match(text.value))


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call):
        return last_name(node.func) in _TEXTS
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _in_text(call: ast.Call, counters: set[str]) -> bool:
    """Whether a counter is part of a text among the arguments."""
    texts = [part for arg in call.args for part in ast.walk(arg) if isinstance(part, (ast.FormattedValue, ast.Call))]
    named = [part for text in texts if _makes_text(text) for part in ast.walk(text)]
    return any(isinstance(part, ast.Name) and part.id in counters for part in named)


def _makes_text(node: ast.AST) -> bool:
    return isinstance(node, ast.FormattedValue) or (
        isinstance(node, ast.Call) and last_name(node.func) in ("str", "format", "zfill")
    )


def _is_weighted(target: ast.Name, value: ast.expr) -> bool:
    """``s = 0.9 * s + x``, unlike ``s = s + x``."""
    if not isinstance(value, ast.BinOp) or not isinstance(value.op, ast.Add):
        return False
    return any(
        isinstance(side, ast.BinOp)
        and isinstance(side.op, ast.Mult)
        and any(isinstance(factor, ast.Name) and factor.id == target.id for factor in (side.left, side.right))
        for side in (value.left, value.right)
    )


def _is_length_of(value: ast.expr, owner: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and last_name(value.func) == "len"
        and bool(value.args)
        and code_of(value.args[0]) == code_of(owner)
    )


def _frame_of(owner: ast.expr) -> ast.expr:
    """``frame`` for ``frame.loc``."""
    return owner.value if isinstance(owner, ast.Attribute) and owner.attr in ("loc", "iloc", "at") else owner
