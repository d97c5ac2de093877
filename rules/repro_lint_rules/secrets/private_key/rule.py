"""A private key is in the repository."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Notebook, Outcome, Rule, RuleMeta, Severity
from repro_lint_rules.secrets.inspection import findings
from repro_lint_rules.secrets.readable_text import KeyStore, SecretFile


class PrivateKey(Rule):
    """Reports blocks of text that hold a private key, and files that exist to hold some."""

    meta = RuleMeta(
        code="SEC004",
        name="private-key",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A private key is in the repository.",
        why="Whoever has the key can sign, decrypt or log in as its owner, for as long as the key is trusted.",
        help="replace the key, for it stays in the history, and keep the new one outside of the repository",
    )

    def check(self, subject: Notebook | SecretFile | KeyStore) -> Outcome:
        """One finding for each key, at its first line; one for each key store as a whole."""
        if not isinstance(subject, KeyStore):
            yield from findings(subject, "key")
        elif subject.project.view.tracked(subject.path):
            place = subject.project.place(subject.path)
            yield Finding(place, "a key store is tracked by git", confidence=Confidence.MEDIUM, subject="key store")
