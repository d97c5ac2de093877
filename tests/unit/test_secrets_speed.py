"""What the search for secrets costs: little where there are none, and never more than in proportion to the text."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import repro_lint_rules.secrets
from repro_lint.lazy import _LazyPattern
from repro_lint_rules.secrets.config_bindings import text_bindings
from repro_lint_rules.secrets.formats import find_tokens, formats
from repro_lint_rules.secrets.inspection import secrets_in_text
from repro_lint_rules.secrets.judgement import may_have_credential
from repro_lint_rules.secrets.suspects import forget

pytestmark = pytest.mark.untraced

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_parse as parser

_PATHS = ("a.py", "a.sh", "a.md", "a.yml", "a.json", "a.toml", "a.ini", "a.js", "a.tf", "a.xml", "a.r", "Dockerfile")
_PIECES = (
    *("a", "A1", " ", "\n", '"', "'", "`", "\\", '\\"', "(", "<a ", "<!--", '="', "= ", ": ", "://", "@", "-", "--"),
    *("a=", "a.", "/*", "a:\n", '"a":', "a: {", "- a\n", '"""', "[a]\n", 'variable "a" {'),
)


def patterns() -> dict[str, str]:
    """Every regular expression of the family by its name."""
    found: dict[str, str] = {}
    for module in pkgutil.walk_packages(repro_lint_rules.secrets.__path__, "repro_lint_rules.secrets."):
        for name, value in vars(importlib.import_module(module.name)).items():
            several = value if isinstance(value, tuple) else (value,)
            for number, pattern in enumerate(p for p in several if isinstance(p, _LazyPattern)):
                found[f"{module.name.rpartition('.')[2]}.{name}[{number}]"] = str(pattern._source[0])
    return found


def literals(pattern: str) -> set[str]:
    """The texts that stand in the expression as they are."""
    runs: set[str] = set()

    def walk(items: Any) -> None:
        run = ""
        for operation, argument in items:
            if str(operation) == "LITERAL":
                run += chr(argument)
                continue
            runs.add(run)
            run = ""
            for part in argument if isinstance(argument, tuple | list) else (argument,):
                for inner in part if isinstance(part, list) else (part,):
                    if isinstance(inner, parser.SubPattern):
                        walk(inner)
        runs.add(run)

    walk(parser.parse(pattern))
    return {run for run in runs if run}


def everything(text: str) -> None:
    """All that the rules of the family do with a text."""
    secrets_in_text(text, "a.py")
    may_have_credential(text)
    may_have_credential(text, quoted=True)
    for path in _PATHS:
        for _ in text_bindings(path, text):
            pass


def seconds(work: Callable[[], object], runs: int = 2) -> float:
    """The least processor time of some runs, without what measuring coverage takes, which only Python code pays."""
    taken = []
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        for _ in range(runs):
            begin = time.process_time()
            work()
            taken.append(time.process_time() - begin)
    finally:
        sys.settrace(tracer)
    return min(taken)


def is_linear(work: Callable[[str], object], piece: str, size: int = 2_000) -> bool:
    """Whether eight times the text takes about eight times as long, and not its square; what takes no time always does."""

    def taken(length: int) -> float:
        return seconds(lambda: work(piece * (length // len(piece))), 1)

    return any(taken(size * 8) < max(taken(size), 1e-3) * 24 for _ in range(4))


def pieces() -> Iterator[str]:
    """What texts are made of that lead each expression as far as possible astray."""
    runs = {run for pattern in patterns().values() for run in literals(pattern)}
    runs |= {start for known in formats() for start in (*known.prefix, *known.literal, *known.lead, *known.context)}
    return iter(sorted({*_PIECES, *runs, *(f"{run}a1B2" for run in runs if len(run) > 2)}))


class TestLinear:
    def test_all_expressions_are_known(self) -> None:
        assert len(patterns()) > 60
        assert {"curl", "machine", "://"} <= {run for p in patterns().values() for run in literals(p)} | set(_PIECES)

    @pytest.mark.parametrize("start", range(8))
    def test_in_the_length_of_the_text_for_every_expression(self, start: int) -> None:
        for piece in list(pieces())[start::8]:
            assert is_linear(everything, piece), piece

    @pytest.mark.parametrize("known", formats(), ids=lambda known: known.id)
    def test_for_every_format(self, known: Any) -> None:
        for literal in (*known.prefix, *known.literal, *known.lead, *known.context)[:3]:
            for filler in ("", "A1b2", "0", "a" * 30, ".", "-"):
                assert is_linear(find_tokens, literal + filler), literal + filler

    def test_in_one_line_of_fifty_megabytes(self) -> None:
        line = "x = [" + "'a1', " * (50 * 2**20 // 6)
        short = seconds(lambda: secrets_in_text(line[: 5 * 2**20], "a.py"), 1)
        assert seconds(lambda: secrets_in_text(line, "a.py"), 1) < max(short, 0.05) * 25


class TestCost:
    def test_of_text_without_secrets_is_a_fraction_of_parsing_it(self) -> None:
        modules = "ast argparse typing inspect subprocess unittest.mock dataclasses pathlib enum".split()
        files = [Path(str(importlib.import_module(name).__file__)) for name in modules]
        sources = [file.read_text(encoding="utf-8") for file in files]

        def search() -> None:
            forget()
            for source in sources:
                secrets_in_text(source, "a.py")
                may_have_credential(source, quoted=True)

        def parse() -> None:
            for source in sources:
                ast.parse(source)

        # A third on a quiet machine, which benchmarks/secrets measures; beside other tests caches are not its own.
        assert any(seconds(search) * 3 <= seconds(parse) * 2 for _ in range(5))
