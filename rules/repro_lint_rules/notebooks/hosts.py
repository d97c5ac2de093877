"""What only one kind of machine provides, and which machine a notebook says it is written for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import CodeCell, Place, PythonSource, RunOutcome, code_of, dataclass
from repro_lint_rules.notebooks.cell_guards import CellGuards
from repro_lint_rules.notebooks.shell_commands import installing_commands

COLAB = "Google Colab"
DATABRICKS = "Databricks"
FABRIC = "Azure Synapse or Microsoft Fabric"
LITE = "JupyterLite"
_MODULES = {
    "google.colab": COLAB,
    "kaggle_secrets": "Kaggle",
    "kaggle_datasets": "Kaggle",
    "kaggle_web_client": "Kaggle",
    "piplite": LITE,
    "pyodide": LITE,
    "pyodide_kernel": LITE,
}
"""Modules that their host installs, and no package index has in a form that works elsewhere."""
_CALLS = {
    "sagemaker.get_execution_role": "Amazon SageMaker",
    "sagemaker.session.get_execution_role": "Amazon SageMaker",
    "sagemaker.core.helper.session_helper.get_execution_role": "Amazon SageMaker",
}
_NAMES = {"dbutils": DATABRICKS, "mssparkutils": FABRIC}
"""Names that a host's kernel defines before the first cell."""
_MAGICS = {"tensorflow_version": COLAB, "shell": COLAB}
_PACKAGE_MANAGERS = {
    "apt": "Debian or Ubuntu as root",
    "apt-get": "Debian or Ubuntu as root",
    "aptitude": "Debian or Ubuntu as root",
    "yum": "Red Hat or Fedora as root",
    "dnf": "Red Hat or Fedora as root",
    "brew": "Homebrew",
    "choco": "Windows with Chocolatey",
    "winget": "Windows",
}
_DECLARING = {
    "databricks": DATABRICKS,
    "synapse": FABRIC,
    "fabric": FABRIC,
    "pyolite": LITE,
    "pyodide": LITE,
    "xeus": LITE,
}
"""Words in the metadata of a notebook or the name of its kernel by which it declares its host."""


@dataclass(frozen=True)
class HostNeed:
    """Something in a cell that works on one host only; ``text`` is how to quote it.

    ``outcome`` is what becomes of a run elsewhere: a shell command that fails stops nothing.
    """

    host: str
    text: str
    cell: CodeCell
    place: Place
    outcome: RunOutcome | None = "may-stop"


def declared_hosts(source: PythonSource) -> frozenset[str]:
    """The hosts whose own form of file or kernel the notebook is kept in, which everybody sees before running it."""
    found = {DATABRICKS} if source.form == "databricks" else set()
    if source.notebook is not None:
        metadata = source.notebook.metadata
        kernel = metadata.get("kernelspec")
        words = [*metadata, *(kernel.values() if isinstance(kernel, dict) else ())]
        text = " ".join(word for word in words if isinstance(word, str)).lower()
        found.update(host for word, host in _DECLARING.items() if word in text)
    return frozenset(found)


def host_needs(source: PythonSource) -> Iterator[HostNeed]:
    """What the cells need of a host without asking first whether they run there, in no particular order."""
    guards = CellGuards(source)
    semantics = source.semantics

    def need(host: str, text: str, node: ast.AST, outcome: RunOutcome = "may-stop") -> HostNeed:
        return HostNeed(host, text, source.cell_of(node), source.place(node), outcome)

    for found in semantics.imports:
        host = None if found.level else _host_of(f"{found.module}.{found.name}" if found.name else found.module)
        if host and found.kind in ("plain", "dynamic") and not guards.of_node(found.node):
            yield need(host, _quoted(found.node), found.node, "may-stop" if found.node.col_offset else "stops")
    for call in semantics.calls:
        host = _CALLS.get(call.name or "")
        if host and not guards.of_node(call.node):
            yield need(host, f"{code_of(call.node.func)}()", call.node)
    for name in semantics.nodes(ast.Name):
        host = _NAMES.get(name.id)
        if host and not semantics.bindings_of(name) and not guards.of_node(name):
            yield need(host, name.id, name)
    for cell, magic in source.magics:
        host = _MAGICS.get(magic.name) if magic.kind in ("line", "cell") else None
        sign = "%%" if magic.kind == "cell" else "%"
        text = f"{sign}{magic.name}"
        if magic.kind == "line" and magic.name == "load_ext":
            host, text = _host_of(magic.argument), f"%load_ext {magic.argument}"
        if host and (magic.kind == "cell" or not guards.of_line(cell, magic.span)):
            yield HostNeed(host, text, cell, source.place_in(cell, magic.span))
    for command in installing_commands(source, guards):
        program = command.words[0].rpartition("/")[2]
        host = _PACKAGE_MANAGERS.get(program)
        if host and "install" in command.words[1:4] and not command.guarded:
            yield HostNeed(host, f"{program} install", command.cell, command.place, None)


def _host_of(module: str) -> str | None:
    return next((host for name, host in _MODULES.items() if f"{module}.".startswith(f"{name}.")), None)


def _quoted(node: ast.AST) -> str:
    """An import as one short line."""
    text = code_of(node)
    return text if len(text) <= 60 else f"{text[:57]}..."
