"""How sure one can be that a value with the name of a credential opens something."""

from __future__ import annotations

from repro_lint.api import Confidence, lazy_pattern
from repro_lint_rules.secrets.names import Kind, Meaning, folded, kinds_named
from repro_lint_rules.secrets.settings import Setting, setting_of
from repro_lint_rules.secrets.values import Shape, has_random_text

_PASS = lazy_pattern(r"p(?:ass[wpc]|wd|sw|w(?:(?<![a-z]pw)|(?![a-z]))|ass(?<=[a-z0-9_\-]pass)(?![a-z]))")
_AUTH = lazy_pattern(r"auth[\"'\]]{0,2}\s{0,20}[=:(]")
_AUTH_PAIR = lazy_pattern(r"auth[\"'\]]{0,2}\s{0,20}[=:]\s*\(")


def may_have_credential(text: str, *, quoted: bool = False) -> bool:
    """Whether the text has a name that could make a value a credential and, where that must be one, a random value.

    With ``quoted`` only what stands in quotes counts as a value. What people choose has names with few stems, and
    what machines make looks random: both are rare in most texts, and quicker to look for than all names.
    """
    if _may_be_chosen(folded(text)) and (kinds_named(text) - {Kind.KEY} or _has_unnamed_password(text)):
        return True
    if quoted and not has_random_text(text, quoted=True):
        return False
    named = bool(kinds_named(text)) or ("username" in text and "key" in text)
    return named and (quoted or has_random_text(text, quoted=False))


def _may_be_chosen(lower: str) -> bool:
    return _PASS.search(lower) is not None or "secret" in lower or "login(" in lower or _AUTH.search(lower) is not None


def _has_unnamed_password(text: str) -> bool:
    """Names are not all: ``auth=(user, ...)`` and ``smtp.login(user, ...)`` have none."""
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
