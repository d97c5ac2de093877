"""What waits for a person: prompts and debuggers, which a run of a whole notebook does not get past."""

from __future__ import annotations

import ast

from repro_lint.api import PythonSource, code_of

_PROMPTS = {
    "builtins.input": "input()",
    "six.moves.input": "input()",
    "getpass.getpass": "getpass()",
    "click.prompt": "click.prompt()",
    "click.confirm": "click.confirm()",
    "typer.prompt": "typer.prompt()",
    "typer.confirm": "typer.confirm()",
}
DEBUGGERS = {
    "pdb.set_trace": "pdb.set_trace()",
    "ipdb.set_trace": "ipdb.set_trace()",
    "IPython.core.debugger.set_trace": "set_trace()",
    "IPython.embed": "embed()",
    "code.interact": "code.interact()",
}
"""Not ``breakpoint()`` and ``%debug``, which an unattended kernel passes over."""

TRIGGERS = (b"input", b"getpass", b"set_trace", b"prompt", b"confirm", b"interact", b"embed")
"""Without one of these texts in its file, a program waits for nobody."""


class Prompts:
    """Tells the calls of one program that wait for a person; ``possible`` is False where there can be none."""

    def __init__(self, source: PythonSource) -> None:
        self._semantics = source.semantics
        self.possible = source.file.contains_any(TRIGGERS)
        notebook = source.notebook
        self._python2 = notebook is not None and (notebook.language_version or "").startswith("2")
        self._replaced = b"builtins" in source.file.data and any(
            node.attr == "input" and isinstance(node.ctx, ast.Store) and "builtins" in code_of(node.value)
            for node in source.semantics.nodes(ast.Attribute)
        )

    def text(self, called: ast.expr, name: str) -> str | None:
        """How to quote what is called if it waits, given also by its qualified name; None if it does not."""
        if isinstance(called, ast.Name) and called.id == "raw_input":
            return "raw_input()" if self._python2 and not self._semantics.bindings_of(called) else None
        if self._replaced and name == "builtins.input":
            return None
        return _PROMPTS.get(name) or DEBUGGERS.get(name)
