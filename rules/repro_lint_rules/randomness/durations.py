"""Programs that only measure how long something takes: what they feed it is random, what they tell is durations."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from repro_lint.api import Program, PythonSource, code_of, lazy_pattern
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.flows import CLOCKS, TOOLS, Flow, arguments, is_model
from repro_lint_rules.randomness.harmless import is_timed
from repro_lint_rules.randomness.sinks import does, last_name

_LOGGING = frozenset({"write", "info", "debug", "log"})
_LEARNING = lazy_pattern(r"^(fit|train|learn|backward|minimize|optimize|partial_fit|step)(_|$)")
"""What reports on its own how it learns."""


def only_measures_time(program: Program, draws: Sequence[Draw]) -> bool:
    """Whether the program looks at a clock and tells nothing that depends on its draws, which are all in its file."""
    source = program.entry
    if not draws or program.modules != {program.path} or not all(map(_is_followed, draws)):
        return False
    called = {last_name(call.func) or "" for call in source.semantics.nodes(ast.Call)}
    magic = any(magic.name == "timeit" for _, magic in source.magics)
    if (called.isdisjoint(CLOCKS) and not magic) or any(map(_LEARNING.search, called)):
        return False
    flow = Flow(source, {id(draw.event.node) for draw in draws}, CLOCKS)
    timed = any(flow.reaches(part) for part in source.tree.body if magic and is_timed(source, part))
    told = list(_told(source))
    if any(map(flow.reaches, told)) or not (timed or (told and not magic)):
        return False
    modelled = (call for call in source.semantics.nodes(ast.Call) if is_model(source, call))
    return not any(flow.reaches(value) for call in modelled for value in arguments(call))


def _is_followed(draw: Draw) -> bool:
    """Whether the draw stands in no class, whose objects carry what they hold to where no name tells."""
    ancestors = draw.event.source.semantics.ancestors(draw.event.node)
    return not any(isinstance(node, ast.ClassDef) for node in ancestors)


def _told(source: PythonSource) -> Iterator[ast.expr]:
    """What is printed, shown, written, or left at the end of a cell."""
    for call in source.semantics.nodes(ast.Call):
        name = last_name(call.func)
        if any(does(kind, name) for kind in ("printing", "showing", "writing")) or name in _LOGGING:
            yield from arguments(call)
            if isinstance(call.func, ast.Attribute) and not TOOLS.search(code_of(call.func)):
                yield call.func.value
    if source.notebook is not None:
        displayed = [statement for statement in source.tree.body if isinstance(statement, ast.Expr)]
        yield from (statement.value for statement in displayed if not is_timed(source, statement))
