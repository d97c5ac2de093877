"""What the search for secrets costs, in proportion to parsing the same files.

    python -m benchmarks.secrets.speed TREE [TREE ...]

Per tree: the bytes of its Python files, the processor time of ``ast.parse`` and of all that the rules of the family do
with texts in which nothing is found, and the ratio; each the least of three runs, in turn.
"""

from __future__ import annotations

import ast
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from repro_lint_rules.secrets.inspection import secrets_in_text
from repro_lint_rules.secrets.judgement import may_have_credential
from repro_lint_rules.secrets.suspects import forget


def parse(texts: list[str]) -> None:
    """Parse each text."""
    for text in texts:
        ast.parse(text)


def search(texts: list[str]) -> None:
    """Search each text as in a first run."""
    forget()
    for text in texts:
        secrets_in_text(text, "a.py")
        may_have_credential(text, quoted=True)


def parses(text: str) -> bool:
    """Whether the text is a program."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def seconds(work: Callable[[list[str]], None], texts: list[str]) -> float:
    """The processor time of one run."""
    begin = time.process_time()
    work(texts)
    return time.process_time() - begin


def main() -> None:
    """Print a line for each tree."""
    warnings.simplefilter("ignore", SyntaxWarning)  # of programs that are only parsed
    for tree in map(Path, sys.argv[1:]):
        files = [path for path in sorted(tree.rglob("*.py")) if path.is_file() and ".git" not in path.parts]
        texts = [text for path in files if parses(text := path.read_text(encoding="utf-8", errors="replace"))]
        runs = [(seconds(parse, texts), seconds(search, texts)) for _ in range(3)]
        parsed, searched = (min(column) for column in zip(*runs, strict=True))
        print(f"{tree.name:40} {sum(map(len, texts)):>12} {parsed:>8.2f} {searched:>8.2f} {searched / parsed:>8.2f}")


if __name__ == "__main__":
    main()
