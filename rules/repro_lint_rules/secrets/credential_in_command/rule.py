"""A command is given a password or token as an argument."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Notebook, Outcome, Rule, RuleMeta, Severity
from repro_lint_rules.secrets.inspection import findings
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.readable_text import SecretFile


class CredentialInCommand(Rule):
    """Reports passwords, tokens and keys among the arguments of commands."""

    meta = RuleMeta(
        code="SEC007",
        name="credential-in-command",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A command is given a password or token as an argument.",
        why="It is in the repository, and whoever may list the processes or the shell's history sees it, too.",
        help="change it, for it stays in the history; let the command read it from a variable or a file",
    )

    Options = SecretOptions

    def check(self, subject: Notebook | SecretFile) -> Outcome:
        """One finding for each argument, at its characters."""
        return findings(subject, "command", self.options)
