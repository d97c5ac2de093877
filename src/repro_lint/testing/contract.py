"""The contract that every rule keeps, whichever pack it comes from."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from repro_lint.config import Configuration, Settings
from repro_lint.diagnostics import Diagnostic
from repro_lint.engine_rules import INTERNAL_ERROR
from repro_lint.grades import Confidence, Level
from repro_lint.lazy import lazy_pattern
from repro_lint.registry import Entry, Registry
from repro_lint.rule import EngineRule
from repro_lint.session import Session, Target
from repro_lint.tables import keys_of
from repro_lint.testing.cases import parse_cases
from repro_lint.testing.runner import cases_of, run_case

HEADINGS = (
    "What it does",
    "Why is this bad?",
    "Bad",
    "Good",
    "How to fix",
    "Options",
    "When not to use it",
    "References",
)
_OPTIONAL = {"Options"}
_TRIGGER = lazy_pattern(rb"[A-Za-z0-9_.:=@%#$ -]+")


def contract_problems(entry: Entry, registry: Registry) -> list[str]:
    """A sentence for each clause of the contract that the rule breaks."""
    checks: tuple[Callable[[Entry, Registry], Iterator[str]], ...] = (
        _page,
        _cases,
        _triggers,
        _prefilter_loses_nothing,
        _stable_order,
        _survives_garbage,
    )
    return [f"{entry.meta.name}: {problem}" for check in checks for problem in check(entry, registry)]


def _page(entry: Entry, registry: Registry) -> Iterator[str]:
    """The page exists, begins with the name and the summary, and has its headings in order."""
    if not entry.page.is_file():
        yield f"there is no {entry.page.name}"
        return
    text = entry.page.read_text(encoding="utf-8")
    title = f"# {entry.meta.name} ({entry.meta.code})"
    paragraphs = [" ".join(p.split()) for p in text.split("\n\n")]
    if paragraphs[0] != title:
        yield f"the page must begin with {title!r}"
    if len(paragraphs) < 2 or paragraphs[1] != entry.meta.summary:
        yield f"the page's first paragraph must be the rule's summary: {entry.meta.summary!r}"
    found = [line[3:].strip() for line in _outside_fences(text) if line.startswith("## ")]
    wanted = [h for h in HEADINGS if h not in _OPTIONAL or h in found]
    if entry.rule.Options is not None and "Options" not in found:
        yield "the rule has options, and the page no ## Options"
    if found != wanted:
        yield f"the headings must be {wanted}, not {found}"
    for option in keys_of(entry.rule.Options) if entry.rule.Options else ():
        if option not in text:
            yield f"the page does not mention the option {option}"


def _outside_fences(text: str) -> Iterator[str]:
    fence: str | None = None
    for line in text.split("\n"):
        if match := re.match(r"(`{3,}|~{3,})", line):
            if fence is None:
                fence = match[1]
            elif line.startswith(fence):
                fence = None
        elif fence is None:
            yield line


def _cases(entry: Entry, registry: Registry) -> Iterator[str]:
    """There are at least two bad and two good cases on the page."""
    if issubclass(entry.rule, EngineRule):
        return
    cases = parse_cases(entry.page)
    for kind in ("bad", "good"):
        if sum(case.kind == kind for case in cases) < 2:
            yield f"the page has fewer than two {kind} cases"
    titles = [case.title for case in cases]
    for title in {t for t in titles if titles.count(t) > 1}:
        yield f"two cases are called {title!r}"


def _triggers(entry: Entry, registry: Registry) -> Iterator[str]:
    """Triggers are such that JSON does not write them differently."""
    for trigger in entry.rule.triggers:
        if not _TRIGGER.fullmatch(trigger):
            yield f"the trigger {trigger!r} holds characters that JSON may escape"


def _prefilter_loses_nothing(entry: Entry, registry: Registry) -> Iterator[str]:
    """The findings are the same when no file is left out for lack of a trigger."""
    if not entry.rule.triggers:
        return
    for case in cases_of(entry):
        with_prefilter = _shape(run_case(case, entry, registry).diagnostics)
        without = _shape(run_case(case, entry, registry, prefilter=False).diagnostics)
        if with_prefilter != without:
            yield f"case {case.title!r}: triggers hide {sorted(set(without) - set(with_prefilter))}"


def _stable_order(entry: Entry, registry: Registry) -> Iterator[str]:
    """Two runs over the same tree give the same findings, in the same order."""
    for case in [c for c in cases_of(entry) if c.kind == "bad"][:2]:
        first, second = (run_case(case, entry, registry).diagnostics for _ in range(2))
        if first != second:
            yield f"case {case.title!r}: two runs differ"


def _survives_garbage(entry: Entry, registry: Registry) -> Iterator[str]:
    """No content makes the rule raise, and the prefilter loses nothing of it."""
    if issubclass(entry.rule, EngineRule):
        return
    with tempfile.TemporaryDirectory(prefix="repro-lint-garbage-") as folder:
        root = Path(folder).resolve()
        for number, (name, data) in enumerate(_garbage(entry)):
            target = root / f"{number}" / name
            target.parent.mkdir()
            target.write_bytes(data)
        shapes = []
        for prefilter in (True, False):
            settings = Settings(select=(entry.meta.name,), level=Level.PRODUCTION, min_confidence=Confidence.LOW)
            everything = Target(root, (), files_only=False)
            report = Session(everything, Configuration(settings), registry, prefilter=prefilter).report()
            for crash in (d for d in report.diagnostics if d.rule == INTERNAL_ERROR.name):
                yield f"crashes on garbage: {crash.message} at {crash.location.path}"
            shapes.append(_shape(d for d in report.diagnostics if d.rule == entry.meta.name))
        if shapes[0] != shapes[1]:
            yield "triggers hide findings in garbage"


def _garbage(entry: Entry) -> Iterator[tuple[str, bytes]]:
    """The rule's own bad cases, damaged: cut short, doubled, in other encodings, with NULs, under other names."""
    for case in [c for c in cases_of(entry) if c.kind == "bad"][:3]:
        for path, text in case.files.items():
            name = path.rpartition("/")[2]
            data = text.encode()
            yield name, data[: len(data) // 2]
            yield name, data[len(data) // 3 :]
            yield name, data + data
            yield name, data.replace(b"\n", b"\r\n")
            yield name, b"\xef\xbb\xbf" + data
            yield name, text.encode("utf-16")
            yield name, data.replace(b" ", b"\x00", 3)
            yield name, data.replace(b"(", b"(((((").replace(b"[", b"{")
            yield name, data.replace(b"a", b"\xff\xe9")
            for suffix in (".py", ".ipynb", ".toml", ".md", ".yaml", ".json", ".ini", ".txt", ".sh", ".R"):
                yield name.partition(".")[0] + suffix, data
    for name in ("x.py", "x.ipynb", "pyproject.toml", "README.md", "requirements.txt", "environment.yml", "x.json"):
        yield name, b""
        yield name, b"\x00\xff\xfe\x80garbage"
        yield name, b"[" * 20_000
        yield name, b'{"cells": [{"cell_type": "code", "source": [1, null, {}]}, 7, null], "metadata": []}'
        yield name, b'"\\ud800" = "\\udfff"\n'


def _shape(diagnostics: Iterable[Diagnostic]) -> list[str]:

    return [f"{d.rule} {d.location.path} {d.location.line}:{d.location.column} {d.message}" for d in diagnostics]
