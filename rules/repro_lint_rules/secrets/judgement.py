"""How sure one can be that a value with the name of a credential opens something."""

from __future__ import annotations

from repro_lint.api import Confidence, lazy_pattern
from repro_lint_rules.secrets.names import TRIGGERS as NAME_TRIGGERS
from repro_lint_rules.secrets.names import Kind, Meaning, kinds_named
from repro_lint_rules.secrets.settings import Setting, setting_of
from repro_lint_rules.secrets.values import Shape, has_random_text

# Names are not all: `auth=(user, ...)`, `smtp.login(user, ...)` and {"username": ..., "key": ...} have none.
TRIGGERS = (*NAME_TRIGGERS, "login", "username")
_AUTH_PAIR = lazy_pattern(r"auth[\"'\]]{0,2}\s*[=:]\s*\(")


def may_have_credential(text: str, *, quoted: bool = False) -> bool:
    """Whether the text has a name that could make a value a credential and, where that must be one, a random value.

    With ``quoted`` only what stands in quotes counts as a value.
    """
    kinds = kinds_named(text)
    if kinds - {Kind.KEY} or _has_unnamed_password(text):
        return True
    return (bool(kinds) or ("username" in text and "key" in text)) and has_random_text(text, quoted=quoted)


def _has_unnamed_password(text: str) -> bool:
    return "login(" in text or "Auth(" in text or _AUTH_PAIR.search(text) is not None


def confidence_of(shape: Shape, meaning: Meaning, path: str, way: str = "value") -> Confidence | None:
    """The confidence of a finding, or None where there is nothing to report."""
    if shape is Shape.NONE or (way == "compared" and shape < Shape.MIXED and meaning.kind is not Kind.PASSWORD):
        return None
    setting = setting_of(path)
    if setting in (Setting.TEST, Setting.EXAMPLE):
        strong = shape is Shape.RANDOM and meaning.kind is Kind.KEY and not meaning.vague
        return Confidence.MEDIUM if strong and setting is Setting.EXAMPLE else Confidence.LOW
    if setting is Setting.LOCAL and shape < Shape.RANDOM:
        return Confidence.MEDIUM if shape is Shape.MIXED else Confidence.LOW
    if shape is Shape.STOCK:
        return Confidence.MEDIUM if way == "value" else Confidence.LOW
    if shape is Shape.PLAIN and (meaning.vague or way == "signature"):
        return Confidence.LOW
    if shape is Shape.PLAIN or meaning.vague or way in ("compared", "positional"):
        return Confidence.MEDIUM
    return Confidence.HIGH
