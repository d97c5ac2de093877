"""The notebook stores so much output that its changes cannot be reviewed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    NotApplicable,
    Notebook,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    lazy_pattern,
    read_text,
)

_SHOWN = 5
_STRIPPED = lazy_pattern(r"^[^#\n]*\.ipynb[ \t][^\n]*\bfilter=(?!lfs\b)\w", re.M)
_SMALL = {"output_type", "execution_count", "prompt_number", "metadata", "name", "ename", "evalue"}
_KINDS = {"text": "printed text", "text/plain": "plain text", "traceback": "error messages"}


class HeavyOutputs(Rule):
    """Adds up what the outputs of each cell take in the file."""

    class Options(RuleOptions):
        """Options of the rule."""

        max_kilobytes: int = Field(1000, ge=1, description="Stored outputs above this size (1 kB is 1000 bytes)")

    meta = RuleMeta(
        code="NBK012",
        name="heavy-outputs",
        family="notebooks",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The notebook stores so much output that its changes cannot be reviewed.",
        why="Every run rewrites these outputs: diffs show nothing else, and git keeps each version for good.",
        help="clear the outputs before you commit (nbstripout does so), or save figures and tables as files",
    )

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for the notebook, with its heaviest cells."""
        limit, stored = self.options.max_kilobytes * 1000, len(notebook.file.data)
        if stored <= limit:
            return
        heavy = [(cell, weights) for cell in notebook.code_cells if (weights := _weights(cell.outputs))]
        total = sum(weights.total() for _, weights in heavy)
        if total <= limit:
            return
        if _STRIPPED.search(read_text(notebook.project, ".gitattributes") or ""):
            yield NotApplicable("git filters notebooks when they are committed (.gitattributes)")
            return
        heavy.sort(key=lambda entry: -entry[1].total())
        related = tuple(Related(notebook.place(cell), _label(weights)) for cell, weights in heavy[:_SHOWN])
        share = min(round(100 * total / stored), 100)
        cells = "one cell" if len(heavy) == 1 else f"{len(heavy)} cells"
        message = f"{_size(total)} of stored outputs, {share} % of the file, from {cells}"
        yield Finding(notebook.place(), message, related=related, subject="outputs")


def _weights(outputs: Iterable[dict[str, Any]]) -> Counter[str]:
    """The bytes that the outputs of one cell take in the file, as JSON, by their type."""
    weights: Counter[str] = Counter()
    for output in outputs:
        data = output.get("data")
        for kind, value in (data if isinstance(data, dict) else output).items():
            if kind not in _SMALL:
                weights[_KINDS.get(kind, kind)] += len(json.dumps(value))
    return weights


def _label(weights: Counter[str]) -> str:
    """What a cell's outputs weigh, and of which type most of it is."""
    kind, weight = weights.most_common(1)[0]
    total = weights.total()
    return f"{_size(total)} of {kind}" if weight > 0.9 * total else f"{_size(total)}, most of it {kind}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
