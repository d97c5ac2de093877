"""What each file imports that has to be installed."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import FileFact, Place, Project, PythonSource, canonical_name, dataclass, lazy_pattern
from repro_lint_rules.environment.names import is_foreign, unit_of

_INSTALL = lazy_pattern(r"(?:pip3?|conda|mamba|uv|poetry)\W.*?\b(?:install|add)\b(?P<rest>.*)")
_WORD = lazy_pattern(r"(?<![\w.-])[A-Za-z][\w.-]*")
_PYTHON_2 = lazy_pattern(r"(?:import\s+(?P<module>[A-Za-z_][\w.]*)|from\s+(?P<origin>[A-Za-z_][\w.]*)\s+import\b)")
_NAME_AT_END = lazy_pattern(r"[A-Za-z_]\w*\Z")
_EXTENSION = lazy_pattern(r"[A-Za-z_][\w.]*")
_OWN_EXTENSIONS = frozenset("autoreload storemagic sympyprinting cythonmagic rmagic octavemagic parallelmagic".split())
"""Extensions that come or came with IPython itself."""
_LONGEST_NAME = 100
_FETCHING = (b"wget", b"curl", b"urlretrieve", b"download", b"git clone", b"gdown")
_KAGGLE = ("../input", "/kaggle/input", "kaggle_datasets", "kaggle_secrets")
_WRITING = frozenset({"writefile", "file", "writetemplate"})


@dataclass(frozen=True)
class ForeignModule:
    """A module that a file cannot do without.

    ``unit`` is the part of its name that tells the distribution, ``modules`` all full names below it that the file
    imports, ``line`` that of the first import, as nodes of the program count it.
    """

    unit: str
    modules: frozenset[str]
    line: int


@dataclass(frozen=True)
class ForeignImports:
    """What a file imports, what its cells install themselves (normalised), and which modules they write.

    ``on_kaggle``: whether it reads the data that Kaggle puts beside it, which may hold modules.
    """

    modules: tuple[ForeignModule, ...]
    installed: frozenset[str]
    written: frozenset[str]
    on_kaggle: bool = False


class ForeignImportFacts(FileFact[ForeignImports]):
    """The imports that fail where nothing was installed: neither optional, conditional nor for type checkers only."""

    subject = PythonSource
    triggers = (b"import",)

    @classmethod
    def collect(cls, source: PythonSource) -> ForeignImports:
        """The modules in the order of their first imports."""
        names: dict[str, set[str]] = {}
        lines: dict[str, int] = {}
        for module, line in _imports(source):
            unit = unit_of(module)
            names.setdefault(unit, set()).add(module)
            lines.setdefault(unit, line)
        modules = tuple(ForeignModule(unit, frozenset(found), lines[unit]) for unit, found in names.items())
        if not modules:
            return ForeignImports((), frozenset(), frozenset())
        return ForeignImports(
            modules,
            frozenset(_installed(source)),
            frozenset(_written(source)),
            source.notebook is not None and any(word in line for line in source.lines for word in _KAGGLE),
        )


def line_place(project: Project, path: str, line: int) -> Place:
    """The place of a line of a program, without its indentation. It is the file's where it cannot be read again."""
    source = project.load(PythonSource, path)
    return project.place(path) if source is None else source.line_place(line)


def _imports(source: PythonSource) -> Iterator[tuple[str, int]]:
    for found in source.semantics.imports:
        if found.level or not found.module or found.kind not in ("plain", "dynamic") or not is_foreign(found.module):
            continue
        module = f"{found.module}.{found.name}" if found.name and found.name != "*" else found.module
        yield module, found.node.lineno
    for cell, magic in source.magics:
        name = magic.argument if magic.kind == "line" and magic.name == "load_ext" else ""
        if _EXTENSION.fullmatch(name) and name not in _OWN_EXTENSIONS and is_foreign(name):
            yield name, cell.first_line + magic.span.line - 1
    if source.form == "script" and source.syntax_errors and not source.tree.body:  # Python 2, most of the time
        for number, line in enumerate(source.lines, 1):
            match = _PYTHON_2.match(line)
            named = (match["module"] or match["origin"]) if match else None
            if named and is_foreign(named):
                yield named, number


def _installed(source: PythonSource) -> Iterator[str]:
    """The words of install commands, however the file runs them; more words than packages do no harm."""
    if b"install" not in source.file.data and b" add" not in source.file.data:
        return
    text = "\n".join(source.lines)
    for line in (*_lines_with(text, "install"), *_lines_with(text, " add")):
        stripped = line.lstrip()
        if not stripped.startswith("#") and (match := _INSTALL.search(stripped)):
            for word in _WORD.findall(match["rest"]):
                yield canonical_name(word)


def _lines_with(text: str, word: str) -> Iterator[str]:
    at = text.find(word)
    while at >= 0:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(word, end)


def _written(source: PythonSource) -> Iterator[str]:
    """The modules that a cell writes, and those whose files the program names and may fetch."""
    for _, magic in source.magics:
        if magic.kind == "cell" and magic.name in _WRITING:
            name = magic.argument.rpartition(" ")[2].strip("\"'").replace("\\", "/")
            yield from name.removesuffix(".py").split("/")
    if source.file.contains_any(_FETCHING):
        yield from _script_names("\n".join(source.lines))


def _script_names(text: str) -> Iterator[str]:
    """What stands before ``.py`` where that ends a name. Looking for the ending is faster than for a name with one."""
    before, *others = text.split(".py")
    for after in others:
        if not (after[:1].isalnum() or after[:1] == "_") and (match := _NAME_AT_END.search(before[-_LONGEST_NAME:])):
            yield match[0]
        before = after
