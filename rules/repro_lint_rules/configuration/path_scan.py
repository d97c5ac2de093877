"""Every path of one machine in a Python program or a text file, with its place and its use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from repro_lint.api import CodeCell, Place, PythonSource, Span, TextFile, lazy_pattern
from repro_lint_rules.configuration.machine_paths import MachinePath, machine_path, may_hold_path
from repro_lint_rules.configuration.path_findings import Occurrence
from repro_lint_rules.configuration.path_guards import is_guarded
from repro_lint_rules.configuration.path_texts import TextValue, command_words, python_strings, scanner_for, text_values
from repro_lint_rules.configuration.path_uses import Text, Use, is_path_name, reads_file, texts
from repro_lint_rules.configuration.roots import Tier, words

# What a literal must hold to be looked at: the beginning of a path. Commands hold one anywhere.
_LIKELY = lazy_pattern(
    r"^(?:file://)?(?:/[\w.@+-]|[A-Za-z]:[\\/]|~/|\.\./input|dbfs:/|\\\\\w|-{1,2}[\w-]+=/)|\s[\"'=]?(?:/[\w.]|[A-Za-z]:[\\/]\w|~/)"
)
_FLAG = lazy_pattern(r"--?[\w-]+=")
_LINE_MAGICS = words(
    "cd run load loadpy env set_env ls cp mv rm mkdir rmdir cat less more pushd fs sh writefile file save logstart "
    "notebook_path store"
)
_SHELL_CELLS = words("bash sh script shell ! !! zsh cmd system sx")
_NEWLINE = lazy_pattern(r"\r\n?|\n")
_R_CALL = lazy_pattern(
    r"\b(?:setwd|source|load|save\w*|readRDS|saveRDS|read[._]?\w*|write[._]?\w*|fread|fwrite|file|file\.path|list\.files|dir|pdf|png|svg|jpeg"
    r"|ggsave|sink|unzip|dir\.create|file\.exists|readLines|import|raster|st_read|readOGR|include|CSV\.read|cd|joinpath|open|here)\s*\(\s*$"
)
_OPERAND_BEFORE = lazy_pattern(
    r"(?:==|!=|\bin|startswith\(|endswith\(|replace\(|split\(|re\.\w+\(|print\(?|print)\s*r?$"
)
_OPENS_BEFORE = lazy_pattern(r"\b(?:open|\w*(?:load|save|read|write)\w*|glob|listdir|to_\w+|imread|chdir)\(\s*$")
_SURE = frozenset((Tier.HOME, Tier.DRIVE, Tier.HOSTED, Tier.SHARED))


def in_python(source: PythonSource) -> Iterator[Occurrence]:
    """The occurrences in the code and in the magics, in no particular order."""
    if not may_hold_path(source.file.written):
        return
    if source.notebook is not None:  # what its outputs hold does not matter
        code = "\n".join(cell.source for cell in source.notebook.code_cells)
        if not may_hold_path(code.encode("utf-8", "replace")):
            return
    for text in texts(source, _LIKELY):
        if text.use is not Use.NONE:
            yield from _in_text(source, text)
    for cell, magic in source.magics:
        if magic.kind == "cell" and magic.name in _SHELL_CELLS:
            yield from _in_lines(source, cell, magic.body, magic.line + 1, len(cell.source))
        elif magic.kind == "shell" or magic.name in _LINE_MAGICS:
            yield from _in_lines(source, cell, magic.argument, magic.line, magic.end_line)
    for cell in source.cells:
        if cell.error is not None and not cell.opaque:
            yield from _in_unparsed(source, cell)


def _in_text(source: PythonSource, text: Text) -> Iterator[Occurrence]:
    if text.use is Use.COMMAND:
        for word in command_words(text.value):
            path = machine_path(word.value)
            if path is not None and path.tier in _SURE and isinstance(text.node, ast.Constant):
                place = _inner_place(source, text.node, word.start, word.end)
                yield Occurrence(path, place, Use.OPENED, word.name)
        return
    value, start = text.value, 0
    if flag := _FLAG.match(value):
        value, start = value[flag.end() :], flag.end()
    path = machine_path(value, cut=text.cut)
    if path is None or is_guarded(source, text.node):
        return
    scope = source.semantics.scope_of(text.node).qualname
    if start and isinstance(text.literal, ast.Constant):
        place = _inner_place(source, text.literal, start, len(str(text.literal.value)))
    else:
        place = source.place(text.literal, scope)
    bare_joined = text.joined and path.bare
    yield Occurrence(
        replace(path, bare=False) if bare_joined else path,
        place,
        text.use,
        text.name,
        reads=text.use is Use.OPENED and reads_file(source, text.node),
    )


def _in_lines(source: PythonSource, cell: CodeCell, text: str, first: int, last: int) -> Iterator[Occurrence]:
    """The occurrences in the text of a command that stands in the lines of the cell from ``first`` to ``last``."""
    stored = _NEWLINE.split(cell.source)
    line, column = first, 0  # a command that goes on over several lines comes as one
    for word in command_words(text):
        path = machine_path(word.value)
        if path is None or path.tier not in _SURE:
            continue
        written = text[word.start : word.end]
        place = Span(first)
        for number in range(line, min(last, len(stored)) + 1):
            at = stored[number - 1].find(written, column if number == line else 0)
            if at >= 0:
                line, column = number, at + len(written)
                place = Span(line, at + 1, line, column + 1)
                break
        yield Occurrence(path, source.place_in(cell, place), Use.OPENED, word.name)


def _in_unparsed(source: PythonSource, cell: CodeCell) -> Iterator[Occurrence]:
    """The occurrences in code that does not parse, as that of Python 2: where nothing but the text can speak."""
    for value in python_strings(cell.source):
        path = machine_path(value.value)
        start = cell.source[: value.start]
        opened = _OPENS_BEFORE.search(start[-40:]) is not None
        if path is None or path.tier not in _SURE or (path.ambiguous and not opened) or path.bare:
            continue
        line, column = start.count("\n") + 1, value.start - start.rfind("\n")
        if _OPERAND_BEFORE.search(start[-40:]):
            continue
        place = source.place_in(cell, Span(line, column, line, column + value.end - value.start))
        yield Occurrence(path, place, Use.OPENED if opened else Use.NAMED, value.name)


def _inner_place(source: PythonSource, node: ast.Constant, start: int, end: int) -> Place:
    """The place of a part of a literal."""
    span, cell = source.offset_span(node, start, end), source.cell_of(node)
    shift = 0 if source.notebook is not None else cell.first_line - 1
    inside = replace(span, line=span.line - shift, end_line=None if span.end_line is None else span.end_line - shift)
    return source.place_in(cell, inside)


def in_text_file(file: TextFile) -> Iterator[Occurrence]:
    """The occurrences in a script of another language or a configuration file, in order."""
    if scanner_for(file.path) is None or not may_hold_path(file.file.written):
        return
    environment = file.path.endswith((".yml", ".yaml"))
    for value in text_values(file.path, file.text):
        if environment and value.name == "prefix":
            continue  # of conda, which does not read it
        path = _path_of(value)
        if path is None:
            continue
        use = _use(file.text, value)
        place = file.place(file.span(value.start, value.end))
        if path.tier in _SURE or (use is Use.OPENED and not value.command):
            yield Occurrence(path, place, use, value.name, reads=use is Use.OPENED)
        elif path.tier is Tier.DATA and use is not Use.PLAIN:
            yield Occurrence(path, place, use, value.name)


def _path_of(value: TextValue) -> MachinePath | None:
    text = value.value.strip()
    if flag := _FLAG.match(text):
        text = text[flag.end() :]
    return machine_path(text)


def _use(text: str, value: TextValue) -> Use:
    if value.command:
        return Use.OPENED
    line = text[text.rfind("\n", 0, value.start) + 1 : value.start]
    if _R_CALL.search(line):
        return Use.OPENED
    return is_path_name(value.name) if value.name else Use.PLAIN
