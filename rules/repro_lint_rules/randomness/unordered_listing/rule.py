"""The order of the file system reaches a result."""

from __future__ import annotations

import ast

from repro_lint.api import Confidence, Level, Outcome, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.sinks import Shape, last_name, snippet
from repro_lint_rules.randomness.taints import Taints
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_listings import expects_one, listings, matches_a_pattern
from repro_lint_rules.randomness.unordered_reports import in_tests, order_finding


class UnorderedListing(Rule):
    """Follows what lists files to where the order of the names decides something."""

    meta = RuleMeta(
        code="RNG006",
        name="unordered-listing",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Files are listed in the order of the file system, and that order reaches a result.",
        why="Another machine, another file system or a fresh copy of the data lists the same files in another order.",
        help="sort the names where they are listed",
    )
    triggers = (b"listdir", b"scandir", b"walk", b"glob", b"iterdir", b"ListDirectory", b"Glob")

    def check(self, subject: PythonSource) -> Outcome:
        """One finding for each call that lists files, at the call."""
        if in_tests(subject.path):
            return
        found = list(listings(subject))
        if not found:
            return
        definitions = Definitions(subject)
        taints = Taints(subject, definitions)
        for call, shape in found:
            if definitions.is_dead(call) or definitions.is_tried(call):
                continue
            found_sinks = taints.sinks(call, shape)
            sinks = [sink for sink in found_sinks if not sink.printed]
            read = [sink for sink in found_sinks if sink.read] if subject.notebook is None else []
            single = matches_a_pattern(call) and all(sink.single for sink in found_sinks)
            if single and expects_one(subject, call):
                continue
            if sinks or read:
                certain = sinks and not single and not all(sink.found for sink in sinks)
                severity = Severity.WARNING if certain else Severity.NOTE
                yield order_finding(subject, call, _text(call), sinks or read, _advice(subject, call, shape), severity)


def _text(call: ast.Call) -> str:
    return f"{snippet(call)} gives the names in the order of the file system"


def _advice(source: PythonSource, call: ast.Call, shape: Shape) -> str:
    if shape is Shape.WALK and isinstance(source.semantics.parent(call), ast.comprehension):
        return f"sort the folders, sorted({snippet(call).strip('`')}), and the names in each"
    if shape is Shape.WALK:
        return "sort in the loop: dirs.sort() and sorted(files)"
    if last_name(call.func) == "scandir":
        return "sorted(os.scandir(...), key=lambda entry: entry.name)"
    return f"sort where it is listed: sorted({snippet(call).strip('`')})"
