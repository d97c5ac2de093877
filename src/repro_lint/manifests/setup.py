"""setup.py, setup.cfg and the settings.ini of nbdev, read without running them."""

from __future__ import annotations

import ast
import posixpath
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Directive, Manifest, Requirement, canonical
from repro_lint.manifests.requirements import parse_requirements
from repro_lint.manifests.specifications import parse_requirement
from repro_lint.manifests.tables import python_requirement
from repro_lint.sources.nodes import code_of
from repro_lint.sources.text import decode

_LISTS = lazy_pattern(r"requir|depend|extras|deps|packages_needed", re.I)
_FILE = lazy_pattern(r"[\w./-]*req[\w.-]*\.(?:txt|in|pip)")
_CFG_FILE = lazy_pattern(r"file:\s*(?P<files>.*)")


def parse_setup_py(path: str, data: bytes) -> Manifest | None:
    """The manifest in a setup.py: what its call of ``setup`` says in literals. None where nothing calls it.

    Requirements that are computed are not seen; what lists of strings with telling names hold is ``mentioned``, and
    files of requirements that are named count as read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Manifest(path, "setup.py", problem="cannot be parsed")
    values = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == "setup":
            return _Setup(path, tree, call, values).manifest()
    return None


class _Setup:
    """The arguments of a call of ``setup``, with the values of the names that they use."""

    def __init__(self, path: str, tree: ast.Module, call: ast.Call, values: Mapping[str, ast.expr]) -> None:
        self.path = path
        self.tree = tree
        self.call = call
        self.values = values
        self.arguments = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}

    def manifest(self) -> Manifest:
        required = self._value(self.arguments.get("install_requires"))
        computed = required is not None and not isinstance(required, (ast.List, ast.Tuple))
        found = list(self._listed(required))
        extras = self._value(self.arguments.get("extras_require"))
        if isinstance(extras, ast.Dict):
            for key, value in zip(extras.keys, extras.values, strict=True):
                scope = key.value if isinstance(key, ast.Constant) else "extra"
                found += self._listed(self._value(value), str(scope))
        for scope in ("setup", "tests"):
            found += self._listed(self._value(self.arguments.get(f"{scope}_require" + "s" * (scope == "setup"))), scope)
        directives = tuple(self._files()) if computed or "extras_require" in self.arguments else ()
        python, name = self.arguments.get("python_requires"), self._value(self.arguments.get("name"))
        starred = any(keyword.arg is None for keyword in self.call.keywords)
        return Manifest(
            self.path,
            "setup.py",
            tuple(found),
            required.lineno if required else self.call.lineno,
            self._is_library(),
            computed=computed or (starred and required is None),
            directives=directives,
            mentioned=frozenset(self._mentioned()),
            python=python_requirement(getattr(self._value(python), "value", None), getattr(python, "lineno", None)),
            project=canonical(name.value) if isinstance(name, ast.Constant) and isinstance(name.value, str) else None,
        )

    def _value(self, node: ast.expr | None) -> ast.expr | None:
        return self.values.get(node.id, node) if isinstance(node, ast.Name) else node

    def _listed(self, node: ast.expr | None, scope: str = "") -> Iterator[Requirement]:
        elements = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node] if node else []
        for element in elements:
            if isinstance(element, ast.Constant) and isinstance(element.value, str):
                for line in element.value.splitlines():
                    if requirement := parse_requirement(line, element.lineno, scope):
                        yield requirement

    def _mentioned(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.keyword):
                name, value = node.arg, node.value
            elif isinstance(node, (ast.Assign, ast.AugAssign)):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                name, value = code_of(target), node.value
            else:
                continue
            for part in ast.walk(value) if name and _LISTS.search(name) else ():
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    for line in part.value.splitlines():
                        if requirement := parse_requirement(line, None):
                            yield requirement.name

    def _files(self) -> Iterator[Directive]:
        """The files of requirements that are named anywhere: what else would be done with them?"""
        directory = posixpath.dirname(self.path)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _FILE.fullmatch(node.value):
                value = posixpath.normpath(posixpath.join(directory, node.value.lstrip("/")))
                yield Directive("requirements", value, node.lineno)

    def _is_library(self) -> bool:
        return any(
            isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("Programming Language ::")
            for n in ast.walk(self.tree)
        )


def parse_setup_cfg(path: str, data: bytes) -> Manifest | None:
    """The manifest in a setup.cfg, or None for one that only configures tools."""
    import configparser  # few projects have the file, and the module compiles eight expressions

    text = decode(data).text
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return Manifest(path, "setup.cfg", problem=f"cannot be parsed: {error.message.splitlines()[0]}")
    if not parser.has_section("metadata") and not parser.has_option("options", "install_requires"):
        return None
    fields = [("options", "install_requires", ""), ("options", "tests_require", "tests")]
    fields.append(("options", "setup_requires", "setup"))
    if parser.has_section("options.extras_require"):
        fields += [("options.extras_require", name, name) for name in parser.options("options.extras_require")]
    found: list[Requirement] = []
    directives: list[Directive] = []
    for section, option, scope in fields:
        value = parser.get(section, option, fallback="") or ""
        start = _line_of(text, option)
        if reads := _CFG_FILE.match(value.strip()):
            for name in re.split(r"[,\s]+", reads["files"].strip()):
                at = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                directives.append(Directive("requirements", at, start))
            continue
        lines = _lines_from(text, start)
        for entry in parse_requirements(value.replace(";\n", "\n").encode()):
            found.append(replace(entry, line=lines.get(entry.name, start), scope=scope))
    name, python = (
        parser.get("metadata", "name", fallback=None),
        parser.get("options", "python_requires", fallback=None),
    )
    return Manifest(
        path,
        "setup.cfg",
        tuple(found),
        _line_of(text, "install_requires"),
        "Programming Language ::" in (parser.get("metadata", "classifiers", fallback="") or ""),
        directives=tuple(directives),
        python=python_requirement(python, _line_of(text, "python_requires")),
        project=canonical(name) if name else None,
    )


def parse_settings_ini(path: str, data: bytes) -> Manifest | None:
    """The manifest in the settings.ini of nbdev, which its setup.py reads; None for any other.

    The fields: https://nbdev.fast.ai/tutorials/tutorial.html, and the setup.py that nbdev writes.
    """
    import configparser

    text = decode(data).text
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=["="])
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    settings = parser.defaults()
    if "lib_name" not in settings or "min_python" not in settings:
        return None
    found: list[Requirement] = []
    for option, scope in (("requirements", ""), ("pip_requirements", ""), ("dev_requirements", "dev")):
        line = _line_of(text, option)
        entries = (parse_requirement(word, line, scope) for word in settings.get(option, "").split())
        found += filter(None, entries)
    return Manifest(
        path,
        "setup.cfg",
        tuple(found),
        _line_of(text, "requirements"),
        library=True,
        python=python_requirement(f">={settings['min_python']}", _line_of(text, "min_python")),
        project=canonical(settings["lib_name"]),
    )


def _line_of(text: str, option: str) -> int | None:
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(rf"\s*{re.escape(option)}\s*[=:]", line, re.I):
            return number
    return None


def _lines_from(text: str, start: int | None) -> dict[str, int]:
    """The lines of the requirements after an option: the parser, which drops comments, does not tell."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if start is None or number < start:
            continue
        if number == start:
            line = re.split(r"[=:]", line, maxsplit=1)[-1]
        for requirement in parse_requirements(line.strip().encode()):
            lines.setdefault(requirement.name, number)
    return lines
