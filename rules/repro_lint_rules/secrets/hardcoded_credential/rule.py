"""A password, key or token stands in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Notebook,
    Outcome,
    Place,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
    dataclass,
    lazy_pattern,
)
from repro_lint_rules.secrets.config_bindings import scanner_for, text_bindings
from repro_lint_rules.secrets.inspection import is_reported_by_form, secrets_in
from repro_lint_rules.secrets.judgement import confidence_of, may_have_credential
from repro_lint_rules.secrets.magic_bindings import magic_bindings
from repro_lint_rules.secrets.names import Kind, Meaning, meaning, words
from repro_lint_rules.secrets.options import SecretOptions
from repro_lint_rules.secrets.python_bindings import python_bindings
from repro_lint_rules.secrets.readable_text import LONGEST_LINE, SecretFile, is_allowed
from repro_lint_rules.secrets.values import Shape, shape

_PIECE = lazy_pattern(r"(\"\"\"|'''|\"|')(.*?)(?<!\\)\1")
_DJANGO_DEFAULT = "django-" + "insecure-"


@dataclass(frozen=True)
class _Credential:
    name: str
    value: str
    meaning: Meaning
    place: Place
    confidence: Confidence
    positional: bool = False


class HardcodedCredential(Rule):
    """Reports literals with the shape of a credential that have the name of one."""

    meta = RuleMeta(
        code="SEC002",
        name="hardcoded-credential",
        family="secrets",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A password, key or token stands in the code.",
        why="Everyone who can read the repository, its history or a copy of the notebook can use it, now and later.",
        help="read it from the environment when the program runs, and revoke the one that was committed",
    )
    Options = SecretOptions

    def check(self, subject: Notebook | SecretFile) -> Outcome:
        """One finding for each value, at the value."""
        in_code = PythonSource.accepts(subject.path)
        found = list(_in_python(subject) if in_code else _in_text(subject))
        by_form = secrets_in(subject) if found else ()
        lines = subject.lines if found and isinstance(subject, SecretFile) else ()
        for credential in found:
            if self.options.allows((credential.value,)) or is_allowed(credential.place, lines):
                continue
            if is_reported_by_form(credential.place, by_form):
                continue
            insecure = credential.value.startswith(_DJANGO_DEFAULT)
            yield Finding(
                credential.place,
                _message(credential, in_code=in_code),
                help=_help(credential, in_code=in_code),
                severity=Severity.WARNING if insecure else None,
                confidence=credential.confidence,
                # Of all that the excerpt shows, also what another finding is about.
                secrets=tuple(
                    variant
                    for other in found
                    if _touches(other.place, credential.place)
                    for variant in _variants(other)
                )
                + tuple(value for other in by_form for value in other.secret.values),
            )


def _in_python(subject: Notebook | SecretFile) -> Iterator[_Credential]:
    code = subject.text if isinstance(subject, SecretFile) else "\n".join(c.source for c in subject.code_cells)
    if not may_have_credential(code, quoted=isinstance(subject, SecretFile)):
        return
    source = subject.project.load(PythonSource, subject.path)
    if source is None:  # a notebook of another language
        return
    for binding in python_bindings(source):
        if (known := meaning(binding.name)) is None:
            continue
        looks = shape(binding.value, known, binding.name)
        if binding.doubtful and looks < Shape.RANDOM:
            continue
        confidence = confidence_of(looks, known, source.path, binding.way)
        if confidence is not None:
            scope = source.semantics.scope_of(binding.node).qualname
            place = source.place(binding.node, scope)
            yield _Credential(binding.name, binding.value, known, place, confidence, binding.way == "positional")
    for variable in magic_bindings(source):
        if known := meaning(variable.name):
            confidence = confidence_of(shape(variable.value, known, variable.name), known, source.path)
            if confidence is not None:
                place = source.place_in(variable.cell, variable.span)
                yield _Credential(variable.name, variable.value, known, place, confidence)


def _in_text(file: Notebook | SecretFile) -> Iterator[_Credential]:
    if isinstance(file, Notebook) or scanner_for(file.path) is None or not may_have_credential(file.text):
        return
    for binding in text_bindings(file.path, file.text):
        if known := meaning(binding.name):
            confidence = confidence_of(shape(binding.value, known, binding.name), known, file.path)
            if confidence is not None:
                place = file.place(file.span(binding.start, binding.end))
                if any(len(line) > LONGEST_LINE for line in place.excerpt):  # packed by a program
                    continue
                yield _Credential(binding.name, binding.value, known, place, confidence)


def _message(credential: _Credential, *, in_code: bool) -> str:
    where = "code" if in_code else "file"
    noun = credential.meaning.noun
    article = "an" if noun[0] in "aeiouA" else "a"
    if credential.positional:
        return f"{article} {noun} is written into the {where}"
    return f"`{credential.name}` is {article} {noun} written into the {where}"


def _help(credential: _Credential, *, in_code: bool) -> str:
    if credential.meaning.kind is Kind.SIGNING and credential.value.startswith(_DJANGO_DEFAULT):
        return (
            'let settings read it: os.environ["SECRET_KEY"]; the key that startproject writes is for development only'
        )
    if in_code:
        variable = "_".join(words(credential.name)).upper()
        return (
            f'os.environ["{variable}"] reads it at run time; revoke this one: it stays in the history of the repository'
        )
    return (
        "take it from the environment or a secret store; revoke this one, for it stays in the history of the repository"
    )


def _touches(other: Place, place: Place) -> bool:
    """Whether the lines shown of one place show the other."""
    if other.span is None or place.span is None or other.cell != place.cell:
        return False
    return other.span.line <= place.span.last_line and place.span.line <= other.span.last_line


def _variants(credential: _Credential) -> Iterator[str]:
    """The value in every form in which the excerpt can hold it: decoded, as written, piece by piece."""
    yield credential.value
    span, lines = credential.place.span, list(credential.place.excerpt)
    if span is None or not lines:
        return
    if span.line == span.last_line and span.end_column:
        lines[0] = lines[0][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    text = "\n".join(lines)
    for piece in (text, *(match[2] for match in re.finditer(_PIECE.pattern, text, re.S))):
        for line in piece.split("\n"):
            if len(line.strip()) >= 3:
                yield line.strip()
