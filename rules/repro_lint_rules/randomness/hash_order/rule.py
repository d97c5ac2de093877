"""The hash of a text, or the order of a set of texts, reaches a result."""

from __future__ import annotations

import ast

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.hash_order_sources import may_be_salted, salted_hashes, salted_sets
from repro_lint_rules.randomness.hash_order_values import Kind
from repro_lint_rules.randomness.sinks import Shape, Sink, snippet
from repro_lint_rules.randomness.taints import Taints
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_reports import in_tests, order_finding

_KINDS = {"text": "texts", "date": "dates", "member": "enum members", "object": "objects", "tuple": "tuples"}


class HashOrder(Rule):
    """Follows sets that are known to hold texts, and hashes of texts, to where they decide something."""

    meta = RuleMeta(
        code="RNG007",
        name="hash-order",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The order of a set of texts, or the hash of a text, reaches a result.",
        why="Python salts the hashes of texts anew at each start: the same program and data give another order.",
        help="sort the set before its order counts, or keep the first-seen order with dict.fromkeys",
    )

    def check(self, subject: PythonSource) -> Outcome:
        """One finding for each set whose order counts, where it is made, and for each hash that decides something."""
        if in_tests(subject.path) or not may_be_salted(subject):
            return
        definitions = Definitions(subject)
        for call, sink in salted_hashes(subject, definitions):
            if not definitions.is_dead(call):
                text = f"{snippet(call)} is another number in each run, as Python salts the hashes of texts"
                advice = "use a hash that is the same everywhere, such as zlib.crc32 or hashlib.md5 of the encoded text"
                yield order_finding(subject, call, text, [sink], advice)
        taints = Taints(subject, definitions)
        reported: set[tuple[ast.stmt, ast.AST]] = set()
        for made, kind in salted_sets(subject, definitions):
            if definitions.is_dead(made):
                continue
            found = taints.sinks(made, Shape.SET)
            sinks = [sink for sink in found if not sink.printed]
            # Two sets that are made into one, as in ``set(a) & set(b)``, have one order.
            ends = {(subject.semantics.statement_of(made), sink.node) for sink in found}
            if ends <= reported:
                continue
            reported |= ends
            if sinks:
                yield _finding(subject, made, kind, sinks, Severity.WARNING)
            elif found and subject.notebook is None:
                yield _finding(subject, made, kind, found, Severity.NOTE)


def _finding(source: PythonSource, made: ast.expr, kind: Kind, sinks: list[Sink], severity: Severity) -> Finding:
    text = f"the set of {_KINDS[kind.name]} {snippet(made)} has another order in each run"
    advice = "sort it where its order counts: sorted(...), or keep the first-seen order with dict.fromkeys(...)"
    return order_finding(source, made, text, sinks, advice, severity)
