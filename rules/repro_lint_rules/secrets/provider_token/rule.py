"""A token of a known provider stands in the repository."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Notebook, Outcome, Rule, RuleMeta, Severity
from repro_lint_rules.secrets.inspection import findings
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.readable_text import SecretFile


class ProviderToken(Rule):
    """Reports what has the form that a provider gives to its tokens (``formats.toml``)."""

    meta = RuleMeta(
        code="SEC001",
        name="provider-token",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A token of a known provider stands in the repository.",
        why="Everyone who can read the repository, its history or a copy of the notebook can use it in your name.",
        help="revoke it at the provider, for it stays in the history, and read the new one from the environment",
    )

    Options = SecretOptions

    def check(self, subject: Notebook | SecretFile) -> Outcome:
        """One finding for each token, at the token."""
        return findings(subject, "token", self.options)
