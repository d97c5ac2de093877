"""Whether a notebook would run from top to bottom in a fresh clone, as far as the diagnostics tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from repro_lint.finding import RunOutcome
from repro_lint.tables import Field, Record

if TYPE_CHECKING:
    from repro_lint.diagnostics import Cell, Diagnostic, Location, Positive, Span

Judgement = Literal["stops", "may-stop", "needs-data", "needs-network", "nothing-found", "not-judged"]


class Stop(Record):
    """Where a run ends, and the diagnostic that says so. A place without a cell is the file as a whole."""

    rule: str
    code: str
    message: str
    fingerprint: str = Field(description="That of the diagnostic")
    cell: Cell | None = None
    line: Positive | None = None
    column: Positive | None = None
    physical: Span | None = None


class Verdict(Record):
    """What is predicted of a run from the first cell to the last, on a fresh machine with the declared environment."""

    outcome: Judgement = Field(
        "nothing-found",
        description="nothing-found: no rule that ran found what stops it; not-judged: none looked, or it is not Python",
    )
    stops: Stop | None = Field(None, description="The first cell that fails")
    may_stop: Stop | None = Field(None, description="The first cell before that which may fail")
    needs_data: Stop | None = Field(None, description="The first cell before that which reads what a person has to get")
    needs_network: Stop | None = Field(None, description="The first cell before that which fetches from the network")
    unjudged: tuple[str, ...] = Field((), description="Rules that predict such things and could not judge it")


def verdicts(diagnostics: Iterable[Diagnostic]) -> dict[str, Verdict]:
    """The verdict for each path that a diagnostic predicts something of.

    What is suppressed was judged by a person and does not count; what is only older than a change, or in a baseline,
    stops a notebook all the same.
    """
    first: dict[str, dict[RunOutcome, tuple[Location, Diagnostic]]] = {}
    for diagnostic in diagnostics:
        if diagnostic.disposition.state == "suppressed":
            continue
        for place in diagnostic.locations:
            if place.outcome is not None:
                found = first.setdefault(place.path, {})
                known = found.get(place.outcome)
                if known is None or _order(place) < _order(known[0]):
                    found[place.outcome] = place, diagnostic
    return {path: _verdict(found) for path, found in first.items()}


def _verdict(found: dict[RunOutcome, tuple[Location, Diagnostic]]) -> Verdict:
    end = found.get("stops")
    before = {
        outcome: _stop(*pair)
        for outcome, pair in found.items()
        if end is None or pair is end or _order(pair[0]) < _order(end[0])
    }
    ranked: tuple[RunOutcome, ...] = ("stops", "may-stop", "needs-data", "needs-network")
    return Verdict(
        outcome=next(outcome for outcome in ranked if outcome in before),
        stops=before.get("stops"),
        may_stop=before.get("may-stop"),
        needs_data=before.get("needs-data"),
        needs_network=before.get("needs-network"),
    )


def _order(place: Location) -> tuple[int, int, int]:
    """Where a run gets to it; to the file as a whole before any of its cells."""
    return place.cell.index if place.cell else 0, place.line or 0, place.column or 0


def _stop(place: Location, diagnostic: Diagnostic) -> Stop:
    return Stop(
        rule=diagnostic.rule,
        code=diagnostic.code,
        message=diagnostic.message,
        fingerprint=diagnostic.fingerprint,
        cell=place.cell,
        line=place.line,
        column=place.column,
        physical=place.physical,
    )
