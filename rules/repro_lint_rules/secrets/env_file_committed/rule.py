"""A file of environment variables with credentials is tracked by git."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import Confidence, Finding, Level, Outcome, Rule, RuleMeta, Severity, lazy_pattern
from repro_lint_rules.secrets.config_bindings import text_bindings
from repro_lint_rules.secrets.inspection import secrets_in
from repro_lint_rules.secrets.judgement import confidence_of
from repro_lint_rules.secrets.names import meaning
from repro_lint_rules.secrets.readable_text import SecretFile, is_allowed
from repro_lint_rules.secrets.settings import Setting, setting_of
from repro_lint_rules.secrets.values import shape

_ENV_FILE = lazy_pattern(r"(?:^|/)(?:\.env(?:\.[\w\-.]+)?|\.envrc|\.renviron|[\w\-]*\.env)$")
_STAND_IN = lazy_pattern(r"example|sample|template|tmpl|dist|default|schema|vault|\.enc$|encrypted|\.age$|\.gpg$")


class EnvFile(SecretFile):
    """A file of environment variables that a program reads when it starts, and that is no example of one."""

    title = "environment file"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is ``.env`` or like it."""
        name = path.rpartition("/")[2].lower()
        return bool(_ENV_FILE.search(name)) and not _STAND_IN.search(name) and super().accepts(path)


class EnvFileCommitted(Rule):
    """Reports tracked environment files in which a value is a credential."""

    meta = RuleMeta(
        code="SEC006",
        name="env-file-committed",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A file of environment variables with credentials is tracked by git.",
        why="The file exists to keep credentials out of the code; in the repository it hands them to everyone.",
        help="git rm --cached it, add it to .gitignore, commit an example without values, and revoke what it holds",
    )

    def check(self, file: EnvFile) -> Outcome:
        """One finding for the file, with the names of the variables."""
        if not file.project.view.tracked(file.path) or setting_of(file.path) in (Setting.TEST, Setting.EXAMPLE):
            return
        found = dict(_credentials(file))
        if not found:
            return
        names = list(found)
        shown = ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield Finding(
            file.project.place(file.path),
            f"the file is tracked and gives values to {shown}",
            confidence=max(found.values()),
            subject="environment file",
        )


def _credentials(file: EnvFile) -> Iterator[tuple[str, Confidence]]:
    by_form = secrets_in(file)
    for binding in text_bindings(file.path, file.text):
        span = file.span(binding.start, binding.end)
        inside = [p.secret.confidence for p in by_form if p.place.span and p.place.span.line == span.line]
        known = meaning(binding.name)
        named = confidence_of(shape(binding.value, known, binding.name), known, file.path) if known else None
        if is_allowed(file.place(span), file.lines):
            continue
        confidences = [c for c in (*inside, named) if c is not None and c > Confidence.LOW]
        if confidences:
            yield binding.name, max(confidences)
