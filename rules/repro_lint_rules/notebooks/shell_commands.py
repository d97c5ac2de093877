"""The shell commands in the cells of a notebook that install something, however they are written."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator

from repro_lint.api import CodeCell, Place, PythonSource, Span, dataclass, lazy_pattern
from repro_lint_rules.notebooks.cell_guards import CellGuards

_COMMENT = lazy_pattern(r"(?:^|\s)#.*")
_ASSIGNMENT = lazy_pattern(r"[A-Za-z_]\w*=")
_SHELLS = frozenset({"bash", "sh", "shell", "system", "sx", "!", "zsh"})
_SHELL_MAGICS = frozenset({"sx", "system"})
_PACKAGE_MAGICS = frozenset({"pip", "pip3", "conda", "mamba", "micromamba", "uv"})
_PREFIXES = frozenset({"sudo", "time", "nohup", "env", "exec", "command", "!", "-H", "-E", "yes"})
_OPENING = frozenset({"if", "while", "until", "for", "case"})
_INNER = frozenset({"then", "do", "else", "elif", "{", "}"})
_CLOSING = frozenset({"fi", "done", "esac"})
_SHELL_CALLS = ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")
_PROCESS_CALLS = tuple(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen"))


@dataclass(frozen=True)
class ShellCommand:
    """A simple command and its place; ``words`` are free of quotes, redirections and prefixes such as ``sudo``.

    ``guarded``: whether it runs only under a condition.
    """

    words: tuple[str, ...]
    cell: CodeCell
    place: Place
    guarded: bool


def installing_commands(source: PythonSource, guards: CellGuards) -> Iterator[ShellCommand]:
    """The commands with the word "install" near them, which may be about installing.

    First those of ``!``, ``%pip`` and ``%%bash``, then those of ``os.system`` and ``subprocess`` with literals.
    """
    for cell, magic in source.magics:
        if magic.kind == "cell":
            if "install" in magic.body and _is_shell(magic.name, magic.argument):
                for number, words, conditional in script_commands(magic.body):
                    span = magic.span if source.notebook is None else _line_span(cell, magic.line + number)
                    yield ShellCommand(words, cell, source.place_in(cell, span), conditional)
            continue
        if magic.kind == "shell" or (magic.kind == "line" and magic.name in _SHELL_MAGICS):
            text = magic.argument
        elif magic.kind == "line" and magic.name in _PACKAGE_MAGICS:
            text = f"{magic.name} {magic.argument}"
        else:
            continue
        for _, words, conditional in script_commands(text) if "install" in text else ():
            guarded = conditional or guards.of_line(cell, magic.span)
            yield ShellCommand(words, cell, source.place_in(cell, magic.span), guarded)
    for call in source.semantics.calls_to(*_SHELL_CALLS, *_PROCESS_CALLS):
        first = call.argument(0, "args")
        if first is None:
            continue
        for words, conditional in _arguments(source, first):
            guarded = conditional or guards.of_node(call.node)
            yield ShellCommand(words, source.cell_of(call.node), source.place(call.node), guarded)


def script_commands(text: str) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """The simple commands of some shell text: the line (from 1), the words, and whether it runs under a condition.

    Conditional is what stands behind ``||`` or in the body of an ``if`` or loop.
    """
    depth = 0
    for number, line in _logical_lines(text):
        for operator, words in _split(line):
            if words and words[0] in _CLOSING:
                depth = max(depth - 1, 0)
                continue
            if words and words[0] in _OPENING:
                depth += 1
            command = _bare(words)
            if command:
                yield number, command, depth > 0 or operator == "||"


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, numbered by their first."""
    pending, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        start = start or number
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        yield start, pending + line
        pending, start = "", 0
    if pending:
        yield start, pending


def _split(line: str) -> Iterator[tuple[str, list[str]]]:
    """The words of each command in a line, with the operator in front of it."""
    operator, skip = "", False
    words: list[str] = []
    for token in [*_tokens(line), ";"]:
        if token and not set(token) - set(";&|"):
            yield operator, words
            operator, words, skip = token, [], False
        elif token and not set(token) - set("<>&"):
            skip = True
            if words and words[-1].isdigit():  # the number of a stream, as in 2>
                words.pop()
        elif skip:
            skip = False
        else:
            words.append(token)


def _tokens(line: str) -> list[str]:
    if "#" in line and "'" not in line and '"' not in line:
        line = _COMMENT.sub("", line)
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError:  # a quote that nothing closes
        tokens = line.split()
    comment = next((at for at, token in enumerate(tokens) if token.startswith("#")), len(tokens))
    return tokens[:comment]


def _bare(words: list[str]) -> tuple[str, ...]:
    """The words without prefixes, shell keywords and assignments in front."""
    skipped = _PREFIXES | _OPENING | _INNER
    at = 0
    while at < len(words) and (words[at] in skipped or _ASSIGNMENT.match(words[at])):
        at += 1
    return tuple(words[at:])


def _is_shell(name: str, argument: str) -> bool:
    if name == "script":
        return any(word.rpartition("/")[2] in _SHELLS for word in argument.split())
    return name in _SHELLS


def _line_span(cell: CodeCell, number: int) -> Span:
    """The text of one line of a cell."""
    line = cell.source.split("\n")[number - 1] if number <= cell.source.count("\n") + 1 else ""
    start = len(line) - len(line.lstrip()) + 1
    return Span(number, start, number, max(len(line.rstrip()) + 1, start))


def _arguments(source: PythonSource, first: ast.expr) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The commands in a literal text, or in a literal list with ``sys.executable`` as the one name in it."""
    value = source.semantics.constant(first)
    if isinstance(value, str):
        yield from ((words, conditional) for _, words, conditional in script_commands(value))
    elif isinstance(first, ast.List | ast.Tuple):
        known = tuple(word for element in first.elts if (word := _word(source, element)) is not None)
        if known:
            yield known, False


def _word(source: PythonSource, element: ast.expr) -> str | None:
    if source.semantics.resolve(element) == "sys.executable":
        return "python"
    value = source.semantics.constant(element)
    return value if isinstance(value, str) else None
