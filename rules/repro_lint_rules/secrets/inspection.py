"""All secrets that can be told by their form, found once for all rules of the family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Literal, cast

from repro_lint.api import Confidence, Finding, Notebook, Place, Subject, dataclass
from repro_lint_rules.secrets.commands import find_command_secrets
from repro_lint_rules.secrets.connections import find_connection_secrets
from repro_lint_rules.secrets.encoded import encoded_values
from repro_lint_rules.secrets.formats import Token, find_tokens
from repro_lint_rules.secrets.key_blocks import KeyBlock, find_key_blocks
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.readable_text import ReadableText, SecretFile, readable_texts
from repro_lint_rules.secrets.settings import Setting, setting_of

Kind = Literal["key", "token", "url", "command"]


@dataclass(frozen=True)
class Secret:
    """A secret in a text: ``text[start:end]`` is where it stands, ``values`` are what must not be shown."""

    kind: Kind
    noun: str
    start: int
    end: int
    values: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class PlacedSecret:
    """A secret with its place in the tree."""

    secret: Secret
    place: Place


def secrets_in_text(text: str, path: str) -> list[Secret]:
    """The secrets of the text in order, none inside another: a token in the password of a URL is a token."""
    kept: list[tuple[int, int, Secret]] = []
    for start, end, secret in (*_candidates(text, path), *_encoded(text, path)):
        if not any(start < other_end and other_start < end for other_start, other_end, _ in kept):
            kept.append((start, end, secret))
    return sorted((secret for _, _, secret in kept), key=lambda secret: secret.start)


def _candidates(text: str, path: str) -> Iterator[tuple[int, int, Secret]]:
    """What was found and from where to where it reaches, the surest kind first."""
    for block in find_key_blocks(text):
        values = (text[block.start : block.end], text[block.header_end : block.end])
        confidence = _key_confidence(block, path)
        secret = Secret("key", block.noun, block.start, block.header_end, values, confidence)
        yield block.start, block.end, secret
    for token in find_tokens(text):
        secret = Secret("token", token.format.noun, token.start, token.end, (token.value,), _confidence(token, path))
        yield token.start, token.end, secret
    for found in find_connection_secrets(text, path):
        values = (text[found.start : found.end], found.value)
        yield found.start, found.end, Secret("url", found.noun, found.start, found.end, values, found.confidence)
    for given in find_command_secrets(text, path):
        secret = Secret("command", given.noun, given.start, given.end, (given.value,), given.confidence)
        yield given.start, given.end, secret


def _encoded(text: str, path: str) -> Iterator[tuple[int, int, Secret]]:
    """The same in values in base 64, one level deep."""
    for start, end, decoded in encoded_values(text):
        for _, _, found in _candidates(decoded, path):
            values = (text[start:end], *found.values)
            yield start, end, replace(found, noun=f"{found.noun} in base 64", start=start, end=end, values=values)


def _key_confidence(block: KeyBlock, path: str) -> Confidence:
    if setting_of(path) in (Setting.TEST, Setting.EXAMPLE):
        return Confidence.LOW
    return Confidence.MEDIUM if block.encrypted else Confidence.HIGH


def _confidence(token: Token, path: str) -> Confidence:
    if token.verified is False:  # mistyped, or made up
        return Confidence.MEDIUM if setting_of(path) in (Setting.WORK, Setting.LOCAL) else Confidence.LOW
    if token.format.checksum == "jwt" and setting_of(path) is Setting.TEST:  # signed with a key of the test's own
        return Confidence.LOW
    return token.format.confidence


def secrets_in(subject: Subject) -> tuple[PlacedSecret, ...]:
    """The secrets in what people wrote into the file, without those that a comment allows."""
    kind = Notebook if subject.path.endswith(".ipynb") else SecretFile
    loaded = subject.project.load(cast("type[Subject]", kind), subject.path)
    return () if loaded is None else _placed(cast("Notebook | SecretFile", loaded))


@lru_cache(maxsize=8)
def _placed(subject: Notebook | SecretFile) -> tuple[PlacedSecret, ...]:
    return tuple(
        PlacedSecret(secret, text.place(secret.start, secret.end))
        for text in readable_texts(subject)
        for secret in _unallowed(text)
    )


def _unallowed(text: ReadableText) -> Iterator[Secret]:
    for secret in secrets_in_text(text.text, text.subject.path):
        if not text.is_allowed(secret.start, secret.end):
            yield secret


def findings(subject: Subject, kind: Kind, options: SecretOptions | None = None) -> Iterator[Finding]:
    """A finding for each secret of the kind; what its excerpt shows of the others is masked, too."""
    found = secrets_in(subject)
    values = tuple(value for other in found for value in other.secret.values)
    where = "file" if isinstance(subject, SecretFile) and not subject.path.endswith((".py", ".pyw")) else "code"
    for placed in found:
        if placed.secret.kind == kind and not (options and options.allows(placed.secret.values)):
            stands = f"stands in the {where}" if kind == "command" else f"is written into the {where}"
            message = f"{placed.secret.noun} {stands}"
            yield Finding(placed.place, message, confidence=placed.secret.confidence, secrets=values)


def is_reported_by_form(place: Place, found: Iterable[PlacedSecret]) -> bool:
    """Whether one of the secrets stands where the place is."""
    return any(_overlap(place, other.place) for other in found)


def _overlap(one: Place, other: Place) -> bool:
    if one.cell != other.cell or one.span is None or other.span is None:
        return False
    starts = [(place.span.line, place.span.column) for place in (one, other) if place.span]
    ends = [(place.span.last_line, place.span.end_column or 1) for place in (one, other) if place.span]
    return max(starts) < min(ends)
