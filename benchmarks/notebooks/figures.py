"""Shares with their bounds, and the table they are printed in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z = 1.959964  # of the two-sided 95 % interval of a normal distribution


@dataclass(frozen=True)
class Share:
    """``hits`` of ``total``."""

    hits: int
    total: int

    def bounds(self) -> tuple[float, float]:
        """The Wilson score interval at 95 %; from 0 to 1 when nothing was counted.

        Wilson, JASA 22 (1927) 209-212: it holds for small totals and for shares of 0 and 1, where the normal one fails.
        """
        if not self.total:
            return 0.0, 1.0
        n, p = self.total, self.hits / self.total
        centre = p + _Z * _Z / (2 * n)
        width = _Z * math.sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        scale = 1 + _Z * _Z / n
        return max(0.0, (centre - width) / scale), min(1.0, (centre + width) / scale)

    def __str__(self) -> str:
        if not self.total:
            return "0/0"
        low, high = self.bounds()
        return f"{self.hits}/{self.total} = {self.hits / self.total:.0%} [{low:.0%}, {high:.0%}]"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table with columns of even width."""
    cells = [list(header), *([str(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = [
        "| " + " | ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
