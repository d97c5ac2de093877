"""What a rule yields: light, immutable values that the engine turns into diagnostics."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from repro_lint.grades import Confidence, Severity
from repro_lint.lazy import dataclass

RunOutcome = Literal["stops", "may-stop", "needs-data", "needs-network"]
"""What becomes of a run that gets to a place."""


@dataclass(frozen=True)
class Span:
    """A stretch of text: 1-based lines and columns in characters, the end column exclusive."""

    line: int
    column: int = 1
    end_line: int | None = None
    end_column: int | None = None

    @property
    def last_line(self) -> int:
        """The last line the span touches."""
        return self.end_line or self.line


@dataclass(frozen=True)
class CellRef:
    """A notebook cell: ``index`` counts all cells from 1, ``code_index`` only the code cells."""

    index: int
    id: str | None = None
    code_index: int | None = None


@dataclass(frozen=True)
class Place:
    """Where something is. ``span`` counts inside the cell for notebooks, ``physical`` in the file as stored.

    A place without a span is the file (or, for ``path == "."``, the repository) as a whole.
    ``excerpt`` holds the source lines of the span, ``scope`` the qualified name of the enclosing
    function or class, both for reporters and fingerprints.
    """

    path: str
    span: Span | None = None
    cell: CellRef | None = None
    physical: Span | None = None
    excerpt: tuple[str, ...] = ()
    scope: str = ""


@dataclass(frozen=True)
class Related:
    """A further place that explains a finding, with what is to be seen there.

    ``outcome`` is set where the place does not only explain the problem but has it, too.
    """

    place: Place
    label: str
    outcome: RunOutcome | None = None


@dataclass(frozen=True)
class Edit:
    """A replacement of the text at ``place`` (which has a span) by ``text``."""

    place: Place
    text: str


@dataclass(frozen=True)
class Fix:
    """A change that removes the finding; ``safe`` means that the program's meaning is kept."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Finding:
    """One occurrence of what a rule looks for.

    ``subject`` names the thing itself where the text of the line does not identify it (a package, a
    file that is missing): it replaces the line in the fingerprint. ``secrets`` are values that must
    never leave the process: the engine masks them in every text of the diagnostic.
    The grades and texts default to those of the rule, the ``outcome`` to what its ``predicts`` says of the severity;
    ``runs`` takes that back.
    """

    place: Place
    message: str
    help: str | None = None
    why: str | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    related: tuple[Related, ...] = ()
    subject: str | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)
    fixes: tuple[Fix, ...] = ()
    outcome: RunOutcome | Literal["runs"] | None = None


@dataclass(frozen=True)
class NotApplicable:
    """The rule cannot judge this subject, and says why; neither a pass nor a finding."""

    reason: str
    path: str | None = None
