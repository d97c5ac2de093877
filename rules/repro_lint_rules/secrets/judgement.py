"""How sure one can be that a value with the name of a credential opens something."""

from __future__ import annotations

import re

from repro_lint.api import Confidence
from repro_lint_rules.secrets.names import TRIGGERS as NAME_TRIGGERS
from repro_lint_rules.secrets.names import Kind, Meaning, mentions_credential
from repro_lint_rules.secrets.settings import Setting, setting_of
from repro_lint_rules.secrets.values import Shape

# Names are not all: `auth=(user, ...)`, `smtp.login(user, ...)` and {"username": ..., "key": ...} have none of their own.
TRIGGERS = (*NAME_TRIGGERS, "login", "username")
_POSITIONAL = re.compile(r"\blogin\(|\bauth\W{0,4}=?\W{0,3}\(|(?:Basic|Digest|Proxy)Auth\(|[\"']username[\"']")


def may_have_credential(text: str) -> bool:
    """Whether anything in the text has a name that could make its value a credential."""
    return mentions_credential(text) or _POSITIONAL.search(text) is not None


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
    if shape is Shape.PLAIN or meaning.vague or way in ("compared", "positional"):
        return Confidence.MEDIUM
    return Confidence.HIGH
