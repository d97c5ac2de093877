"""What looks like a seed and does nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from repro_lint.api import (
    AssignEvent,
    CallEvent,
    Constant,
    Function,
    ImportGraph,
    Program,
    PythonSource,
    Result,
    code_of,
    is_none,
    lazy_pattern,
)
from repro_lint_rules.randomness.knowledge import canonical, knowledge

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_NAMES = lazy_pattern("(?i)seed|determin|repro")
_SEEDS = {
    "numpy": ("np.random.seed", "numpy.random.seed"),
    "random": ("random.seed",),
    "torch": ("torch.manual_seed",),
    "tensorflow": ("tf.random.set_seed", "tf.set_random_seed", "tensorflow.random.set_seed", "set_random_seed"),
    "keras": ("tf.random.set_seed", "set_random_seed", "random.seed"),
    "cupy": ("cp.random.seed", "cupy.random.seed"),
}


def rebound(assigned: Iterable[AssignEvent], library: str) -> AssignEvent | None:
    """The first assignment that replaces the function by which the library is seeded."""
    seeders = knowledge().seeders
    for event in assigned:
        replaced = event.key is None and library in seeders.get(canonical(event.name), ())
        if replaced and not isinstance(event.value, Function):
            return event
    return None


def dropped_generator(generators: Iterable[Result], library: str) -> CallEvent | None:
    """A generator that is made with a seed by a statement of its own, so that nobody can draw from it."""
    for value in generators:
        event = value.event
        made = knowledge().generators[canonical(event.name or "")]
        statement = event.source.semantics.statement_of(event.node)
        dropped = isinstance(statement, ast.Expr) and statement.value is event.node
        if dropped and made.library == library and not is_none(event.argument(made.position, made.keyword, "seed")):
            return event
    return None


def uncalled_helper(program: Program, library: str) -> tuple[PythonSource, _Definition] | None:
    """A function of the program's own file that would seed the library, and whose name stands nowhere else in it."""
    sources = [program.entry]
    used: set[str] = set()
    for source in sources:
        semantics = source.semantics
        used |= {node.id for node in semantics.nodes(ast.Name) if isinstance(node.ctx, ast.Load)}
        used |= {node.attr for node in semantics.nodes(ast.Attribute)}
        used |= {str(node.value) for node in semantics.nodes(ast.Constant) if isinstance(node.value, str)}
    for source in sources:
        for node in source.tree.body:
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and node.name not in used
                and not node.decorator_list
                and _NAMES.search(node.name)
                and any(call in _SEEDS.get(library, ()) for call in _calls(node))
            ):
                return source, node
    return None


def _calls(function: _Definition) -> Iterator[str]:
    return (code_of(part.func) for part in ast.walk(function) if isinstance(part, ast.Call))


def unread_option(program: Program, options: Iterable[CallEvent]) -> CallEvent | None:
    """A ``--seed`` option whose value nothing in the program asks for."""
    for event in options if program.whole else ():
        if event.name != "argparse.ArgumentParser().add_argument":
            continue
        texts = [str(arg.value) for arg in event.args if isinstance(arg, Constant)]
        name = max(texts, key=len).lstrip("-").replace("-", "_")
        if "dest" in event.keywords or any(_reads(source, name, event) for source in _sources(program)):
            continue
        return event
    return None


def _reads(source: PythonSource, name: str, option: CallEvent) -> bool:
    """Whether the file may read the option: by name, or with all others at once."""
    semantics = source.semantics
    own = set(ast.walk(option.node))
    for node in semantics.nodes(ast.Attribute):
        if node.attr in (name, "__dict__", "_get_kwargs"):
            return True
    for constant in semantics.nodes(ast.Constant):
        if constant.value == name and constant not in own:
            return True
    for call in semantics.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in ("vars", "asdict"):
            return True
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        if any(isinstance(v, ast.Name) and v.id in ("args", "opt", "opts", "options", "config", "cfg") for v in values):
            return True  # somebody who gets all of them may look
    return False


def _sources(program: Program) -> Iterator[PythonSource]:
    for path in sorted(program.project.fact(ImportGraph).closure([program.path])):
        source = program.project.load(PythonSource, path)
        if source is not None:
            yield source
