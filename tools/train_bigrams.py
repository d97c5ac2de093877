"""Train the table that tells names and words from random characters, and write it where the secrets family reads it.

The corpus is every distinct identifier of the standard library that runs this script, so the table depends on no
third-party text; it changes little from one version of Python to the next.
"""

from __future__ import annotations

import itertools
import math
import string
import sys
import sysconfig
import tokenize
from collections import Counter
from pathlib import Path

SYMBOLS = string.ascii_lowercase + "0 "
"""Letters, any digit, and whatever else separates (the two ends included)."""
STEPS_PER_NAT = 10
TARGET = Path(__file__).parents[1] / "rules/repro_lint_rules/secrets/bigrams.txt"


def identifiers(root: Path) -> set[str]:
    """Every distinct name in the Python files below the folder, tests and installed packages left out."""
    found: set[str] = set()
    for path in sorted(root.rglob("*.py")):
        if {"test", "tests", "site-packages", "idlelib"} & set(path.parts):
            continue
        try:
            with tokenize.open(path) as stream:
                found.update(t.string for t in tokenize.generate_tokens(stream.readline) if t.type == tokenize.NAME)
        except (SyntaxError, UnicodeDecodeError, tokenize.TokenError):
            continue
    return found


def symbols(text: str) -> str:
    """The text in the alphabet of the table, with a separator at both ends."""
    plain = "".join("0" if c.isdigit() else c if c in string.ascii_lowercase else " " for c in text.lower())
    return f" {' '.join(plain.split())} "


def train(names: set[str]) -> list[str]:
    """One line for each symbol: what it costs (tenths of a nat, a character from "!") to go on with each other."""
    pairs: Counter[tuple[str, str]] = Counter()
    for name in names:
        text = symbols(name)
        pairs.update(itertools.pairwise(text))
    lines = []
    for first in SYMBOLS:
        total = sum(pairs[first, second] + 1 for second in SYMBOLS)
        costs = (-math.log((pairs[first, second] + 1) / total) for second in SYMBOLS)
        lines.append("".join(chr(33 + min(round(cost * STEPS_PER_NAT), 93)) for cost in costs))
    return lines


def main() -> int:
    """Write the table."""
    names = identifiers(Path(sysconfig.get_path("stdlib")))
    TARGET.write_text("\n".join(train(names)) + "\n", encoding="ascii")
    print(f"{len(names)} identifiers -> {TARGET.relative_to(Path.cwd())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
