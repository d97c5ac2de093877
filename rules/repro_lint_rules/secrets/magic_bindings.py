"""Environment variables that IPython magics and shell commands set in a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import CodeCell, PythonSource, Span, dataclass, lazy_pattern
from repro_lint_rules.secrets.code_bindings import TextBinding
from repro_lint_rules.secrets.config_bindings import shell_bindings, text_bindings

_ENV = lazy_pattern(r"(?P<name>[A-Za-z_]\w*)(?:\s*=\s*|\s+)(?P<value>.+?)\s*$")
_NEWLINE = lazy_pattern(r"\r\n?|\n")


@dataclass(frozen=True)
class MagicBinding:
    """A variable with the value it is given and the span of that value in its cell."""

    name: str
    value: str
    cell: CodeCell
    span: Span


def magic_bindings(source: PythonSource) -> Iterator[MagicBinding]:
    """What ``%env``, ``!export``, ``%%bash`` and ``%%writefile`` give names to, in order."""
    for cell, magic in source.magics:
        if magic.kind == "cell":
            if magic.name in ("bash", "sh", "script", "shell"):
                found = shell_bindings(magic.body)
            elif magic.name in ("writefile", "file"):
                found = text_bindings(magic.argument.split(" ")[-1], magic.body)
            else:
                continue
            starts = [0, *(match.end() for match in _NEWLINE.finditer(magic.body))]
            for binding in found:
                line = sum(start <= binding.start for start in starts)
                column = binding.start - starts[line - 1] + 1
                number = magic.line + line
                span = Span(number, column, number, column + binding.end - binding.start)
                yield MagicBinding(binding.name, binding.value, cell, span)
            continue
        if magic.kind == "shell":
            found = shell_bindings(magic.argument)
        elif magic.name in ("env", "set_env") and (match := _ENV.match(magic.argument)):
            quoted = match["value"].strip("\"'")
            start = match.start("value") + match["value"].find(quoted)
            found = iter([TextBinding(match["name"], quoted, start, start + len(quoted))])
        else:
            continue
        text = _NEWLINE.split(cell.source)[magic.line - 1]
        for binding in found:
            at = text.find(magic.argument, magic.column - 1)
            column = at + binding.start + 1
            span = Span(magic.line, column, magic.line, column + binding.end - binding.start) if at >= 0 else magic.span
            yield MagicBinding(binding.name, binding.value, cell, span)
