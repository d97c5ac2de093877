"""A URL or a connection string holds a password."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Notebook, Outcome, Rule, RuleMeta, Severity
from repro_lint_rules.secrets.inspection import findings
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.readable_text import SecretFile


class CredentialInUrl(Rule):
    """Reports the secrets in addresses, connection strings and what stands for them in files such as ``.netrc``."""

    meta = RuleMeta(
        code="SEC003",
        name="credential-in-url",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A URL or a connection string holds a password.",
        why="Everyone who can read the repository or a log in which the address appears can connect with it.",
        help="change the password, for it stays in the history, and put the address together from the environment",
    )

    Options = SecretOptions

    def check(self, subject: Notebook | SecretFile) -> Outcome:
        """One finding for each password or key, at its characters."""
        return findings(subject, "url", self.options)
