"""A whole table is brought into memory, however large it is by then."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.data.whole_tables import whole_tables


class WholeTableLoad(Rule):
    """Looks for unbounded SELECT *, read_sql_table, and for Spark frames that are collected as they were read."""

    meta = RuleMeta(
        code="DAT006",
        name="whole-table-load",
        family="data",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        status="preview",
        summary="A whole table is brought into memory, however large it is by then.",
        why="It works on the table of today; as the table grows, the program slows down and then runs out of memory.",
        help="name the columns and bound the rows, or read in pieces with `chunksize`",
    )
    triggers = (b"read_sql", b"read_gbq", b"spark")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each load."""
        for load in whole_tables(source):
            yield Finding(source.place(load.call), load.message, help=load.help)
