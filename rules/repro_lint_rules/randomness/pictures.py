"""Draws of which only pictures are made, or that are printed as they are: examples that no number comes of."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import Program, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.examples import picks_examples
from repro_lint_rules.randomness.flows import Flow, arguments, is_model
from repro_lint_rules.randomness.harmless import is_timed
from repro_lint_rules.randomness.knowledge import canonical
from repro_lint_rules.randomness.sinks import does, last_name

_PLAIN = (
    "numpy.random.",
    "random.",
    "torch.rand",
    "sklearn.datasets.make_",
    "torch.nn.",
    "torch.utils.data.DataLoader",
    "keras.layers.",
)
_DISTRIBUTIONS = ("torch.distributions.", "pyro.distributions.")
_GRAPHS = ("tensorflow.random", "tensorflow.multinomial")
"""What draws in each run of a graph, which a notebook may make in any cell."""
_FITTED = ("sklearn.tree.", "sklearn.ensemble.", "sklearn.linear_model.", "sklearn.svm.", "sklearn.neighbors.")
"""Models whose fit tells nothing by itself; clusters and maps of points are what their picture is made for."""
PLOTTING = lazy_pattern(
    r"^(plt|pyplot|ax(e?s)?\d?|axarr|fig|sns|px|go|pylab)\b|(?i:(^|_|\.)(show|plot|draw|display|visuali[sz]e|viz|imshow"
    r"|hist|scatter|animate|set|subplots?)(_|$|s?$)|^(draw|viz|display)\.)"
)
"""Functions that show something, as written."""
_SAVING = lazy_pattern(r"(?i)save|^(imwrite|to_file|write_image|write_html|to_gif)")
WORKING = lazy_pattern(
    r"(?i)(^|_)(fit|train|learn|backward|minimi[sz]e|optimi[sz]e|evaluate|score|test|error|accuracy|corrcoef|k_?means|cluster)(_|$)"
)
"""What makes numbers of data that a reader takes for results."""
CONVERTING = frozenset(
    {"tensor", "Tensor", "FloatTensor", "LongTensor", "array", "asarray", "from_numpy", "numpy", "DataFrame", "Series"}
    | {"view", "reshape", "flatten", "ravel", "squeeze", "unsqueeze", "transpose", "t", "permute", "list", "tuple"}
    | {"Variable", "cuda", "cpu", "to", "copy", "clone", "detach", "tolist", "astype", "float", "int", "str", "format"}
    | {"round", "head", "item", "as_tensor", "constant", "run", "eval", "iter", "next"}
)
"""What leaves numbers as they are."""
_PUTTING = frozenset({"append", "extend", "add", "insert", "sort", "update", "appendleft"})


def only_shown(program: Program, draws: Sequence[Draw]) -> bool:
    """Whether nothing comes of them but pictures that are not saved, and in a notebook numbers printed as drawn."""
    source = draws[0].event.source if draws else program.entry
    if not draws or not all(draw.event.source is source and _is_plain(draw) for draw in draws):
        return False
    shows = _Shows(source, draws)
    calls = source.semantics.nodes(ast.Call)
    if source is not program.entry and shows.flow.leaves:
        return False
    return all(map(shows.call, calls)) and all(map(shows.statement, source.tree.body)) and shows.seen


def _is_plain(draw: Draw) -> bool:
    """Whether numbers are drawn, rows, or what a model starts from, and not the order in which it takes its data."""
    event = draw.event
    if any(isinstance(node, ast.ClassDef) for node in event.source.semantics.ancestors(event.node)):
        return False
    method = event.method or ""
    name = canonical(event.name or "")
    fitted = name.startswith(_FITTED) and name.rpartition(".")[2][:1].isupper()
    drawn = name.startswith(_PLAIN) or (name.startswith(_GRAPHS) and event.source.notebook is None)
    distributed = method in ("sample", "rsample") and name.startswith(_DISTRIBUTIONS)
    return fitted or drawn or distributed or _takes_rows(draw) or method == "rvs" or method.endswith("_layout")


def _takes_rows(draw: Draw) -> bool:
    return (draw.event.method == "sample" and draw.package == "pandas") or draw.event.method == "train_test_split"


class _Shows:
    """Judges what is done with something that was drawn."""

    def __init__(self, source: PythonSource, draws: Sequence[Draw]) -> None:
        self._source = source
        self._draws = {id(draw.event.node) for draw in draws}
        self.flow = Flow(source, self._draws)
        self._picks = all(picks_examples(draw.event) for draw in draws) and not self.flow.gathers
        """Whether examples are picked, of which all may be told that belongs to them."""
        self._rows = any(map(_takes_rows, draws))
        """Whether rows are drawn, so that a model learns from others in each run."""
        in_framework = all(canonical(draw.event.name or "").startswith(("torch.rand", "tensorflow.")) for draw in draws)
        self._may_print = source.notebook is not None or in_framework
        """Whether what is printed as it was drawn is no result: a script of numbers may be written for them."""
        self._in_notebook = source.notebook is not None
        calls = source.semantics.nodes(ast.Call)
        self._saving = {self._cell(call) for call in calls if _SAVING.search(last_name(call.func) or "")}
        """The cells that save something, which may be a picture."""
        self.seen = False
        """Whether something drawn is shown."""

    def call(self, call: ast.Call) -> bool:
        """Whether the call does nothing with what was drawn, shows it, or hands it on."""
        function = call.func
        method = isinstance(function, ast.Attribute) and self.flow.reaches(function.value)
        given = [value for value in arguments(call) if self.flow.reaches(value)]
        if id(call) in self._draws or not (given or method):
            return True
        name = last_name(function) or ""
        if does("printing", name):
            raw = self._may_print and all(map(self._is_raw, given))
            return (raw or self._picks) and self._see()
        if PLOTTING.search(code_of(function)):
            return self._cell(call) not in self._saving and self._see()
        # What a function of the file does with its numbers is followed; which rows a model learns from is not.
        followed = self._fits_quietly(call) or (self.flow.is_own(call) and not self._rows)
        if (
            (WORKING.search(name) and not followed)
            or _SAVING.search(name)
            or does("writing", name)
            or is_model(self._source, call)
        ):
            return False
        done = isinstance(self._source.semantics.parent(call), ast.Expr)
        if done and name in _PUTTING:
            return not self._picks
        return not done or self._fits_quietly(call) or self.flow.is_own(call) or self._is_raw(call)

    def statement(self, statement: ast.stmt) -> bool:
        """Whether a statement at the top level displays nothing that was computed."""
        value = statement.value if isinstance(statement, ast.Expr) and self._in_notebook else None
        if is_timed(self._source, statement):
            return True
        if value is None or not self.flow.reaches(value):
            return True
        if isinstance(value, ast.Call) and not self._is_raw(value):
            name = last_name(value.func) or ""
            told = name in _PUTTING or does("printing", name) or self._fits_quietly(value)
            return told or PLOTTING.search(code_of(value.func)) is not None
        return self._is_raw(value) and self._see()

    def _fits_quietly(self, call: ast.Call) -> bool:
        """Whether a model of scikit-learn is fitted, which tells nothing by itself."""
        quiet = isinstance(call.func, ast.Attribute) and call.func.attr == "fit" and not self._rows
        made = call.func.value if quiet and isinstance(call.func, ast.Attribute) else None
        if isinstance(made, ast.Name):
            binding = self._source.semantics.binding_of(made)
            made = binding.assigned if binding is not None else None
        return isinstance(made, ast.Call) and (self._source.semantics.resolve(made.func) or "").startswith("sklearn.")

    def _cell(self, node: ast.AST) -> int | None:
        cell = self._source.place(node).cell
        return cell.index if cell is not None else None

    def _see(self) -> bool:
        self.seen = True
        return True

    def _is_raw(self, node: ast.AST, depth: int = 0) -> bool:
        """Whether the value holds numbers as they were drawn, or none that were."""
        if depth > 20 or id(node) in self._draws or not self.flow.reaches(node):
            return depth <= 20
        if isinstance(node, ast.Name):
            binding = self._source.semantics.binding_of(node)
            return binding is not None and binding.assigned is not None and self._is_raw(binding.assigned, depth + 1)
        if isinstance(node, ast.Call):
            converts = last_name(node.func) in CONVERTING
            parts = [*arguments(node), *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
            return converts and all(self._is_raw(part, depth + 1) for part in parts)
        if isinstance(node, (ast.BinOp, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp)):
            return False
        return all(self._is_raw(part, depth + 1) for part in ast.iter_child_nodes(node))
