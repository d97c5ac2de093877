"""Which argument of a call names a file, and whether that file is read, written or listed: a table as data."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from repro_lint.api import BUILTINS, Semantics, dataclass, last_name

Mode = Literal["read", "write", "list", "make", "probe", "open"]

RECEIVER = -1
"""The position of what a method is called on."""
_SPELLINGS = (
    ("tensorflow.compat.v1.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("tensorflow.python.keras.", "keras."),
    ("tensorflow.keras.", "keras."),
    ("tf_keras.", "keras."),
    ("keras.api.", "keras."),
    ("six.moves.urllib.", "urllib."),
)
_MOVING = frozenset({"chdir", "fchdir"})
_PATH_CLASSES = ("pathlib.Path", "pathlib.PosixPath", "pathlib.PurePath")


@dataclass(frozen=True)
class FileCall:
    """What a call does with the file that its argument at ``position`` names, or that one of the keywords passes."""

    mode: Mode
    position: int
    mode_position: int | None = None
    """The position of the argument that decides between reading and writing, for ``open``."""


@dataclass(frozen=True)
class FileCalls:
    """The content of ``file_calls.toml``."""

    functions: Mapping[str, tuple[FileCall, ...]]
    methods: Mapping[str, FileCall]
    keywords: tuple[str, ...]
    chained: Mapping[str, frozenset[str]]
    last_names: frozenset[str]
    """The last part of every name: most calls are set aside by it."""
    producers: frozenset[str]
    shell_producers: frozenset[str]
    _judged: set[str] = field(default_factory=set)
    _telling: set[str] = field(default_factory=set)

    def of(self, semantics: Semantics, call: ast.Call) -> tuple[FileCall, ...]:
        """What the call does with which files; nothing for most calls."""
        last = last_name(call.func)
        if last not in self.last_names and (not isinstance(call.func, ast.Name) or last in BUILTINS):
            return ()
        name = semantics.resolve(call.func)
        if name is not None:
            if found := self.functions.get(canonical_call(name)):
                return found
            if name.startswith(_PATH_CLASSES):
                return (self.methods[last],) if last is not None and last in self.methods else ()
            return ()
        if not isinstance(call.func, ast.Attribute) or last is None:
            return ()
        if mode := self._chained(call.func, last):
            return (FileCall(mode, 0),)
        return (self.methods[last],) if last in self.methods else ()

    def telling(self, names: Mapping[str, object]) -> set[str]:
        """Those of the last names of calls that may say something of files, or of the working directory."""
        if new := names.keys() - self._judged:  # the names of functions recur
            self._judged.update(new)
            self._telling.update(n for n in new if n in self.last_names or n in _MOVING or self.may_produce(n))
        return names.keys() & self._telling

    def may_produce(self, name: str) -> bool:
        """Whether a function of this name may make files that its call does not name."""
        return _holds_one_of(name.lower(), self.producers)

    def _chained(self, func: ast.Attribute, last: str) -> Mode | None:
        """Whether it is the end of a chain such as ``spark.read.option(...).csv``."""
        if last not in self.chained["read"] and last not in self.chained["write"]:
            return None
        owner: ast.expr = func.value
        for _ in range(12):
            if isinstance(owner, ast.Call):
                owner = owner.func
            elif isinstance(owner, ast.Attribute):
                if owner.attr in ("read", "write") and last in self.chained[owner.attr]:
                    return cast("Mode", owner.attr)
                owner = owner.value
        return None

    def argument(self, call: ast.Call, position: int) -> ast.expr | None:
        """The expression that names the file."""
        if position == RECEIVER:
            return call.func.value if isinstance(call.func, ast.Attribute) else None
        if position < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args[: position + 1]):
            return call.args[position]
        return next((keyword.value for keyword in call.keywords if keyword.arg in self.keywords), None)


def canonical_call(name: str) -> str:
    """One spelling for the names by which a library offers the same call."""
    for old, new in _SPELLINGS:
        if name.startswith(old):
            return new + name[len(old) :]
    return name


@lru_cache(maxsize=4096)  # the names of functions recur
def _holds_one_of(name: str, words: frozenset[str]) -> bool:
    return any(word in name for word in words)


@lru_cache(maxsize=1)
def file_calls() -> FileCalls:
    """The table, read when it is first asked for."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "file_calls.toml").read_text(encoding="utf-8"))
    functions: dict[str, tuple[FileCall, ...]] = {}
    for mode, names in data["functions"].items():
        for entry in names.split():
            name, _, position = entry.partition(":")
            at = int(position or 0)
            call = FileCall(mode, 0, at) if mode == "open" else FileCall(mode, at)
            name = canonical_call(name)
            functions[name] = (*functions.get(name, ()), call)
    methods: dict[str, FileCall] = {}
    for mode, names in data["methods"].items():
        for entry in names.split():
            name, _, position = entry.partition(":")
            at = RECEIVER if position == "self" else int(position or 0)
            methods[name] = FileCall(mode, at, 0 if mode == "open" else None)
    chained = {mode: frozenset(names.split()) for mode, names in data["chained"].items()}
    last_names = frozenset(name.rpartition(".")[2] for name in functions).union(methods, *chained.values())
    producers = data["producers"]
    return FileCalls(
        functions,
        methods,
        tuple(data["keywords"].split()),
        chained,
        last_names,
        frozenset(producers["words"].split()),
        frozenset(producers["shell"].split()),
    )
