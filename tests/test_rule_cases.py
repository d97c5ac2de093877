"""Every Bad and Good case of every rule's page gives exactly the findings that it asserts."""

from __future__ import annotations

import pytest

from repro_lint.registry import Entry, Registry, load_registry
from repro_lint.testing.cases import Case
from repro_lint.testing.runner import cases_of, problems_of, rendered, run_case

REGISTRY: Registry = load_registry()
CASES = [(entry, case) for entry in REGISTRY if entry.pack.name == "builtin" for case in cases_of(entry)]


@pytest.mark.parametrize(("entry", "case"), CASES, ids=[case.id for _, case in CASES])
def test_case(entry: Entry, case: Case) -> None:
    report = run_case(case, entry, REGISTRY)
    assert problems_of(case, entry, report) == []
    if case.snapshot:
        assert case.snapshot.text == rendered(report, entry), "`make snapshots` rewrites it"


def test_the_registry_is_whole() -> None:
    assert REGISTRY.broken == ()
    assert CASES
