"""Where a module prints for whoever happens to watch."""

from __future__ import annotations

import ast

from repro_lint.api import FileFact, Place, PythonSource, code_of, lazy_pattern

_COMMAND_LINES = (
    b"argparse",
    b"import click",
    b"typer",
    b"import fire",
    b"docopt",
    b"sys.argv",
    b"from click",
    b"optparse",
    b"absl",
)
_SHOWS = lazy_pattern(
    r"(?i)print|show|display|report|summar|dump|main|cli|usage|help|describe|info|progress|log|verbose|echo|render|demo|test|plot"
    r"|__str__|__repr__|write|debug|menu|banner|welcome|run_"
)
_ASKED_FOR = lazy_pattern(r"(?i)verbos|debug|print|quiet|silent|show|log|display|progress|__name__|report|echo|disp")
_NOT_LIBRARY = lazy_pattern(
    r"(?i)(?:^|/)(?:tests?|testing|docs?|examples?|scripts?|tools|benchmarks?|tutorials?|notebooks?|demos?|bin|exercises?)/"
    r"|(?:^|/)(?:test_[^/]*|conftest|setup|conf|manage|main|__main__|cli|[^/]*_cli|run[^/]*|demo[^/]*|logger|logging\w*|printer|console|train|[^/]*log(?:ger|ging)?)\.py$"
)


class Prints(FileFact["tuple[Place, ...]"]):
    """The prints of a module that tell what it does, where nobody has asked for them; None for programs."""

    subject = PythonSource
    triggers = (b"print(", b"print (")

    @classmethod
    def collect(cls, source: PythonSource) -> tuple[Place, ...] | None:
        """The places in the order of the file."""
        if source.form != "script" or _NOT_LIBRARY.search(source.path):
            return None
        if any(word in source.file.data for word in _COMMAND_LINES) or source.semantics.main_guard is not None:
            return None
        places = tuple(
            source.place(call, source.semantics.scope_of(call).qualname)
            for call in source.semantics.nodes(ast.Call)
            if isinstance(call.func, ast.Name) and call.func.id == "print" and _is_log(source, call)
        )
        return places or None


def _is_log(source: PythonSource, call: ast.Call) -> bool:
    semantics = source.semantics
    if not call.args or any(keyword.arg in ("file", "end") for keyword in call.keywords):
        return False
    if semantics.bindings_of(call.func) if isinstance(call.func, ast.Name) else True:
        return False
    holders = [
        n for n in semantics.ancestors(call) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    if not any(isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) for n in holders):
        return False
    if any(_SHOWS.search(holder.name) for holder in holders):
        return False
    guards = semantics.guards(call)
    return not any(
        guard.test is not None and _ASKED_FOR.search(code_of(guard.test)) for guard in guards if guard.kind == "if"
    )
