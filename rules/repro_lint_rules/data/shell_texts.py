"""The shell commands in a program: which files they name, and whether they may make any file at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from repro_lint.api import CodeCell, PythonSource, Span, lazy_pattern
from repro_lint_rules.data.file_calls import file_calls

_SHELL_CELLS = frozenset({"bash", "sh", "script", "shell", "!", "zsh", "cmd", "system", "sx"})
_SHELL_LINES = frozenset({"sx", "system", "sh"})
_COMMANDS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
    | {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")}
)
_LAST_NAMES = frozenset(name.rpartition(".")[2] for name in _COMMANDS)
_WORD = lazy_pattern(r"[\w./:~+%@=&?-]*\w")
_PROGRAM = lazy_pattern(r"(?:^|[;&|(\n]|\bsudo\b|\bthen\b|\bdo\b)[ \t]*([\w./-]+)")
_NAMED = lazy_pattern(r"[\w+-][\w .+-]*\.\w{1,8}$")


class ShellText:
    """One piece of shell text in a program: ``line`` counts in the ``cell``, which is None for a call of Python."""

    def __init__(self, text: str, cell: CodeCell | None, line: int) -> None:
        self.text = text
        self.cell = cell
        self.line = line

    def span(self, offset: int) -> Span:
        """The line of the cell in which an offset of the text lies."""
        line = self.line + self.text.count("\n", 0, offset)
        return Span(line)


def shell_texts(source: PythonSource) -> Iterator[ShellText]:
    """The shell lines and cells of a notebook, and the literal commands that any program starts."""
    for cell, magic in source.magics:
        if magic.kind == "cell" and magic.name in _SHELL_CELLS:
            yield ShellText(magic.body, cell, magic.line + 1)
        elif magic.kind == "shell" or (magic.kind == "line" and magic.name in _SHELL_LINES):
            yield ShellText(magic.argument, cell, magic.line)
        elif magic.kind == "line" and magic.name in ("mv", "cp", "curl", "wget", "git"):
            yield ShellText(f"{magic.name} {magic.argument}", cell, magic.line)
    data = source.file.written
    if b"os." not in data and b"subprocess" not in data and b"system" not in data:
        return
    for node in source.semantics.calls_named(_LAST_NAMES):
        if node.args and source.semantics.resolve(node.func) in _COMMANDS:
            yield ShellText(_command(node.args[0]), None, 0)


def _command(expr: ast.expr) -> str:
    """The constant words of a command, whether it is one text or a list."""
    words = [part.value for part in ast.walk(expr) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return " ".join(words)


def named_files(text: str) -> Iterator[str]:
    """The last parts of the words of a command that look like the names of files."""
    for word in _WORD.findall(text):
        name = re.split(r"[?#]", word)[0].rpartition("/")[2].rpartition("=")[2]
        if _NAMED.match(name):
            yield name


def producer(text: str) -> str | None:
    """The first program of a command that may make files whose names it does not say, or None."""
    known = file_calls().shell_producers
    for match in _PROGRAM.finditer(text):
        name = match[1].rpartition("/")[2]
        if name in known or match[1].endswith((".sh", ".py")):
            return name
    return None


def is_shell_file(path: str) -> bool:
    """Whether the file is a shell script, a Makefile or one that builds an image."""
    name = path.rpartition("/")[2].lower()
    return name.endswith((".sh", ".bash", ".zsh", ".mk")) or name.startswith(
        ("makefile", "dockerfile", "containerfile")
    )
