"""A stored output of a notebook shows a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Confidence, Finding, Level, Notebook, Outcome, Rule, RuleMeta, Severity, lazy_pattern
from repro_lint_rules.secrets.inspection import Secret, secrets_in_text
from repro_lint_rules.secrets.judgement import confidence_of, may_have_credential
from repro_lint_rules.secrets.names import meaning
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.outputs import output_texts
from repro_lint_rules.secrets.readable_text import LONGEST_LINE
from repro_lint_rules.secrets.values import Shape, shape

_NAMED = lazy_pattern(
    r"(?P<quote>['\"]?)(?P<name>[A-Za-z_][\w.\-]{2,60})(?P=quote)"
    r"[ ]{0,2}[:=][ ]{0,2}(?P<mark>['\"])(?P<value>[^'\"\n]{4,200})(?P=mark)"
    r"|^env: (?P<variable>[A-Za-z_]\w{2,60})=(?P<given>[^\n]{4,200})$",
    re.M,
)


class SecretInOutput(Rule):
    """Looks through the texts of the outputs for what the rules of the family report in code."""

    meta = RuleMeta(
        code="SEC005",
        name="secret-in-output",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A stored output of a notebook shows a secret.",
        why="Outputs are saved and committed with the code; nobody reads them before, and everyone can afterwards.",
        help="clear the output and revoke what it shows, for it stays in the history",
    )

    Options = SecretOptions

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for each secret of an output, at its cell."""
        for cell in notebook.code_cells:
            seen: set[tuple[int, str]] = set()
            found = [
                (number, secret) for number, text in output_texts(cell) for secret in _secrets(text, notebook.path)
            ]
            values = tuple(value for _, secret in found for value in secret.values)
            for number, secret in found:
                if (number, secret.values[-1]) not in seen and not self.options.allows(secret.values):
                    seen.add((number, secret.values[-1]))
                    message = f"output {number} of the cell shows {secret.noun}"
                    yield Finding(
                        notebook.place(cell), message, confidence=secret.confidence, secrets=values, subject=message
                    )


def _secrets(text: str, path: str) -> Iterator[Secret]:
    by_form = secrets_in_text(text, path)
    for secret in by_form:
        if text.find("\n", secret.start, secret.start + LONGEST_LINE) >= 0 or len(text) - secret.start < LONGEST_LINE:
            yield secret
    if len(text) > LONGEST_LINE * 50 or not may_have_credential(text):
        return
    for match in _NAMED.finditer(text):
        group = "value" if match["value"] else "given"
        name, value = match["name"] or match["variable"], match[group]
        known = meaning(name)
        if known is None or any(s.start < match.end() and match.start() < s.end for s in by_form):
            continue
        looks = shape(value, known, name)
        confidence = confidence_of(looks, known, path) if looks >= Shape.MIXED else None
        if confidence is not None:
            noun = f"the value of `{name}`"
            yield Secret("url", noun, match.start(group), match.end(group), (value,), confidence)
