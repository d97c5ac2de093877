"""What functions draw that nothing calls yet: of modules, whose functions are there for others to call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache

from repro_lint.api import Program
from repro_lint_rules.randomness.draws import Draw
from repro_lint_rules.randomness.own_seeds import is_weight
from repro_lint_rules.randomness.program_draws import ProgramDraws

_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def uncalled_draws(heard: ProgramDraws) -> Iterator[list[Draw]]:
    """The draws that only functions make which the program does not call, by library and package.

    A function that a script defines and does not call is dead. Of a module it may be called by who imports it, from
    a prompt or by a name in a configuration: it counts where no other program runs the module.
    """
    rest = heard.uncalled
    if rest is None or heard.generators:
        return  # who makes generators passes them to what draws
    for library in rest.globals:
        if library not in heard.globals:
            # First weights may be overwritten by who calls the function.
            yield [draw for draw in rest.unset(library) if heard.waits(draw) and not is_weight(draw.event)]
    called = {(draw.library, draw.package) for draw in heard.calls}
    groups: dict[tuple[str, str], list[Draw]] = {}
    for draw in rest.unseeded_calls():
        if draw.parameter is not None and not draw.parameter.weak:
            groups.setdefault((draw.library, draw.package), []).append(draw)
    for key, draws in groups.items():
        if key not in called:
            yield list(filter(heard.waits, draws))


def ready_files(program: Program, triggers: tuple[bytes, ...]) -> Callable[[str], bool]:
    """Tells of a file whether its functions wait for somebody to call them, and no seed is set before."""

    @cache
    def is_ready(path: str) -> bool:
        return (
            program.any_holds(triggers, path)
            and (path != program.path or all(map(_defines, program.entry.tree.body)))
            and program.alone_runs(path)
            and not program.users_may_seed(path)
        )

    return is_ready


def _defines(statement: ast.stmt) -> bool:
    """Whether the statement only binds names, or is a docstring."""
    return isinstance(statement, _DEFINING) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
