"""Conditions under which a path of one machine is only used on that machine."""

from __future__ import annotations

import ast
import re

from repro_lint.api import PythonSource, code_of, lazy_pattern

# What a program asks to learn where it runs. Read in the text of a test, where names tell it.
_WHERE = lazy_pattern(
    r"colab|kaggle|databricks|sagemaker|gradient|paperspace|jupyterhub|hostname|getuser|uname|getnode|sys\.modules|platform"
    r"|os\.name|environ|getenv|\bcluster\b|(?:is|on|in|use)_?cluster|hpc|\blocal\b|is_local|on_server|running_on|run_on|machine"
    r"|_user\b|\buser\b|find_spec|is_docker|in_docker|\bdbutils\b|windows|linux|darwin|\bmac\b",
    re.I,
)
_EXISTS = lazy_pattern(r"\b(?:exists|isdir|isfile|is_dir|is_file|access|ismount|is_mount|lexists)\s*\(")
_CREATES = lazy_pattern(r"\b(?:makedirs|mkdir|mkdirs|urlretrieve|wget|download\w*|save|dump|to_\w+)\s*\(")
_FALLBACK = lazy_pattern(r"candidate|possible|search_|fallback|known_|default_(?:paths|locations|dirs)|lookup", re.I)
_EXPECTED = lazy_pattern(
    r"ImportError|ModuleNotFoundError|NameError|FileNotFoundError|OSError|IOError|KeyError|Exception"
)


def is_guarded(source: PythonSource, node: ast.AST) -> bool:
    """Whether the program finds out where it runs, or whether the path exists, before it relies on the path."""
    index = source.semantics
    child = node
    for parent in index.ancestors(node):
        if isinstance(parent, ast.If | ast.IfExp | ast.While):
            if _asks(parent, in_test=child is parent.test):
                return True
        elif isinstance(parent, ast.Try):
            if _falls_back(parent, child):
                return True
        elif isinstance(parent, ast.For | ast.comprehension):
            if child is parent.iter and _checks(parent):
                return True
            if isinstance(parent, ast.comprehension) and any(_checks(test) for test in parent.ifs):
                return True
        elif isinstance(parent, ast.match_case):
            return True
        elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            if isinstance(parent.value, ast.List | ast.Tuple | ast.Dict | ast.Set) and _is_choice(parent):
                return True
        elif isinstance(parent, ast.GeneratorExp | ast.ListComp) and child is not parent.elt and _checks(parent):
            return True
        child = parent
    return _program_leaves(source, node)


def _asks(parent: ast.If | ast.IfExp | ast.While, *, in_test: bool) -> bool:
    test = code_of(parent.test)
    if _EXISTS.search(test):
        # `if not exists(x): makedirs(x)` needs the place; `if exists(x): root = x` does not.
        body = code_of(parent)[len(test) :] if isinstance(parent, ast.If) else ""
        return not _CREATES.search(body)
    return not in_test and _WHERE.search(test) is not None


def _falls_back(statement: ast.Try, child: ast.AST) -> bool:
    """Whether the statement tries one place, and another where the first is missing."""
    if not statement.handlers or child in statement.finalbody:
        return False
    if isinstance(child, ast.ExceptHandler) or child in statement.body:
        tried = "\n".join(code_of(part) for part in statement.body)
        handlers = [
            handler for handler in statement.handlers if handler.type is None or _EXPECTED.search(code_of(handler.type))
        ]
        if not handlers:
            return False
        moves = any(not _only_talks(handler.body) for handler in handlers)
        imports = any(isinstance(part, ast.Import | ast.ImportFrom) for part in statement.body)
        return moves and (imports or "/" in tried or "\\" in tried)
    return child in statement.orelse


def _only_talks(body: list[ast.stmt]) -> bool:
    for statement in body:
        if isinstance(statement, ast.Pass | ast.Raise | ast.Continue | ast.Break | ast.Return):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            continue
        return False
    return True


def _is_choice(assign: ast.Assign) -> bool:
    target = assign.targets[0]
    value = assign.value
    if not isinstance(target, ast.Name):
        return False
    if isinstance(value, ast.Dict):
        # One path for each machine: {"laptop": ..., "cluster": ...}[hostname]
        return _WHERE.search(target.id) is not None or _FALLBACK.search(target.id) is not None
    return _FALLBACK.search(target.id) is not None


def _program_leaves(source: PythonSource, node: ast.AST) -> bool:
    """Whether the block has left before, on another machine: ``if not IN_COLAB: raise``."""
    index = source.semantics
    block = index.statement_of(node)
    holder = index.parent(block)
    body = getattr(holder, "body", [])
    if not isinstance(body, list) or isinstance(holder, ast.Module):
        return False
    for statement in body:
        if statement is block:
            return False
        if isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Return | ast.Raise):
            test = code_of(statement.test)
            if _WHERE.search(test) and not _EXISTS.search(test):
                return True
    return False


def _checks(node: ast.AST) -> bool:
    return _EXISTS.search(code_of(node)) is not None
